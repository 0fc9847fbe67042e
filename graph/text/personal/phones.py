"""Numbers of telephones: a country's form, or words beside a number that say what it is."""

from __future__ import annotations

from graph.text.mail.closings import CLOSINGS
from graph.text.mail.marks import folded
from graph.text.personal.rule import Edges, Rule, digits_of
from memory.patterns import Match, linear

FEWEST_PHONE_DIGITS = 7
MOST_PHONE_DIGITS = 15
_PHONE_WORDS = linear(
    r"phone|mobile|\bcell\b|\btel\b|telef|handy|\bcall(?:ed|ing)?\b|\bring\b|\bfax\b|whats ?app|\bsms\b"
    r"|text(?:ed|ing)? me|dial|reach(?:ed)? (?:me|us|him|her)|answering at|(?:messages?|texts?) (?:to|from|at)"
    r"|contact (?:me|us|number)|my number|rufnummer|anruf|erreichbar|erreichen|móvil|cellulare|\bgsm\b|portable"
    r"|\bfijo\b|téléph|joindre|telém|celular|\bring mig|komórk|手机|手機|电话|電話|携帯|전화|휴대|телефон|моб"
)
_NOT_PHONE_WORDS = linear(
    r"(?:order|invoice|ticket|case|reference|ref|article|serial|tracking|customer|account|booking"
    r"|reservation|purchase|transaction|payment|chargeback|confirmation|policy|model|version|item|product|sku"
    r"|rechnung|bestell\w*|auftrag|kunden\w*|commande|facture|pedido|factura)"
    r"[\s\w]{0,12}?(?:no\.?|number|nr\.?|id|num|#|nummer)?\s*[:#]?\s*\(?$"
)
_DATE = linear(
    r"^(?:(?:1[89]|2[01])\d\d[-./ ](?:0?\d|1[0-2])[-./ ](?:[012]?\d|3[01])|\d{1,2}[-./ ]\d{1,2}[-./ ](?:\d{4}|\d{2}))$"
)
_NATIONAL_FORMS = linear(
    r"^(?:(?:00)?1[-. ]\(?[2-9]\d{2}\)?[-. ]?\d{3}[-. ]\d{4}|\([2-9]\d{2}\) ?\d{3}[-. ]?\d{4}"
    r"|\(?[2-9]\d{2}\)?[-. ]\s?\d{3}[-. ]\d{4}|\(0\d{1,4}\)\s?\d[\d \-/]{4,}|\(\d{2,4}\)\s?\d{3,4}[- ]\d{3,4}"
    r"|0\d{1,4}[ /-]\d{2,4}(?:[ -]?\d{2,4}){1,4}|0\d{2,4}/\d{5,8}|\d{2}(?:[-.]\d{2}){3,4}"
    r"|0\d(?: \d{2}){4}|8 ?\([3-9]\d{2}\) ?\d{3}-\d{2}-\d{2}|\([1-9]{2}\) ?9\d{4}-\d{4})$"
)
_WITHOUT_EXTENSION = linear(r"[ ,]*[a-z#].*$", ignore_case=True)
_ABROAD = linear(r"^\(?(?:\+|00[ -]?[1-9](?:\D*\d){7})")
"""A country's code: no country's begins with a nought."""


def _phone(match: Match, before: str) -> bool:
    """A form with a country code or of a known nation, or words about telephones before it."""
    whole = match.group("value").strip()
    if len(digits_of(whole)) < FEWEST_PHONE_DIGITS:
        return False
    value = _WITHOUT_EXTENSION.sub("", whole)
    digits = digits_of(value)
    extended = value != whole and len(digits) >= FEWEST_PHONE_DIGITS
    if _DATE.match(value) or not (extended or _is_long_enough(digits)):
        return False
    called = bool(_PHONE_WORDS.search(before))
    if called or _NOT_PHONE_WORDS.search(before):
        return called
    return extended or bool(_ABROAD.match(value) or _NATIONAL_FORMS.match(value))


def _is_long_enough(digits: str) -> bool:
    return FEWEST_PHONE_DIGITS <= len(digits) <= MOST_PHONE_DIGITS


_PHONE_BEHIND = linear(
    r"^[\s,;:=(–-]{0,3}(?:(?:is|was|would be|ist|wäre|es|est|c'est|è|é|is het|to|on)\s+)?"
    r"(?:(?:my|our|the|a|his|her|your|me|us|on|at|mein\w*|unser\w*|die|das|mi|mon|ma|notre|il mio|la mia|o meu|mijn)\s+){0,2}"
    r"(?:\w+\s+)?(?:phone|telephone|mobile|cell|tel|handy|telefon|téléphone|teléfono|telefono|telefone|telefoon|móvil|fijo|celular|cellulare|portable"
    r"|手机|電話|携帯|whats ?app|fax|landline|callback|(?:contact|daytime|direct) (?:no|number|line)|(?:number|no\.?) (?:to|for) (?:call|reach|ring)"
    r"|rufnummer|numéro de tél)"
)
"""Words behind a number that say what it is: "555 123 4567 is my mobile"."""


def _explained(match: Match, before: str, after: str) -> bool:
    """Words behind it call it a telephone, or it is a line of its own below a letter's closing."""
    named = any(map(str.isalpha, after)) and _PHONE_BEHIND.search(after)
    if not named and not _is_signature(before, after):
        return False  # most numbers of a list end here
    value = _WITHOUT_EXTENSION.sub("", match.group("value").strip())
    other = _DATE.match(value) or _NOT_PHONE_WORDS.search(before)
    return _is_long_enough(digits_of(value)) and not other


def _is_signature(before: str, after: str) -> bool:
    """Whether the number fills its line, and a closing such as "Thanks," is a line above."""
    *above, beside = before.split("\n")
    if not above or beside.strip() or after.partition("\n")[0].strip():
        return False
    return any(folded(line).strip(" ,.!") in CLOSINGS for line in above)


_EXTENSION = r" ?,? ?(?:x|ext\.?:?|extension|durchwahl|dw\.?|poste|anexo|int\.|#) ?\d{1,6}"
"""What follows a number within a company."""
PHONES: tuple[Rule, ...] = (
    Rule(
        "phone",
        linear(
            r"(?P<value>\(?(?:\+|00)?\(?\d{1,5}\)?(?:(?:[ \-./]{0,2}| [/–-] )\(?\d{1,5}\)?){1,10}(?:"
            + _EXTENSION
            + r")?)"
        ),
        _phone,
        Edges(before=".@#/-", after="@%", digit_after=".,:", word_after="-"),
        _explained,
    ),
)
