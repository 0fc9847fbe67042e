"""Texts as tokens that compare: numbers, dates, amounts and words in one spelling each. Pure."""

import re
import unicodedata

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
NUMBERS = {
    name: str(number)  # `one` is seldom meant as a number
    for number, name in enumerate(
        "two three four five six seven eight nine ten eleven twelve".split(),
        start=2,
    )
}
CURRENCIES = {"€": "eur", "euro": "eur", "euros": "eur", "$": "usd", "£": "gbp", "%": "percent"}
NEGATIONS = frozenset(
    "no not never none nothing nobody cannot without unless except neither nor only".split()
)
"""Words that turn a statement, or bound it."""

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_GROUPED = re.compile(r"(?<=\d)[,'\u2019\u202f\u00a0 ](?=\d{3}(?!\d))")
_SHORT_NOT = re.compile(r"n['\u2019]t\b")
_TOKEN = re.compile(r"\d+(?:[.:]\d+)*|[^\W\d_]+(?:['\u2019][^\W\d_]+)?|[€$£%]")
_WHOLE = re.compile(r"^(\d+)\.00$")


def tokens(text: str) -> list[str]:
    """In order. `1,250.00 €` and `eur 1250` have the same two, `9 Nov 2026` is `2026-11-09`."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = _GROUPED.sub("", _SHORT_NOT.sub(" not", plain).replace("can not", "cannot"))
    plain = _DATE.sub(lambda one: f" {int(one[3])} {_month(int(one[2]))} {one[1]} ", plain)
    found = [_token(one) for one in _TOKEN.findall(plain)]
    return _amounts_first(found)


def _month(number: int) -> str:
    return next((name for name, of in MONTHS.items() if of == number), str(number))


def _token(raw: str) -> str:
    word = NUMBERS.get(raw) or CURRENCIES.get(raw) or raw
    if word in MONTHS and word != "may":
        return _month(MONTHS[word])
    whole = _WHOLE.match(word)
    return whole[1] if whole else word


def _amounts_first(found: list[str]) -> list[str]:
    """Currencies behind their number, wherever they were written."""
    money = set(CURRENCIES.values()) - {"percent"}
    out: list[str] = []
    for one in found:
        if out and one[0].isdigit() and out[-1] in money and not _is_amount(out[:-1]):
            out.insert(len(out) - 1, one)
        else:
            out.append(one)
    return out


def _is_amount(before: list[str]) -> bool:
    return bool(before) and before[-1][0].isdigit()


def holds(said: list[str], phrase: str) -> bool:
    """Whether the tokens of a phrase stand one after the other among those said."""
    wanted = tokens(phrase)
    size = len(wanted)
    return bool(size) and any(
        said[start : start + size] == wanted for start in range(len(said) - size + 1)
    )


def is_number(token: str) -> bool:
    """Whether it has a figure in it."""
    return any(char.isdigit() for char in token)


def negations(found: list[str]) -> list[str]:
    """The tokens that turn or bound a statement, in order."""
    return [one for one in found if one in NEGATIONS]
