"""What ends a letter, as an offer of more or a hope for Friday, is no ask; who wants something of it, asks."""

import pytest

from graph.minds.local.planning.asks import split
from graph.text.requests import TOLD, is_polite, strength


def _asks(text: str) -> list[str]:
    return [one.text for one in split(text, lambda _one, _other: True)]


@pytest.mark.parametrize(
    "text",
    [
        "Let me know if you need more information.",
        "Please tell me whether you require anything else.",
        "Let me know what you need from me.",
        "Could you reply by Thursday?",
        "Please confirm.",
        "I would need this sorted before the weekend.",
        "I looked on the website but didn't find anything.",
        "Please excuse the typos.",
    ],
)
def test_what_ends_a_letter_is_no_ask_of_its_own(text: str) -> None:
    """An answer to it would be about nothing, and without one the whole letter went to a person."""
    assert _asks(f"How do I paint the fence? {text}") == ["How do I paint the fence?"]


@pytest.mark.parametrize(
    "text",
    [
        "Let me know what you need for the repair.",
        "Please confirm my booking.",
        "I want one of the two fences back.",
        "I searched the page and saw no button to print.",
    ],
)
def test_what_names_a_matter_is_no_courtesy(text: str) -> None:
    """Its words are nearly the same."""
    assert not is_polite(text)


def test_what_somebody_may_need_to_look_is_no_request() -> None:
    """What comes "if you need to" is the reader's need, not the writer's."""
    assert strength("The gate code is 1234 if you need to get in.") < TOLD


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("We want to take the boat to Norway. What do we need?", 1),
        ("I would like to end the lease in March. What do I have to pay?", 1),
        ("Please end the lease. When do you open?", 2),
        ("I'd like to join. Do you rent sails?", 2),
    ],
)
def test_what_a_wish_takes_is_asked_of_the_wish(text: str, asks: int) -> None:
    """A question that names nothing asks about what was wished right before it."""
    assert len(_asks(text)) == asks
