"""What a tool's arguments are, by their schemas: numbers of records, sums of money."""

from __future__ import annotations

from memory.patterns import linear
from tools.contract import Json, ToolSpec

_AMOUNT_NAME = linear(r"amount|price|sum|total|betrag|cost|euro|dollar", ignore_case=True)


def numbers_of(tool: ToolSpec) -> tuple[str, ...]:
    """The required arguments that have a form of their own, as an order's number has."""
    return tuple(
        name for name in tool.required_arguments if "pattern" in tool.arguments.get(name, {})
    )


def promised_currency(tool: ToolSpec) -> str:
    """The only currency that the tool can answer with; empty where it names none, or several."""
    for name, schema in tool.returns.get("properties", {}).items():
        allowed = schema.get("enum", [])
        if "currency" in name and len(allowed) == 1:
            return str(allowed[0])
    return ""


def is_amount(name: str, schema: Json) -> bool:
    """Whether an argument is a sum of money, by its name and description."""
    numeric = schema.get("type") in ("number", "integer")
    return numeric and _AMOUNT_NAME.search(f"{name} {schema.get('description', '')}") is not None
