"""Who vouches for a sender: the receiving server alone, by its Authentication-Results (RFC 8601).

Anybody can write such a header. The one that counts is the topmost one with the name of the
tenant's own server; that server must remove foreign ones with its name, as RFC 8601 asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from memory.addresses import canonical_domain

MOST_CHARS = 4_000


@dataclass(frozen=True)
class Result:
    """What one method found."""

    method: str
    """dmarc, dkim or spf."""
    result: str
    """pass, fail, none ..."""
    properties: dict[str, str]
    """Such as header.from, header.d, smtp.mailfrom."""


def vouching(headers: Sequence[str], trusted: str, address: str | None) -> str | None:
    """Who vouches for the address, as in "DMARC mx.example.com"; None where nobody does.

    `headers` are the Authentication-Results, the topmost first.
    """
    domain = canonical_domain((address or "").rpartition("@")[2])
    if not trusted or not domain:
        return None
    ours = next((one for one in headers if _server(one) == trusted.lower()), None)
    if ours is None:
        return None
    found = results(ours)
    if any(one.method == "dmarc" and one.result == "fail" for one in found):
        return None
    for one in found:
        if one.result == "pass" and domain in _domains(one):
            return f"{one.method.upper()} {trusted}"
    return None


def results(header: str) -> list[Result]:
    """What a header says of each method."""
    found = []
    for part in _without_comments(header[:MOST_CHARS]).split(";")[1:]:
        words = part.split()
        method, _, result = (words[0] if words else "").partition("=")
        if not result:
            continue
        pairs = (word.partition("=") for word in words[1:])
        properties = {name.lower(): value.strip('"') for name, sign, value in pairs if sign}
        found.append(Result(method.partition("/")[0].lower(), result.lower(), properties))
    return found


def _server(header: str) -> str:
    words = _without_comments(header[:MOST_CHARS]).partition(";")[0].split()
    return words[0].lower() if words else ""


def _domains(one: Result) -> set[str]:
    """The domains of senders that a passed check speaks for: aligned strictly."""
    names = {"dmarc": ("header.from",), "dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom",)}
    values = (one.properties.get(name, "") for name in names.get(one.method, ()))
    return {canonical_domain(value.rpartition("@")[2]) for value in values if value}


def _without_comments(text: str) -> str:
    """The text without (comments), which may be nested, and with quoted parts as one word."""
    kept: list[str] = []
    depth, quoted, escaped = 0, False, False
    for sign in text:
        if escaped:
            escaped = False
            sign = "_" if sign in ';()"' else sign  # noqa: PLW2901 - it cannot end anything
        elif sign == "\\":
            escaped = True
            continue
        elif sign == '"' and not depth:
            quoted = not quoted
            continue
        elif sign == "(" and not quoted:
            depth += 1
            continue
        elif sign == ")" and not quoted and depth:
            depth -= 1
            continue
        if not depth:
            kept.append("_" if quoted and sign in "; \t=" else sign)
    return "".join(kept)
