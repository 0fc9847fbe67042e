"""Text that is fit to be stored, shown and sent on."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

MAX_SUBJECT_CHARS = 1_000
MAX_NAME_CHARS = 200
MAX_EMAIL_CHARS = 320
MAX_HEADERS = 50
MAX_HEADER_NAME_CHARS = 100
MAX_HEADER_CHARS = 2_000

IDEMPOTENCY_PATTERN = r"^[\x21-\x7e]+$"

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BREAK = re.compile(r"[\r\n\x85\u2028\u2029]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def _whole(value: object) -> object:
    if isinstance(value, str) and (found := _SURROGATE.search(value)):
        msg = f"holds half a character at position {found.start()}: send valid Unicode"
        raise ValueError(msg)
    return value


def _clean(value: str) -> str:
    if found := _CONTROL.search(value):
        sign = f"U+{ord(found[0]):04X}"
        msg = f"holds the control character {sign} at position {found.start()}: remove it"
        raise ValueError(msg)
    return value


def _one_line(value: str) -> str:
    if found := _BREAK.search(value):
        msg = f"must be one line: remove the line break at position {found.start()}"
        raise ValueError(msg)
    return value


def _address(value: str) -> str:
    if not _EMAIL.fullmatch(value):
        msg = "is not an e-mail address: send it as name@example.com, without a display name"
        raise ValueError(msg)
    return value


def _header_name(value: str) -> str:
    if not _HEADER_NAME.fullmatch(value):
        msg = "is not a header's name: use letters, digits and -"
        raise ValueError(msg)
    return value


Text = Annotated[str, BeforeValidator(_whole), AfterValidator(_clean)]
"""Any text; control characters other than tab and line breaks are refused."""
Line = Annotated[str, BeforeValidator(_whole), AfterValidator(_clean), AfterValidator(_one_line)]
"""Text without a line break."""
Email = Annotated[Line, AfterValidator(_address)]
"""An address, checked for its form only."""
HeaderName = Annotated[Line, AfterValidator(_header_name)]
"""The name of a mail header."""
