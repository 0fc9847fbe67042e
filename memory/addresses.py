"""When two e-mail addresses are one: the only comparison of addresses there is.

Whose record may be shown depends on it, so it folds only what mail itself folds: the letters A to
Z, and the two spellings of an international domain. Characters that merely look alike, or that Unicode
maps onto each other (the Kelvin sign and k, the long s and s, ß and ss), make another address.
"""

from __future__ import annotations

import string
from email.utils import parseaddr

import idna

_ASCII_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_BLANKS = " \t\r\n"
MAX_LABEL_CHARS = 63
"""No label of a domain is longer; a longer one is compared as it stands."""


def read(text: str) -> tuple[str, str]:
    """What is said beside the first address of a text, and the address; empty where it cannot be read."""
    try:
        return parseaddr(text)
    except (RecursionError, IndexError):  # of the library's reader, on nested comments
        return "", ""


def canonical(address: str) -> str:
    """The address as it is compared and looked up. Equal results mean one mailbox.

    The domain's labels become A-labels (IDNA 2008, without any mapping); one that cannot be a
    label stays as it is, so that it equals itself alone. Never raises.
    """
    local, at, domain = lower(address.strip(_BLANKS)).rpartition("@")
    return f"{local}{at}{canonical_domain(domain)}"


def canonical_domain(domain: str) -> str:
    """A domain as it is compared."""
    return ".".join(_label(part) for part in lower(domain).split("."))


def same(one: str | None, other: str | None) -> bool:
    """Whether both are the same address; an address that is missing or blank equals none."""
    if one is None or other is None or not one.strip(_BLANKS):
        return False
    return canonical(one) == canonical(other)


def in_domain(address: str | None, domain: str) -> bool:
    """Whether an address belongs to exactly this domain, which is given without `@`."""
    at = canonical(address or "").rpartition("@")
    return bool(at[0]) and at[2] == canonical_domain(domain)


def lower(text: str) -> str:
    """A to Z in lower case, and nothing else changed."""
    return text.translate(_ASCII_LOWER)


def _label(label: str) -> str:
    if label.isascii() or len(label) > MAX_LABEL_CHARS:
        return label
    try:
        return idna.alabel(label).decode("ascii")
    except idna.IDNAError:
        return label
