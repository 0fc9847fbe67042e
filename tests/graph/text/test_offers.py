"""Whether an article names the thing, or the other person, that an ask is about."""

import pytest

from graph.text.offers import names_a_thing, unnamed, unpriced

BOATS = (
    "Hire a boat. We rent rowing boats and canoes. A family pays less, and an adult must be aboard."
)


@pytest.mark.parametrize(
    "asked",
    [
        "Do you rent surfboards?",
        "hello, do you also have any fishing rods",
        "The boat is small. Can I get a parasol for it?",
        "Can we book some karaoke on board?",
        "Is there parking at the landing stage?",
        "Does the boathouse have lockers?",
    ],
)
def test_a_thing_that_is_not_named_is_not_offered(asked: str) -> None:
    """What is told of other things does not answer, however near it is."""
    assert unnamed(asked, BOATS)


@pytest.mark.parametrize(
    "asked",
    [
        "Do you rent canoes?",
        "Do you need my passport?",
        "How do you clean parasols?",
        "Do you collect the dinghies at night?",
        "Can I get more information?",
        "Is there a way to pay later?",
        "Is there a minimum age?",
        "Is there a quicker crossing?",
        "Are there opening hours on Sunday?",
        "Is there anything I should bring?",
        "Can I get it back?",
        "Do you deliver internationally?",
        "Do you ship worldwide?",
        "",
    ],
)
def test_what_asks_for_no_further_thing(asked: str) -> None:
    """A thing that is named, nothing, one of the customer's own, and a way decide nothing."""
    assert not unnamed(asked, BOATS)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("Is there a lift?", "An elevator takes you to the jetty."),
        ("Do you give any warranties on them?", "We give a guarantee of two years on each canoe."),
        ("Do you have nappies?", "Diapers are in the drawer."),
        ("Is there a cash machine?", "An ATM stands beside the jetty."),
        ("Do you accept Amex?", "Visa and American Express are welcome."),
    ],
)
def test_a_thing_by_another_name_is_named(asked: str, told: str) -> None:
    """What is called otherwise, or written out, is what was asked for; what is merely like it is not."""
    assert not unnamed(asked, told)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("Is there a lift?", "The stairs take you to the jetty."),
        ("Do you rent kayaks?", "We rent canoes."),
        ("Do you serve tea?", "Coffee is served on board."),
        ("Do you accept Amex?", "Visa and Master Card are welcome."),
        ("Is there a spa?", "The canoes lie behind the Sports Arena."),
        ("Do you serve tea?", "Open the Team Account to book."),
    ],
)
def test_a_thing_of_the_same_kind_is_another(asked: str, told: str) -> None:
    """Stairs are no lift."""
    assert unnamed(asked, told)


def test_what_another_person_may_do_is_told_by_what_names_others() -> None:
    """The way to cancel does not say who else may."""
    assert unnamed(
        "Can my sister cancel the trip for me?", "Cancel a trip under My trips > Cancel."
    )
    assert not unnamed("Can my sister steer?", BOATS)
    assert not unnamed("Where can my sister steer?", BOATS)
    assert unnamed("So can my sister steer?", "Steer your boat with the tiller.") == "sister"
    assert not unnamed("Where can my sister steer?", "Steer your boat with the tiller.")
    assert not unnamed("Can my landlord pay?", "Your landlord may pay by invoice.")
    assert not unnamed("Can my boat stay overnight?", "Cancel a trip under My trips > Cancel.")


@pytest.mark.parametrize(
    ("asked", "told", "missing"),
    [
        ("What is the pricing of night mooring?", "A season ticket comes with a plan.", True),
        ("How much are life jackets?", "Life jackets hang in the hall.", True),
        ("How much are life jackets?", "Life jackets are included.", False),
        ("What does a canoe cost?", "A canoe is 14 EUR an hour.", False),
        ("What are your rates for canoes?", "The price of a canoe depends on its length.", False),
        ("How much is it?", "The price is on the door.", False),
        ("What is the rate for canoes?", "Canoes are 45p a minute.", False),
        ("What are your opening hours?", "We open at nine.", False),
        ("How much is a canoe?", "A canoe is forty euros a day.", False),
        ("How much is a towel?", "Towels are complimentary.", False),
        ("How much is the late fee?", "Late returns are billed in full.", False),
        ("How much is left on my card?", "The balance is shown in the app.", False),
        ("How much does a canoe carry?", "A canoe takes two people.", False),
        ("How much is a canoe?", "Canoes leave at 9.30.", True),
    ],
)
def test_a_price_is_asked_of_what_tells_one(asked: str, told: str, *, missing: bool) -> None:
    """An article without a sum, that does not speak of the thing's price either, does not answer."""
    assert unpriced(asked, told) is missing


@pytest.mark.parametrize(
    ("asked", "told", "wrong"),
    [
        ("What does the telescope cost?", "A day in the boat costs 55 EUR.", True),
        ("What does the boat cost?", "A day in the boat costs 55 EUR.", False),
        ("How much is a lift?", "The elevator costs 9 EUR.", False),
        ("How much is it?", "A boat costs 9 EUR.", False),
        ("What does the blue boat cost?", "Boats cost 9 EUR.", False),
        ("How much is shipping?", "Delivery costs 4 EUR.", False),
        ("What does membership cost?", "Rowers pay 9 EUR a month.", False),
    ],
)
def test_the_price_of_another_thing_is_no_answer(asked: str, told: str, wrong: bool) -> None:
    """Though it is a price; what is named otherwise is the same thing."""
    assert unpriced(asked, told) is wrong


@pytest.mark.parametrize(
    ("asked", "missing"),
    [
        ("How do I connect the boathouse with Rowmaster?", True),
        ("Can I import members from Oarlist?", True),
        ("How do I connect it with Wavecal?", False),
        ("Can we pay with Visa?", False),
        ("Can I import members from CSV?", False),
        ("Please connect me with Anna.", False),
        ("I log in with Chrome, and it fails", False),
        ("Can I log in from Malta?", False),
        ("How do I connect the beacon via Bluetooth?", False),
        ("Can I sync the log from my Android?", False),
    ],
)
def test_what_is_connected_has_to_be_named(asked: str, missing: bool) -> None:
    """The way to connect one program is none for another."""
    found = unnamed(asked, "Connect the boathouse with Wavecal. Members pay by card.")
    assert bool(found) is missing


@pytest.mark.parametrize("asked", ["Can we have both?", "Can I get one?"])
def test_what_stands_for_a_thing_is_none(asked: str) -> None:
    """What it stands for was told before: an article that lacks the word may name that."""
    assert not names_a_thing(asked)
    assert not unnamed(asked, "Lamps and shades are sold together.")
