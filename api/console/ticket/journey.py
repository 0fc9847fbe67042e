"""The graph with the way a ticket took, as a Mermaid diagram. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

START, END = "start", "done"
EDGES: tuple[tuple[str, str], ...] = (
    (START, "triage"),
    ("triage", "plan"),
    ("triage", "remember"),
    ("triage", "hand_off"),
    ("plan", "gather"),
    ("plan", "assess"),
    ("gather", "assess"),
    ("assess", "draft"),
    ("assess", "plan"),
    ("assess", "hand_off"),
    ("draft", "check"),
    ("check", "deliver"),
    ("check", "draft"),
    ("check", "hand_off"),
    ("hand_off", "await_human"),
    ("await_human", "act"),
    ("await_human", "plan"),
    ("act", "deliver"),
    ("act", "hand_off"),
    ("act", "remember"),
    ("deliver", "remember"),
    ("remember", END),
)
"""The edges of graph/build.py, which this process does not import: a test compares them."""
NAMES = {
    START: "Ticket",
    "triage": "Triage",
    "plan": "Plan",
    "gather": "Gather",
    "assess": "Assess",
    "draft": "Draft",
    "check": "Check",
    "hand_off": "Hand off",
    "await_human": "Person",
    "act": "Act",
    "deliver": "Deliver",
    "remember": "Remember",
    END: "Done",
}
TAKEN = "stroke-width:2.5px"


def steps_of(rows: Sequence[dict[str, Any]]) -> list[str]:
    """The nodes in the order in which the ticket passed them; parallel branches are one."""
    found = [START]
    for row in rows:
        name = row["name"]
        if name == "person" and row["kind"] in {"wait", "decision"}:
            name = "await_human"
        elif row["kind"] != "step":
            continue
        if name in NAMES and found[-1] != name:
            found.append(name)
    if found[-1] == "remember":
        found.append(END)
    return found


def diagram(rows: Sequence[dict[str, Any]], *, going_on: bool) -> str:
    """The diagram with passed nodes and edges marked; `last` is where it is now."""
    steps = steps_of(rows)
    passed = set(pairwise(steps))
    lines = ["flowchart LR"]
    for node, name in NAMES.items():
        shape = f'(["{name}"])' if node in {START, END} else f'["{name}"]'
        times = steps.count(node)
        if times > 1:
            shape = shape.replace(f'"{name}"', f'"{name} ×{times}"')
        mark = ":::last" if going_on and node == steps[-1] else ":::took" if times else ""
        lines.append(f"  {_id(node)}{shape}{mark}")
    lines += [f"  {_id(one)} --> {_id(other)}" for one, other in EDGES]
    taken = [str(number) for number, edge in enumerate(EDGES) if edge in passed]
    if taken:
        lines.append(f"  linkStyle {','.join(taken)} {TAKEN}")
    lines += ["  classDef took stroke-width:2px", "  classDef last stroke-width:2px"]
    return "\n".join(lines)


def _id(node: str) -> str:
    return f"n_{node}"


def words(rows: Sequence[dict[str, Any]]) -> str:
    """The same way in words, for those who do not see the picture."""
    return " → ".join(NAMES[step] for step in steps_of(rows))
