"""The table of arrows in ARCHITECTURE.md is the code's."""

import grimp
import pytest

from evals.arrows import arrows_of, table
from evals.upkeep import with_block


def _graph(*imports: tuple[str, str]) -> grimp.ImportGraph:
    graph = grimp.ImportGraph()
    for importer, imported in imports:
        graph.add_import(importer=importer, imported=imported)
    return graph


def test_neighbours_are_named_and_rooms_below_only_counted_as_rooms() -> None:
    """Several files of one folder are one arrow, and what stays within a folder is none."""
    graph = _graph(
        ("api.http.app", "api.http.deps"),
        ("api.http.app", "api.telemetry.meter"),
        ("api.http.deps", "api.telemetry.spans"),
        ("api.http.app", "memory.storage.queue"),
    )
    assert arrows_of(graph)["api.http"] == {"api.telemetry", "memory"}
    assert "| `api/http` | `telemetry` | `memory` |" in table(arrows_of(graph))


def test_a_new_arrow_changes_the_table() -> None:
    """So that the comparison with ARCHITECTURE.md can fail."""
    before = _graph(("tools.gateway", "tools.contract"))
    after = _graph(("tools.gateway", "tools.contract"), ("tools.contract", "tools.gateway"))
    assert table(arrows_of(before)) != table(arrows_of(after))


def test_a_block_is_put_between_its_own_marks_and_nothing_else_moves() -> None:
    """The marks of another block stay as they are."""
    text = (
        "a\n<!-- one: made by `make diagram` -->\nold\n<!-- end -->\n"
        "b\n<!-- two: made by `make diagram` -->\nkept\n<!-- end -->\n"
    )
    assert with_block(text, "one", "new") == text.replace("old", "new")
    assert with_block(text, "two", "kept") == text


def test_lost_marks_are_told() -> None:
    """A document without them would never be compared."""
    with pytest.raises(ValueError, match="lost the marks around its arrows"):
        with_block("nothing here", "arrows", "table")
