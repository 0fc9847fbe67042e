"""Structured personal data: patterns propose, checksums and context decide."""

from __future__ import annotations

import ipaddress
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from stdnum import iban, luhn
from stdnum.br import cpf
from stdnum.es import dni, nie
from stdnum.it import codicefiscale

from graph.state import PersonalDatum
from graph.text.addresses import addresses
from memory.patterns import Match, Pattern, linear

CONTEXT_CHARS = 48
"""How far before a number the words that explain it may stand."""
FEWEST_PHONE_DIGITS = 7
MOST_PHONE_DIGITS = 15

Check = Callable[[Match, str], bool]
"""Takes the match and the text just before it."""


@dataclass(frozen=True)
class Edges:
    """What may not stand beside a match: it would be a part of something longer."""

    before: str = ""
    """Signs that may not come just before it. Letters and digits never may, where `word`."""
    after: str = ""
    word: bool = True
    digit_after: str = ""
    """Signs that may not come after it with a digit behind them."""
    word_after: str = ""
    """The same with a letter or digit behind them."""

    def allow(self, text: str, start: int, end: int) -> bool:
        """Whether a match from `start` to `end` stands alone."""
        before, after, behind = (
            text[start - 1 : start],
            text[end : end + 1],
            text[end + 1 : end + 2],
        )
        if self.word and (_wordlike(before) or _wordlike(after)):
            return False
        if (before and before in self.before) or (after and after in self.after):
            return False
        if after and after in self.digit_after and behind.isdigit():
            return False
        return not (after and after in self.word_after and _wordlike(behind))


def _wordlike(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


ANYWHERE = Edges(word=False)
APART = Edges()


@dataclass(frozen=True)
class Rule:
    """A pattern of one kind; the group `value`, where it has one, is what is masked."""

    kind: str
    pattern: Pattern
    check: Check
    edges: Edges = field(default=ANYWHERE)
    explained: Callable[[Match, str, str], bool] | None = None
    """A check that takes the text just after it as well; either is enough."""


@dataclass(frozen=True)
class Finder:
    """A function that finds one kind."""

    kind: str
    find: Callable[[str], Iterator[tuple[int, int]]]


def personal_data(text: str) -> list[PersonalDatum]:
    """Non-overlapping spans in order. Earlier rules win, since they are the stricter ones."""
    text = _plain_signs(text)
    taken = bytearray(len(text))
    found: list[PersonalDatum] = []
    for rule in RULES:
        places = rule.find(text) if isinstance(rule, Finder) else _spans(rule, text)
        for start, end in places:
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                found.append(PersonalDatum(kind=rule.kind, start=start, end=end))
    return sorted(found, key=lambda one: one["start"])


def _plain_signs(text: str) -> str:
    """The text sign by sign, with digits, dashes and blanks of other scripts made plain."""
    return text if text.isascii() else "".join(map(_plain_sign, text))


def _plain_sign(sign: str) -> str:
    if sign.isascii() or sign.isalpha():
        return sign
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    kind = unicodedata.category(sign)
    return {"Pd": "-", "Zs": " "}.get(kind, "+" if sign == "\uff0b" else sign)


def masked(text: str, found: list[PersonalDatum]) -> str:
    """`text` with each span replaced by its kind in brackets."""
    parts, last = [], 0
    for one in sorted(found, key=lambda one: one["start"]):
        parts += [text[last : one["start"]], f"[{one['kind']}]"]
        last = one["end"]
    return "".join([*parts, text[last:]])


def _spans(rule: Rule, text: str) -> Iterator[tuple[int, int]]:
    group = rule.pattern.groupindex.get("value", 0)
    for match in rule.pattern.finditer(text):
        start, end = match.span(group)
        before = text[max(0, start - CONTEXT_CHARS) : start].lower()
        if start == end or not rule.edges.allow(text, start, end):
            continue
        after = text[end : end + CONTEXT_CHARS].lower()
        if rule.check(match, before) or (
            rule.explained is not None and rule.explained(match, before, after)
        ):
            yield start, end


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


def _always(_match: Match, _before: str) -> bool:
    return True


_CARD_WORDS = linear(
    r"card|\bcc\b|credit|debit|visa|master|amex|karte|carte|tarjeta|carta|kaart|cart[aã]o|kort"
)
_BRANDS = linear(
    r"^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|3[47]\d{13}"
    r"|3(?:0[0-5]|[68]\d|9)\d{11,16}|6(?:011|5\d\d|4[4-9]\d)\d{12,15}|35\d{14}|(?:2131|1800)\d{11}"
    r"|(?:5018|5020|5038|5893|6304|6759|676[1-3]|62\d\d)\d{8,15})$"
)


def _card(match: Match, before: str) -> bool:
    """A brand's prefix and length, or the word card before it; the check digit in any case."""
    digits = _digits(match.group())
    if len(set(digits)) == 1 or not luhn.is_valid(digits):
        return False
    return bool(_BRANDS.match(digits)) or bool(_CARD_WORDS.search(before))


_VERSION = linear(r"\b(?:version|firmware|release|v\.?|build|update)\s*:?\s*$")


def _ip(match: Match, before: str) -> bool:
    if _VERSION.search(before):
        return False
    try:
        ipaddress.ip_address(match.group())
    except ValueError:
        return False
    return True


_PHONE_WORDS = linear(
    r"phone|mobile|\bcell\b|\btel\b|telef|handy|\bcall(?:ed|ing)?\b|\bring\b|\bfax\b|whats ?app|\bsms\b"
    r"|text(?:ed|ing)? me|dial|reach(?:ed)? (?:me|us|him|her)|answering at|(?:messages?|texts?) (?:to|from|at)"
    r"|contact (?:me|us|number)|my number|rufnummer|anruf|erreichbar|erreichen|móvil|cellulare|\bgsm\b|portable"
    r"|\bfijo\b|téléph|joindre|telém|celular|\bring mig|komórk|手机|手機|电话|電話|携帯|전화|휴대|телефон|моб"
)
_NOT_PHONE_WORDS = linear(
    r"(?:order|invoice|ticket|case|reference|ref|article|serial|tracking|customer|account|booking"
    r"|reservation|transaction|payment|chargeback|confirmation|policy|model|version|item|product|sku"
    r"|rechnung|bestell\w*|auftrag|kunden\w*|commande|facture|pedido|factura)"
    r"[\s\w]{0,12}?(?:no\.?|number|nr\.?|id|num|#|nummer)?\s*[:#]?\s*\(?$"
)
_DATE = linear(r"^(?:\d{4}[-./ ]\d{1,2}[-./ ]\d{1,2}|\d{1,2}[-./ ]\d{1,2}[-./ ](?:\d{4}|\d{2}))$")
_NATIONAL_FORMS = linear(
    r"^(?:(?:00)?1[-. ]\(?[2-9]\d{2}\)?[-. ]?\d{3}[-. ]\d{4}|\([2-9]\d{2}\) ?\d{3}[-. ]?\d{4}"
    r"|\(?[2-9]\d{2}\)?[-. ]\s?\d{3}[-. ]\d{4}|\(0\d{1,4}\)\s?\d[\d \-/]{4,}|\(\d{2,4}\)\s?\d{3,4}[- ]\d{3,4}"
    r"|0\d{1,4}[ /-]\d{2,4}(?:[ -]?\d{2,4}){1,4}|0\d{2,4}/\d{5,8}|\d{2}(?:[-.]\d{2}){3,4}"
    r"|0\d(?: \d{2}){4}|8 ?\([3-9]\d{2}\) ?\d{3}-\d{2}-\d{2}|\([1-9]{2}\) ?9\d{4}-\d{4})$"
)
_WITHOUT_EXTENSION = linear(r"[ ,]*[a-z#].*$", ignore_case=True)
_SURE = 9


def _phone(match: Match, before: str) -> bool:
    """A form with a country code or of a known nation, or words about telephones before it."""
    whole = match.group("value").strip()
    if len(_digits(whole)) < FEWEST_PHONE_DIGITS:
        return False
    value = _WITHOUT_EXTENSION.sub("", whole)
    digits = _digits(value)
    if value != whole and len(digits) >= FEWEST_PHONE_DIGITS and not _DATE.match(value):
        return not _NOT_PHONE_WORDS.search(before)
    if not FEWEST_PHONE_DIGITS <= len(digits) <= MOST_PHONE_DIGITS or _DATE.match(value):
        return False
    called = bool(_PHONE_WORDS.search(before))
    if not called and _NOT_PHONE_WORDS.search(before):
        return False
    if value.startswith("+") or (value.startswith("00") and len(digits) > _SURE):
        return True
    return called or bool(_NATIONAL_FORMS.match(value))


_PHONE_BEHIND = linear(
    r"^[\s,;:=(–-]{0,3}(?:(?:is|was|would be|ist|wäre|es|est|c'est|è|é|is het|to|on)\s+)?"
    r"(?:(?:my|our|the|a|his|her|your|me|us|on|at|mein\w*|unser\w*|die|das|mi|mon|ma|notre|il mio|la mia|o meu|mijn)\s+){0,2}"
    r"(?:\w+\s+)?(?:phone|telephone|mobile|cell|tel|handy|telefon|téléphone|teléfono|telefono|telefone|telefoon|móvil|fijo|celular|cellulare|portable"
    r"|手机|電話|携帯|whats ?app|fax|landline|callback|(?:contact|daytime|direct) (?:no|number|line)|(?:number|no\.?) (?:to|for) (?:call|reach|ring)"
    r"|rufnummer|numéro de tél)"
)
"""Words behind a number that say what it is: "555 123 4567 is my mobile"."""


def _phone_behind(match: Match, before: str, after: str) -> bool:
    if not any(map(str.isalpha, after)):
        return False  # no word, no explanation: most numbers of a list end here
    value = _WITHOUT_EXTENSION.sub("", match.group("value").strip())
    enough = FEWEST_PHONE_DIGITS <= len(_digits(value)) <= MOST_PHONE_DIGITS
    other = _DATE.match(value) or _NOT_PHONE_WORDS.search(before)
    return enough and not other and bool(_PHONE_BEHIND.search(after))


def _ssn(match: Match, _before: str) -> bool:
    area, group, serial = (
        _digits(match.group())[:3],
        _digits(match.group())[3:5],
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


def _stated_secret(match: Match, _before: str) -> bool:
    """What follows `password is`: anything but an ordinary word of a sentence about passwords."""
    value = match.group("value").strip("\"'`")
    if len(value) < _FEWEST_SECRET_CHARS or value.lower() in _ORDINARY:
        return False
    plain_word = value.isalpha() and (value.islower() or value.istitle())
    return not plain_word or match.group("link").strip() in (":", "=")


def _mixed(match: Match, _before: str) -> bool:
    """A long run of signs that is no word and no product id: digits and both cases."""
    value = match.group()
    cases = (
        any(map(str.islower, value)),
        any(map(str.isupper, value)),
        any(map(str.isdigit, value)),
    )
    return all(cases) and "/" not in value


_NO_NINO = frozenset({"BG", "GB", "NK", "KN", "TN", "NT", "ZZ"})
_EXTENSION = r" ?,? ?(?:x|ext\.?:?|extension|durchwahl|dw\.?|poste|anexo|int\.|#) ?\d{1,6}"
"""What follows a number within a company."""
_NUMBER = Edges(before="+.@#/-", after="@", digit_after="-.")
_RIGHT = r"(?:$|[\s,;])"
RULES: tuple[Rule | Finder, ...] = (
    Rule(
        "secret",
        linear(
            r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:[^-]|-{1,4}[^-])*(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|\Z)"
        ),
        _always,
    ),
    Rule(
        "secret",
        linear(
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
        linear(
            r"\b[a-z][a-z0-9+.-]{0,30}://[^\s:/@]{1,200}:(?P<value>[^\s/@]{1,200})@",
            ignore_case=True,
        ),
        _always,
    ),
    Rule("secret", linear(r"[Bb]earer (?P<value>[\w.~+/=-]{12,})"), _always),
    Rule(
        "secret",
        linear(
            r"\b(?:pass(?:word|wort|code|phrase)|passwd|pwd|kennwort|mot de passe|contraseña|wachtwoord"
            r"|senha|parola d'ordine|pin(?: code)?|secret(?: key)?|api[ _-]?(?:key|token)"
            r"|access[ _-]?(?:key|token)|auth[ _-]?token|client[ _-]?secret|private key|cvv|cvc)"
            r"(?P<link>\s*[:=]\s*|\s+(?:is|was|ist|lautet|est|es)\s*:?\s+)(?P<value>[^\s,;]{3,}?)"
            r"[.!?]?" + _RIGHT,
            ignore_case=True,
        ),
        _stated_secret,
    ),
    Finder("email", addresses),
    Rule(
        "iban",
        linear(r"[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?", ignore_case=True),
        lambda match, _before: bool(iban.is_valid(match.group())),
        APART,
    ),
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
    Rule(
        "phone",
        linear(
            r"(?P<value>(?:\+|00)?\(?\d{1,5}\)?(?:(?:[ \-./]{0,2}| [/–-] )\(?\d{1,5}\)?){1,10}(?:"
            + _EXTENSION
            + r")?)"
        ),
        _phone,
        Edges(before=".@#/-", after="@%", digit_after=".,:", word_after="-"),
        _phone_behind,
    ),
    Rule("secret", linear(r"[A-Za-z0-9_+-]{28,}={0,2}"), _mixed, Edges(before="/.-", after="/-")),
)
"""In order of strictness: what an earlier one takes is not looked at again."""
