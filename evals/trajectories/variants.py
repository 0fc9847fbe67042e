"""Calls made wrong in one place each, and calls that differ from what was approved."""

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from evals.trajectories.database import Database, Reference
from evals.trajectories.folder import Json
from tools.contract import ToolSpec

Fault = Literal["missing field", "unknown field", "wrong type", "enum", "malformed id", "wrong id"]
Place = tuple[str | int, ...]

FAULTS: tuple[Fault, ...] = (
    "missing field",
    "unknown field",
    "wrong type",
    "enum",
    "malformed id",
    "wrong id",
)
NOT_OF_TYPE: dict[str, Any] = {
    "string": 7,
    "integer": "seven",
    "number": "seven",
    "boolean": "yes",
    "array": "not a list",
    "object": "not an object",
}
UNKNOWN = "field_that_nobody_declared"
NO_CHOICE = "no such choice"
NO_FORM = "?"


@dataclass(frozen=True)
class Variant:
    """A call that must be refused."""

    fault: Fault
    place: str
    """The field that is wrong; the error must name it where the gateway can see it."""
    arguments: Json

    @property
    def expected(self) -> str:
        """The kind of error: only the service knows whether an id exists."""
        return "not_found" if self.fault == "wrong id" else "bad_arguments"


def malformed(arguments: Json, spec: ToolSpec, database: Database) -> Iterator[Variant]:
    """Every variant of a valid call."""
    yield Variant("unknown field", "", {**arguments, UNKNOWN: "x"})
    yield from _within(arguments, spec.schema_of_arguments, arguments, ())
    for reference in database.references(arguments):
        wrong = _nobody(reference, database)
        if wrong is not None:
            changed = _with(arguments, reference.place, wrong)
            yield Variant("wrong id", _name(reference.place), changed)


def tampered(arguments: Json, spec: ToolSpec, database: Database) -> Iterator[tuple[str, Json]]:
    """(field, arguments) that are as valid as those approved and differ in one field."""
    for name, value in arguments.items():
        choices = spec.arguments[name].get("enum") if name in spec.arguments else None
        other = _another(value, choices) if choices else _other(name, value, database)
        if other is not None and other != value:
            yield name, {**arguments, name: other}


def _within(whole: Json, schema: Json, part: Any, place: Place) -> Iterator[Variant]:
    """Faults of one place and of all places below it; of a list, its first item is spoilt."""
    if place:
        yield from _spoilt(whole, schema, place)
    if schema.get("type") == "array" and isinstance(part, list) and part:
        yield from _within(whole, schema["items"], part[0], (*place, 0))
    if schema.get("type") != "object" or not isinstance(part, dict):
        return
    for name, below in schema.get("properties", {}).items():
        if name not in part:
            continue
        if name in schema.get("required", ()):
            yield Variant("missing field", name, _without(whole, (*place, name)))
        yield from _within(whole, below, part[name], (*place, name))


def _spoilt(whole: Json, schema: Json, place: Place) -> Iterator[Variant]:
    name = _name(place)
    if schema.get("type") in NOT_OF_TYPE:
        changed = _with(whole, place, NOT_OF_TYPE[schema["type"]])
        yield Variant("wrong type", name, changed)
    if "enum" in schema:
        yield Variant("enum", name, _with(whole, place, NO_CHOICE))
    if "pattern" in schema:
        yield Variant("malformed id", name, _with(whole, place, NO_FORM))


def _other(name: str, value: Any, database: Database) -> Any:
    """Another value that could stand there; None if none is known."""
    kind = database.kind_of(name)
    if kind is not None and isinstance(value, str):
        return _another(value, database.things[kind])
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, list):
        return [*value, value[-1]] if value else None
    return f"{value} 2" if isinstance(value, str) else None


def _another(value: Any, choices: Iterable[Any]) -> Any:
    return next((one for one in choices if one != value), None)


def _nobody(reference: Reference, database: Database) -> str | None:
    """An id of the same form that does not exist."""
    for digit in "9876543210":
        wrong = "".join(digit if sign.isdigit() else sign for sign in reference.value)
        if wrong not in database.things[reference.kind]:
            return wrong
    return None


def _with(whole: Json, place: Place, value: Any) -> Json:
    changed = copy.deepcopy(whole)
    _holder(changed, place)[place[-1]] = value
    return changed


def _without(whole: Json, place: Place) -> Json:
    changed = copy.deepcopy(whole)
    del _holder(changed, place)[place[-1]]
    return changed


def _holder(whole: Any, place: Place) -> Any:
    for step in place[:-1]:
        whole = whole[step]
    return whole


def _name(place: Place) -> str:
    return next(str(part) for part in reversed(place) if isinstance(part, str))
