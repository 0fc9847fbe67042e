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
GROUP = 3
"""Digits between the characters that part thousands."""
_LOOK_BACK = 40
"""Characters before an amount in which it may be denied."""
_LOOK_AHEAD = 20
"""Characters after an amount in which it may become a price of one."""
_CURRENCIES = (
    r"€|(?:US|CA|AU|NZ|HK|[ACRS])?\$|£|¥|₹|₽|₺|₩|zł|kč|EUR|USD|GBP|CHF|JPY|CNY|INR|SEK|NOK|DKK|PLN|CZK|HUF|RON|BRL|CAD|AUD"
    r"|NZD|MXN|TRY|ZAR|BTC|ETH|USDT"
)
_NAMES = (
    r"euros?|dollars?|d[oó]lares|pounds?|francs?|franken|z[lł]otych|z[lł]oty|kronor|kroner|reais"
    r"|yen|rupees?|pesos?|lire?|rubles?|kr"
)
_NUMBER = r"\d(?:[.,'’ ]?\d)*"
_SIGNS = {
    "€": ("EUR",), "£": ("GBP",), "¥": ("JPY", "CNY"), "₹": ("INR",), "₺": ("TRY",), "₩": ("KRW",), "ZŁ": ("PLN",), "KČ": ("CZK",),
    "$": ("USD", "CAD", "AUD", "NZD", "HKD", "SGD", "MXN"),
}  # fmt: skip
"""Codes that a sign may stand for; a code stands for itself."""
_ROUND = r"(?:[.,]-{1,2})?"
"""No cents: `1.500,- EUR`."""
_MONEY = linear(
    rf"(?P<before>{_CURRENCIES})\s?(?P<one>{_NUMBER}){_ROUND}(?P<unit>\p{{L}}*)"
    rf"|(?P<two>{_NUMBER})(?P<unit2>\s?k)?{_ROUND}\s?(?:(?:{_NAMES})(?P<edge>$|[^\p{{L}}\p{{N}}])|(?:{_CURRENCIES}))",
    ignore_case=True,
)
_FREE = linear(
    r"\b(?:free|included|complimentary|gratis|on the house|part of (?:each|every|all|your)|without (?:paying|payment)|(?:no|without) (?:\p{L}+ )?(?:charge|cost|fee)s?)\b",
    ignore_case=True,
)
_CURRENCY = linear(_CURRENCIES, ignore_case=True)
_PERCENT = linear(
    r"\d\s?(?:%|percent\b|per cent\b|prozent\b|pour cent\b|por ciento\b|per cento\b)",
    ignore_case=True,
)
_SHARE = linear(
    r"\b(?:third|quarter|rest|remainder|part) of\b|\b(?:partial(?:ly)?|pro[- ]?rata|prorated?)\b"
    r"|\b(?:anteilig\p{L}*|teilweise|partiel\p{L}*|parcial\p{L}*|parziale?|metade)\b",
    ignore_case=True,
)
"""Other words for a share; the amount beside it may be the share itself: "a partial refund of 30 EUR"."""
_BARE = linear(
    r"(?:^|[^\p{L}\p{N}.,:/+-])(?:\d{1,3}(?:[.,'’ ]\d{3})+[.,]\d{2}|\d{1,9}(?:,\d{2}|\.(?:1[3-9]|[02-9]\d)))(?:$|[^\p{L}\p{N}.,:/%-]|[.,](?:$|\s))"
)
"""A sum without its currency, by its cents; `10.11` may as well be a day."""
_SUM = r"\d{1,3}(?:[.,'’ ]\d{3}){0,3}(?:[.,]\d{1,2})?"
_PAY_BACK = r"(?:refund(?:ed)?|reimbursed?|credit(?:ed)?|(?:pay|paid|give|given|send|sent|transfer|get|have|want) (?:(?:us|me) )?back)"
_OWED = linear(
    rf"\b{_PAY_BACK}(?: (?:us|me|just|only|at least|about|the|a|sum|amount|of)){{0,4}} {_SUM}(?:$|[^\p{{L}}\p{{N}}-])"
    rf"|(?:^| ){_SUM} (?:back|zurück|retour|indietro)\b",
    ignore_case=True,
)
"""A sum without its currency, by what is to be done with it: "pay back 700"."""
_NUMERAL = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty"
    r"|ninety|hundred|thousand)"
)
_COUNTED = linear(
    rf"\b(?:\d{{1,4}}|{_NUMERAL}) (?:(?:out )?of (?:the|our|my|these|those|all) (?:\d|{_NUMERAL}\b)|von (?:den |unseren )?\d|sur (?:les )?\d|de l[oa]s \d|su \d|van de \d)"
    rf"|\b(?:refund|reimburse|credit|pay back)(?: (?:us|me|the|for|just|only)){{0,3}} (?:\d{{1,4}}|{_NUMERAL})"
    r" (?:seats?|users?|people|persons?|employees?|licen[cs]es?|days?|weeks?|months?|nights?|items?|pieces?|units?|packs?|tickets?)\b",
    ignore_case=True,
)
"""So many of those that were paid for: what they cost, the text does not say."""
_FRACTION = linear(
    r"[½⅓⅔¼¾]|\b\d/\d\b"
    r"|\b(?:half|(?:an?|one|two|three) (?:thirds?|quarters?|fifths?)) (?:of|the|my|our|this|that|invoice|order)\b"
    r"|\b(?:die hälfte|ein drittel|la moitié|la mitad|la metà|a metade|de helft|połow[aęy])",
    ignore_case=True,
)
"""A share by its name: another amount than the one beside it."""
_MAGNITUDE = (
    r"(?:thousand|hundred|grand|million|mio|mn|bn|billion|tausend|mill?ones|mil|mille|lakh|crore)"
)
_IN_WORDS = linear(
    rf"\b{_NUMERAL}(?:[ -](?:and|a|{_NUMERAL})){{0,6}} (?:{_NAMES})\b", ignore_case=True
)
"""A sum in words."""
_LARGE = linear(rf"\d\s?(?:[km]\b|{_MAGNITUDE})", ignore_case=True)
"""A number that goes on in words."""
_GOES_ON = linear(r"[^\s(\[{<>\"'“”„‚«»:;=~≈*|!?+\p{Sc}]$")
"""A character that no number follows by itself: `2x48 EUR`, `40-48 EUR`, `1·200 EUR`."""
_SEVERAL = linear(
    r"(?:(?:\d|\b(?:two|three|four|five|six|ten|zwei|drei|vier|fünf)) *[x×*]|\bje(?:weils)?|\d\s+\p{L}+(?:\s\p{L}+)?\s+(?:at|à|@|zu|zu je)"
    r"|(?:^|\s)(?:\d{1,3}[.,]|\d[\d.,]* ?(?:and|or|to|und|oder|bis|et|ou|y|o|e|-)))\s*$",
    ignore_case=True,
)
"""Before the price of one of several, and before the end of a range or of a longer number."""
_EACH = linear(
    rf"\s?{_MAGNITUDE}\b|"
    r"\s*\(?(?:each\b|apiece|per\b|pro\b|par\b|por\b|/\s?\p{L}|an? (?:head|person|user|seat|month|week|day|year|piece|unit)\b"
    r"|(?:or|to|-|oder|bis|ou) ?\d[\d.,]*(?:\s|$|[?!])|\p{N})",
    ignore_case=True,
)
"""After the price of one, the beginning of a range, and a number that goes on."""
_CENTS = linear(
    r"\s*(?:(?:and|und|et|y|e|en|og|och|i) )?\d{1,2} ?(?:cents?|ct|pence|rappen|centimes?|céntimos?|centesimi|cêntimos?|öre|øre|groszy|haléřů)\b",
    ignore_case=True,
)
"""After an amount that goes on in its small coin."""
_SMALL = linear(r"\b\d{1,2}(?:p\b| ?(?:pence|cents?|ct)\b)", ignore_case=True)
"""A sum in small coin alone."""
_WORDED = linear(
    rf"\b(?:(?:an?|few|some|{_NUMERAL}) (?:{_NAMES}|pence|cents?)|half|a (?:third|quarter)|(?:in|the) full|twice|double|what you paid|(?:day|week|month|year)s?['’]s? \p{{L}}+)\b|\b\d+(?:,\d\d\b|[.,][-–—])|^(?:nothing|none|nil)\.?$",
    ignore_case=True,
)
"""In words, by another sum, or without a currency; "nothing" stands so alone in the cell of a table."""
_LESS = linear(
    r"\b(?:(?:all|anything|everything|whole (?:amount|sum|thing)|lot) but|except(?:ing)?(?: for)?|minus|less|excluding|apart from|other than|deduct(?:ing)?"
    r"|ausser|außer|abzüglich|bis auf|sauf|moins|hormis|excepto|salvo|menos|tranne|eccetto|meno|exceto|behalve|utom|undtagen|oprócz|kromě)"
    r"(?: (?:the|a|an|for|of|den|die|das|les?|los|las|il|de|het)){0,2}\s*$",
    ignore_case=True,
)
"""Before what is to be left out of an amount that is not named."""
_OF_A_WHOLE = linear(
    rf"(?:^|\s)(?P<part>{_NUMBER})(?P<money>\s?(?:{_CURRENCIES}|{_NAMES}))?(?: (?:out of|of|from|von|de|sur|su|van|af|av|z))+(?: (?:the|our|my|your|this|that|total|full|whole|invoiced|paid|den|la|les|las|los|il|lo|het))*\s*$",
    ignore_case=True,
)
"""Before the whole of which a part is wanted: "1,200 of the 2,100 EUR"."""
_DENIED = linear(
    r"(?:\bnot|\bno|\binstead of|\brather than|\bnicht|\bkeine|\bstatt|\bpas|\bau lieu de|\bnon"
    r"|\binvece di|\ben vez de|\bniet|\bin plaats van|\bnão|\binte|\bikke)(?: (?:the|for|die|den|les|los|las|de|il|het))?"
    r"(?: (?:full|whole|entire|total|complete|original|ganzen?|gesamten?|vollen?|totale?|entera|intero|hele))?\s*$",
    ignore_case=True,
)


def tells_a_sum(text: str) -> bool:
    """Whether an amount or a share stands in it, or that something costs nothing.

    >>> [tells_a_sum(one) for one in ("It costs CHF 40.", "It is free.", "A copy is 15p.", "It costs little.")]
    [True, True, True, False]
    """
    return any(one.search(text) for one in (_MONEY, _PERCENT, _FREE, _SMALL, _WORDED))


def amounts(text: str) -> list[float]:
    """The different amounts that are asked for, in order. `text` is in plain form.

    None at all where a share is named, or where one of them cannot be read: twenty per cent of an
    amount is another one, and so is "3 seats at 16 EUR each".
    """
    if _PERCENT.search(text) or _FRACTION.search(text):
        return []
    wanted = list(islice(_wanted(text), MOST_AMOUNTS))
    return [] if None in wanted else list(dict.fromkeys(one for one in wanted if one is not None))


def written(text: str) -> list[float]:
    """The different amounts that stand in a record, whatever is said of them."""
    found = (_value(one) for one in islice(_MONEY.finditer(text), MOST_AMOUNTS))
    return list(dict.fromkeys(one for one in found if one is not None))


def currency(text: str) -> str:
    """The sign or code of the first amount that is named; empty where there is none."""
    found = _MONEY.search(text)
    marks = _CURRENCY.search(found.group()) if found is not None else None
    return marks.group() if marks is not None else ""


def foreign(text: str, code: str) -> bool:
    """Whether its first amount is in another currency than the one of that code."""
    sign = currency(text).upper()
    return bool(sign and code) and code.upper() not in _SIGNS.get(
        sign[-1:], _SIGNS.get(sign, (sign,))
    )


def doubtful(text: str) -> bool:
    """Whether money or a share of it is spoken of, and no amount can be read: none may be assumed."""
    every = (_MONEY, _PERCENT, _FRACTION, _SHARE, _COUNTED, _LARGE, _BARE, _OWED, _IN_WORDS)
    return any(one.search(text) for one in every) and not amounts(text)


def _wanted(text: str) -> Iterator[float | None]:
    """The amounts that are not denied; None for one that leaves a doubt."""
    for match in _MONEY.finditer(text):
        start = match.start() + _before_it(match["two"] or "")
        before = text[max(0, start - _LOOK_BACK) : start]
        part = _OF_A_WHOLE.search(before)
        if part is not None and _is_less(part["part"], match):
            yield from () if part["money"] else (None,)
        elif not (_is_negative(before) or _DENIED.search(before)):
            end = match.end() - len(match["edge"] or "")
            after = text[end : end + _LOOK_AHEAD]
            yield _value(match) if _is_a_sum(before, after) else None


def _is_less(part: str, whole: Match) -> bool:
    """Whether a number can be a part of that amount: of "November 2026 of 48 EUR" it is a year."""
    small, large = number(part), _value(whole)
    return small is not None and large is not None and small < large


def _is_negative(before: str) -> bool:
    """Whether a minus stands before it: a credit or a line of a table, no sum to be paid."""
    return before.endswith("-") and not before[-2:-1].strip(" (:=")


def _is_a_sum(before: str, after: str) -> bool:
    """Whether it stands by itself: no rest of a longer number, no price of one of several, no range."""
    beside = (_GOES_ON.search(before), _SEVERAL.search(before), _LESS.search(before))
    return not any((*beside, _EACH.match(after), _CENTS.match(after)))


def _value(match: Match) -> float | None:
    figure = match["one"] or match["two"]
    value = number(figure[_before_it(figure) :])
    unit = (match["unit"] or match["unit2"] or "").strip()
    if not value or (unit.lower() not in ("", "k") and not _CURRENCY.fullmatch(unit)):
        return None  # neither is nothing a sum
    return round(value * THOUSAND, 2) if unit.lower() == "k" else value


def _before_it(figure: str) -> int:
    """Characters of a year or the like that merely stands before an amount: no group has four digits."""
    before, _, last = figure.rpartition(" ")
    return len(figure) - len(last) if len(before.rpartition(" ")[2]) > GROUP else 0


def number(said: str) -> float | None:
    """One number, None if its characters allow no single reading.

    A character that stands once with one or two digits after it is the point; groups have three digits.
    """
    text = said.replace("’", "'").strip()
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


def _grouped(whole: str, grouping: set[str]) -> bool:
    """Whether the groups are of three digits, the first of one to three and not of a zero."""
    if not grouping:
        return True
    first, *rest = whole.split(next(iter(grouping)))
    begins = first[:1] != "0" and 1 <= len(first) <= GROUP
    return begins and all(len(one) == GROUP and one.isdigit() for one in rest)
