"""What a page says can be done by whoever reads it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from memory.patterns import linear

PAGES = Path(__file__).parents[3] / "api" / "console"
COMMAND = linear(r"\bdeskhand [a-z]+|\b(?:GET|POST|PUT|DELETE) /")
"""What only somebody at the machine's shell, or a program, could follow."""


def sayings() -> Iterator[tuple[str, str]]:
    """Each text of the console's code but for docstrings, with its file."""
    for file in sorted(PAGES.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        nodes = list(ast.walk(tree))
        about = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
        for node in nodes:
            said = node.value if isinstance(node, ast.Constant) and id(node) not in about else None
            if isinstance(said, str):
                yield file.name, said


def test_no_page_tells_a_lead_to_type_a_command() -> None:
    """An empty list names the next step in the console, or the person to ask."""
    found = list(sayings())
    assert len(found) > 500
    assert [one for one in found if COMMAND.search(one[1])] == []
