"""Sheets with several tables, and with gaps in one."""

from pathlib import Path

import openpyxl
import pytest

from memory.knowledge import office
from memory.knowledge.article_draft import ArticleDraft
from memory.knowledge.conversion import Origin


def _text(file: Path) -> str:
    found = office.read(file, Origin("sheet", "sheet", file.name))
    assert isinstance(found, ArticleDraft)
    return found.text


def test_each_table_of_a_sheet_has_its_own_header(tmp_path: Path) -> None:
    """A second table below an empty row is none of the first one's rows; a gap within a table ends nothing."""
    book = openpyxl.Workbook()
    for row in (
        ["Boats of the year"], [], ["Boat", "Hour", "Day"], ["Canoe", 9, 40], [], ["Kayak", 8, 35],
        [], ["Reductions"], ["Guests", "Share"], ["Members", 10], ["Pupils", 25],
    ):  # fmt: skip
        book.active.append(row)
    book.save(tmp_path / "boats.xlsx")
    text = _text(tmp_path / "boats.xlsx")
    assert (
        "Boats of the year\n| Boat | Hour | Day |\n| --- | --- | --- |\n| Canoe | 9 | 40 |\n| Kayak"
        in text
    )
    assert "Reductions\n| Guests | Share |\n| --- | --- |\n| Members | 10 |" in text


@pytest.mark.parametrize(
    "above",
    [
        [["Boat", "Lake", "Day", "Note"]],
        [["Boat", "Lake", "Day", "Note"], ["Raft", "North", 5, "new"]],
    ],
    ids=["below the header", "below a row"],
)
def test_a_row_with_an_empty_cell_heads_no_table(tmp_path: Path, above: list[list[object]]) -> None:
    """Below a gap stand more rows of the same table, however many of their cells are filled."""
    book = openpyxl.Workbook()
    for row in (*above, [], ["Canoe", "South", "free"], ["Kayak", "South", 35, "wet"]):
        book.active.append(row)
    book.save(tmp_path / "boats.xlsx")
    text = _text(tmp_path / "boats.xlsx")
    assert text.count("\n| ---") == 1
    assert "| Canoe | South | free |  |\n| Kayak | South | 35 | wet |" in text
