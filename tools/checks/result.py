"""Does an answer fit what was declared, and is it about what was asked?"""

from __future__ import annotations

import re

from tools.checks.ready import Ready
from tools.contract import Json, ToolSpec
from tools.faults import SchemaChanged, WrongAnswer

FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
"""A name that a programmer gave, not a customer's address or sentence."""
MOST_ADDED = 6


def fits(ready: Ready, arguments: Json, value: object) -> None:
    """Raise `SchemaChanged` or `WrongAnswer` unless the value answers the call as declared."""
    faults = ready.gives.faults(value) if isinstance(value, dict) else ["it is not an object"]
    if faults:
        msg = f"the answer differs from what was declared: {'; '.join(faults)}"
        raise SchemaChanged(msg, difference=(*faults, *_added(ready.spec.returns, value)))
    assert isinstance(value, dict)
    if astray := _astray(ready.spec, arguments, value):
        raise WrongAnswer(f"the answer is about another {astray} than was asked for")


def _added(declared: Json, value: object) -> list[str]:
    """Fields of a record that nobody declared. A name that might be data is only counted."""
    known = declared.get("properties", {})
    if not known or not isinstance(value, dict):
        return []
    names = sorted(name for name in value if name not in known)
    plain = [name for name in names if FIELD.fullmatch(name)][:MOST_ADDED]
    rest = len(names) - len(plain)
    return [f"{name} was added" for name in plain] + ([f"{rest} more were added"] if rest else [])


def _astray(spec: ToolSpec, arguments: Json, value: Json) -> str | None:
    """The argument that the answer should repeat and does not."""
    if spec.echoes is None:
        expected = spec.path_arguments & value.keys()
    else:
        expected = frozenset(spec.echoes) & arguments.keys()
    astray = (name for name in sorted(expected) if value.get(name) != arguments[name])
    return next(astray, None)
