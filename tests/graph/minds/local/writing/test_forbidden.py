"""What cannot be done is said first, and a note opens no answer to another matter."""

import pytest

from graph.minds.local.writing.parts import Selection
from graph.minds.local.writing.scored import Passage
from graph.minds.local.writing.selection import Selector
from graph.minds.local.writing.statements import forbids
from graph.state import Ask
from graph.text.words import content_words
from memory.encoder.encoder import HashEncoder

BERTHS = """Book a berth:

1. Open Harbour > Berths.
2. Choose the kind of berth:
   - Note: It is not possible to switch between kinds of berth later.
3. Pay the deposit.

## Leave early

Note: Keys of a berth that are lost are charged.

Whoever leaves a berth early tells the harbour master, who pays back what is left of the week."""


def test_what_cannot_be_done_comes_before_the_way_to_something_near() -> None:
    """Who wants to switch is told that nobody can, though it stands as a note inside a step."""
    [first, *_] = _selected("I need to switch the kind of berth of our booking", BERTHS)
    assert first.units == ("Note: It is not possible to switch between kinds of berth later.",)
    [first, *_] = _selected("How do I book a berth?", BERTHS)
    assert (first.kind, first.lead) == ("steps", "Book a berth:")


def test_a_note_on_another_matter_opens_no_answer() -> None:
    """Though it is as near, what answers comes first; a note that tells what was asked stays where it is."""
    text = (
        "Note: Unclaimed keys and lamps of a berth are sold in May.\n\n"
        "The harbour gives nothing back for a week that was begun."
    )
    asked = (
        "We were unhappy with our berth, keys and lamps and would like our fee for the week back"
    )
    [first, *_] = _selected(asked, text)
    assert first.units == ("The harbour gives nothing back for a week that was begun.",)
    [first, *_] = _selected("Are keys of a berth that are lost charged?", BERTHS)
    assert first.units == ("Note: Keys of a berth that are lost are charged.",)


@pytest.mark.parametrize(
    ("sentence", "asked", "expected"),
    [
        ("You cannot change your user name.", "how do i change my user name", True),
        ("It's not possible to merge two accounts.", "I want to merge two accounts", True),
        ("There is no way to restore a deleted board.", "restore a deleted board please", True),
        ("You can't cancel an order online.", "how do i cancel an order", False),
        ("You cannot change it while a payment is open.", "how do I change it", False),
        ("If it is locked, you cannot change the name.", "how do I change the name", False),
        ("You cannot wait.", "how long do I wait", False),
        ("Please note that you cannot cancel an order.", "how do I cancel my order", True),
        ("You cannot cancel an order once it has shipped.", "how do I cancel my order", False),
        ("You cannot merge accounts, except by mail.", "how do I merge accounts", False),
        ("In the trial you cannot pause a plan.", "how do I pause my plan", False),
        ("In the trial you cannot pause a plan.", "how do I pause my plan in the trial", True),
        ("Guests: you cannot add a user.", "how do I add a user", False),
        ("A red box means that you cannot open the account.", "how do I open my account", False),
    ],
)
def test_what_forbids_names_no_more_than_what_is_asked(
    sentence: str, asked: str, *, expected: bool
) -> None:
    """Nor does it hold in one case only: then the way to it is told as before."""
    assert forbids(sentence, set(content_words(asked))) is expected


def test_an_exception_in_a_note_comes_behind_the_value() -> None:
    """Though it is nearer; where the article tells no other such value, the note is the answer."""
    text = (
        "A card from the desk is valid for two years.\n\n"
        "> [!NOTE]\n> A harbour card in winter is valid for three years."
    )
    [first, *_] = _selected("How long is a harbour card valid?", text)
    assert first.units[0].endswith("is valid for two years.")
    text = "Cards come at once.\n\nNote: Until it is printed, a berth card is valid for ten days."
    [first, *_] = _selected("How long is a berth card valid until it is printed?", text)
    assert first.units[0].startswith("Note: Until it is printed")


def test_a_note_that_tells_the_rule_itself_is_the_answer() -> None:
    """It names no case beyond what is asked; another figure of the same matter does not come before it."""
    text = (
        "Important: The guarantee is two years.\n\n"
        "To use the guarantee, write to the harbour within 14 days."
    )
    [first, *_] = _selected("How long is the guarantee?", text)
    assert first.units[0] == "Important: The guarantee is two years."


def test_an_item_with_the_value_comes_before_a_list_with_the_name() -> None:
    """A list is as near as its item that alone names what is asked for, be its figure a fraction."""
    text = (
        "Mix:\n- a cup of chalk\n- ½ spoon of soap\n- some rain\n\n"
        "Paint it:\n- take a brush\n- wait 5 minutes"
    )
    [first, *_] = _selected("How much soap is in the paint?", text)
    assert first.units == ("½ spoon of soap",)


def test_what_leads_to_a_list_that_is_lost_is_not_told() -> None:
    """A table whose markup was lost leaves its lead and the name of a column."""
    text = "Choose from the following services for your boat: Name\n\nBoats are washed on Mondays."
    told = [
        unit for one in _selected("Which services are for my boat?", text) for unit in one.units
    ]
    assert told == ["Boats are washed on Mondays."]


def _selected(asked: str, text: str) -> list[Selection]:
    ask = Ask(id="a1", text=asked, query=asked, intent=None)
    passage = Passage("c1", "The harbour", text, source="harbour")
    return Selector(HashEncoder()).select(ask, [passage], set())
