r"""Patterns for text that others wrote: RE2, whose time grows with the text and no faster.

Python's `re` backtracks: one mail with a run of blanks can hold a process for hours. RE2 cannot,
and has neither lookaround nor backreferences. Its classes know ASCII only, so they are widened
here to the letters, digits and blanks of every script. `\b` stays ASCII: beside other letters
use `LEFT` and `RIGHT`, which take in the character at the edge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import Any, Protocol, cast

import re2

WORD = r"\p{L}\p{M}\p{N}_"
BLANK = r"\s\v\p{Z}\x{85}"
LEFT = rf"(?:^|[^{WORD}])"
"""Where a word begins, with the character before it."""
RIGHT = rf"(?:$|[^{WORD}])"
"""Where a word ends, with the character after it."""
PATTERNS_KEPT = 128
"""Compiled patterns that are kept: a desk's own are asked for anew with each message."""
_WHOLE = {
    "w": f"[{WORD}]",
    "W": f"[^{WORD}]",
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "s": f"[{BLANK}]",
    "S": f"[^{BLANK}]",
    "Z": r"\z",
}
_INSIDE = {"w": WORD, "d": r"\p{Nd}", "s": BLANK}
_HEX = {"u": 4, "U": 8}


class Match(Protocol):
    """What was found; the same names as those of Python's own matches."""

    def group(self, *groups: int | str) -> str:
        """The text of a group; of all where none is named. None if it took no part."""
        ...

    def __getitem__(self, group: int | str) -> str:
        """The text of one group."""
        ...

    def start(self, group: int = 0) -> int:
        """Where a group begins."""
        ...

    def end(self, group: int = 0) -> int:
        """Where a group ends."""
        ...

    def span(self, group: int = 0) -> tuple[int, int]:
        """Both."""
        ...


class Pattern(Protocol):
    """A compiled pattern; the same names as those of Python's own."""

    @property
    def groupindex(self) -> dict[str, int]:
        """Numbers of the named groups."""
        ...

    def search(self, text: str) -> Match | None:
        """The first place that fits, None if there is none."""
        ...

    def match(self, text: str) -> Match | None:
        """The same at the beginning."""
        ...

    def fullmatch(self, text: str) -> Match | None:
        """The same for the whole text."""
        ...

    def finditer(self, text: str) -> Iterator[Match]:
        """All places that do not overlap, in order."""
        ...

    def findall(self, text: str) -> list[str]:
        """Their texts, or those of the only group."""
        ...

    def sub(self, repl: str | Callable[[Match], str], text: str) -> str:
        """The text with each place replaced. A character outside ASCII is put in by a function alone."""
        ...

    def split(self, text: str) -> list[str]:
        """The text between the places."""
        ...


class BadPattern(ValueError):
    """Not a pattern that RE2 can run; the message says why."""


def linear(
    source: str, *, ignore_case: bool = False, multiline: bool = False, dotall: bool = False
) -> Pattern:
    """A pattern of our own, written as for `re`. It is compiled when it is first used.

    A compiled pattern with the letters of every script takes some hundred kilobytes, and most
    processes never use most of them.
    """
    return cast(
        "Pattern", _Unused(source, ignore_case=ignore_case, multiline=multiline, dotall=dotall)
    )


class _Unused:
    """Compiles its pattern when something is first asked of it, and keeps what was asked for."""

    def __init__(self, source: str, **flags: bool) -> None:
        self._made: Callable[[], Pattern] = partial(compiled, source, **flags)

    def __getattr__(self, name: str) -> Any:
        # Python asks here only for what is not in the instance yet.
        if name.startswith("__"):  # such as how to copy it
            raise AttributeError(name)
        pattern = self._made()
        self._made = lambda: pattern
        found = getattr(pattern, name)
        setattr(self, name, found)
        return found


@lru_cache(maxsize=PATTERNS_KEPT)
def compiled(
    source: str, *, ignore_case: bool = False, multiline: bool = False, dotall: bool = False
) -> Pattern:
    """Compile `source`, as for a pattern that others wrote; the last ones are kept. Raises `BadPattern`."""
    flags = "".join(
        sign for sign, on in (("i", ignore_case), ("m", multiline), ("s", dotall)) if on
    )
    options = re2.Options()
    options.log_errors = False
    try:
        found: Pattern = re2.compile(
            (f"(?{flags})" if flags else "") + _widened(source), options=options
        )
    except re2.error as error:
        reason = error.args[0] if error.args else error
        text = reason.decode() if isinstance(reason, bytes) else str(reason)
        raise BadPattern(text.partition(": (")[0]) from error
    return found


def escaped(text: str) -> str:
    """`text` as a pattern that finds it literally."""
    found: str = re2.escape(text)
    return found


def _widened(source: str) -> str:
    """The same pattern with classes that know every script, in RE2's spelling."""
    source = source.replace(r"[^\W\d_]", r"[\p{L}\p{M}]").replace(r"[^\W_]", r"[\p{L}\p{M}\p{N}]")
    parts: list[str] = []
    at, inside = 0, False
    while at < len(source):
        piece = source[at : at + 2] if source[at] == "\\" else source[at]
        at += len(piece)
        if piece[0] == "\\":
            size = _HEX.get(piece[1:], 0)
            parts.append(_escape(piece, inside=inside, digits=source[at : at + size]))
            at += size
            continue
        inside = (piece == "[") or (inside and piece != "]")
        parts.append(piece)
    return "".join(parts)


def _escape(piece: str, *, inside: bool, digits: str) -> str:
    sign = piece[1:]
    if digits:
        return rf"\x{{{digits.lstrip('0') or '0'}}}"
    if inside and sign in "WDS":
        raise BadPattern(f"{piece} cannot be inside a class")
    return (_INSIDE if inside else _WHOLE).get(sign, piece)
