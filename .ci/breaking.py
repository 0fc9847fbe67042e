"""Does the HTTP API still serve clients of the released document?

`python .ci/breaking.py` compares; `python .ci/breaking.py --release` makes today's document the
released one. A change breaks a client if an operation, parameter, accepted value or answered field
goes, changes its type, or if something is asked for that was not.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

Json = dict[str, Any]
RELEASED = Path(__file__).with_name("openapi.json")
METHODS = ("get", "put", "post", "delete", "patch")
WORDS = ("description", "summary", "title", "examples", "example", "operationId", "tags")
MOST_DEPTH = 20
"""References in a row that are followed: a schema may contain itself."""


def breaking(old: Json, new: Json) -> list[str]:
    """What a client of `old` can no longer rely on, one line each."""
    found: list[str] = []
    for path, methods in old["paths"].items():
        for method in METHODS:
            if method in methods:
                there = new["paths"].get(path, {}).get(method)
                where = f"{method.upper()} {path}"
                found += (
                    [f"{where}: gone"]
                    if there is None
                    else [
                        f"{where}: {words}"
                        for words in _operation((old, methods[method]), (new, there))
                    ]
                )
    return found


Part = tuple[Json, Any]
"""A document and a part of it."""


def _operation(old: Part, new: Part) -> Iterator[str]:
    yield from _parameters(old, new)
    yield from _scopes(old[1], new[1])
    before, after = _body(old[1]), _body(new[1])
    if after is not None and before is None and new[1]["requestBody"].get("required"):
        yield "asks for a body"
    if before is not None and after is None:
        yield "takes no body any more"
    if before is not None and after is not None:
        yield from _taken((old[0], before), (new[0], after), "body", MOST_DEPTH)
    for status, answer in old[1].get("responses", {}).items():
        if status.startswith("2"):
            told = _json(answer), _json(new[1]["responses"].get(status, {}))
            if status not in new[1]["responses"]:
                yield f"no longer answers {status}"
            elif told[0] is not None:
                yield from _given((old[0], told[0]), (new[0], told[1]), "answer", MOST_DEPTH)


def _parameters(old: Part, new: Part) -> Iterator[str]:
    before, after = _named(old[1]), _named(new[1])
    for name, one in before.items():
        if name not in after:
            yield f"parameter {name[1]} gone"
            continue
        schemas = (old[0], one.get("schema", {})), (new[0], after[name].get("schema", {}))
        yield from _taken(*schemas, f"parameter {name[1]}", MOST_DEPTH)
    for name, one in after.items():
        if one.get("required") and not before.get(name, {}).get("required"):
            yield f"parameter {name[1]} is asked for"


def _scopes(old: Json, new: Json) -> Iterator[str]:
    def of(operation: Json) -> set[str]:
        needs = operation.get("security", [])
        return {scope for need in needs for scopes in need.values() for scope in scopes}

    before, after = of(old), of(new)
    if lost := sorted(before - after) if after else []:
        yield f"closed to the scopes {', '.join(lost)}"
    if after and not before:
        yield "asks for a key"


def _taken(old: Part, new: Part, where: str, depth: int) -> Iterator[str]:
    """A schema of what clients send: what was accepted stays accepted."""
    before, after = _resolved(old), _resolved(new)
    yield from _types(before, after, where, narrowed=True)
    accepted: list[Any] = before.get("enum", [])
    gone = set(accepted) - set(after.get("enum", accepted))
    if gone:
        yield f"{where} no longer takes {sorted(map(str, gone))}"
    added = set(after.get("required", ())) - set(before.get("required", ()))
    if added and before.get("properties"):
        yield f"{where} asks for {sorted(added)}"
    for name, one in before.get("properties", {}).items():
        if name not in after.get("properties", {}):
            yield f"{where}.{name} gone"
        elif depth:
            pair = (old[0], one), (new[0], after["properties"][name])
            yield from _taken(*pair, f"{where}.{name}", depth - 1)


def _given(old: Part, new: Part, where: str, depth: int) -> Iterator[str]:
    """A schema of what clients read: what was there stays there."""
    before, after = _resolved(old), _resolved(new)
    yield from _types(before, after, where, narrowed=False)
    for name, one in before.get("properties", {}).items():
        if name not in after.get("properties", {}):
            yield f"{where}.{name} gone"
            continue
        if name in before.get("required", ()) and name not in after.get("required", ()):
            yield f"{where}.{name} may be left out"
        if depth:
            pair = (old[0], one), (new[0], after["properties"][name])
            yield from _given(*pair, f"{where}.{name}", depth - 1)
    if depth and "items" in before and "items" in after:
        pair = (old[0], before["items"]), (new[0], after["items"])
        yield from _given(*pair, f"{where}[]", depth - 1)


def _types(before: Json, after: Json, where: str, *, narrowed: bool) -> Iterator[str]:
    was, now = _kinds(before), _kinds(after)
    lost = was - now if narrowed else now - was
    if was and now and lost:
        yield f"{where} was {'|'.join(sorted(was))} and is {'|'.join(sorted(now))}"


def _kinds(schema: Json) -> set[str]:
    if any_of := schema.get("anyOf"):
        return {kind for one in any_of for kind in _kinds(one)}
    return {"object"} if "$ref" in schema else {schema["type"]} if "type" in schema else set()


def _resolved(part: Part) -> Json:
    document, schema = part[0], part[1] or {}
    if any_of := schema.get("anyOf"):
        # `X | None`: what X says holds.
        others = [one for one in any_of if one.get("type") != "null"]
        merged = _resolved((document, others[0])) if len(others) == 1 else {}
        return {**merged, "anyOf": any_of}
    if ref := schema.get("$ref"):
        found: Json = document
        for step in str(ref).removeprefix("#/").split("/"):
            found = found[step]
        return found
    return dict(schema)


def _named(operation: Json) -> dict[tuple[str, str], Json]:
    return {(one["in"], one["name"]): one for one in operation.get("parameters", ())}


def _body(operation: Json) -> Json | None:
    return _json(operation.get("requestBody", {}))


def _json(answer: Mapping[str, Any]) -> Json | None:
    found: Json | None = answer.get("content", {}).get("application/json", {}).get("schema")
    return found


def without_words(part: Any) -> Any:
    """A document without what only people read."""
    if isinstance(part, dict):
        names = part.get("properties") if "properties" in part else None
        kept = {name: without_words(one) for name, one in part.items() if name not in WORDS}
        if isinstance(names, dict):  # here the same words are names of fields
            kept["properties"] = {name: without_words(one) for name, one in names.items()}
        return kept
    return [without_words(one) for one in part] if isinstance(part, list) else part


def today() -> Json:
    """The document of this checkout."""
    from api.http.app import create_app
    from api.settings import Settings

    found: Json = without_words(create_app(Settings(_env_file=None)).openapi())
    return found


def main(arguments: list[str]) -> int:
    """0 where nothing breaks."""
    if "--release" in arguments:
        RELEASED.write_text(json.dumps(today(), sort_keys=True, indent=1) + "\n", encoding="utf-8")
        return 0
    found = breaking(json.loads(RELEASED.read_text(encoding="utf-8")), today())
    for line in found:
        sys.stdout.write(f"{line}\n")
    if found:
        sys.stderr.write("these changes break clients: undo them, or add a version beside\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
