"""Numbers with a check digit or a known form: cards, accounts, addresses of machines, identities."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from stdnum import iban, luhn
from stdnum.br import cpf
from stdnum.es import dni, nie
from stdnum.it import codicefiscale

from graph.text.personal.rule import APART, Edges, Rule, digits_of
from memory.patterns import Match, linear

_IBAN = linear(r"[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?", ignore_case=True)


def ibans(text: str) -> Iterator[tuple[int, int]]:
    """Accounts whose check digits and length are right; a short word behind one is no part of it."""
    for match in _IBAN.finditer(text):
        value, start = match.group(), match.start()
        while value and not iban.is_valid(value, check_country=False):
            value = value.rpartition(" ")[0]
        if value and APART.allow(text, start, start + len(value)):
            yield start, start + len(value)


_CARD_WORDS = linear(
    r"card|\bcc\b|credit|debit|visa|master|amex|karte|carte|tarjeta|carta|kaart|cart[aã]o|kort"
)
_BRANDS = linear(
    r"^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:2[2-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|[68]\d|9)\d{11,16}|6(?:011|5\d\d|4[4-9]\d)\d{12,15}|35\d{14}|(?:2131|1800)\d{11}"
    r"|(?:5018|5020|5038|5[678]\d\d|0604|6304|6390|6759|676[1-3]|62\d\d)\d{8,15})$"
)


def _card(match: Match, before: str) -> bool:
    """A brand's prefix and length, or the word card before it; the check digit in any case."""
    digits = digits_of(match.group())
    if len(set(digits)) == 1 or not luhn.is_valid(digits):
        return False
    return bool(_BRANDS.match(digits)) or bool(_CARD_WORDS.search(before))


_VERSION = linear(
    r"\b(?:version|firmware|release|v\.?|build|update|(?:fix ?|service )?pack|patch)\s*:?\s*$"
)
_NETWORK_WORDS = linear(
    r"\bips?\b|\bipv4|address|adress|direcci|indirizzo|endere|\bhosts?\b|\bdns\b|\bping|gateway|router"
    r"|\bvpn\b|\blog(?:ged|in|s)?\b|connect\w* (?:to|from)|network|netz|subnet|proxy|firewall"
    r"|(?://|@|\bfrom|server(?: is| at)?:?\s*)\s*$"
)
_HIGHEST_MAJOR = 31
_HIGHEST_PART = 99
"""Numbers of a version are small: "8.0.50.34". One address of 150 looks like one."""
_PRIVATE_NET = 10


def _ip(match: Match, before: str) -> bool:
    """An address that is somebody's: neither a version nor a mask or a place without a machine."""
    try:
        address = ipaddress.ip_address(match.group())
    except ValueError:
        return False
    if _VERSION.search(before) or address.is_unspecified or address.is_loopback:
        return False
    if address.version != 4 or not _may_be_version(address.packed):  # noqa: PLR2004
        return True
    return bool(_NETWORK_WORDS.search(before))


def _may_be_version(parts: bytes) -> bool:
    major, *rest = parts
    return major <= _HIGHEST_MAJOR and major != _PRIVATE_NET and max(rest) <= _HIGHEST_PART


def _ssn(match: Match, _before: str) -> bool:
    area, group, serial = (
        digits_of(match.group())[:3],
        digits_of(match.group())[3:5],
        match.group()[-4:],
    )
    return area not in ("000", "666") and area < "900" and group != "00" and serial != "0000"


_NATIONAL_WORDS = linear(
    r"ssn|social security|national (?:id|insurance)|\bnino\b|passport|tax (?:id|number)|steuer-?id"
    r"|sozialversicherung|personalausweis|ausweis|reisepass|\bdni\b|\bnie\b|codice fiscale|\bbsn\b"
    r"|burgerservice|personnummer|\bcpf\b|\bpesel\b|aadhaar|licen[cs]e (?:no|number)|driver'?s licen[cs]e"
    r"|identity (?:card|number)|id card|numéro de sécurité|\bnir\b"
)


def _named_id(match: Match, before: str) -> bool:
    two_digits = sum(sign.isdigit() for sign in match.group()) > 1
    return two_digits and bool(_NATIONAL_WORDS.search(before))


def _dni(match: Match, _before: str) -> bool:
    return bool(dni.is_valid(match.group()) or nie.is_valid(match.group()))


def _aadhaar(_match: Match, before: str) -> bool:
    return "aadhaar" in before or "uidai" in before


_NO_NINO = frozenset({"BG", "GB", "NK", "KN", "TN", "NT", "ZZ"})
_NUMBER = Edges(before="+.@#/-", after="@", digit_after="-.")
NUMBERS: tuple[Rule, ...] = (
    Rule("card", linear(r"\d(?:[ -]?\d){11,18}"), _card, _NUMBER),
    Rule("ip", linear(r"(?:\d{1,3}\.){3}\d{1,3}"), _ip, Edges(before=".", digit_after=".")),
    Rule(
        "ip",
        linear(r"[0-9a-f:]{6,39}", ignore_case=True),
        lambda match, before: match.group().count(":") > 2 and _ip(match, before),  # noqa: PLR2004
        Edges(before=":.", after=":"),
    ),
    Rule("national_id", linear(r"\d{3}-\d{2}-\d{4}"), _ssn, Edges(before="-", after="-")),
    Rule(
        "national_id",
        linear(r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?: ?\d{2}){3} ?[A-D]"),
        lambda match, _before: match.group()[:2] not in _NO_NINO,
        APART,
    ),
    Rule("national_id", linear(r"(?:\d{8}|[XYZ]\d{7})-?[A-HJ-NP-TV-Z]"), _dni, APART),
    Rule(
        "national_id",
        linear(r"\d{3}\.\d{3}\.\d{3}-\d{2}"),
        lambda match, _before: bool(cpf.is_valid(match.group())),
        APART,
    ),
    Rule(
        "national_id",
        linear(r"[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]"),
        lambda match, _before: bool(codicefiscale.is_valid(match.group())),
        APART,
    ),
    Rule("national_id", linear(r"\d{4} \d{4} \d{4}"), _aadhaar, APART),
    Rule(
        "national_id",
        linear(r"[A-Z0-9](?:[./ -]?[A-Z0-9]){5,14}"),
        _named_id,
        Edges(before="-", after="-"),
    ),
)
"""In order of strictness."""
