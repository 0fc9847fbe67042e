"""The words of a tool's result: is every field that they name one that can be filled in?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from string import Formatter

from tools.contract import ToolSpec

_OPEN = frozenset(("$ref", "allOf", "anyOf", "oneOf", "patternProperties"))
"""Keywords with which a schema may bring fields that `properties` does not list."""


def wording_mistake(spec: ToolSpec) -> str:
    """What is wrong with the tool's `answer`, and what to change; empty if nothing is."""
    try:
        named = list(_fields(spec.answer or ""))
    except ValueError as error:
        return f"its answer cannot be filled in ({error}): write {{field}}, and {{{{ for a brace"
    for odd in (one for one in named if not one.isidentifier()):
        return f"its answer has {{{odd}}}: only the plain name of a field is filled in"
    known = _known(spec)
    if known is None:
        return ""
    lost = sorted(set(named) - known - set(spec.arguments))
    if not lost:
        return ""
    return (
        f"its answer names {', '.join(lost)}, which is neither an argument nor a property of `returns`:"
        " correct the name, or list it there"
    )


def _fields(answer: str) -> Iterator[str]:
    """What stands within each pair of braces."""
    for _, name, style, conversion in Formatter().parse(answer):
        if name is not None:
            yield name + (f"!{conversion}" if conversion else "") + (f":{style}" if style else "")


def _known(spec: ToolSpec) -> set[str] | None:
    """The fields that a result may have; None where the schema does not say.

    The schema of a service's own document may list less than the service gives, and nobody can add to it here.
    """
    returns, listed = spec.returns, spec.returns.get("properties")
    if not isinstance(listed, Mapping) or not listed or _OPEN & set(returns):
        return None
    others = returns.get("additionalProperties", spec.operation is not None)
    return None if others else set(listed)
