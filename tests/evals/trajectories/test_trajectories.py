"""A small folder of tasks, replayed."""

import json
from pathlib import Path
from typing import Any

import pytest

from evals.figures.datasets import DataError
from evals.trajectories.database import Database
from evals.trajectories.folder import Folder, read_folder
from evals.trajectories.run import replayed
from evals.trajectories.specs import schema_of, specs_of
from evals.trajectories.variants import FAULTS, malformed, tampered

TOOLS = [
    {
        "name": "get_order",
        "kind": "is_tool(ToolType.READ)",
        "params": {"order_id": "str"},
        "returns": "Order",
        "doc": "An order.",
    },
    {
        "name": "find_user_by_email",
        "kind": "is_tool(ToolType.READ)",
        "params": {"email": "str"},
        "returns": "str",
        "doc": "",
    },
    {
        "name": "cancel_order",
        "kind": "is_tool(ToolType.WRITE)",
        "params": {"order_id": "str", "reason": "str", "item_ids": "List[str]", "speed": "Speed"},
        "returns": "Order",
        "doc": "Args:\n    reason: The reason, which should be either 'late' or 'broken'.",
    },
    {
        "name": "calculate",
        "kind": "is_tool(ToolType.GENERIC)",
        "params": {"expression": "str"},
        "returns": "str",
        "doc": "",
    },
]
ITEMS = {"11": {"item_id": "11", "price": 5}, "12": {"item_id": "12", "price": 6}}
DATABASE = {
    "orders": {
        "#W1": {"order_id": "#W1", "user_id": "ann_1", "speed": "fast", "status": "sent"},
        "#W2": {"order_id": "#W2", "user_id": "bob_2", "speed": "slow", "status": "sent"},
    },
    "users": {"ann_1": {"email": "ann@x.io"}, "bob_2": {"email": "bob@x.io"}},
    "products": {"7": {"product_id": "7", "variants": ITEMS}},
}
CANCEL = {"order_id": "#W1", "reason": "late", "item_ids": ["11"], "speed": "fast"}
GOLD = [
    {"name": "find_user_by_email", "arguments": {"email": "ann@x.io"}},
    {"name": "find_user_by_email", "arguments": {"email": "nobody@x.io"}},
    {"name": "get_order", "arguments": {"order_id": "#W1"}},
    {"name": "calculate", "arguments": {"expression": "2 * (3 + 4)"}},
    {"name": "cancel_order", "arguments": CANCEL},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two orders, two users, one task."""
    return write(tmp_path, GOLD)


def write(path: Path, gold: list[dict[str, Any]]) -> Path:
    """A folder with one task."""
    (path / "tools.json").write_text(json.dumps(TOOLS))
    (path / "db.json").write_text(json.dumps(DATABASE))
    task = {"id": "0", "evaluation_criteria": {"actions": gold}}
    (path / "tasks.jsonl").write_text(json.dumps(task) + "\n")
    return path


def parts(path: Path) -> tuple[Folder, Database]:
    """The folder and its database."""
    found = read_folder(path)
    return found, Database(found.tables)


async def test_valid_calls_pass_and_all_others_are_refused(folder: Path) -> None:
    """Over a real socket: every check is tried, holds, and the write happens once."""
    result = await replayed(folder)
    assert result.passed, result.checks
    assert (result.performed, result.approved) == (1, 1)
    assert {f"{fault} refused" for fault in FAULTS} <= set(result.checks)
    assert result.checks["valid call about what is not there: told so"].tried == 1
    assert result.checks["write refused when it differs"].tried == 4


async def test_a_gold_call_that_does_not_pass_fails_the_replay(tmp_path: Path) -> None:
    """The exit status must not hide it, and the first failure is told."""
    wrong = {"name": "get_order", "arguments": {"order_id": 7}}
    result = await replayed(write(tmp_path, [*GOLD, wrong]))
    assert not result.passed
    assert "must be text" in result.checks["valid call passes"].failures[0]


def test_specs_say_what_the_types_and_the_database_say(folder: Path) -> None:
    """Forms of ids, choices of docs and of fields, and who must approve."""
    found, database = parts(folder)
    cancel = next(s for s in specs_of(found.tools, database) if s.name == "cancel_order")
    assert (cancel.effect, cancel.approval) == ("write", "person")
    assert cancel.arguments["reason"]["enum"] == ["late", "broken"]
    assert cancel.arguments["speed"]["enum"] == ["fast", "slow"]
    assert cancel.arguments["item_ids"]["items"]["pattern"] == "^([A-Z0-9]+)$"


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("int", {"type": "integer"}),
        ("Optional[float]", {"type": "number"}),
        ("bool | None", {"type": "boolean"}),
        ("Literal['a', 'b']", {"enum": ["a", "b"]}),
        ("Dict[str, Any]", {"type": "object"}),
        ("Mystery", {}),
    ],
)
def test_types_become_schemas(kind: str, wanted: dict[str, Any]) -> None:
    """Python's words for them, unions and containers included."""
    assert schema_of(kind, "x", Database({})) == wanted


def test_references_are_found_at_any_depth(folder: Path) -> None:
    """By name: item_ids holds ids of items, `email` holds none."""
    _, database = parts(folder)
    found = database.references({"new_item_ids": ["11", "99"], "email": "ann_1"})
    assert [(one.kind, one.value) for one in found] == [("item_id", "11"), ("item_id", "99")]
    assert [database.exists(one) for one in found] == [True, False]


def test_every_variant_differs_from_the_call(folder: Path) -> None:
    """And what differs from an approval is as valid as what was approved."""
    found, database = parts(folder)
    cancel = next(s for s in specs_of(found.tools, database) if s.name == "cancel_order")
    assert all(one.arguments != CANCEL for one in malformed(CANCEL, cancel, database))
    assert {name for name, _ in tampered(CANCEL, cancel, database)} == set(CANCEL)


@pytest.mark.parametrize("missing", ["tools.json", "db.json", "tasks.jsonl"])
def test_a_folder_that_lacks_a_part_is_named(folder: Path, missing: str) -> None:
    """In words, not with a traceback."""
    (folder / missing).unlink()
    with pytest.raises(DataError):
        read_folder(folder)
