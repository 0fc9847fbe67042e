"""What is cut off at the end of an article is marked, said, and never told."""

import pytest

from graph.text.passages import told
from memory.knowledge.article_draft import ArticleDraft
from memory.knowledge.conversion import Origin, from_markdown, from_row

WAY = "To empty the tray:\n\n1. Open the flap.\n2. Pull the tray out.\n3. Rinse it with"


def _article(text: str) -> ArticleDraft:
    made = from_markdown(text, Origin("tray", "Tray", "tray.md"))
    assert isinstance(made, ArticleDraft)
    return made


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (
            "The tray holds two litres. Empty it each week. Dry it before your",
            ["Empty it each week."],
        ),
        (
            "The filters fit every tray. Rinse them weekly. Never boil a filt",
            ["Rinse them weekly."],
        ),
        (
            "It fits all trays made since 2019:\n\n- The small tray\n- The large tray\n- A tray of the",
            ["The large tray"],
        ),
        (
            "> The tray is heavy. Two people lift it. Do not carry it up the",
            ["Two people lift it."],
        ),
    ],
)
def test_a_sentence_that_goes_on_is_not_told(text: str, kept: list[str]) -> None:
    """The article says so when it is loaded; what stands before the cut may be told."""
    article = _article(text)
    last = text.rsplit(maxsplit=1)[-1]
    assert any("ends in the middle of a sentence" in one and last in one for one in article.notices)
    said = list(told(article.text))
    assert set(kept) <= set(said)
    assert not [one for one in said if one.rstrip("…").endswith(last)]


@pytest.mark.parametrize("text", [f"{WAY} the", f"{WAY}.\n\nThen dry the tray and close the fla"])
def test_a_way_without_its_end_is_none(text: str) -> None:
    """Half a way misleads: none of its steps is told, also where the last one lost its number."""
    assert not [one for one in told(_article(text).text) if "flap" in one]


@pytest.mark.parametrize(
    "end",
    [
        "We are closed on public holidays",
        "Ask for plan B",
        "Write to tray@shop.example",
        "It costs 4,",
        "See you soon…",
        "The tide, which is low: 2,8 m at low tide",
        "During opening hours the gate is open",
        "Wait for the confirmation, then press Confirm: only members confirm",
        "On the planning day we change the plan",
        "Teamwork is asked of each team",
    ],
)
def test_a_hurried_note_is_whole(end: str) -> None:
    """A last sentence without its full stop is told; only a comma or a mark says that more was to come."""
    article = _article(f"The desk opens at nine. It is closed on Sundays. {end}")
    cut = end.endswith((",", "…"))
    assert bool(article.notices) == cut
    assert (end in list(told(article.text))) != cut


def test_in_an_article_without_markup_every_sentence_has_its_end() -> None:
    """There the last one without an end is cut off, whatever its last word."""
    made = from_row(
        {"title": "Tray", "text": "It holds water.Empty it.Dry the tray on both sides"},
        Origin("t", "", ""),
    )
    assert isinstance(made, ArticleDraft)
    assert list(told(made.text)) == ["", "It holds water.", "Empty it."]
    assert made.notices
