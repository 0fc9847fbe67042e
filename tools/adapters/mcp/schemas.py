"""What a server says of its operations: schemas made plain, their digest, and what has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from memory.fingerprints import canonical
from tools.contract import Json, ToolSpec

DEEPEST = 24
"""How deep a schema may nest once its references are filled in; one that holds itself is deeper."""
MOST_PARTS = 5_000
"""Values in the schemas of one operation."""
MOST_DIFFERENCES = 12
"""Differences that are named; more are only counted."""
DESCRIPTION_CHARS = 600
DIGEST_CHARS = 16

WORDING = frozenset({"title", "description", "default", "example", "examples", "$schema", "$defs"})
"""Keywords that say nothing about whether a value fits (or are filled in where they are used)."""
MAPS = frozenset({"properties", "patternProperties"})
"""Keywords that hold schemas by names, so that a name is no keyword."""


class McpFault(ValueError):
    """A server cannot be used for what the desk wants of it; the message says why."""


@dataclass(frozen=True)
class Listed:
    """One operation, as its server lists it."""

    name: str
    description: str
    takes: Json
    """A JSON schema of the arguments, without references and wording."""
    gives: Json | None
    """The same of the result; None if the server states none."""

    @property
    def digest(self) -> str:
        """16 hex digits of both schemas, whatever the wording."""
        text = canonical({"takes": self.takes, "gives": self.gives})
        return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:DIGEST_CHARS]


def listed(name: str, description: str | None, takes: Json, gives: Json | None) -> Listed:
    """An operation from the raw schemas of a server. Raises `McpFault`."""
    plain = _Plain(name, takes).part(takes)
    result = None if gives is None else _Plain(name, gives).part(gives)
    return Listed(name, (description or "")[:DESCRIPTION_CHARS], plain, result)


def complete(spec: ToolSpec, operations: Mapping[str, Listed]) -> ToolSpec:
    """The spec with arguments and result of its operation. Raises `McpFault`."""
    if taken := spec.model_fields_set & {"arguments", "method", "path", "places", "required"}:
        raise McpFault(f"{', '.join(sorted(taken))}: leave it out, the MCP server states it")
    found = operations.get(spec.operation or "")
    if found is None:
        names = ", ".join(sorted(operations)[:20]) or "none"
        raise McpFault(f"the MCP server has no operation {spec.operation!r}; there are: {names}")
    if "effect" not in spec.model_fields_set:
        # The protocol's own hints are the server's word about itself.
        raise McpFault("an MCP operation may change something: say `effect: read`, or `write`")
    _pinned(spec, found)
    told = {
        "arguments": found.takes.get("properties", {}),
        "required": tuple(found.takes.get("required", ())),
        "returns": spec.returns if found.gives is None else found.gives,
        "description": spec.description or found.description,
        "schema_digest": found.digest,
        # Unless the desk knows better: nothing in MCP makes a server do a thing once for a key.
        "honours_key": spec.honours_key if "honours_key" in spec.model_fields_set else False,
    }
    return spec.model_copy(update=told)


def difference(spec: ToolSpec, now: Listed | None) -> tuple[str, ...]:
    """What differs between the operation as the desk was loaded with it and as it is now.

    Empty if nothing does. Names fields and types, never values.
    """
    if now is None:
        return ("the operation is gone",)
    if now.digest == spec.schema_digest:
        return ()
    before: Json = {
        "type": "object",
        "properties": spec.arguments,
        "required": list(spec.required or ()),
    }
    found = list(differences(before, now.takes, "arguments"))
    found += differences(spec.returns, now.gives or {}, "result")
    return _cut(found or ["a detail of a schema"])


def differences(before: Json, now: Json, where: str) -> Iterator[str]:
    """Fields added, removed and of another form, in words, one a difference."""
    old, new = before.get("properties", {}), now.get("properties", {})
    for name in sorted(new.keys() - old.keys()):
        yield f"{where}.{name} was added"
    for name in sorted(old.keys() - new.keys()):
        yield f"{where}.{name} was removed"
    for name in sorted(set(now.get("required", ())) - set(before.get("required", ()))):
        if name in old:
            yield f"{where}.{name} became required"
    for name in sorted(set(before.get("required", ())) - set(now.get("required", ()))):
        if name in new:
            yield f"{where}.{name} is no longer required"
    for name in sorted(old.keys() & new.keys()):
        yield from _field(old[name], new[name], f"{where}.{name}")
    if _kind(before) != _kind(now) and (before or now):
        yield f"{where} was {_kind(before)} and is {_kind(now)}"


def _field(old: Any, new: Any, where: str) -> Iterator[str]:
    if not (isinstance(old, dict) and isinstance(new, dict)) or old == new:
        return
    if "properties" in old and "properties" in new:
        yield from differences(old, new, where)
    elif _kind(old) != _kind(new):
        yield f"{where} was {_kind(old)} and is {_kind(new)}"
    else:
        changed = [
            name for name in sorted(old.keys() | new.keys()) if old.get(name) != new.get(name)
        ]
        yield f"{where} has another {' and '.join(changed)}"


def _pinned(spec: ToolSpec, found: Listed) -> None:
    if spec.schema_digest is not None and spec.schema_digest != found.digest:
        msg = (
            f"the schema of {found.name!r} has changed: its digest is {found.digest}, the desk "
            f"was written for {spec.schema_digest}; look at it and write the new digest down"
        )
        raise McpFault(msg)


def _kind(schema: Json) -> str:
    kind = schema.get("type")
    if isinstance(kind, list):
        return " or ".join(str(one) for one in kind)
    if kind is None and "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"] if isinstance(one, dict))
    return str(kind or "anything")


def _cut(found: list[str]) -> tuple[str, ...]:
    more = len(found) - MOST_DIFFERENCES
    return tuple(found) if more <= 0 else (*found[:MOST_DIFFERENCES], f"and {more} more")


@dataclass
class _Plain:
    """Fills in the references of one schema."""

    name: str
    root: Json
    parts: int = 0

    def part(self, part: Any, depth: int = 0, *, names: bool = False) -> Any:
        """A part without references and wording; `names` where keys are fields, not keywords."""
        self.parts += 1
        if self.parts > MOST_PARTS or depth > DEEPEST:
            self._refuse("its schema is too large, or contains itself")
        if isinstance(part, list):
            return [self.part(item, depth + 1) for item in part]
        if not isinstance(part, dict):
            return part
        if not names and isinstance(part.get("$ref"), str):
            return self.part(self._pointed(part["$ref"]), depth + 1)
        kept = part if names else {k: v for k, v in part.items() if k not in WORDING}
        return {
            key: self.part(value, depth + 1, names=not names and key in MAPS)
            for key, value in kept.items()
        }

    def _pointed(self, reference: str) -> Any:
        found: Any = self.root
        steps = reference[2:].split("/") if reference.startswith("#/") else [""]
        for step in steps:
            key = step.replace("~1", "/").replace("~0", "~")
            if not isinstance(found, dict) or key not in found:
                self._refuse(f"the reference {reference!r} points to nothing in its schema")
            found = found[key]
        return found

    def _refuse(self, words: str) -> None:
        raise McpFault(f"operation {self.name!r}: {words}")
