"""What was asked for comes first: the stage, the labelled item, the time, the end of something."""

import pytest

from graph.minds.local.writing.parts import Selection
from graph.minds.local.writing.scored import Passage
from graph.minds.local.writing.selection import Selector
from graph.minds.local.writing.values import asks_a_kind, holds_a_value, opening_by_figure
from graph.minds.local.writing.yes_no import opening_of_a_cell
from graph.state import Ask
from graph.text.passages import blocks
from memory.encoder.encoder import HashEncoder

COURSE = """## Works on a new suit

1. Fitting. You try the suit on, which takes an hour.
2. Sewing. The tailor works on it for two weeks.
3. Delivery. A courier brings the suit within three days."""
LAMP = """## What the lamp shows

- White: ready
- Red, blinking: the tank is empty
- Green: brewing"""
SOAKING = """## Soaking

Choose a programme that soaks the laundry overnight.

1. Go to Programmes > Soak.
2. Select Save.

## Quick

The laundry is washed at once. This programme never soaks the laundry."""
MARKET = """## Stalls

The stalls of the market on the square are run by the club.

The stalls of the market are run on Saturdays."""
PLANS = """| Plan | Price | Sauna | Guests allowed |
| --- | --- | --- | --- |
| Basic | 9 euros | no | no |
| Full | 20 euros | yes | yes |"""


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (
            "When is the delivery?",
            ("Delivery. A courier brings the suit within three days.",),
        ),
        ("How do I order a suit?", None),
        ("Is there a delivery?", None),
    ],
)
def test_one_stage_of_a_course_is_told_alone(asked: str, told: tuple[str, ...] | None) -> None:
    """Numbered items that tell what happens are no way that must stay whole; who asks how gets all."""
    [first, *_] = _selected(asked, COURSE)
    assert first.units == (told or blocks(COURSE)[0].units)


def test_how_long_the_whole_takes_is_not_told_by_one_stage() -> None:
    """That it takes something is said of one of them alone."""
    text = "## Moving\n\n1. The address is checked, which takes a day.\n2. A van comes.\n3. The keys are sent."
    [first, *_] = _selected("How long does moving take?", text)
    assert first.units == blocks(text)[0].units


def test_orders_stay_whole_though_no_word_of_a_screen_is_in_them() -> None:
    """One of them alone would be half a way."""
    text = (
        "1. Unscrew the lid.\n2. Rinse the filter under warm water for a minute.\n3. Shake it dry."
    )
    [first, *_] = _selected("How long do I rinse the filter?", text)
    assert first.units == blocks(text)[0].units


def test_the_item_whose_label_is_named_is_told_alone() -> None:
    """The others are about what the customer does not see."""
    [first, *_] = _selected("The lamp is red, what does it mean?", LAMP)
    assert first.units == ("Red, blinking: the tank is empty",)


def test_who_wants_something_to_stop_is_not_told_how_to_start_it() -> None:
    """What says that it does not happen comes first, and the way to it is left out."""
    found = _selected("How do I stop the programme from soaking the laundry overnight?", SOAKING)
    assert "never soaks" in " ".join(found[0].units)
    assert all(one.kind != "steps" for one in found)


def test_a_time_comes_before_what_names_none() -> None:
    """Who asks when gets the sentence with a day, though another one has more of their words."""
    [first, *_] = _selected("When are the stalls of the market on the square run?", MARKET)
    assert "Saturdays" in first.units[0]


@pytest.mark.parametrize(
    ("sentence", "asked", "held"),
    [
        ("It is paid every quarter, in January and April.", "When is it paid?", True),
        ("It takes two to four hours.", "How long does it take?", True),
        ("Two owners may share it.", "How many owners may it have?", True),
        ("There is no charge.", "How much is it?", True),
        ("Owners may share it.", "How many owners may it have?", False),
    ],
)
def test_values_in_words(sentence: str, asked: str, *, held: bool) -> None:
    """A time, a sum or a count needs no digit."""
    assert holds_a_value(sentence, asked) is held


def test_a_when_that_only_says_in_which_case_asks_for_no_time() -> None:
    """The words "When I press it, what happens" ask for no day."""
    assert not asks_a_kind("When I press it, which lamp is lit?")
    assert asks_a_kind("When does the sale begin?")


def test_a_mark_of_a_table_is_said_as_a_customer_would() -> None:
    """Before a thing "no" is put; what is no thing keeps its name and mark."""
    assert blocks(PLANS)[0].units[0] == "Basic – Price: 9 euros; no sauna; Guests allowed: no."


def test_a_turned_table_keeps_its_marks() -> None:
    """Its columns are named by what has a thing, and "no Basic" would say nothing."""
    turned = "| Feature | Basic | Full |\n| --- | --- | --- |\n| Sauna | no | on Mondays |\n| Price | 9 | 20 |"
    assert blocks(turned)[0].units[0] == "Sauna – Basic: no; Full: on Mondays."
    rather = "| Plan | Price | Sauna |\n| --- | --- | --- |\n| Basic | 9 euros | no |\n| Full | 20 euros | on Mondays |"
    assert blocks(rather)[0].units[0] == "Basic – Price: 9 euros; no sauna."


def test_a_cell_that_says_no_answers_with_no() -> None:
    """One cell is left of the row, and it settles the question."""
    turned = "| Feature | Basic | Full | Family |\n| --- | --- | --- | --- |\n| Towels | no | yes | yes |\n| Price | 9 | 20 | 30 |"
    [first, *_] = _selected("Are towels part of Basic?", f"{turned}\n| Hours | 4 | 8 | 8 |")
    assert (first.opening, first.units) == ("No.", ("Towels – Basic: no.",))


@pytest.mark.parametrize(
    "asked", ["Do I lose the towels on Basic?", "Must I pay for towels on Basic?"]
)
def test_a_cell_answers_no_question_that_turns_it_around(asked: str) -> None:
    """Who loses the towels has none: "No." would say that they stay."""
    assert opening_of_a_cell(asked, "Towels – Basic: no.") == ""
    assert opening_of_a_cell("Can I have towels if I am on Basic?", "Towels – Basic: no.") == "No."


def test_how_much_one_can_spend_is_no_price() -> None:
    """The fee is not told in its place."""
    table = "| Card | Yearly fee | Abroad | Limit |\n| --- | --- | --- | --- |\n| Blue | 20 euros | 2 % | 900 euros |\n| Grey | free | 1 % | 200 euros |\n| Red | 9 euros | 3 % | 500 euros |"
    [first, *_] = _selected("How much can I spend with the Grey card?", table)
    assert "200 euros" in first.units[0]
    [first, *_] = _selected("How much is the Grey card?", table)
    assert first.units == ("Grey – Yearly fee: free.",)


def test_how_heavy_asks_for_the_weight() -> None:
    """A table calls by a noun what is asked for by "how"."""
    table = "| | Tent | Tarp | Hut |\n| --- | --- | --- | --- |\n| Weight | 4 kg | 1 kg | 90 kg |\n| Colour | red | blue | red |\n| Price | 90 | 30 | 900 |"
    [first, *_] = _selected("How heavy is the tent?", table)
    assert first.units == ("Weight – Tent: 4 kg.",)


def test_who_stays_after_all_is_not_told_how_to_leave() -> None:
    """What was told before a question of a word or two says that something is to be taken back."""
    text = "## Leave\n\n1. Go to Club.\n2. Select Leave the club.\n\nSelect Stay to be a member of the club again."
    found = _selected(
        "What do I do?", text, "I left the club but want to stay after all. What do I do?"
    )
    assert all(one.kind != "steps" for one in found)


def test_a_passage_of_several_small_sections_is_about_each_of_them() -> None:
    """The first section's heading does not say what the others are about."""
    text = "Tap Add.\n\n### Windows\n\nThe app for Windows only shows the news."
    found = _selected("Does it show news on Windows?", text, heading="iPhone")
    assert found
    assert "Windows" in found[0].units[0]


def _selected(asked: str, article: str, query: str = "", heading: str = "") -> list[Selection]:
    ask = Ask(id="ask-1", text=asked, query=query or asked, intent=None)
    passage = Passage("e-1", "Help", article, heading, "help")
    return Selector(HashEncoder()).select(ask, [passage], set())


HALLS = """| Called off | Fee |
| --- | --- |
| more than 10 days before the party | nothing |
| 10 to 4 days before the party | half of the rent |
| less than 4 days before the party | the whole rent |"""
TICKETS = """| Skaters | With Club Card (9 euros) | With Club Card Gold (30 euros) | At the door |
| --- | --- | --- | --- |
| Skaters of 18 and over | 5 euros | 2 euros | 8 euros |
| Skaters under 18 | 3 euros | 1 euro | 6 euros |"""
RATES = """| Boat | Per hour | Per day | Per week |
| --- | --- | --- | --- |
| Canoe | 7 euros | 30 euros | 90 euros |
| Raft | 9 euros | 40 euros | 99 euros |"""


@pytest.mark.parametrize(
    ("asked", "article", "told"),
    [
        (
            "I called the hall off 6 days before. What is the fee?",
            HALLS,
            "10 to 4 days before the party – Fee: half of the rent.",
        ),
        (
            "What is the fee if we call off the party 2 weeks before?",
            HALLS,
            "more than 10 days before the party – Fee: nothing.",
        ),
        (
            "What is the price for a 16 year old with the Club Card?",
            TICKETS,
            "Skaters under 18 – With Club Card (9 euros): 3 euros.",
        ),
        ("What is the daily rate of a raft?", RATES, "Raft – Per day: 40 euros."),
    ],
)
def test_the_row_within_whose_bounds_a_figure_is(asked: str, article: str, told: str) -> None:
    """A span, an age, a rate by its other name; what stands in brackets is no part of a column's name."""
    assert _selected(asked, article)[0].units == (told,)


COURIERS = """| Courier | Price |
| --- | --- |
| Van (2 to 4 days) | 6 euros |
| Bike (up to 1 day) | 11 euros |
| Ship (10 to 30 days) | 3 euros |
| Skaters under 14 | 1 euro |"""


@pytest.mark.parametrize(
    ("told", "asked", "first"),
    [
        ("I ordered 3 days ago.", "How much is the bike?", "Bike (up to 1 day) – Price: 11 euros."),
        (
            "I need it within 1 day.",
            "What does the ship cost?",
            "Ship (10 to 30 days) – Price: 3 euros.",
        ),
        ("My son is 9 years old.", "How much is the van?", "Van (2 to 4 days) – Price: 6 euros."),
    ],
)
def test_a_row_that_the_ask_names_comes_before_a_figure(told: str, asked: str, first: str) -> None:
    """Figures that were told before it may be about something else."""
    assert _selected(asked, COURIERS, f"{told} {asked}")[0].units == (first,)


def test_a_figure_answers_what_is_needed() -> None:
    """Yes where a version is met, no where any need is not; more needs, a denial and a turn decide nothing."""
    needs = "The reader needs Android 11 or newer."
    assert opening_by_figure("Will it run?", "I have Android 13. Will it run?", needs) == "Yes."
    assert (
        opening_by_figure("Does it run on Android 9?", "Does it run on Android 9?", needs) == "No."
    )
    age = "A team must have at least 7 players."
    assert opening_by_figure("Can we enter?", "We are 5 players. Can we enter?", age) == "No."
    assert not opening_by_figure("Can we enter?", "We are 9 players. Can we enter?", age)
    assert not opening_by_figure("What is needed?", "I have Android 9. What is needed?", needs)
    assert not opening_by_figure("Do I need Android 13?", "Do I need Android 13?", needs)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("Can we come with 3 canoes?", "Parties of 6 or more canoes need a guide."),
        ("Can I take a kayak of 20 kg?", "Kayaks over 30 kg require a second strap."),
        (
            "Can I rent one? I have had a licence for 4 years.",
            "Skippers of under 2 years need a deposit.",
        ),
        ("Is the map broken on Android 14?", "The map needs Android 11 or newer."),
        ("Can I print the map on Android 14?", "The map needs Android 11 or newer."),
        ("Should I update Android 12?", "The map requires Android 11 or newer."),
        ("I waited 2 days. Is my deposit on its way?", "A transfer needs at least 4 days."),
        ("Is it too late to cancel 2 days before?", "You need to cancel at least 5 days before."),
        ("We stay 1 night, is that possible?", "At least 2 nights are required at weekends."),
    ],
)
def test_a_figure_settles_nothing_else(asked: str, told: str) -> None:
    """Nor does what only some need, or need in some cases; nor is a cost, a trouble or an order to do it asked about."""
    assert opening_by_figure(asked, asked, told) == ""


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("Can my 9 year old ride the big wheel?", "Under 12s."),
        ("Can I ride the big wheel? I weigh 150 kg.", "People of more than 120 kg."),
    ],
)
def test_who_is_shut_out_is_told_so(asked: str, told: str) -> None:
    """A list of whom something is not for comes first where an age or a figure is within one of its bounds."""
    wheel = "The big wheel takes two riders a car, and a ride on the big wheel lasts ten minutes."
    out = "## Who cannot ride\n\n- Under 12s;\n- People of more than 120 kg;\n- People with a plaster cast."
    [first, *_] = _selected(asked, f"{wheel}\n\n{out}")
    assert (first.lead, first.units) == ("Who cannot ride:", (told,))
