"""A wish for any answer at all is no ask of its own; the items of a list are."""

import pytest

from graph.minds.local.planning.asks import split
from graph.text.requests import is_polite


def _asks(text: str) -> list[str]:
    return [one.text for one in split(text, lambda _one, _other: False)]


@pytest.mark.parametrize(
    "text",
    [
        "Would you be able to assist?",
        "Could you please advise me?",
        "Does anybody know?",
        "My team has a question, could you help them?",
        "Kindly get back to us at your earliest convenience.",
        "What else could we try?",
        "Please let us know as soon as possible.",
    ],
)
def test_a_wish_for_any_answer_names_no_matter(text: str) -> None:
    """It is dropped beside what is really asked."""
    assert is_polite(text)
    assert _asks(f"{text} How do I paint the fence?") == ["How do I paint the fence?"]


@pytest.mark.parametrize(
    "text",
    [
        "When will you answer?",
        "Is there a problem today?",
        "Can I ask a question?",
        "Can you check the fence?",
        "Who will help us?",
    ],
)
def test_a_wish_that_names_a_matter_is_asked(text: str) -> None:
    """When, who and what of are more than a wish for an answer."""
    assert not is_polite(text)


@pytest.mark.parametrize(
    "text",
    [
        "Can my colleagues see my answers?",
        "Can customers answer the questions?",
        "Do you reply to emails?",
        "Is it possible to get a message back?",
        "Could you get my email back?",
    ],
)
def test_what_others_may_and_what_is_lost_is_asked(text: str) -> None:
    """Though no word in it is one that a mere wish for an answer could not have."""
    assert _asks(f"How do I paint the fence? {text}")[1:] == [text]


def test_a_cover_note_of_two_sentences_is_no_subject() -> None:
    """What it passes on is the one ask."""
    note = "Ada asks the below and I don't know. Could you answer?"
    asked = "How do I paint the fence behind the old barn?"
    assert _asks(f"{note}\n\n{asked}") == [asked]


def test_the_items_of_a_list_are_asks_alike() -> None:
    """Each stands by itself, and none is lost because it only names a thing."""
    assert _asks("1. Reset the gate\n2. copies of bills") == ["Reset the gate", "copies of bills"]
    assert _asks("Could you please:\n- send the key\n- new colour for the fence") == [
        "send the key",
        "new colour for the fence",
    ]
    found = split("a) where is the boat b) how do I row", lambda _one, _other: False)
    assert [one.context for one in found] == [(), ()]


def test_what_was_tried_is_not_asked() -> None:
    """A list of deeds that were done has no wishes."""
    assert "New paint" not in _asks("We tried:\n- remove the lid\n- New paint\nHow do I open it?")


@pytest.mark.parametrize(
    "lead", ["To reproduce:", "Steps:", "What I did:", "This is what we have:"]
)
def test_the_steps_of_a_fault_are_not_asked(lead: str) -> None:
    """One of them begins as a wish does, and the others ask for nothing because of it."""
    found = _asks(f"{lead}\n1. Pull out the oars\n2. Send a signal\nHow do I row back?")
    assert not any("oars" in one for one in found)
