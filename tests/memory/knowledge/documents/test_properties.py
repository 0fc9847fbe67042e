"""Properties below the title of a page that a notebook exported."""

import pytest

from memory.knowledge.article_draft import ArticleDraft
from memory.knowledge.conversion import Origin, from_markdown
from memory.knowledge.documents.properties import without_properties
from memory.tables.knowledge import Visibility


def _draft(text: str) -> ArticleDraft:
    draft = from_markdown(text, Origin("a", "A", "a.md"))
    assert isinstance(draft, ArticleDraft)
    return draft


def test_who_wrote_a_page_is_none_of_its_text() -> None:
    """Nobody who asks about the boats is told who owns the page."""
    draft = _draft(
        "# Boats\n\nOwner: Jo Wren\nStatus: In progress\nLast edited: 4 June\n\nThey lie at pier 2."
    )
    assert (draft.title, draft.text) == ("Boats", "They lie at pier 2.")
    assert draft.visibility is Visibility.PUBLIC


def test_a_page_that_is_a_draft_is_one() -> None:
    """As in front matter; other words of a notebook's own say nothing of who may see it."""
    draft = _draft("# Boats\n\nAuthor: Jo Wren\nStatus: Draft\n\nThey lie at pier 2.")
    assert draft.visibility is Visibility.DRAFT


@pytest.mark.parametrize(
    "text",
    [
        "# Boats\n\nPrice: 4 euros\nOwner: Jo Wren\n\nThey lie at pier 2.",
        "# Boats\n\nOwner: Jo Wren\n\nThey lie at pier 2.",
        "# Boats\n\nThey lie at pier 2.\n\nOwner: Jo Wren\nStatus: Live",
        "Status: the lamp is red\nWhat to do: wait\n",
        "# Open day\n\nDate: 4 July\nTime: 10 to 16\n\nBring your children.",
        "# Boat 2\n\nStatus: in the yard\nUpdated: 4 July",
        "# Boats",
        "",
    ],
)
def test_facts_with_a_name_before_them_stay(text: str) -> None:
    """One that is the matter's own keeps all of them; one line alone, or one further down, is told."""
    assert without_properties(text) == (text, {})
