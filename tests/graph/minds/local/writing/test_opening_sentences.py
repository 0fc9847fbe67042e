"""How a reply begins: with yes or no, with the rule and not its exception, with a whole thought."""

import pytest

from graph.minds.local.writing.parts import Selection
from graph.minds.local.writing.scored import Passage
from graph.minds.local.writing.selection import Selector
from graph.minds.local.writing.values import holds_a_value
from graph.minds.local.writing.writer import _paragraph
from graph.minds.local.writing.yes_no import opening, settled_at
from graph.state import Ask
from graph.text.passages import blocks
from memory.encoder.encoder import HashEncoder


def _selected(asked: str, article: str) -> list[Selection]:
    ask = Ask(id="ask-1", text=asked, query=asked, intent=None)
    passage = Passage("e-1", "Help", article, "", "help")
    return Selector(HashEncoder()).select(ask, [passage], set())


@pytest.mark.parametrize(
    ("asked", "sentence", "above", "said"),
    [
        ("Can I lend a locker key to a friend?", "It is not possible to lend it to another person.", "Lend a locker key", "No."),
        ("Can I lend a locker key to a friend?", "It is not possible to lend it at night.", "Lend a locker key", ""),
        ("Can I swap a broken lamp?", "Broken lamps are excluded from any swap.", "", "No."),
        ("Can I swap a red lamp for cash?", "You can swap a lamp.", "Swap a red lamp", ""),
        ("Can child members bring a friend?", "Adult members can bring a friend.", "", ""),
        ("Can child members bring a friend?", "Child members can bring a friend.", "", "Yes."),
    ],
)  # fmt: skip
def test_a_no_may_lean_on_the_title_and_a_yes_may_not(
    asked: str, sentence: str, above: str, said: str
) -> None:
    """What "it" is stands in the title; another person is each of them; what is excluded is denied."""
    assert opening(asked, sentence, above) == said


@pytest.mark.parametrize(
    ("asked", "sentence", "above"),
    [
        ("Is fishing prohibited in the marina?", "Fishing is prohibited in the marina.", ""),
        ("Is fishing banned at the pier?", "Fishing at the pier is forbidden.", "Bans"),
        ("Is the glaze non-toxic?", "The glaze is non-toxic.", ""),
        ("Is the kiosk open on Monday?", "The kiosk is non-stop open on Monday.", ""),
        ("Are pupils exempt from the fee?", "Pupils are exempt from the fee.", ""),
        ("Can I collect my canoe?", "A canoe cannot be collected by anyone else.", ""),
        ("Can I add a card to my locker?", "You cannot add another card to a locker.", ""),
        ("Can I book a berth?", "You cannot book a berth for other people.", ""),
        ("Can I share my photos?", "Photos cannot be shared with other people.", ""),
        ("Can I rename my berth?", "Crew cannot rename it.", "Rename a berth"),
        ("Can I moor a raft?", "You cannot moor a raft, unmanned.", ""),
        ("Can I moor a raft?", "You cannot moor a raft or canoe using the app.", ""),
        ("Can I rename files?", "Files cannot be renamed or moved outside folders.", ""),
        ("Can I export data?", "You cannot export data, skippers can.", ""),
        ("Can I cancel the season pass?", "A trial pass cannot be cancelled.", "Season"),
    ],
)
def test_a_no_that_is_said_of_something_else_begins_no_reply(
    asked: str, sentence: str, above: str
) -> None:
    """What affirms a ban is a yes, and what others or other things may not is none of the asker's."""
    assert opening(asked, sentence, above) == ""


def test_what_tells_more_of_the_question_comes_before_the_rule() -> None:
    """The first sentence is about lamps, the second one about broken lamps."""
    told = ("Lamps are swapped within a week.", "Broken lamps are excluded from any swap.")
    assert settled_at("Can I swap a broken lamp?", told) == 1
    assert settled_at("Can I swap a lamp?", told) == 0


def test_an_exception_that_the_customers_figure_is_out_of_comes_behind_the_rule() -> None:
    """Who cancels after two weeks is not whom "after the first 40 days" is about."""
    article = (
        "| Plan | Refund |\n| --- | --- |\n| Yearly plan | within 40 days |\n| Pass | never |\n\n"
        "## Not refunded\n\n- A yearly plan that was cancelled after the first 40 days.\n- Lost keys."
    )
    asked = "We cancelled the yearly plan after {}. Is the yearly plan refunded?"
    exception = ("A yearly plan that was cancelled after the first 40 days.",)
    told = [one.units for one in _selected(asked.format("two weeks"), article)]
    assert told == [("Yearly plan – Refund: within 40 days.",), exception]
    assert [one.units for one in _selected(asked.format("eight weeks"), article)] == [exception]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("To all countries of the United North. We send nothing else.", "Where we send: To all countries of the United North."),
        ("To places listed by the post office.", "To places listed by the post office."),
    ],
)  # fmt: skip
def test_a_plural_is_no_verb(text: str, first: str) -> None:
    """What begins in the middle of a sentence goes on from its heading, whatever its nouns end in."""
    [block] = blocks(f"## Where we send\n\n{text}")
    assert block.units[0] == first


@pytest.mark.parametrize(
    ("told", "is_one"),
    [
        ("It costs CHF 40.", True),
        ("You pay 300 kr.", True),
        ("It is twelve euros.", True),
        ("All prices are in euro.", False),
        ("nothing", True),
        ("There is nothing to be done.", False),
    ],
)
def test_a_price_is_whatever_is_read_as_a_sum_of_money(told: str, is_one: bool) -> None:
    """The writer and the readers of amounts have one notion of it."""
    assert holds_a_value(told, "What is the price?") is is_one


def test_each_of_several_things_that_are_denied() -> None:
    """Neither Malta nor Cyprus is not Malta; at night is a case that nobody asked about."""
    told = "We do not sail to Malta or Cyprus."
    assert opening("Do you sail to Malta?", told) == "No."
    for told in (
        "We do not sail to Malta at night.",
        "We do not sail to Malta or Cyprus at night.",
    ):
        assert opening("Do you sail to Malta?", told) == ""


def test_a_no_stands_before_the_list_that_a_figure_misses() -> None:
    """Of what is needed one item is about the customer's phone."""
    article = "## Requirements of the Tern app\n\n- Windows 11 or later\n- Android 12 or later"
    [answer, *_] = _selected("Does the Tern app run on Android 10?", article)
    assert (answer.opening, answer.units) == ("No.", ("Android 12 or later",))
    assert _paragraph(answer, {}) == "No. Requirements of the Tern app:\n- Android 12 or later"


def test_what_goes_on_from_a_price_is_told_with_it() -> None:
    """Free at first is half of the truth."""
    article = "You can cancel a trip free of charge until May.\n\nAfter that we charge 40 euros.\n\nThe boat has a bar."
    told = [one.units for one in _selected("What does it cost to cancel a trip?", article)]
    assert told[:2] == [
        ("You can cancel a trip free of charge until May.",),
        ("After that we charge 40 euros.",),
    ]


def test_the_code_that_is_spoken_of_is_told() -> None:
    """What says "Run the script" says nothing without it; a further piece of code is another matter."""
    article = "Restart the tram with this script.\n\n```\ntram --on\n```\n\n## Restart the tram\n\nRun the script as the driver. The tram starts after 9 seconds."
    told = [unit for one in _selected("How do I restart the tram?", article) for unit in one.units]
    assert {"Run the script as the driver.", "tram --on"} <= set(told)


def test_of_rows_with_one_key_the_one_with_the_value_that_is_named() -> None:
    """The red lamp is not the green one."""
    table = "| Lamp | Colour | Meaning |\n| --- | --- | --- |\n| Engine | green | It runs |\n| Engine | red | Too hot |\n| Door | red | Open |\n| Bow | red | Lit |"
    [answer, *_] = _selected("The lamp of the engine is red, what does it mean?", table)
    assert answer.units == ("Engine – Colour: red; Meaning: Too hot.",)


def test_a_table_of_rights_names_who_has_none_of_them() -> None:
    """The column is who may, and no "no cook"."""
    table = "| | Mate | Cook |\n| --- | --- | --- |\n| Steer | yes | no |\n| Fish | yes | yes |"
    assert blocks(table)[0].units[0] == "Steer – Mate: yes; Cook: no."
