"""Text that is fit to be stored, shown and sent on."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated

from fastapi import Path
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

MAX_SUBJECT_CHARS = 1_000
MAX_NAME_CHARS = 200
MAX_EMAIL_CHARS = 320
MAX_QUERY_CHARS = 200
MAX_HEADERS = 50
MAX_HEADER_NAME_CHARS = 100
MAX_HEADER_CHARS = 2_000

MAX_ID_CHARS = 64
MAX_COUNT = 2_147_483_647
"""What a counter of the ledger can hold on either database; a larger number is refused."""

IDEMPOTENCY_PATTERN = r"^[\x21-\x7e]+$"

_SEQUENCE = re.compile(r"(?:\x1b\[|\x9b)[0-?]{0,40}[ -/]{0,8}[@-~]")
"""What a terminal takes for a colour or a move (ECMA-48): an escape, some digits, one letter."""
_PAGE = re.compile(r"[\x0b\x0c]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_BREAK = re.compile(r"[\r\n\x85\u2028\u2029]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def _whole(value: object) -> object:
    if isinstance(value, str) and (found := _SURROGATE.search(value)):
        raise ValueError(f"holds half a character at position {found.start()}: send valid Unicode")
    return value


def clean(value: str) -> str:
    """The text without control characters: a page break becomes a line break, the rest goes.

    They say nothing to a reader and harm terminals, and no mail is lost for one of them.
    """
    return _CONTROL.sub("", _SEQUENCE.sub("", _PAGE.sub("\n", value)))


def _clean_line(value: str) -> str:
    return clean(_PAGE.sub(" ", value))


def is_blank(value: str) -> bool:
    """Whether a reader sees nothing: spaces, and characters without a shape of their own."""
    return all(unicodedata.category(sign) in _SHAPELESS or sign in _FILLERS for sign in value)


_SHAPELESS = frozenset({"Cc", "Cf", "Mn", "Me", "Zs", "Zl", "Zp"})
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters that are drawn as nothing: Hangul fillers, and Braille's empty cell."""


def _seen(value: str) -> str:
    return "" if is_blank(value) else value


def _one_line(value: str) -> str:
    if found := _BREAK.search(value):
        raise ValueError(f"must be one line: remove the line break at position {found.start()}")
    return value


def _address(value: str) -> str:
    if not _EMAIL.fullmatch(value):
        msg = "is not an e-mail address: send it as name@example.com, without a display name"
        raise ValueError(msg)
    return value


def _header_name(value: str) -> str:
    if not _HEADER_NAME.fullmatch(value):
        raise ValueError("is not a header's name: use letters, digits and -")
    return value


Text = Annotated[str, BeforeValidator(_whole), AfterValidator(clean)]
"""Any text; control characters other than tab and line breaks are taken out."""
Line = Annotated[
    str, BeforeValidator(_whole), AfterValidator(_clean_line), AfterValidator(_one_line)
]
"""Text without a line break."""
Name = Annotated[Line, AfterValidator(_seen)]
"""What a list shows of something; of characters without a shape only, it is no name."""
Email = Annotated[Line, AfterValidator(_address)]
"""An address, checked for its form only."""
HeaderName = Annotated[Line, AfterValidator(_header_name)]
"""The name of a mail header."""
PathId = Annotated[Line, Path(min_length=1, max_length=MAX_ID_CHARS)]
"""An id in a path; another tenant's looks like one that does not exist."""


class Body(BaseModel):
    """What a caller sends: nothing in it may be unknown or of another type."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
