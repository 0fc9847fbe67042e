"""Takes the armour off a letter that is signed in its own text (RFC 9580, 7)."""

from __future__ import annotations

from collections.abc import Sequence

SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
SIGNATURE, END = "-----BEGIN PGP SIGNATURE-----", "-----END PGP SIGNATURE-----"
ESCAPED = "- "
"""Stands before a line of the letter that begins with a dash."""


def without_armour(lines: Sequence[str]) -> list[str]:
    """The letter's lines; all of them where no signed letter begins and ends in them."""
    marks = [line.strip() for line in lines]
    if SIGNED not in marks or SIGNATURE not in marks:
        return list(lines)
    begins, signed = marks.index(SIGNED), marks.index(SIGNATURE)
    ends = marks.index(END) if END in marks else len(lines) - 1
    if not begins < signed <= ends:
        return list(lines)
    head = next((n for n in range(begins, signed) if not marks[n]), begins)
    letter = [line.removeprefix(ESCAPED) for line in lines[head + 1 : signed]]
    return [*lines[:begins], *letter, *lines[ends + 1 :]]
