"""A row of the journal as its event, and an event as its row: the one place that knows both.

Rows of every release stay readable: what a release added has a default, what it wrote otherwise is
put right in `_today`, and a row that no class takes is an `Other`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from enum import Enum
from functools import lru_cache
from typing import Any, Protocol, get_args

from pydantic import TypeAdapter, ValidationError

from memory.journal.codes import ErrorKind, Limit, Reason, Wrong
from memory.journal.events import Event, Fault, Other, Record, StepFailed
from memory.journal.events.base import Named
from memory.tables import JournalRow

MAX_ERROR_CHARS = 500
"""An error's text is cut at this length."""
COLUMNS = ("kind", "name", "cause", "outcome")
COMMON = ("fingerprint", "duration_ms", "tokens_in", "tokens_out", "cost_micros", "error")
ROW = (*COLUMNS, *COMMON, "numbers")
"""What a row has of its event."""
KINDS_KEPT = 128
"""Kinds of event of which the fields are remembered: there are fewer."""
_DONE = "; arguments are missing for "


class RowLike(Protocol):
    """What is read of a row; a result of these columns alone will do."""

    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def cause(self) -> str: ...  # noqa: D102
    @property
    def outcome(self) -> str: ...  # noqa: D102
    @property
    def error(self) -> str | None: ...  # noqa: D102
    @property
    def numbers(self) -> Any: ...  # noqa: D102


def record(row: JournalRow) -> Record:
    """A row with its event and place."""
    return Record(row.ticket_id, row.turn, row.epoch, row.seq, row.at, event(row))


def records(rows: Iterable[JournalRow]) -> list[Record]:
    """Rows in their order."""
    return [record(row) for row in rows]


def event(row: RowLike) -> Event:
    """What the row says. Never raises: what is not understood is an `Other`."""
    columns = {name: getattr(row, name) for name in COLUMNS}
    numbers = row.numbers or {}
    read = ((name, getattr(row, name, None)) for name in COMMON)
    common: dict[str, Any] = {name: value for name, value in read if value is not None}
    if row.error:
        common["error"] = fault(row.error)
    for kind in _classes(row.kind, row.name, failed=bool(row.error) and row.outcome == "failed"):
        given = _today({**numbers, **common, **columns})
        try:
            found: Event = _adapters()[kind].validate_python(_named(kind, given))
        except ValidationError:
            continue
        return found
    return Other(**columns, numbers=numbers, **common)


def values(event: Event) -> dict[str, Any]:
    """The event's columns, as `memory.tables.JournalRow` has them."""
    numbers = event.numbers if isinstance(event, Other) else _numbers(event)
    duration, error = event.duration_ms, event.error
    return {
        **{name: _plain(getattr(event, name)) for name in COLUMNS},
        "fingerprint": event.fingerprint,
        "duration_ms": None if duration is None else round(duration, 2),
        "tokens_in": event.tokens_in,
        "tokens_out": event.tokens_out,
        "cost_micros": event.cost_micros,
        "error": None if error is None else str(error)[:MAX_ERROR_CHARS],
        "numbers": dict(numbers),
    }


def fault(text: str) -> Fault:
    """An error as a row has it: a model's fault, `kind: message`, or words without a code."""
    if text in _WRONG:
        return Fault(Wrong(text))
    kind, _, message = text.partition(": ")
    return Fault(ErrorKind(kind), message) if kind in _ERRORS else Fault(None, text)


_EMPTY = (None, "", ())
_WRONG = frozenset(Wrong)
_ERRORS = frozenset(ErrorKind)


def _numbers(event: Event) -> Iterator[tuple[str, Any]]:
    """The figures; an empty default goes without saying."""
    kind: Any = type(event)
    for name, default in _fields(kind):
        value = getattr(event, name)
        if value != default or value not in _EMPTY:
            yield name, _plain(value)


@lru_cache(maxsize=KINDS_KEPT)
def _fields(kind: type[Event]) -> tuple[tuple[str, Any], ...]:
    """Names and defaults of those that have no column."""
    columns = {*COLUMNS, *COMMON, *getattr(kind, "NAMED", ())}
    return tuple((one.name, one.default) for one in fields(kind) if one.name not in columns)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return list(value) if isinstance(value, tuple) else value


def _named(kind: type[Event], given: Mapping[str, Any]) -> dict[str, Any]:
    """With the row's name under the field that holds it."""
    if not issubclass(kind, Named):
        return dict(given)
    field, before = kind.NAMED
    return {**given, field: given["name"].removeprefix(before)}


def _today(given: dict[str, Any]) -> dict[str, Any]:
    """What earlier releases wrote otherwise, put right."""
    match given["kind"], given["name"]:
        case "decision", "plan":
            # In 0.1.0 the outcome was a sentence: `first plan: 1 asks, 2 steps; ... for refund`.
            how, _, lacking = given["outcome"].partition(_DONE)
            if lacking:
                given["lacking"] = lacking.split(", ")
            given["outcome"] = how.partition(": ")[0]
        case "step", "hand_off" if given.keys().isdisjoint(_ABOUT):
            # In 0.1.0 what a reason is about stood in its sentence alone.
            given |= _about(given["outcome"], str(given.get("detail", "")))
    return given


_ABOUT = frozenset({"subject", "lacking", "limit", "grounding"})
_GROUNDING = re.compile(r"grounding (\d\.\d+) is under (\d\.\d+)")
_LIMITS = {
    "longer than": Limit.RUN_SECONDS,
    "money": Limit.COST_MICROS,
    "model calls": Limit.MODEL_CALLS,
    "tokens": Limit.TOKENS,
    "tool calls": Limit.TOOL_CALLS,
    "plan ran": Limit.REPLANS,
    "draft ran": Limit.REVISIONS,
    "check ran": Limit.REVISIONS,
    "gather ran": Limit.TOOL_CALLS,
}


def _about(reason: str, detail: str) -> dict[str, Any]:
    """The fields of today from the sentence of 0.1.0."""
    named = detail.rpartition(": ")[2].rstrip(".")
    match reason:
        case Reason.NEEDS_APPROVAL if named:
            return {"lacking" if "argument" in detail else "subject": named.split(", ")}
        case Reason.TOOL_FAILED:
            return {"subject": [detail.partition(":")[0]]}
        case Reason.LIMIT_REACHED:
            return {"limit": next((it for sign, it in _LIMITS.items() if sign in detail), None)}
        case Reason.CHECK_FAILED if found := _GROUNDING.search(detail):
            return {"grounding": float(found[1]), "grounding_needed": float(found[2])}
    return {}


@lru_cache(maxsize=1)
def _registry() -> dict[tuple[str, str], list[type[Event]]]:
    """The classes by the row's kind and its name, or what stands before it, or nothing."""
    found: dict[tuple[str, str], list[type[Event]]] = {}
    for kind in get_args(Event):
        if kind is not Other and kind is not StepFailed:
            before = kind.NAMED[1] if issubclass(kind, Named) else str(kind.name)
            found.setdefault((kind.kind, before), []).append(kind)
    return found


def _classes(kind: str, name: str, *, failed: bool) -> list[type[Event]]:
    if kind == "step" and failed:
        return [StepFailed]
    known = _registry()
    before = name.partition(":")[0] + ":" if ":" in name else ""
    return known.get((kind, name)) or known.get((kind, before)) or known.get((kind, ""), [])


@lru_cache(maxsize=1)
def _adapters() -> dict[type[Event], TypeAdapter[Event]]:
    return {kind: TypeAdapter(kind) for kind in get_args(Event)}
