"""Tool specs from a folder's tools.json: its Python types, and what the database adds to them."""

import re
from collections.abc import Mapping

from evals.trajectories.database import Database
from evals.trajectories.folder import Declared, Json
from tools.contract import RetrySpec, ToolSpec

SERVICE = "backend"
PATH = "/tools/"
DESCRIPTION_CHARS = 600

PLAIN = {"str": "string", "int": "integer", "float": "number", "bool": "boolean", "dict": "object"}
MODELS: Mapping[str, Mapping[str, str]] = {
    # tools.json names these types without saying what is in them.
    "FlightInfo": {"flight_number": "str", "date": "str"},
    "Passenger": {"first_name": "str", "last_name": "str", "dob": "str"},
    "Payment": {"payment_id": "str", "amount": "int"},
}
EITHER = re.compile(r"either ('[^']+'(?:(?:, | or |, or )'[^']+')+)")
"""How a doc states choices; `such as 'x' or 'y'` are only examples."""
GENERIC = re.compile(r"^(\w+)\[(.*)\]$", re.DOTALL)


def specs_of(tools: tuple[Declared, ...], database: Database) -> tuple[ToolSpec, ...]:
    """One spec for each tool; every write needs a person's approval."""
    return tuple(_spec(tool, database) for tool in tools)


def _spec(tool: Declared, database: Database) -> ToolSpec:
    optional = {name for name, kind in tool.params.items() if _optional(kind)}
    write = tool.kind == "write"
    return ToolSpec(
        name=tool.name,
        description=tool.doc[:DESCRIPTION_CHARS],
        effect="write" if write else "read",
        arguments={n: _argument(n, kind, tool, database) for n, kind in tool.params.items()},
        required=tuple(name for name in tool.params if name not in optional),
        returns=_returns(tool, database),
        service=SERVICE,
        method="POST",
        path=f"{PATH}{tool.name}",
        approval="person" if write else "never",
        retry=RetrySpec(first_wait_seconds=0.05),
        calls_per_minute=1_000_000,
    )


def _argument(name: str, kind: str, tool: Declared, database: Database) -> Json:
    schema = schema_of(kind, name, database)
    told = _said(name, tool.doc)
    return {**schema, "enum": told} if told and schema.get("type") == "string" else schema


def schema_of(kind: str, name: str, database: Database) -> Json:
    """The JSON schema of a Python type; `name` is the parameter that has it."""
    kinds = [part for part in _parts(kind) if part != "None"]
    kind = kinds[0] if kinds else "Any"
    found = GENERIC.match(kind)
    outer, inner = (found[1], found[2]) if found else (kind, "Any")
    if outer in ("List", "list", "Sequence"):
        return {"type": "array", "minItems": 1, "items": schema_of(inner, name, database)}
    if outer == "Optional":
        return schema_of(inner, name, database)
    if outer == "Literal":
        return {"enum": [part.strip().strip("'\"") for part in inner.split(",")]}
    if outer in ("Dict", "dict"):
        return {"type": "object"}
    return _plain(outer, name, database)


def _plain(kind: str, name: str, database: Database) -> Json:
    if kind in MODELS:
        parts = {part: schema_of(of, part, database) for part, of in MODELS[kind].items()}
        return {
            "type": "object",
            "properties": parts,
            "required": list(parts),
            "additionalProperties": False,
        }
    if kind == "str":
        form = database.form(known) if (known := database.kind_of(name)) else None
        return {"type": "string", "pattern": form} if form else {"type": "string"}
    if kind in PLAIN:
        return {"type": PLAIN[kind]}
    choices = database.choices(name)
    # A type that nobody describes and that the database has no few values for: anything.
    return {"type": "string", "enum": choices} if choices else {}


def _returns(tool: Declared, database: Database) -> Json:
    kinds = [kind for name in tool.params if (kind := database.kind_of(name))]
    if tool.kind != "read" or not kinds:
        return {"type": "object"}
    return {"type": "object", "required": database.fields(kinds[0])}


def _said(name: str, doc: str) -> list[str]:
    line = next((one for one in doc.splitlines() if one.strip().startswith(f"{name}:")), "")
    found = EITHER.search(line)
    return re.findall(r"'([^']+)'", found[1]) if found else []


def _parts(kind: str) -> list[str]:
    """The members of a union, brackets respected."""
    parts, depth, last = [], 0, ""
    for sign in kind:
        depth += (sign == "[") - (sign == "]")
        if sign == "|" and depth == 0:
            parts.append(last.strip())
            last = ""
        else:
            last += sign
    return [*parts, last.strip()]


def _optional(kind: str) -> bool:
    return kind.startswith("Optional[") or "None" in _parts(kind)
