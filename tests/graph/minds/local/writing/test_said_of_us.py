"""What a reply says in the words of a heading, a question or a wish that nobody asked."""

import pytest

from graph.facts.rule import harmed_claims
from graph.minds.local.planning.referring import points_back
from graph.minds.local.writing.nearness import WISHING
from graph.minds.local.writing.statements import unanswered
from graph.minds.local.writing.values import opening_by_figure
from graph.minds.local.writing.yes_no import opening_by_case
from graph.state import Claim
from graph.text.deeds import deeds, told
from graph.text.offers import unnamed
from graph.text.requests import PROBLEM
from graph.text.words import content_words
from tests.graph.found import evidence_of
from tests.graph.minds.local.writing.test_settling import _selected


def test_an_answer_to_another_question_keeps_its_question_where_it_says_nothing_alone() -> None:
    """A mere "at no charge, until noon" lacks what it is said of."""
    text = "## Can I move my seat?\n\nYes, at no charge, until noon.\n\n## Which seat is mine?\n\nThe seat stands on your card."
    told_ = _selected("Where does it say which seat is mine, and can my seat be moved?", text)
    for one in told_:
        assert not one.units[0].startswith("At no charge")
    assert unanswered("Yes: a seat is kept for you.") == "A seat is kept for you."


def test_a_heading_that_begins_as_any_wish_is_not_named_by_it() -> None:
    """A wish stands in most letters."""
    text = "## I want to give a seat back\n\nGive the seat back until noon.\n\n## Sitting elsewhere\n\nAsk the guard for another place."
    [first, *_] = _selected("I want to sit elsewhere", text)
    assert first.units == ("Ask the guard for another place.",)
    assert set(content_words("want wish")) == WISHING


def test_a_sentence_that_points_at_its_heading_is_led_in_by_it() -> None:
    """That it works until noon says nothing without it."""
    text = "## Giving a seat back\n\nThat works until noon. Ask the guard."
    [first, *_] = _selected("Can I give my seat back?", text)
    assert first.lead == "Giving a seat back:"


@pytest.mark.parametrize(
    ("told_", "said"),
    [
        ("I'm 17. Can I rent a kayak?", "No."),
        ("I'm 19. Can I rent a kayak?", ""),
        ("Can I rent a kayak?", ""),
    ],
)
def test_who_is_too_young_is_told_no(told_: str, said: str) -> None:
    """Yes is not said: there may be more that is needed."""
    sentence = "You need a card that you have had for at least two weeks and must be 18 or older."
    assert opening_by_figure("Can I rent a kayak?", told_, sentence) == said


def test_what_we_sell_is_no_deed_of_the_customers() -> None:
    """An article tells of it by the thing; and a swap is told of as a change, too."""
    assert deeds("Do you sell ropes?") == frozenset()
    assert deeds("Can I sell my ropes?") == {"sell"}
    assert deeds("How do I swap my rope?") <= told("Change to another rope")
    assert not deeds("How do I exchange my rope?") <= told("Change to another rope")


def test_to_keep_something_is_no_trouble() -> None:
    """To keep failing is, and so is what keeps somebody out."""
    assert not PROBLEM.search("I want to keep the boat")
    assert not PROBLEM.search("How long does it keep?")
    assert PROBLEM.search("It keeps crashing")
    assert PROBLEM.search("It keeps me out")


def test_his_points_at_somebody_who_was_named() -> None:
    """As her does."""
    assert all(points_back(f"How do I stop {one} card?") for one in ("his", "her"))


@pytest.mark.parametrize(
    ("told_", "said"),
    [
        ("Your crew has loaded my boat. Can I still change the day?", "No."),
        ("Your crew has not loaded my boat. Can I still change the day?", ""),
        ("My boat is blue. Can I still change the day?", ""),
    ],
)
def test_a_case_that_was_told_is_denied_first(told_: str, said: str) -> None:
    """Only where the customer tells all of it, and denies nothing."""
    sentence = "Once your boat is loaded, this is no longer possible."
    assert opening_by_case("Can I still change the day?", told_, sentence) == said


def test_what_cannot_be_done_in_one_case_does_not_hide_the_way() -> None:
    """The way is told first, to who asks for it."""
    text = "Once the boat is loaded, the day of the boat cannot be changed.\n\nTo change the day, open My boats."
    [first, *_] = _selected("How do I change the day of the boat?", text)
    assert first.units == ("To change the day, open My boats.",)


def test_freezing_is_told_of_by_what_is_frozen() -> None:
    """And a thing is named by a part of a joined word."""
    assert deeds("Can I freeze the soup?") <= told("Which soups can be frozen?")
    assert not unnamed("Do you do nut free?", "Nut-free soups are marked.")
    assert unnamed("Do you do nut free?", "Milk-free soups are marked.")


def test_an_answer_without_its_no_loses_no_negation() -> None:
    """That "no" denied the question above it."""
    text = "## Do you have boats for one?\n\nNo, the smallest boat has two seats."
    claim = "The smallest boat has two seats."
    claims: list[Claim] = [{"text": claim, "ask_id": "a", "evidence": ["1"]}]
    assert not harmed_claims(claim, claims, {"1": evidence_of("1", text, title="Boats")})
