"""Structured personal data: patterns propose, checksums and context decide."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from graph.state import PersonalDatum
from graph.text.addresses import addresses
from graph.text.personal import numbers, phones, secrets
from graph.text.personal.rule import Rule, spans


@dataclass(frozen=True)
class Finder:
    """A function that finds one kind."""

    kind: str
    find: Callable[[str], Iterator[tuple[int, int]]]


RULES: tuple[Rule | Finder, ...] = (
    *secrets.STATED,
    Finder("email", addresses),
    Finder("iban", numbers.ibans),
    *numbers.NUMBERS,
    *phones.PHONES,
    *secrets.MIXED,
)
"""In order of strictness: what an earlier one takes is not looked at again."""


def personal_data(text: str) -> list[PersonalDatum]:
    """Non-overlapping spans in order. Earlier rules win, since they are the stricter ones."""
    text = _plain_signs(text)
    taken = bytearray(len(text))
    found: list[PersonalDatum] = []
    for rule in RULES:
        places = rule.find(text) if isinstance(rule, Finder) else spans(rule, text)
        for start, end in places:
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                found.append(PersonalDatum(kind=rule.kind, start=start, end=end))
    return sorted(found, key=lambda one: one["start"])


def _plain_signs(text: str) -> str:
    """The text character by character, with digits, dashes and blanks of other scripts made plain."""
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
