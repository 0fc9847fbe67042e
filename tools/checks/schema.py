"""Arguments and results against their JSON schemas, with faults in words and without values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError
from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from memory.fingerprints import canonical
from tools.contract import Json

MOST_FAULTS = 6
"""Faults that are named; more are only counted."""
MOST_ARGUMENT_BYTES = 131_072
"""Size of a call's arguments as JSON."""
WORD_CHARS = 120
"""Length at which a pattern or a list of choices is cut in a message."""

TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "nothing",
}


class SchemaInvalid(ValueError):
    """A declared schema is no JSON schema."""


class Shape:
    """A compiled schema. References to other documents are never fetched."""

    def __init__(self, schema: Json) -> None:
        """Raises `SchemaInvalid`."""
        try:
            Draft202012Validator.check_schema(schema)
        except SchemaError as error:
            where = _where(error.absolute_path)
            raise SchemaInvalid(f"{where or 'schema'}: {error.message}") from error
        _resolvable(schema, schema)
        self._validator = Draft202012Validator(
            schema, registry=Registry(), format_checker=Draft202012Validator.FORMAT_CHECKER
        )

    def faults(self, value: Any) -> list[str]:
        """What is wrong, one sentence a fault; empty when it fits. Never quotes a value."""
        try:
            found = sorted(self._validator.iter_errors(value), key=lambda e: list(map(str, e.path)))
        except RecursionError:
            return ["it is nested too deeply"]
        words = list(dict.fromkeys(word for error in found for word in _in_words(error)))
        if len(words) > MOST_FAULTS:
            words = [*words[:MOST_FAULTS], f"and {len(words) - MOST_FAULTS} more"]
        return words


def oversized(arguments: Json) -> str | None:
    """Why the arguments cannot travel at all, or None."""
    try:
        size = len(canonical(arguments).encode())
    except (TypeError, ValueError, RecursionError):
        return "the arguments are not plain JSON"
    if size > MOST_ARGUMENT_BYTES:
        return f"the arguments have {size} bytes; at most {MOST_ARGUMENT_BYTES} may be sent"
    return None


def _resolvable(part: Any, schema: Json) -> None:
    """Refuse a reference that would only break when the first value comes."""
    if isinstance(part, list):
        for item in part:
            _resolvable(item, schema)
    if not isinstance(part, dict):
        return
    for name, value in part.items():
        if name == "$ref" and isinstance(value, str):
            _look_up(value, schema)
        else:
            _resolvable(value, schema)


def _look_up(reference: str, schema: Json) -> None:
    own = Registry().with_resource("", DRAFT202012.create_resource(schema))
    try:
        own.resolver().lookup(reference)
    except Unresolvable as error:
        msg = f"the reference {reference!r} points to nothing in this schema"
        raise SchemaInvalid(msg) from error


def _in_words(error: ValidationError) -> Iterator[str]:
    where, instance = _where(error.absolute_path), _any(error.instance)
    if error.validator == "required":
        missing = [name for name in _any(error.validator_value) if name not in instance]
        yield from (f"{_join(where, name)} is missing" for name in missing)
    elif error.validator == "additionalProperties":
        known = _any(error.schema).get("properties", {})
        extra = [name for name in instance if name not in known]
        names = ", ".join(known) or "none"
        yield f"{len(extra)} unknown field(s); known are: {_cut(names)}"
    else:
        yield f"{where or 'the whole'} {_form(error)}"


def _form(error: ValidationError) -> str:
    wanted = _any(error.validator_value)
    match error.validator:
        case "type":
            kinds = [wanted] if isinstance(wanted, str) else list(wanted)
            named = " or ".join(TYPES.get(kind, kind) for kind in kinds)
            return f"must be {named} and is {_kind(error.instance)}"
        case "enum" | "const":
            return f"must be one of {_cut(str(wanted))}"
        case "pattern":
            return f"must have the form {_cut(str(wanted))}"
        case "format":
            return f"must be a valid {wanted}"
        case _:
            return f"must satisfy {error.validator} {_cut(str(wanted))}"


def _kind(value: Any) -> str:
    if value is None:
        return TYPES["null"]
    if isinstance(value, bool):
        return TYPES["boolean"]
    kinds = {str: "string", int: "integer", float: "number", list: "array", dict: "object"}
    return TYPES.get(kinds.get(type(value), ""), type(value).__name__)


def _any(value: Any) -> Any:
    return value  # the library's types also allow for errors that no validator has filled in


def _where(path: Any) -> str:
    return ".".join(str(part) for part in path)


def _join(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _cut(text: str) -> str:
    return text if len(text) <= WORD_CHARS else text[:WORD_CHARS] + "…"
