"""Lengths of time, amounts and numbers as people say them."""

from __future__ import annotations

from memory.budgets.amounts import MICROS

MINUTE, HOUR, DAY = 60, 3_600, 86_400


def span(seconds: float) -> str:
    """A length of time as people say it: 340 ms, 2.1 s, 3 min 5 s, 2 h 10 min, 3 d 4 h."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < MINUTE:
        return f"{seconds:.1f} s"
    for unit, name, smaller, short in ((DAY, "d", HOUR, "h"), (HOUR, "h", MINUTE, "min")):
        if seconds >= unit:
            return f"{int(seconds // unit)} {name} {int(seconds % unit // smaller)} {short}"
    return f"{int(seconds // MINUTE)} min {int(seconds % MINUTE)} s"


def count(number: int, noun: str, many: str = "") -> str:
    """`1 step`, `2 steps`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {many or noun + 's'}"


def plain(name: str) -> str:
    """A code without its underscores."""
    return str(name).replace("_", " ")


def money(micros: float) -> str:
    """Millionths of the tenant's currency, in the currency."""
    return f"{micros / MICROS:.4f}"


def joined(*parts: str) -> str:
    """What there is of the parts, with spaces between."""
    return " ".join(part for part in parts if part)


def lowered(text: str) -> str:
    """For the middle of a sentence."""
    return text[:1].lower() + text[1:]


def ask_name(ask: str) -> str:
    """An ask as it is told: `1` of ask-1."""
    return ask.removeprefix("ask-")
