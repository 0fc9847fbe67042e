"""Amounts of money as people write them, each read wholly or not at all.

`1 200 €`, `CHF 1'200`, `1.200,50 €`, `USD 1,200.50` and `€1.2k` are amounts; `20 %` is none, and
what follows "not" is not what is wanted. Two readings are none: a person decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from memory.patterns import Match, linear

MOST_AMOUNTS = 16
"""Amounts that are taken from one text."""
THOUSAND = 1000
_LOOK_BACK = 40
"""Signs before an amount in which it may be denied."""
_CURRENCIES = (
    r"€|\$|£|¥|₹|₽|₺|₩|zł|kč|EUR|USD|GBP|CHF|JPY|CNY|INR|SEK|NOK|DKK|PLN|CZK|HUF|RON|BRL|CAD|AUD"
    r"|NZD|MXN|TRY|ZAR"
)
_NAMES = (
    r"euros?|dollars?|d[oó]lares|pounds?|francs?|franken|z[lł]otych|z[lł]oty|kronor|kroner|reais"
    r"|yen|rupees?|pesos?|lire?|rubles?|kr"
)
_NUMBER = r"\d[\d.,'’ ]*\d|\d"
_ROUND = r"(?:[.,]-{1,2})?"
"""No cents: `1.500,- EUR`."""
_MONEY = linear(
    rf"(?P<before>{_CURRENCIES})\s?(?P<one>{_NUMBER})(?P<k>\s?k)?{_ROUND}(?P<edge>$|[^{{w}}%])"
    rf"|(?P<two>{_NUMBER})(?P<kk>\s?k)?{_ROUND}\s?(?:(?:{_CURRENCIES})|(?:{_NAMES})(?:$|[^{{w}}]))".replace(
        "{w}", r"\p{L}\p{N}"
    ),
    ignore_case=True,
)
_CURRENCY = linear(_CURRENCIES, ignore_case=True)
_PERCENT = linear(
    r"\d\s?(?:%|percent\b|per cent\b|prozent\b|pour cent\b|por ciento\b|per cento\b)",
    ignore_case=True,
)
_SHARE = linear(
    r"\b(?:half|third|quarter|rest|remainder|part) of\b|\b(?:partial(?:ly)?|pro[- ]?rata|prorated?)\b"
    r"|\b(?:die hälfte|anteilig\p{L}*|teilweise|la moitié|partiel\p{L}*|la mitad|parcial\p{L}*|la metà|parziale?|metade)\b",
    ignore_case=True,
)
_BARE = linear(
    r"(?:^|[^\p{L}\p{N}.,:/+-])(?:\d{1,3}(?:[.,'’ ]\d{3})+[.,]\d{2}|\d{1,9}(?:,\d{2}|\.(?:1[3-9]|[02-9]\d)))(?:$|[^\p{L}\p{N}.,:/%-]|[.,](?:$|\s))"
)
"""A sum without its currency, by its cents; `10.11` may as well be a day."""
_DENIED = linear(
    r"(?:\bnot|\bno|\binstead of|\brather than|\bnicht|\bkeine|\bstatt|\bpas|\bau lieu de|\bnon"
    r"|\binvece di|\ben vez de|\bniet|\bin plaats van|\bnão|\binte|\bikke)(?: (?:the|for|die|den|les|los|las|de|il|het))?"
    r"(?: (?:full|whole|entire|total|complete|original|ganzen?|gesamten?|vollen?|totale?|entera|intero|hele))?\s*$",
    ignore_case=True,
)


def amounts(text: str) -> list[float]:
    """The different amounts that are named and not denied, in order. `text` is in plain form.

    None at all where a share is named: twenty per cent of an amount is another one.
    """
    if _PERCENT.search(text):
        return []
    return list(dict.fromkeys(islice(_wanted(text), MOST_AMOUNTS)))


def currency(text: str) -> str:
    """The sign or code of the first amount that is named; empty where there is none."""
    found = _MONEY.search(text)
    marks = _CURRENCY.search(found.group()) if found is not None else None
    return marks.group() if marks is not None else ""


def doubtful(text: str) -> bool:
    """Whether money or a share of it is spoken of, and no amount can be read: none may be assumed."""
    every = (_MONEY, _PERCENT, _SHARE, _BARE)
    return any(one.search(text) for one in every) and not amounts(text)


def _wanted(text: str) -> Iterator[float]:
    for match in _MONEY.finditer(text):
        written, thousands = _written(match)
        value = None if _is_negative(text, match.start()) else number(written)
        if value is None or _DENIED.search(
            text[max(0, match.start() - _LOOK_BACK) : match.start()]
        ):
            continue
        yield round(value * THOUSAND, 2) if thousands else value


def _is_negative(text: str, start: int) -> bool:
    """Whether a minus stands before it: a credit or a line of a table, no sum to be paid."""
    before = text[max(0, start - 2) : start]
    return before.endswith("-") and not before[:-1].strip(" (:=")


def _written(match: Match) -> tuple[str, bool]:
    if match.group("one") is not None:
        return match.group("one"), match.group("k") is not None
    return match.group("two"), match.group("kk") is not None


def number(written: str) -> float | None:
    """One number, None if its signs allow no single reading.

    A sign that stands once with one or two digits after it is the point; groups have three digits.
    """
    text = _last_figure(written.replace("’", "'").strip())
    signs = [sign for sign in text if not sign.isdigit()]
    if not signs:
        return float(text)
    point = signs[-1] if signs.count(signs[-1]) == 1 and signs[-1] in ".," else ""
    whole, _, part = text.rpartition(point) if point else (text, "", "")
    if point and len(part) > 2:  # noqa: PLR2004
        whole, part = text, ""
    grouping = {sign for sign in whole if not sign.isdigit()}
    if len(grouping) > 1 or not _grouped(whole, grouping):
        return None
    digits = "".join(sign for sign in whole if sign.isdigit())
    return float(f"{digits}.{part or 0}")


def _last_figure(written: str) -> str:
    """Without a year or the like that merely stands before it: no group has four digits."""
    before, _, last = written.rpartition(" ")
    return last if len(before.rpartition(" ")[2]) > 3 else written  # noqa: PLR2004


def _grouped(whole: str, grouping: set[str]) -> bool:
    """Whether the groups are of three digits, the first of one to three."""
    if not grouping:
        return True
    first, *rest = whole.split(next(iter(grouping)))
    return 1 <= len(first) <= 3 and all(len(one) == 3 and one.isdigit() for one in rest)  # noqa: PLR2004
