"""Tables of a printed page."""

from pathlib import Path

from memory.knowledge.article_draft import ArticleDraft
from memory.knowledge.article_files import read_articles
from tests.memory.knowledge.pages import printed


def test_the_rows_of_a_printed_table_are_rows(tmp_path: Path) -> None:
    """As running text all of them are one sentence, and a reply tells the first few whichever was asked for."""
    rows = [("Ward", "Fee", "Beds"), ("North", "40 EUR", "12"), ("South", "55 EUR", "30")]
    shown = "".join(
        f"1 0 0 1 {50 + 150 * at} {700 - 20 * n} Tm ({cell}) Tj "
        for n, row in enumerate(rows)
        for at, cell in enumerate(row)
    )
    (draft,) = read_articles(printed(tmp_path / "wards.pdf", f") Tj {shown}("))
    assert isinstance(draft, ArticleDraft)
    text = draft.text
    assert text.endswith("| North | 40 EUR | 12 |\n| South | 55 EUR | 30 |")
    assert text.startswith("| Ward | Fee | Beds |\n| --- | --- | --- |")
