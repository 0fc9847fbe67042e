"""How a customer may be greeted: by a name that is surely one, or by none."""

from __future__ import annotations

import unicodedata

from memory.patterns import linear

MOST_NAME_CHARS = 100
"""A longer name is a sentence."""
MOST_NAME_WORDS = 6
LONGEST_WORD = 30
_TITLES = frozenset(["mr", "mrs", "ms", "mx", "dr", "prof", "herr", "frau", "mme", "sr", "sra"])
_AFTER_COMMA = frozenset(["jr", "sr", "ii", "iii", "iv", "phd", "md", "mba", "esq", "msc", "bsc"])
_NO_PERSON = frozenset(
    """
    accounts accounting admin administration administrator billing bookings contact customer
    desk finance front hello help hr info it mail manager marketing no noreply office operations
    orders payroll purchasing reception sales service services staff support team the user
    webmaster null undefined unknown anonymous none guest test customer reply donotreply mailer daemon postmaster
    buchhaltung vertrieb einkauf verkauf kundendienst kundenservice verwaltung sekretariat empfang personalabteilung
    rechnungswesen zentrale comptabilité compta ventes achats accueil secrétariat direction contabilidad ventas compras
    recepción administración contabilità vendite acquisti amministrazione segreteria contabilidade vendas administratie
    boekhouding inkoop verkoop klantenservice księgowość biuro sekretariat recepcja ekonomi ekonomiavdelningen regnskab
    ltd limited inc llc llp gmbh ag sa sas srl bv nv oy ab plc co corp company group
    """.split()
)
"""Words of departments and companies: nobody is called so."""
_NAME = linear(r"^\p{L}[\p{L}\p{M}'’·.-]*$")
_ASIDE = linear(r"\([^()]*\)|\[[^\[\]]*\]")


def greeted(given: str) -> str:
    """The name after "Hello", empty where `given` is no name of a person.

    "Dana Quill" is Dana, "Quill, Dana" too, "Dr Dana Quill" is Dr Quill. Names in scripts that put
    the family first are kept whole.
    """
    if len(given) > MOST_NAME_CHARS or any(_is_hidden(sign) for sign in given):
        return ""
    words = _in_order(_ASIDE.sub(" ", given).strip(" \"'`“”„‚‘’"))
    plain = [word.rstrip(".").lower() for word in words]
    parts = {part for word in plain for part in word.split("-")}
    if not 0 < len(words) <= MOST_NAME_WORDS or not _NO_PERSON.isdisjoint(parts):
        return ""
    if not all(len(word) <= LONGEST_WORD and _NAME.match(word) for word in words):
        return ""
    if plain[0] in _TITLES:
        title = words[0].capitalize() if words[0].isupper() else words[0]
        return f"{title} {_cased(words[-1])}" if len(words) > 1 else ""
    if any(_is_family_first(word) for word in words):
        return " ".join(words)
    initial = "." in words[0] or len(words[0]) == 1  # or the name of a mailbox
    return "" if initial else _cased(words[0])


def _is_hidden(sign: str) -> bool:
    """Characters that turn or hide what is shown."""
    return unicodedata.category(sign) in {"Cf", "Cc", "Co", "Cn"} and sign != "\u200d"


def _in_order(name: str) -> list[str]:
    """The words, what stands before one comma last: family names are filed so."""
    family, comma, first = name.partition(",")
    after = first.replace(".", "").lower().split()
    if not comma or set(after) & _NO_PERSON:
        return name.split()
    if set(after) <= _AFTER_COMMA or (first.isupper() and len(family.split()) > 1):
        return family.split()  # a degree or a post
    return [*first.split(), *family.split()]


def _is_family_first(word: str) -> bool:
    name = unicodedata.name(word[0], "")
    return name.startswith(("CJK", "HANGUL", "HIRAGANA", "KATAKANA"))


def _cased(word: str) -> str:
    """A name in one case is written as names are."""
    same = word.islower() or (word.isupper() and len(word) > 2)  # noqa: PLR2004
    return word.title() if same and word.isalpha() else word
