"""The form of an answer is the one that was asked for."""

import numpy as np
import pytest

from graph.minds.local.writing.asked import form_of
from graph.minds.local.writing.narrowing import narrowed, whole_thought
from graph.minds.local.writing.parts import Selection, distinct
from graph.minds.local.writing.scored import Passage
from graph.minds.local.writing.selection import Selector
from graph.minds.local.writing.statements import excepts, instructs
from graph.minds.local.writing.yes_no import opening
from graph.state import Ask
from graph.text.passages import blocks
from memory.encoder.encoder import HashEncoder
from memory.sentences import sentences

FEES = """| Size | Price | Term |
| --- | --- | --- |
| Small locker | 4 euros | 12 days |
| Large locker | 15 euros | 3 days |
| Bike box | 9 euros | 30 days |"""
EXCLUDED = """## What we do not replace

- Batteries that are worn out;
- Cases with scratches;
- Cables."""


@pytest.mark.parametrize(
    ("asked", "form"),
    [
        ("How do I rent a locker?", "how"),
        ("Where can I see what I paid?", "how"),
        ("How long does it take?", "value"),
        ("What does a large locker cost?", "value"),
        ("Can I bring my dog?", "yes_no"),
        ("My locker smells.", "open"),
        ("Do I need to book a locker?", "yes_no"),
        ("Are umbrellas allowed?", "yes_no"),
        ("If I lose the key do I pay for a new one?", "yes_no"),
    ],
)
def test_the_form_of_an_ask(asked: str, form: str) -> None:
    """A way, a value, a yes or no, or anything else."""
    assert form_of(asked) == form


@pytest.mark.parametrize(
    ("asked", "sentence", "said"),
    [
        ("Can I exchange a voucher for money?", "A voucher cannot be exchanged for money.", "No."),
        ("Can I pass on my voucher?", "You can pass on a voucher to anybody.", "Yes."),
        ("Can I pass on my voucher?", "You can pass on a voucher only within a week.", ""),
        ("Can I pass on my voucher?", "Vouchers are valid for two years.", ""),
        ("How do I pass on my voucher?", "You can pass on a voucher to anybody.", ""),
        ("Can I not pass on a voucher?", "A voucher cannot be passed on.", ""),
    ],
)
def test_yes_and_no_are_said_where_the_sentence_alone_settles_it(
    asked: str, sentence: str, said: str
) -> None:
    """A condition, another matter or a question that is turned round is left to the sentence."""
    assert opening(asked, sentence) == said


def test_the_named_row_is_told_with_key_and_header() -> None:
    """And no other; a column that was named as well is told alone."""
    [table] = blocks(FEES, "Lockers")
    scores = np.zeros(3)
    row = narrowed(table, scores, "What about a large one?", "value")
    assert row.units == ("Large locker – Price: 15 euros; Term: 3 days.",)


def test_the_row_with_the_code_that_was_asked_about_is_told_alone() -> None:
    """Its neighbours are nearer in meaning than in fact."""
    rows = "\n".join(f"| F-0{n} | part {n} is loose | turn screw {n} |" for n in range(11, 17))
    [table] = blocks(f"| Code | Meaning | Do |\n| --- | --- | --- |\n{rows}", "Codes")
    found = narrowed(table, np.arange(6.0, 0.0, -1.0), "It shows f-014, what now?", "value")
    assert found.units == ("F-014 – Meaning: part 14 is loose; Do: turn screw 14.",)


def test_one_item_of_an_exclusion_list_keeps_its_heading() -> None:
    """Its "not" is never left behind."""
    [listed] = blocks(EXCLUDED, "Warranty")
    found = narrowed(listed, np.array([0.2, 0.7, 0.1]), "Do you replace scratches?", "yes_no")
    assert (found.lead, found.units) == ("What we do not replace:", ("Cases with scratches.",))
    whole = narrowed(listed, np.array([0.2, 0.7, 0.1]), "How do I get it replaced?", "how")
    assert len(whole.units) == len(listed.units)


def test_what_a_lead_says_besides_may_be_told_alone_and_is_told_once() -> None:
    """The sentence that introduces the list stands with it; told elsewhere, all of the lead does."""
    said = "Lockers cost 2 euros a day. Members get one free. For groups it is less:"
    text, listed = blocks(f"{said}\n\n- six people: 9 euros\n- ten people: 12 euros")
    assert text.units == ("Lockers cost 2 euros a day.", "Members get one free.")
    above = Selection("text", "1", "", text.units)
    below = Selection("bullets", "1", listed.lead, listed.units)
    other = Selection("text", "1", "", ("We open at nine.",))
    assert distinct([above, below])[1].lead == "For groups it is less:"
    assert distinct([other, below])[1].lead == said


def test_what_leads_in_two_paragraphs_is_told_once() -> None:
    """A table and a list below one heading have the same; of another article it is told again."""
    table = Selection("table", "c1", "What a loan costs:", ("Boats – 4 EUR",))
    below = Selection("bullets", "c1", "What a loan costs:", ("We take it in advance.",))
    assert distinct([table, below])[1].lead == ""
    other = Selection("bullets", "c2", "What a loan costs:", ("We take it in advance.",))
    assert distinct([table, other])[1].lead == other.lead


def test_a_sentence_that_points_back_brings_the_one_before() -> None:
    """The subject is not lost."""
    assert whole_thought(("It ends at noon.",), "The sale begins on Monday.") == (
        "The sale begins on Monday.",
        "It ends at noon.",
    )
    assert whole_thought(("The sale ends.",), "We are open.") == ("The sale ends.",)
    assert whole_thought(("It ends at noon.",), "Snow may delay it.") == ("It ends at noon.",)


def test_an_instruction_in_prose_is_a_way() -> None:
    """Not every way is a list."""
    assert instructs("Go to Lockers and press Rent.")
    assert instructs("At Settings > Lockers choose one.")
    assert not instructs("A locker is a box.")


PLANS = """| Plan | Phone | First reply |
|---|---|---|
| Small | no | two days |
| Large | yes | two hours |
"""


def _selected(ask: str, query: str, text: str) -> list[tuple[str, ...]]:
    asked = Ask(id="a", text=ask, query=query, intent=None)
    passage = Passage("p", "Help", text, source="help")
    return [one.units for one in Selector(HashEncoder()).select(asked, [passage], set())]


def test_what_was_told_names_the_row_where_the_ask_does_not() -> None:
    """The other plans' rows would be no answer to who is on this one."""
    (units,) = _selected("Is there a phone?", "We are on Large. Is there a phone?", PLANS)
    assert units == ("Large – Phone: yes; First reply: two hours.",)


def test_each_question_of_an_ask_is_answered() -> None:
    """One search serves both; the second question's paragraph is not left out as too far away."""
    text = (
        "Pay the open invoice under Billing with another card.\n\n"
        "Coffee is served on the first floor, and cakes are baked there every single morning.\n\n"
        "Accounts stay unlocked for 21 days while money is owed."
    )
    ask = "How do I pay the open invoice with another card? Are accounts unlocked meanwhile?"
    said = " ".join(unit for units in _selected(ask, ask, text) for unit in units)
    assert "another card" in said
    assert "21 days" in said


BERTHS = """| Berth | Harbour | Metres | Power |
| --- | --- | --- | --- |
| Gull | North Quay | 9 | yes |
| Tern | North Quay | 6 | no |
| Coot | Old Basin | 9 | yes |
"""


@pytest.mark.parametrize(
    ("asked", "berths"),
    [
        ("Which berth do you have at Old Basin?", ["Coot"]),
        ("Where do boats of six metres lie at North Quay?", ["Tern"]),
        ("Which berth takes nine metres at Old Basin, with power?", ["Coot"]),
        ("What does Gull offer, not Old Basin?", ["Gull"]),
        ("Which berths are there?", ["Gull", "Tern", "Coot"]),
    ],
)
def test_rows_are_chosen_by_the_values_that_the_ask_names(asked: str, berths: list[str]) -> None:
    """Most of them together; a named key comes first, and without either a short table is whole."""
    [table] = blocks(BERTHS, "Berths")
    assert [row.key for row in narrowed(table, np.zeros(3), asked, "value").rows] == berths


BOOKING = """The booking of a boat trip can be altered while the gate shows Open.

{exception}
"""


@pytest.mark.parametrize(
    ("asked", "exception", "first"),
    [
        (
            "Can I still alter the booking of my boat trip?",
            "Once the boat trip has sailed, the booking of it cannot be altered.",
            "The booking of a boat trip can be altered while the gate shows Open.",
        ),
        (
            "The boat trip has sailed. Can I still alter the booking?",
            "Once the boat trip has sailed, the booking of it cannot be altered.",
            "Once the boat trip has sailed, the booking of it cannot be altered.",
        ),
    ],
)
def test_what_is_possible_comes_before_when_it_is_not(
    asked: str, exception: str, first: str
) -> None:
    """Unless the ask is about just that case."""
    units = _selected(asked, asked, BOOKING.format(exception=exception))
    assert units[0][0] == first


@pytest.mark.parametrize(
    ("lead", "sentence", "excepted"),
    [
        ("", "If the boat has sailed, it cannot be altered.", "If the boat has sailed, it "),
        ("We do not take:", "Boats with a mast.", "Boats with a mast."),
        ("", "A booking cannot be altered.", ""),
        ("We take:", "Boats with a mast.", ""),
    ],
)
def test_an_exception_has_a_condition_or_stands_below_what_denies_it(
    lead: str, sentence: str, excepted: str
) -> None:
    """A plain "cannot" is the answer itself."""
    assert excepts(lead, sentence) == excepted


def test_a_way_through_menus_is_one_sentence() -> None:
    """The dots of an open menu end none; a quoted line does begin one."""
    way = "Week > ... > Withdraw takes the plan back. Nobody sees it."
    assert [one.text for one in sentences(way)] == [
        "Week > ... > Withdraw takes the plan back.",
        "Nobody sees it.",
    ]
    assert len(sentences("It is done.\n> When is it done?")) == len(["answer", "quotation"])


UNDONE = (
    "A booking that was cancelled may be taken back until the boat sails.\n\n"
    "To cancel a booking:\n\n1. Open Bookings.\n2. Select Cancel booking.\n"
)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("I cancelled my booking. Can a cancelled booking be undone?", False),
        ("How do I cancel a booking?", True),
    ],
)
def test_who_wants_to_undo_is_not_told_how_to_do(asked: str, told: bool) -> None:
    """The steps of the same article are near, and lead the wrong way."""
    units = [unit for each in _selected(asked, asked, UNDONE) for unit in each]
    assert ("Select Cancel booking." in units) is told


FARES = """| | Deck | Cabin |
|---|---|---|
| One way | £14 | £60 |
| Luggage, dogs, bicycles | yes | yes |
| Guests | up to 40 | up to 4 |
"""


def test_a_row_without_a_sum_is_no_price() -> None:
    """However near its words are: "yes" and "up to 40" tell nobody what something costs."""
    [table] = blocks(FARES, "Fares")
    scores = np.array([0.1, 0.9, 0.8])
    found = narrowed(table, scores, "How much is a deck place for dogs and guests?", "value")
    assert [row.key for row in found.rows] == ["One way"]
