"""What a page shows only after a click belongs to the article, under the words that are clicked."""

import pytest

from memory.knowledge.article_draft import ArticleDraft
from memory.knowledge.conversion import Origin, from_html


def _text(html: str) -> str:
    read = from_html(html, Origin("a", "a", "a"))
    assert isinstance(read, ArticleDraft)
    return read.text


def test_a_folded_answer_stands_under_the_button_that_opens_it() -> None:
    """A page hides the answers of its questions until somebody clicks: they are told, each under its own."""
    text = _text(
        "<h1>Pool</h1><button aria-controls='one'>Are towels there?</button><div id='one' hidden><p>For 3 EUR.</p></div>"
        "<a data-toggle='collapse' href='#two'>May dogs swim?</a><div id='two' style='color:red; display: none'>No.</div>"
    )
    assert text.split("\n\n") == ["## Are towels there?", "For 3 EUR.", "## May dogs swim?", "No."]


def test_steps_in_tabs_keep_the_name_of_their_tab() -> None:
    """Tabs are named in a list above all of them: each panel gets its own name, or nobody knows whose steps they are."""
    text = _text(
        "<h1>Alarm</h1><ul><li><a href='#p1'>Watch</a></li><li><a href='#p2'>Phone</a></li></ul>"
        "<div class='tab-pane' id='p1'><ol><li>Turn the crown.</li></ol></div>"
        "<div class='tab-pane' id='p2'><ol><li>Swipe up.</li></ol></div>"
    )
    assert text.split("\n\n") == ["## Watch", "1. Turn the crown.", "## Phone", "1. Swipe up."]


def test_a_heading_that_folds_stays_the_heading() -> None:
    """A button in a heading is the heading's text; what it opens follows below, once."""
    text = _text(
        "<h1>Gym</h1><h2><button data-bs-target='#x'>Fees</button></h2><div id='x' class='collapse' hidden>9 EUR</div>"
    )
    assert text.split("\n\n") == ["## Fees", "9 EUR"]


def test_links_and_menus_open_nothing() -> None:
    """A link to a section leaves it in its place, and what nothing opens stays hidden, as does a menu."""
    text = _text(
        "<h1>Gym</h1><p>See <a href='#f'>fees</a>.</p><h2 id='f'>Fees</h2><p>9 EUR</p><div hidden>draft</div>"
        "<button aria-controls='m' aria-haspopup='true'>More</button><div id='m' role='menu' hidden>print</div>"
    )
    assert "See fees." in text
    assert "## Fees\n\n9 EUR" in text
    assert "draft" not in text
    assert "print" not in text


def test_a_box_around_both_and_buttons_in_each_other_lose_nothing() -> None:
    """A box that names the panel within it is kept with it; of two within each other only the outer one is taken out."""
    text = _text(
        "<h1>Gym</h1><div aria-controls='a'><p>Lockers</p><div id='a' class='pane' hidden>2 EUR</div></div>"
        "<div data-target='#b'><button aria-controls='b' aria-expanded='false'>Keys</button></div>"
        "<div id='b' class='collapse'>Ask us.</div>"
    )
    assert text.split("\n\n")[-2:] == ["## Keys", "Ask us."]
    assert "Lockers\n\n2 EUR" in text


def test_a_link_in_a_sentence_stays_in_it() -> None:
    """A step that names what it opens keeps its words; what it opens is told all the same."""
    text = _text(
        "<h1>Gym</h1><p>Open <b><a href='#s'>Settings</a></b> and choose Close.</p>"
        "<div id='s' class='panel' hidden>They stand at the top.</div>"
    )
    assert "Settings" in text.split("choose Close")[0]
    assert "They stand at the top." in text


def test_what_readers_fill_in_stays_folded() -> None:
    """The box behind "Was this helpful?" is the page's, and no text of the article."""
    text = _text(
        "<h1>Sauna</h1><p>Open until ten.</p><p>Was this helpful?</p><button aria-controls='why' aria-expanded='false'>No</button>"
        "<div id='why' hidden><p>What did you miss?</p><textarea></textarea></div>"
    )
    assert "What did you miss?" not in text
    assert "Open until ten." in text


@pytest.mark.parametrize("style", ["opacity: 0", "visibility:hidden", "display:none !important"])
def test_whatever_hides_a_panel_is_taken_away(style: str) -> None:
    """What is known as hidden is known as folded: else its title alone would go, and then its text."""
    text = _text(
        f"<h1>Boat</h1><button aria-expanded='false' aria-controls='one'>Fuel</button><div id='one' style='{style}'><p>Petrol.</p></div>"
    )
    assert text.split("\n\n") == ["## Fuel", "Petrol."]


@pytest.mark.parametrize("part", ["small", "label", "mark", "kbd"])
def test_a_link_in_any_part_of_a_line_stays_in_its_sentence(part: str) -> None:
    """Whatever element within the line is around it."""
    text = _text(
        f"<h1>Boat</h1><p>Open <{part}><a href='#one'>Fuel</a></{part}> and wait.</p><div id='one' class='panel' hidden><p>Petrol.</p></div>"
    )
    assert "Open Fuel and wait." in text
