"""Patterns of the word lists beside this file, each compiled when it is first needed."""

from __future__ import annotations

from functools import lru_cache

from memory.patterns import LEFT, RIGHT, Pattern, linear

PATTERNS_KEPT = 128
"""Patterns that a process keeps, compiled when they are first needed: there are some sixty."""


def any_found(patterns: tuple[str, ...], said: str) -> bool:
    """Whether one of them stands in a folded text."""
    return any(found(one, said) for one in patterns)


def found(pattern: str, said: str) -> bool:
    """Whether it stands in a folded text."""
    return compiled(pattern).search(said) is not None


@lru_cache(maxsize=PATTERNS_KEPT)
def compiled(pattern: str) -> Pattern:
    """The pattern, with edges of words of any script."""
    # RE2 knows the edges of ASCII words only; for a yes or no the character beside may be taken in.
    ends = pattern.replace(r"\b|", f"{RIGHT}|").replace(r"|\b", f"|{LEFT}")
    if ends.startswith(r"\b"):
        ends = LEFT + ends.removeprefix(r"\b")
    if ends.endswith(r"\b"):
        ends = ends.removesuffix(r"\b") + RIGHT
    return linear(ends)
