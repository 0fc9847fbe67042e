"""What a sentence wants."""

import pytest

from graph.text.requests import (
    asks_a_way,
    asks_after_a_thing,
    asks_more,
    is_polite,
    opens_a_question,
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Can I get that invoice again with another address?", True),
        ("How do I return order A1?", True),
        ("Is there a way to split A1 in two parcels?", True),
        ("Where is A1?", False),
        ("How can I see whether A1 is paid?", False),
        ("How do I track A1?", False),
        ("Has A1 been paid?", False),
        ("status of A1", False),
    ],
)
def test_a_way_is_not_a_state(text: str, wanted: bool) -> None:
    """A record tells how a thing stands, and not what can be done about it."""
    assert asks_a_way(text) is wanted


@pytest.mark.parametrize(
    ("text", "polite"),
    [
        ("We need some help with this problem please.", True),
        ("I need assistance with this matter.", True),
        ("I would appreciate help solving this.", True),
        ("I need help with my invoices.", False),
        ("This is Bo Lind from Lind AB.", True),
        ("Bo here, of the bakery", True),
        ("I am the Owner.", False),
        ("This is Bo with a broken clock", False),
    ],
)
def test_a_wish_for_help_alone_asks_nothing(text: str, polite: bool) -> None:
    """What was told before it is the ask."""
    assert is_polite(text) is polite


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("Please cancel parcel 4711.", True),
        ("Can you send parcel 4711 to another address?", True),
        ("Parcel 4711 came with a cracked screen.", True),
        ("I need a copy of bill 4711.", True),
        ("Where is parcel 4711?", False),
        ("Has the state of parcel 4711 changed?", False),
        ("Did my replacement leave?", False),
    ],
)
def test_how_a_thing_stands_is_no_answer_to_a_wish_for_more(text: str, more: bool) -> None:
    """What is to be done with it, or is wrong with it, its record does not tell."""
    assert asks_more(text) is more


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("Where is my parcel?", True),
        ("Where is shipment 4711 now?", True),
        ("Has our refund been paid yet?", True),
        ("Where are our invoices?", False),
        ("How do I track my parcel?", False),
        ("Where is the parcel label and how do I print it?", False),
    ],
)
def test_what_is_under_way_is_asked_after(text: str, after: bool) -> None:
    """Where a kind of thing is kept, and how something is done, articles tell."""
    assert asks_after_a_thing(text) is after


def test_what_begins_with_a_denial_asks_nothing() -> None:
    """Unless it goes on with its subject."""
    assert not opens_a_question("Can't open the gate, forgot my code")
    assert not opens_a_question("cannot open the gate")
    assert opens_a_question("Can't I open the gate from home")


def test_a_question_is_asked_whatever_it_begins_with() -> None:
    """A closing word or thanks before it makes it no courtesy."""
    assert not is_polite("Kind regards aside, where do I see who changed my hours yesterday?")
    assert not is_polite("Cheers where do I see who changed my hours yesterday?")
    assert is_polite("Could you please look into this for me?")


@pytest.mark.parametrize(
    ("text", "polite"),
    [
        ("Can you answer my colleague please?", True),
        ("Please help Ida with this.", True),
        ("Could somebody look into it for her?", True),
        ("Can you help me with the wall bracket?", False),
        ("Could you look at the blue lamp?", False),
        ("Please sort the list by name.", False),
        ("Please reply to Ida.", True),
        ("Can you help me with Excel?", False),
        ("Please deal with Refunds.", False),
        ("Help with Two Factor Login please", False),
    ],
)
def test_a_cover_note_asks_no_more_than_the_mail_that_it_passes_on(text: str, polite: bool) -> None:
    """It names who wrote, or points below; what names a matter asks about that."""
    assert is_polite(text) is polite
