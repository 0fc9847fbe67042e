"""Tables whose columns are parted by blanks."""

import pytest

from memory.knowledge.article_draft import ArticleDraft
from memory.knowledge.conversion import Origin, from_markdown
from memory.knowledge.documents.aligned import may_hold_rows, spaced, with_tables


def _text(body: str) -> str:
    draft = from_markdown(body, Origin("a", "A", "a.txt"))
    assert isinstance(draft, ArticleDraft)
    return draft.text


def test_rows_below_an_indented_header_are_a_table() -> None:
    """Markdown takes that header for code, and the rows lose their columns."""
    body = "          Adults   Children\nMuseum    11 EUR   5 EUR\nTower     8 EUR    free\n"
    assert _text(f"Tickets:\n\n{body}").endswith(
        "|  | Adults | Children |\n| --- | --- | --- |\n| Museum | 11 EUR | 5 EUR |\n| Tower | 8 EUR | free |"
    )


def test_a_line_of_dashes_below_a_header_makes_no_heading_of_it() -> None:
    """It rules a table off, as typists do."""
    body = "Hall      Seats   Rent\n----------------------\nBlue      80      300 EUR\nRed       35      120 EUR\n"
    assert "| Hall | Seats | Rent |\n| --- | --- | --- |\n| Blue | 80 | 300 EUR |" in _text(body)


@pytest.mark.parametrize(
    "text",
    [
        "One.  Two.  Three.\nFour.  Five.  Six.\nSeven.  Eight.  Nine.",
        "```\na   b   c\n1   2   3\n4   5   6\n```",
        "    a   b   c\n    1   2   3\n    4   5   6",
        "a   b   c\n1   2   3",
        "- a   b   c\n- 1   2   3\n- 4   5   6",
        "Name   Ada\nTown   Cork\nDesk   4",
    ],
)
def test_other_texts_with_wide_gaps_stay_as_they_are(text: str) -> None:
    """Sentences of typists, code, two rows, a list, and pairs of a name and a value."""
    assert with_tables(text) == text


def test_rows_on_the_next_page_belong_to_the_table_above() -> None:
    """They have no header of their own."""
    first = "Line   Fare   Time\nA      2 €    9 min\nB      3 €    14 min"
    found = with_tables(
        f"{first}\n\nC      4 €    20 min\nD      5 €    25 min\nE      6 €    31 min"
    )
    assert found.count("---") == 3
    assert found.endswith(
        "| B | 3 € | 14 min |\n| C | 4 € | 20 min |\n| D | 5 € | 25 min |\n| E | 6 € | 31 min |"
    )


def test_only_lines_with_the_same_words_take_their_width_from_the_layout() -> None:
    """Two columns of running text stand side by side in it, and are read one after the other."""
    layout = "  Line     Fare    Time\n  A        2 €     9 min\n We leave at        We are back\n nine o'clock       by noon"
    page = "Line Fare Time\nA 2 € 9 min\nWe leave at\nnine o'clock"
    assert spaced(page, layout) == "Line  Fare  Time\nA  2 €  9 min\nWe leave at\nnine o'clock"
    assert may_hold_rows("A 2 € 9 min\nB 3 € 14 min")
    assert not may_hold_rows("It costs 2 euros.\nIt takes 9 minutes.")
