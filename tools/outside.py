"""Addresses outside of us: one strict reading of them for all, and one way to show them."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit

from memory.patterns import linear

MOST_URL_CHARS = 2_000
MOST_HOST_CHARS = 253
PORTS = {"http": 80, "https": 443}
HOW_WRITTEN = "http(s)://host[:port][/path]"
IN_ASCII = ", in plain ASCII: a host with other letters begins with xn--"
_SIGNS = linear(r"^[!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]+$")
"""Those that an address is made of (RFC 3986): no blank, and no backslash, which browsers take for a slash."""
_NAME = linear(
    r"^(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)*[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.?$"
)
_NUMBER = linear(r"^(?:[0-9]+|0[xX][0-9A-Fa-f]*)$")
_MORE = "?..."
"""In the place of a query: a token may stand in it."""
_HIDDEN = "..."
"""In the place of a piece of a path that reads as a token, as the last one of a chat's webhook."""
LONG_WORD = 12
"""Characters from which a word with digits among its letters, or of both cases, reads as one."""
_WORDS = linear(r"[^0-9A-Za-z]+")
_CALLED = linear(r"^[a-z]*(?:[A-Z][a-z]{2,})*(?:20[0-9]{2})?$")
"""A name of whole words, and perhaps a year: `getOrderStatus`, `Handbook2026`."""
LONGEST_NAME = 24
"""Letters of one case from which a word reads as one: names of paths that run on so long are rare."""
MOST_RARE, LEAST_VOWELS = 0.2, 0.2
"""Shares of a word's letters: chance has more of the rare ones, or fewer vowels, than names do."""
_RARE, _VOWELS = frozenset("jkqvwxyz"), frozenset("aeiou")
_HEX = linear(r"^[0-9a-fA-F]{16,}$")
"""A number in hexadecimal, as an identity (UUID) is without its hyphens."""
_UNTOLD = "an address"
"""In the place of one in which it is unclear where a password ends."""


class AddressRefused(ValueError):
    """Nothing is sent to such an address; the words say why, and never show what may be secret."""


def web_address(text: str, *, query: bool = False) -> SplitResult:
    """The parts of a web address. Raises `AddressRefused`.

    A query is refused unless `query` says that the address is called as it stands.
    """
    if len(text) > MOST_URL_CHARS:
        raise AddressRefused(f"{_UNTOLD} has at most {MOST_URL_CHARS:,} characters")
    parts = _split(text)
    if parts is not None and "@" in parts.netloc:
        raise AddressRefused(
            f"{_UNTOLD} names a user or a password before its host: leave them out"
        )
    if parts is None or "#" in text or not _is_called(parts, text):
        plain = "" if text.isascii() else IN_ASCII
        raise AddressRefused(f"{_cited(text)} is not a web address: use {HOW_WRITTEN}{plain}")
    if "?" in text and not query:
        raise AddressRefused(f"{shown(text)} has a query: leave it out")
    return parts


def is_host(text: str) -> bool:
    """Whether it is a name or an address of a machine, and nothing else; an IPv6 one without brackets."""
    if ":" in text:
        return _is_ip(text)
    last = text.rstrip(".").rpartition(".")[2]
    if _NUMBER.match(last):  # a resolver takes "127.1" and "2130706433" for addresses
        return _is_ip(text)
    return len(text) <= MOST_HOST_CHARS and bool(_NAME.match(text))


def origin(parts: SplitResult) -> str:
    """Scheme, host and port, as a browser names a website: in small letters, without the usual port."""
    host = (parts.hostname or "").rstrip(".")
    where = f"[{host}]" if ":" in host else host
    usual = parts.port in {None, PORTS.get(parts.scheme)}
    return f"{parts.scheme}://{where}" + ("" if usual else f":{parts.port}")


def shown(text: str) -> str:
    """An address for a message, a log or a page: without a user, a password, a query or a token in its path."""
    parts = _split(text if "://" in text else f"//{text}")
    if parts is None:
        return _UNTOLD
    host, rest = parts.netloc.rpartition("@")[2], parts.path + parts.query + parts.fragment
    if not host or ("@" in rest and not _is_called(parts, text)):  # where does a password end?
        return _UNTOLD
    scheme = f"{parts.scheme}://" if parts.scheme else ""
    path = "/".join(_HIDDEN if _is_token(piece) else piece for piece in parts.path.split("/"))
    return f"{scheme}{host}{path}" + (_MORE if parts.query or parts.fragment else "")


def _is_token(piece: str) -> bool:
    words = [word for word in _WORDS.split(piece) if word]
    whole = "".join(words)
    mixed = sum(map(_is_mixed, words))
    in_groups = mixed > 1 and 2 * mixed > len(words) and len(whole) >= LONG_WORD
    return in_groups or bool(_HEX.match(whole)) or any(map(_is_random, words))


def _is_random(word: str) -> bool:
    if len(word) < LONG_WORD:
        return False
    if word in {word.lower(), word.upper(), word.capitalize()} and word.isalpha():
        return len(word) >= LONGEST_NAME or _is_of_chance(word.lower())
    return not _CALLED.match(word) and (_is_mixed(word) or word.isalpha())


def _is_mixed(word: str) -> bool:
    return any(map(str.isdigit, word)) and any(map(str.isalpha, word))


def _is_of_chance(word: str) -> bool:
    rare, vowels = (sum(one in of for one in word) for of in (_RARE, _VOWELS))
    return rare >= MOST_RARE * len(word) or vowels <= LEAST_VOWELS * len(word)


def _split(text: str) -> SplitResult | None:
    try:
        return urlsplit(text)
    except ValueError:
        return None


def _is_called(parts: SplitResult, text: str) -> bool:
    """Whether these parts, split out of that text, name one place on the web."""
    try:
        well = parts.scheme in PORTS and parts.port != 0 and not parts.netloc.endswith(":")
    except ValueError:
        return False
    host = parts.hostname or ""
    bracketed = parts.netloc.startswith("[") == (":" in host)
    return well and bracketed and bool(_SIGNS.match(text)) and is_host(host)


def _cited(text: str) -> str:
    """What is no address, in quotes, where nothing in it can be a secret."""
    return _UNTOLD if set("@?#") & set(text) else repr(text[:MOST_HOST_CHARS])


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
