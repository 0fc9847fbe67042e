"""Which paragraph settles what is asked about, and what is left out beside it."""

import pytest

from graph.minds.local.planning.asks import split
from graph.minds.local.planning.vagueness import bare, points_at
from graph.minds.local.writing.asked import form_of
from graph.minds.local.writing.parts import Selection
from graph.minds.local.writing.scored import Passage
from graph.minds.local.writing.selection import Selector
from graph.minds.local.writing.statements import settles, shows_a_way, tells_a_trouble
from graph.state import Ask
from memory.encoder.encoder import HashEncoder

LOCKERS = """Bags can be left in the lockers by the door for a day.

Not taken by the lockers:
- umbrellas longer than a metre
- live animals

## A locker is stuck

Ask at the desk to have the locker opened. A pound left in the locker is paid back."""


def test_what_is_excepted_comes_before_the_rule() -> None:
    """Who asks about the very thing that a list excepts is told so first, and only so of the list."""
    [first, *_] = _selected("Can I leave my umbrellas in the lockers?", LOCKERS)
    assert (first.lead, first.units) == (
        "Not taken by the lockers:",
        ("umbrellas longer than a metre",),
    )
    [first, *_] = _selected("Can I leave my bags in the lockers for a day?", LOCKERS)
    assert first.units[0].startswith("Bags can be left")


def test_what_the_whole_article_speaks_of_is_no_exception() -> None:
    """A sentence that denies something else of the same matter does not come before the answer."""
    text = (
        "A locker costs a pound a day.\n\nA locker is not opened by a receipt.\n\n"
        "Foreign coins do not fit.\n\nNo deposit for a locker is asked of children."
    )
    [first, *_] = _selected("Is my locker paid with foreign coins?", text)
    assert first.units == ("Foreign coins do not fit.",)


def test_why_not_is_answered_by_the_cases_in_which_not() -> None:
    """Not by the steps to do it, which are told besides."""
    text = (
        "To open a locker:\n1. Enter your code.\n2. Open the door of the locker.\n\n"
        "A locker cannot be opened if\n- its day is over\n- the pound is missing"
    )
    [first, *_] = _selected("Why can't I open the locker?", text)
    assert first.lead.startswith("A locker cannot be opened if")
    [first, *_] = _selected("How can I open the locker?", text)
    assert first.lead == "To open a locker:"


def test_what_adds_nothing_is_left_out() -> None:
    """Beside a paragraph that names all that was asked, others stand only if they bound it."""
    told = _selected("Can bags be left in the lockers for a day?", LOCKERS)
    assert [one.units[0][:9] for one in told] == ["Bags can "]


def test_a_trouble_that_was_not_told_answers_last() -> None:
    """What stands below a trouble is for those who have it."""
    text = "## A door is stuck\n\nThe pound goes by the door.\n\n## Paying\n\nThe pound goes by the slot."
    [first, *_] = _selected("Does the pound go by the wall?", text)
    assert first.units == ("The pound goes by the slot.",)
    [first, *_] = _selected("The door is stuck, does the pound go by the wall?", text)
    assert first.units == ("The pound goes by the door.",)


def test_all_cases_are_told_with_one() -> None:
    """The last of several cases is for those who are in none of the others."""
    cases = [
        "If the ticket is in your pocket, show the ticket.",
        "If the ticket is lost, open My visits.",
        "If you have neither, ring the bell.",
    ]
    told = _selected("The ticket is lost, what do I open?", "\n\n".join(cases))
    assert sorted(one.units[0] for one in told) == sorted(cases)


def test_items_for_other_devices_are_left_out() -> None:
    """The owner of one telephone is not told what to do on another."""
    text = (
        "The guide is silent:\n- iPhone: turn the guide up\n- Android: wake the guide\n- charge it"
    )
    [told] = _selected("The guide is silent.", text, "I use an iPhone. The guide is silent.")
    assert told.units == ("iPhone: turn the guide up", "charge it")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("What does the tour cost for a small group?", ("Tour by night – Small groups: £30.", "Tour – Small groups: £20.")),
        ("What is the tour by night?", ("Tour by night – Small groups: £30; Large groups: £60; Notes: dark.",)),
        ("Do you go to Weldon?", None),
    ],
)  # fmt: skip
def test_the_cell_that_is_meant_is_told(asked: str, told: tuple[str, ...] | None) -> None:
    """A row by all of its words that were said, a column by the one that tells it from the others."""
    rows = [
        "| Tour by night | £30 | £60 | dark |",
        "| Tour | £20 | £40 | none |",
        "| North Weldon | £9 | £9 | none |",
        "| Talk | £8 | £8 | none |",
    ]
    head = "| What | Small groups | Large groups | Notes |\n| --- | --- | --- | --- |\n"
    [found] = _selected(asked, head + "\n".join(rows))
    if told is None:
        assert len(found.units) == len(rows)
    else:
        assert found.units == told


def test_the_question_decides_the_form() -> None:
    """What is told before it may read as another one."""
    assert form_of("I want to send a drum back. Can I still return it?") == "yes_no"
    assert form_of("Can I get two-step codes by letter?") == "yes_no"
    assert form_of("Which steps are there?") == "how"


def test_only_of_its_own_subject_a_sentence_settles_something() -> None:
    """Not what a condition or another clause names."""
    assert settles("Drums cannot be sent back.", {"drum"}, 1)
    assert not settles("If drums are wet, they cannot be sent back.", {"drum"}, 1)
    assert not settles("The drum takes over the place, so it does not count.", {"drum"}, 1)


def test_a_case_may_show_a_way() -> None:
    """A condition or an aim before what is to be done takes nothing from it."""
    assert shows_a_way("If the ticket is lost, open My visits.")
    assert shows_a_way("To add a guest open My visits.")
    assert not shows_a_way("If the ticket is lost, the desk is near.")
    assert tells_a_trouble("My ticket was declined")
    assert not tells_a_trouble("When a ticket is not possible")


def test_a_single_word_asks_about_what_was_told_before_it() -> None:
    """A word or two ask nothing by themselves."""
    [one] = split("I paid for the tour and fell ill. Refund?", lambda left, right: left != right)
    assert one.text == "I paid for the tour and fell ill. Refund?"
    assert (
        split("The tour was nice. What now?", lambda left, right: left != right)[0].text != one.text
    )


def test_a_question_in_the_middle_is_no_bare_name() -> None:
    """Nobody is asked what they would like to know who have just said it."""
    assert not bare("I get E-204, what does that mean")
    assert bare("tour prices")
    assert not bare("no tour prices")
    assert points_at("The case is cracked, should I bring it?") is None
    assert points_at("Please reset it") == "it"


def _selected(asked: str, article: str, query: str = "") -> list[Selection]:
    ask = Ask(id="a1", text=asked, query=query or asked, intent=None)
    passage = Passage("c1", "Visit", article, source="visit")
    return Selector(HashEncoder()).select(ask, [passage], set())
