"""Tools from a service's OpenAPI document: a desk names operations, the document says the rest.

Only what a named operation needs is read of a document; its own `servers` are not believed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tools.adapters.openapi_document import OpenApiFault
from tools.contract import PLACEHOLDER, Json, ToolSpec

DEEPEST = 24
"""How deep a schema may nest once its references are filled in; one that holds itself is deeper."""
MOST_PARTS = 5_000
"""Values in the schemas of one operation."""
DESCRIPTION_CHARS = 600

METHODS: tuple[Literal["get", "post", "put", "patch", "delete"], ...] = (
    *("get", "post", "put", "patch", "delete"),
)
OURS = frozenset(
    {"accept", "accept-encoding", "authorization", "content-type", "host", "idempotency-key"}
)
"""Headers that the HTTP engine sets itself."""
DROPPED = frozenset(
    {"default", "deprecated", "discriminator", "example", "examples", "externalDocs"}
    | {"readOnly", "title", "writeOnly", "xml", "nullable"}
)
"""Keywords that say nothing about whether a value fits."""
MAPS = frozenset({"properties", "patternProperties", "$defs", "dependentSchemas"})
"""Keywords that hold schemas by names, so that a name is no keyword."""


def complete(spec: ToolSpec, document: Json) -> ToolSpec:
    """The spec with method, path, arguments and result of its operation. Raises `OpenApiFault`."""
    if taken := spec.model_fields_set & {"arguments", "returns", "method", "path", "required"}:
        raise OpenApiFault(f"{', '.join(sorted(taken))}: leave it out, the document states it")
    operation = _find(spec.operation or "", document)
    if "effect" not in spec.model_fields_set and operation.method != "get":
        msg = f"{operation.method.upper()} may change something: say `effect: write`, or `read`"
        raise OpenApiFault(msg)
    inputs = _inputs(operation)
    told = operation.content.get("description") or operation.content.get("summary") or ""
    return spec.model_copy(
        update={
            "method": operation.method.upper(),
            "path": operation.path,
            "arguments": {one.name: one.schema for one in inputs},
            "required": tuple(one.name for one in inputs if one.required),
            "places": {one.name: one.place for one in inputs if one.place != "path"},
            "returns": _returns(operation),
            "description": spec.description or str(told)[:DESCRIPTION_CHARS],
        }
    )


@dataclass(frozen=True)
class _Input:
    """One argument, and where it travels."""

    name: str
    place: str
    schema: Json
    required: bool


@dataclass
class _Operation:
    """One operation, with the references of its document filled in as they are needed."""

    document: Json
    path: str
    method: str
    content: Json
    shared: list[Any]
    """Parameters of all operations of the path."""
    parts: int = field(default=0)

    def resolved(self, part: Any, depth: int = 0, *, names: bool = False) -> Any:
        """A part without references, in the words of JSON Schema 2020-12.

        `names` where the keys of a mapping are names of fields and not keywords.
        """
        self.parts += 1
        if self.parts > MOST_PARTS:
            self._refuse(f"its schemas hold more than {MOST_PARTS} values")
        if depth > DEEPEST:
            self._refuse(f"its schemas nest deeper than {DEEPEST}: one may contain itself")
        if isinstance(part, list):
            return [self.resolved(item, depth + 1) for item in part]
        if not isinstance(part, dict):
            return part
        if not names and isinstance(part.get("$ref"), str):
            return self.resolved(self._pointed(part["$ref"]), depth + 1)
        inner = part if names else _plain(part)
        return {
            name: self.resolved(value, depth + 1, names=not names and name in MAPS)
            for name, value in inner.items()
        }

    def outer(self, part: Any) -> Json:
        """What a part is itself, its own reference followed and nothing below it."""
        for _ in range(DEEPEST):
            if not isinstance(part, dict):
                return {}
            if not isinstance(part.get("$ref"), str):
                return part
            part = self._pointed(part["$ref"])
        self._refuse("a reference leads to itself")
        return {}

    def _pointed(self, reference: str) -> Any:
        if not reference.startswith("#/"):
            self._refuse(f"{reference!r} is outside the document")
        found: Any = self.document
        for step in reference[2:].split("/"):
            name = step.replace("~1", "/").replace("~0", "~")
            if not isinstance(found, dict) or name not in found:
                self._refuse(f"{reference!r} points to nothing")
            found = found[name]
        return found

    def _refuse(self, words: str) -> None:
        raise OpenApiFault(f"{self.method.upper()} {self.path}: {words}")


def _find(name: str, document: Json) -> _Operation:
    known: list[str] = []
    paths = document.get("paths")
    for path, item in (paths if isinstance(paths, dict) else {}).items():
        for method in METHODS:
            content = item.get(method) if isinstance(item, dict) else None
            if not isinstance(content, dict):
                continue
            if content.get("operationId") == name:
                return _Operation(document, path, method, content, item.get("parameters") or [])
            known.append(str(content.get("operationId")))
    msg = f"there is no operation {name!r}; there are: {', '.join(sorted(known)[:20]) or 'none'}"
    raise OpenApiFault(msg)


def _inputs(operation: _Operation) -> list[_Input]:
    found = [*_parameters(operation), *_body(operation)]
    names = [one.name for one in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        msg = f"{', '.join(twice)}: is in two places of the request, which is not supported"
        raise OpenApiFault(msg)
    in_path = {one.name for one in found if one.place == "path"}
    if set(PLACEHOLDER.findall(operation.path)) != in_path or operation.path.count("{") != len(
        in_path
    ):
        msg = f"the path {operation.path} does not contain exactly its parameters {sorted(in_path)}"
        raise OpenApiFault(msg)
    return found


def _parameters(operation: _Operation) -> Iterator[_Input]:
    # A parameter of the operation stands for one of the path that has its name and place.
    listed = [*operation.shared, *(operation.content.get("parameters") or [])]
    outer = [operation.outer(one) for one in listed]
    for one in {(one.get("name"), one.get("in")): one for one in outer}.values():
        name, place = str(one.get("name")), str(one.get("in"))
        if place == "header" and name.lower() in OURS:
            continue
        required = bool(one.get("required"))
        if place not in ("path", "query", "header"):
            if not required:
                continue
            raise OpenApiFault(f"{name}: a parameter in the {place} is not supported")
        schema = operation.resolved(one.get("schema") or {})
        yield _Input(name, place, schema, required)


def _body(operation: _Operation) -> Iterator[_Input]:
    body = operation.outer(operation.content.get("requestBody"))
    content = _json_of(body)
    if content is None:
        if body.get("required"):
            raise OpenApiFault("the request's body is not JSON, which is not supported")
        return
    schema = operation.resolved(content.get("schema") or {})
    if schema.get("type") != "object" or not isinstance(schema.get("properties"), dict):
        msg = "the request's body is not an object with named fields, which is not supported"
        raise OpenApiFault(msg)
    needed = schema.get("required", ()) if body.get("required") else ()
    for name, part in schema["properties"].items():
        yield _Input(name, "body", part, name in needed)


def _returns(operation: _Operation) -> Json:
    answers = operation.content.get("responses") or {}
    good = sorted(str(code) for code in answers if str(code).startswith("2"))
    by_text = {str(code): answer for code, answer in answers.items()}
    content = _json_of(operation.outer(by_text[good[0]])) if good else None
    if content is None:
        return {}
    schema: Json = operation.resolved(content.get("schema") or {})
    if schema.get("type") == "array":
        # So the HTTP engine gives a list.
        return {"type": "object", "required": ["items"], "properties": {"items": schema}}
    return schema


def _json_of(part: Json) -> Json | None:
    content = part.get("content")
    kinds: Mapping[str, Any] = content if isinstance(content, dict) else {}
    return next((value for kind, value in kinds.items() if "json" in kind), None)


def _plain(part: Json) -> Json:
    """A schema of OpenAPI 3.0 or 3.1 in the words of JSON Schema."""
    found = {name: value for name, value in part.items() if name not in DROPPED}
    for bound in ("Minimum", "Maximum"):
        strict = f"exclusive{bound}"
        if isinstance(found.get(strict), bool):
            limit = found.pop(bound.lower(), None) if found.pop(strict) else None
            found |= {} if limit is None else {strict: limit}
    if part.get("nullable") is True and isinstance(found.get("type"), str):
        found["type"] = [found["type"], "null"]
        if "enum" in found:
            found["enum"] = [*found["enum"], None]
    elif part.get("nullable") is True and found:
        return {"anyOf": [found, {"type": "null"}]}
    return {name: value for name, value in found.items() if not name.startswith("x-")}
