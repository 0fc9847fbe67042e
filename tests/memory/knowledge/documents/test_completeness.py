"""What did not arrive."""

from pathlib import Path

import pytest

from memory.knowledge import conversion
from memory.knowledge.article_draft import ArticleDraft
from memory.knowledge.article_files import read_articles
from memory.knowledge.documents.completeness import compare
from memory.knowledge.documents.model import Block, Paragraph


@pytest.mark.parametrize(
    ("visible", "stored", "facts"),
    [
        ("It costs 1 250 euros.", "It costs 1250euros.", ("1", "250")),
        ("region 153", "region153", ("153",)),
        ("5 € a seat", "5 a seat", ("€",)),
        ("Ask Maria.", "Ask.", ("Maria",)),
        ("two and two", "two and", ()),
        ("Straße 5", "STRASSE 5", ()),
    ],
)
def test_numbers_units_and_names_must_all_be_there(
    visible: str, stored: str, facts: tuple[str, ...]
) -> None:
    """Counted one by one, glued words do not count."""
    missing = compare(visible, [stored])
    assert missing.facts == facts
    assert missing.matters == bool(facts or "and two" in visible)


def test_one_plain_word_in_a_hundred_may_be_missing() -> None:
    """A reader's view of a page is no exact thing; a number is."""
    text = "word " * 199
    assert not compare(f"{text} gone", [text]).matters
    assert compare(f"{text} gone gone too", [text]).matters
    assert compare(f"{text} 7", [text]).matters


def test_an_article_that_lost_something_says_what(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that drops text is found out, not believed."""

    def dropping(body: str, line: int, **_: object) -> list[Block]:
        return [Paragraph("It costs euros.")]

    monkeypatch.setattr(conversion, "read_markdown", dropping)
    (tmp_path / "a.md").write_text("It costs 40 euros.")
    (draft,) = read_articles(tmp_path)
    assert isinstance(draft, ArticleDraft)
    assert draft.notices == ("1 of its 4 words could not be read into it: '40'",)
