"""What stands in ARCHITECTURE.md is the code's."""

import pytest

from evals.upkeep import layers, with_block

PROJECT = """
[[tool.importlinter.contracts]]
type = "layers"
containers = ["api.console"]
layers = ["mount", "pages | parts"]

[[tool.importlinter.contracts]]
type = "acyclic_siblings"
"""


def test_the_layers_of_a_folder_are_one_row() -> None:
    """From the top down; contracts without layers have none."""
    assert layers(PROJECT).splitlines()[2:] == ["| `api/console/` | `mount` → `pages` `parts` |"]


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
    with pytest.raises(ValueError, match="lost the marks around its layers"):
        with_block("nothing here", "layers", "table")
