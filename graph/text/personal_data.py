"""Structured personal data: patterns propose, checksums and context decide."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from graph.state import PersonalDatum

CONTEXT_CHARS = 48
"""How far before a number the words that explain it may stand."""
FEWEST_PHONE_DIGITS = 7
MOST_PHONE_DIGITS = 15

Check = Callable[[re.Match[str], str], bool]
"""Takes the match and the text just before it."""


@dataclass(frozen=True)
class Rule:
    """A pattern of one kind; the group `value`, where it has one, is what is masked."""

    kind: str
    pattern: re.Pattern[str]
    check: Check


def personal_data(text: str) -> list[PersonalDatum]:
    """Non-overlapping spans in order. Earlier rules win, since they are the stricter ones."""
    taken: list[PersonalDatum] = []
    for rule in RULES:
        for start, end in _spans(rule, text):
            if all(end <= one["start"] or start >= one["end"] for one in taken):
                taken.append(PersonalDatum(kind=rule.kind, start=start, end=end))
    return sorted(taken, key=lambda one: one["start"])


def masked(text: str, found: list[PersonalDatum]) -> str:
    """`text` with each span replaced by its kind in brackets."""
    for one in sorted(found, key=lambda one: one["start"], reverse=True):
        text = f"{text[: one['start']]}[{one['kind']}]{text[one['end'] :]}"
    return text


def _spans(rule: Rule, text: str) -> Iterator[tuple[int, int]]:
    for match in rule.pattern.finditer(text):
        group = "value" if "value" in rule.pattern.groupindex else 0
        before = text[max(0, match.start(group) - CONTEXT_CHARS) : match.start(group)].lower()
        if match.group(group) and rule.check(match, before):
            yield match.span(group)


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of payment cards."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0  # noqa: PLR2004


def iban_valid(iban: str) -> bool:
    """Whether the two check digits fit (ISO 7064, modulo 97)."""
    plain = re.sub(r"[\s-]", "", iban).upper()
    turned = plain[4:] + plain[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _always(_match: re.Match[str], _before: str) -> bool:
    return True


_CARD_WORDS = re.compile(
    r"card|\bcc\b|credit|debit|visa|master|amex|karte|carte|tarjeta|carta|kaart|cart[aã]o|kort"
)
_BRANDS = re.compile(
    r"^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|3[47]\d{13}"
    r"|3(?:0[0-5]|[68]\d|9)\d{11,16}|6(?:011|5\d\d|4[4-9]\d)\d{12,15}|35\d{14}|(?:2131|1800)\d{11}"
    r"|(?:5018|5020|5038|5893|6304|6759|676[1-3]|62\d\d)\d{8,15})$"
)


def _card(match: re.Match[str], before: str) -> bool:
    """A brand's prefix and length, or the word card before it; the check digit in any case."""
    digits = _digits(match.group())
    if len(set(digits)) == 1 or not luhn(digits):
        return False
    return bool(_BRANDS.match(digits)) or bool(_CARD_WORDS.search(before))


def _ip(match: re.Match[str], before: str) -> bool:
    if re.search(r"\b(?:version|firmware|release|v\.?|build|update)\s*:?\s*$", before):
        return False
    try:
        ipaddress.ip_address(match.group())
    except ValueError:
        return False
    return True


_PHONE_WORDS = re.compile(
    r"phone|mobile|\bcell\b|\btel\b|telef|handy|\bcall(?:ed|ing)?\b|\bring\b|\bfax\b|whats ?app|\bsms\b"
    r"|text(?:ed|ing)? me|dial|reach(?:ed)? (?:me|us|him|her)|answering at|(?:messages?|texts?) (?:to|from|at)"
    r"|contact (?:me|us|number)|my number|rufnummer|anruf|erreichbar|móvil|cellulare|\bgsm\b|portable"
)
_NOT_PHONE_WORDS = re.compile(
    r"(?:order|invoice|ticket|case|reference|ref|article|serial|tracking|customer|account|booking"
    r"|reservation|transaction|payment|chargeback|confirmation|policy|model|version|item|product|sku"
    r"|rechnung|bestell\w*|auftrag|kunden\w*|commande|facture|pedido|factura)"
    r"[\s\w]{0,12}?(?:no\.?|number|nr\.?|id|num|#|nummer)?\s*[:#]?\s*\(?$"
)
_DATE = re.compile(
    r"^(?:\d{4}[-./ ]\d{1,2}[-./ ]\d{1,2}|\d{1,2}[-./ ]\d{1,2}[-./ ](?:\d{4}|\d{2}))$"
)
_NATIONAL_FORMS = re.compile(
    r"^(?:\(?[2-9]\d{2}\)?[-. ]\s?\d{3}[-. ]\d{4}|\(0\d{1,4}\)\s?\d[\d \-/]{4,}|\(\d{2,4}\)\s?\d{3,4}[- ]\d{3,4}"
    r"|0\d{1,4}[ /-]\d{2,4}(?:[ -]?\d{2,4}){1,4}|0\d{2,4}/\d{5,8}|\d{2}(?:[-.]\d{2}){3,4}"
    r"|0\d(?: \d{2}){4})$"
)
_SURE = 9


def _phone(match: re.Match[str], before: str) -> bool:
    """A form with a country code or of a known nation, or words about telephones before it."""
    value = match.group("value").strip()
    digits = _digits(value)
    if not FEWEST_PHONE_DIGITS <= len(digits) <= MOST_PHONE_DIGITS or _DATE.match(value):
        return False
    called = bool(_PHONE_WORDS.search(before))
    if not called and _NOT_PHONE_WORDS.search(before):
        return False
    if value.startswith("+") or (value.startswith("00") and len(digits) > _SURE):
        return True
    return called or bool(_NATIONAL_FORMS.match(value))


def _ssn(match: re.Match[str], _before: str) -> bool:
    area, group, serial = (
        _digits(match.group())[:3],
        _digits(match.group())[3:5],
        match.group()[-4:],
    )
    return area not in ("000", "666") and area < "900" and group != "00" and serial != "0000"


_NATIONAL_WORDS = re.compile(
    r"ssn|social security|national (?:id|insurance)|\bnino\b|passport|tax (?:id|number)|steuer-?id"
    r"|sozialversicherung|personalausweis|ausweis|reisepass|\bdni\b|\bnie\b|codice fiscale|\bbsn\b"
    r"|burgerservice|personnummer|\bcpf\b|\bpesel\b|aadhaar|licen[cs]e (?:no|number)|driver'?s licen[cs]e"
    r"|identity (?:card|number)|id card|numéro de sécurité|\bnir\b"
)


def _named_id(_match: re.Match[str], before: str) -> bool:
    return bool(_NATIONAL_WORDS.search(before))


def _dni(match: re.Match[str], _before: str) -> bool:
    value = match.group().replace("-", "").upper()
    number = value[:-1].translate(str.maketrans("XYZ", "012"))
    return value[-1] == "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23]


def _cpf(match: re.Match[str], _before: str) -> bool:
    digits = [int(sign) for sign in _digits(match.group())]
    for size in (9, 10):
        total = sum(digit * (size + 1 - place) for place, digit in enumerate(digits[:size]))
        if (total * 10 % 11) % 10 != digits[size]:
            return False
    return len(set(digits)) > 1


def _aadhaar(_match: re.Match[str], before: str) -> bool:
    return "aadhaar" in before or "uidai" in before


_ORDINARY = frozenset(
    [
        "is",
        "was",
        "are",
        "the",
        "a",
        "an",
        "not",
        "and",
        "or",
        "reset",
        "change",
        "changed",
        "changing",
        "forgotten",
        "forgot",
        "expired",
        "wrong",
        "invalid",
        "incorrect",
        "link",
        "page",
        "manager",
        "field",
        "form",
        "policy",
        "protected",
        "please",
        "again",
        "with",
        "for",
        "to",
        "does",
        "do",
        "has",
        "have",
        "will",
        "can",
        "could",
        "no",
        "longer",
        "works",
        "working",
        "anymore",
        "still",
        "required",
        "requirements",
        "hint",
        "prompt",
        "on",
        "in",
        "of",
        "at",
        "my",
        "your",
        "their",
        "this",
        "that",
        "it",
        "i",
        "we",
        "you",
    ]
)
_FEWEST_SECRET_CHARS = 4


def _stated_secret(match: re.Match[str], _before: str) -> bool:
    """What follows `password is`: anything but an ordinary word of a sentence about passwords."""
    value = match.group("value").strip("\"'`")
    if len(value) < _FEWEST_SECRET_CHARS or value.lower() in _ORDINARY:
        return False
    plain_word = value.isalpha() and (value.islower() or value.istitle())
    return not plain_word or match.group("link").strip() in (":", "=")


def _mixed(match: re.Match[str], _before: str) -> bool:
    """A long run of signs that is no word and no product id: digits and both cases."""
    value = match.group()
    cases = (
        any(map(str.islower, value)),
        any(map(str.isupper, value)),
        any(map(str.isdigit, value)),
    )
    return all(cases) and "/" not in value


_NUMBER_EDGE = r"(?<![\w.@#/-])"
_NUMBER_END = r"(?![\w@])(?!-\d)(?!\.\d)"
RULES: tuple[Rule, ...] = (
    Rule(
        "secret",
        re.compile(
            r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
            re.DOTALL,
        ),
        _always,
    ),
    Rule(
        "secret",
        re.compile(
            r"\b(?:sk|pk|rk)[-_](?:live|test|proj|ant|or)?[-_]?[A-Za-z0-9_-]{16,}"
            r"|\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_\w{20,}|\bglpat-[\w-]{16,}"
            r"|\bxox[abprs]-[\w-]{10,}|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[\w-]{30,}"
            r"|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|\bSG\.[\w-]{16,}\.[\w-]{16,}|\bnpm_[A-Za-z0-9]{30,}"
            r"|\b[a-z]{2,8}_(?:live|test|secret|api|key|pat|token)_[A-Za-z0-9]{12,}"
        ),
        _always,
    ),
    Rule(
        "secret",
        re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s:/@]+:(?P<value>[^\s/@]+)@", re.IGNORECASE),
        _always,
    ),
    Rule("secret", re.compile(r"(?<=[Bb]earer )(?P<value>[\w.~+/=-]{12,})"), _always),
    Rule(
        "secret",
        re.compile(
            r"\b(?:pass(?:word|wort|code|phrase)|passwd|pwd|kennwort|mot de passe|contraseña|wachtwoord"
            r"|senha|parola d'ordine|pin(?: code)?|secret(?: key)?|api[ _-]?(?:key|token)"
            r"|access[ _-]?(?:key|token)|auth[ _-]?token|client[ _-]?secret|private key|cvv|cvc)"
            r"(?P<link>\s*[:=]\s*|\s+(?:is|was|ist|lautet|est|es)\s*:?\s+)(?P<value>[^\s,;]{3,}?)"
            r"(?=[.!?]?(?:[\s,;]|$))",
            re.IGNORECASE,
        ),
        _stated_secret,
    ),
    Rule(
        "email",
        re.compile(
            r"(?<![\w.+%-])[\w.+%'-]*[\w+%-]@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,24}(?![\w@-])"
        ),
        _always,
    ),
    Rule(
        "iban",
        re.compile(
            r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?\b", re.IGNORECASE
        ),
        lambda match, _before: iban_valid(match.group()),
    ),
    Rule("card", re.compile(_NUMBER_EDGE + r"\d(?:[ -]?\d){11,18}" + _NUMBER_END), _card),
    Rule("ip", re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)"), _ip),
    Rule(
        "ip",
        re.compile(r"(?<![\w:.])(?=[0-9a-f:]*:[0-9a-f:]*:)[0-9a-f:]{6,39}(?![\w:])", re.IGNORECASE),
        lambda match, before: match.group().count(":") > 2 and _ip(match, before),  # noqa: PLR2004
    ),
    Rule("national_id", re.compile(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])"), _ssn),
    Rule(
        "national_id",
        re.compile(
            r"\b(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?: ?\d{2}){3} ?[A-D]\b"
        ),
        _always,
    ),
    Rule("national_id", re.compile(r"\b(?:\d{8}|[XYZ]\d{7})-?[A-HJ-NP-TV-Z]\b"), _dni),
    Rule("national_id", re.compile(r"\b\d{3}\.\d{3}\.\d{3}-\d{2}\b"), _cpf),
    Rule("national_id", re.compile(r"\b[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]\b"), _always),
    Rule("national_id", re.compile(r"\b\d{4} \d{4} \d{4}\b"), _aadhaar),
    Rule(
        "national_id",
        re.compile(
            r"(?<![\w-])(?=[A-Z0-9./ -]*\d[A-Z0-9./ -]*\d)[A-Z0-9](?:[./ -]?[A-Z0-9]){5,14}(?![\w-])"
        ),
        _named_id,
    ),
    Rule(
        "phone",
        re.compile(
            r"(?<![\w.@/#-])(?<!\d[,:])(?P<value>(?:\+|00)?\(?\d{1,5}\)?(?:[ \-./]{0,2}\(?\d{1,5}\)?){1,7})"
            r"(?![\w@%])(?!-\w)(?![.,:]\d)(?!\s?(?:EUR|USD|GBP|€|\$|£))"
        ),
        _phone,
    ),
    Rule("secret", re.compile(r"(?<![\w/.-])[A-Za-z0-9_+-]{28,}={0,2}(?![\w/-])"), _mixed),
)
"""In order of strictness: what an earlier one takes is not looked at again."""
