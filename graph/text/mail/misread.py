"""Puts right what a program read in the wrong code page: UTF-8 as Windows-1252, "canâ€™t" for "can't"."""

from __future__ import annotations

from memory.patterns import Match, linear

_PAGE = "windows-1252"
_TAILS = "".join(
    sorted({bytes([code]).decode(_PAGE, "ignore") or chr(code) for code in range(0x80, 0xC0)})
)
_MISREAD = linear(rf"[ÂÃ][{_TAILS}]|â[€‚„][{_TAILS}]")
_QUOTED = frozenset({"Ã”", "Ã’"})
"""What may close a quotation behind a capital letter as well."""


def put_right(text: str) -> str:
    """The text as it was written; what no such mistake explains stays.

    >>> put_right("I canâ€™t sign in to my cafÃ©")
    'I can’t sign in to my café'
    """
    return text if text.isascii() else _MISREAD.sub(_read, text)


def _read(match: Match) -> str:
    found = match.group()
    if found in _QUOTED:
        return found
    try:
        return b"".join(map(_code, found)).decode("utf-8")
    except UnicodeDecodeError:
        return found


def _code(sign: str) -> bytes:
    """Its place in the page, which leaves some empty: programs read those as they are."""
    return sign.encode(_PAGE) if sign.encode(_PAGE, "ignore") else sign.encode("latin-1")
