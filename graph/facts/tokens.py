"""Texts as tokens in which facts compare: one spelling for each number, month and currency. Pure."""

from __future__ import annotations

import unicodedata

from graph.text.words import NUMBER_WORDS
from memory.patterns import Match, linear

NUMBERS = {word: digits for word, digits in NUMBER_WORDS.items() if digits not in {"0", "1"}}
"""`one` is seldom meant as a number, and `zero` seldom said."""
UNITS = {
    "€": "eur",
    "euro": "eur",
    "euros": "eur",
    "eur": "eur",
    "$": "usd",
    "dollar": "usd",
    "dollars": "usd",
    "usd": "usd",
    "£": "gbp",
    "pounds": "gbp",
    "gbp": "gbp",
    "chf": "chf",
    "%": "percent",
    "percent": "percent",
    **{
        f"{name}{end}": name
        for name in ["second", "minute", "hour", "day", "week", "month", "year"]
        for end in ("", "s")
    },
    "sec": "second",
    "min": "minute",
    "mins": "minute",
    "h": "hour",
    **{
        name: name
        for name in """
    mb gb kb tb mm cm m km g kg w kw mhz ghz
    """.split()
    },
}
"""What a number may count, in one spelling each."""
NEGATIONS = frozenset(
    """
    no not never none nothing nobody cannot without unless except neither nor only excluding
    excluded unable impossible kein keine nicht nie ohne pas jamais sans nunca sin niet geen
    """.split()
)
"""Words that turn a statement or bound it."""
_SHORT_NOT = linear(r"n['\u2019]t\b")
_GROUPED = linear(r"\d{1,3}(?:[,'\u2019\u202f\u00a0 ]\d{3})+\b")
_TOKEN = linear(r"\p{Nd}+(?:[.:]\p{Nd}+)*|[\p{L}\p{M}]+(?:['\u2019][\p{L}\p{M}]+)?|[€$£%]")
_CODE = linear(r"\b[A-Za-z]{1,12}[-_]?\d[A-Za-z0-9]*(?:[-_.][A-Za-z0-9]+)*")


def tokens(text: str) -> list[str]:
    """In order. `1,250.00 €`, `EUR 1 250` and `1250 euros` have the same two."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = _SHORT_NOT.sub(" not", plain).replace("can not", "cannot")
    plain = _GROUPED.sub(_joined, plain)
    return _amounts_first([_token(one.group()) for one in _TOKEN.finditer(plain)])


def codes(text: str) -> set[str]:
    """Letters and digits written as one, such as `E-031`, without case."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return {match.group().rstrip("-_.") for match in _CODE.finditer(plain)}


def is_number(token: str) -> bool:
    """Whether it has a figure in it."""
    return any(sign.isdigit() for sign in token)


def unit_at(found: list[str], at: int) -> str | None:
    """What the number there counts; None if nothing that is known stands behind it."""
    after = found[at + 1 : at + 2]
    return after[0] if after and after[0] in UNITS.values() else None


def _joined(match: Match) -> str:
    return "".join(sign for sign in match.group() if sign.isdigit())


def _token(raw: str) -> str:
    word = NUMBERS.get(raw) or UNITS.get(raw) or raw
    return word.removesuffix(".00") if is_number(word) else word


def _amounts_first(found: list[str]) -> list[str]:
    """Currencies behind their number, wherever they were written."""
    out: list[str] = []
    for one in found:
        before = out[-1] if out else ""
        if is_number(one) and before in {"eur", "usd", "gbp", "chf"} and not _counts(out):
            out.insert(len(out) - 1, one)
        else:
            out.append(one)
    return out


def _counts(out: list[str]) -> bool:
    return len(out) > 1 and is_number(out[-2])
