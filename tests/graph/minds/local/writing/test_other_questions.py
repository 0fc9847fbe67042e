"""What stands below a question or a condition is told as what it is, and to whom it answers."""

import pytest

from graph.minds.local.planning.asks import split
from graph.minds.local.writing.parts import Selection
from graph.minds.local.writing.scored import Passage
from graph.minds.local.writing.selection import Selector
from graph.minds.local.writing.yes_no import answers_another
from graph.state import Ask
from graph.text.particulars import fitting, particulars
from memory.encoder.encoder import HashEncoder


def _selected(asked: str, article: str, query: str = "") -> list[Selection]:
    ask = Ask(id="a1", text=asked, query=query or asked, intent=None)
    passage = Passage("c1", "Allotments", article, source="allotments")
    return Selector(HashEncoder()).select(ask, [passage], set())


def _told(asked: str, article: str, query: str = "") -> list[str]:
    """What is said, paragraph by paragraph, with the yes or no before it."""
    return [
        " ".join(filter(None, (one.opening, one.lead, *one.units)))
        for one in _selected(asked, article, query)
    ]


@pytest.mark.parametrize(
    ("asked", "question", "other"),
    [
        ("Must I take the shed along with the plot?", "Can I refuse the shed of the plot?", True),
        ("Is the shed on the plot free?", "Do you charge for the shed of the plot?", True),
        ("Can I grill after the meeting?", "Do you hold the meeting at home?", True),
        ("Is the pond in the fee?", "Is all water in the fee?", True),
        ("may we keep hens?", "Can I also keep hens?", False),
        ("Do you have hens too?", "Do you also sell hens?", False),
    ],
)
def test_a_yes_belongs_to_its_own_question(asked: str, question: str, other: bool) -> None:
    """It says nothing to one that asks the opposite, or for something that neither it nor its answer names."""
    assert answers_another(asked, question, "Yes, except the pond.") is other


def test_a_yes_to_the_opposite_opens_no_answer() -> None:
    """Who asks whether something must be is not told the yes to whether it may be refused."""
    article = (
        "## Can I refuse the shed?\n\nYes. You may keep the plot without the shed of the club."
    )
    [first, *_] = _told("Do I have to take the shed of the club?", article)
    assert first == "You may keep the plot without the shed of the club."
    [first, *_] = _told("Can I refuse the shed?", article)
    assert first.startswith("Yes.")


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Yes, £4 a year off the rent.", "When is it cheaper to pay the rent for the whole year?"),
        ("Only if your doctor says so.", "Do you water in the evening when I am at work?"),
        ("Better not. Water the roots.", "Do you water in the evening when I am at work?"),
        (
            "Yes, beds over a metre, in the evening.",
            "When do you water the beds of the whole year?",
        ),
        ("Yes, to a man who has the key.", "Do you water in the evening when I am at work?"),
    ],
)
def test_what_says_nothing_without_its_question_is_led_in_by_it(said: str, asked: str) -> None:
    """A figure alone, a mere condition, or "better not" is told with the question that it answers."""
    question = "Do you water the whole year, and is it cheaper?"
    [first, *_] = _told(asked, f"## {question}\n\n{said}")
    assert first == f"{question} {said}"


def test_a_yes_from_a_figure_on_is_no_yes_below_it() -> None:
    """A sum out of the bounds of the answer gets its question along, one within them the plain yes."""
    article = "## Can I pay the rent in parts?\n\nYes, from £90 on, in four parts without interest."
    asked = "Can I pay the rent in parts?"
    [below, *_] = _told(asked, article, f"{asked} It is 60 pounds.")
    [above, *_] = _told(asked, article, f"{asked} It is 120 pounds.")
    assert below.startswith(asked)
    assert above.startswith("Yes, from £90 on")


def test_what_only_bounds_its_heading_is_told_with_it() -> None:
    """What begins with "only after" goes on from the heading, though a verb stands behind it."""
    article = "## Change the plot\n\nOnly after a year or with a letter that is new. Send it to us."
    [first, *_] = _told("How can I change the plot?", article)
    assert first.startswith("Change the plot: Only after a year")


def test_of_cases_of_which_each_is_enough_all_are_told() -> None:
    """Nobody knows which of them is the customer's: a word in common with one is no reason to tell it alone."""
    article = (
        "The club pays the water if you:\n- are under 18,\n- are 65 or older,\n"
        "- live in the north: there the water is free for all."
    )
    [first, *_] = _selected("I am 70 and live in the town, is the water free for me?", article)
    assert len(first.units) == 3


def test_what_is_said_of_a_list_comes_behind_the_list() -> None:
    """A sentence about "these" opens no answer; the list right above it does."""
    article = (
        "You pay no fee if\n- you move away,\n- the plot is flooded.\n\n"
        "Losing your job or a bad back are not among these."
    )
    for asked in ("I lost my job. Do I have to pay the fee?", "I lost my job and want to leave."):
        [first, second, *_] = _selected(asked, article)
        assert first.units[0].startswith("you move away")
        assert second.units == ("Losing your job or a bad back are not among these.",)


def test_a_question_that_was_not_asked_stands_beside_no_section_of_its_own() -> None:
    """What answers another question is left out beside an answer from another section, unless it is as near."""
    article = (
        "## When to stop\n\nStop digging and call us if the water of the plot runs brown.\n\n"
        "## Can I swim in the water?\n\nThe water of the pond is cold in the morning."
    )
    told = _told("The water of my plot runs brown since I was digging this morning!", article)
    assert len(told) == 1


def test_a_question_about_one_device_hides_no_other() -> None:
    """Of a page of many questions one about a device does not make all of it about that device."""
    asked = particulars("Does the app run on my Android?")
    page = ("Questions Is there an app for Windows? Where is the key?", "It runs on Android.")
    assert fitting(asked, [page], mixed=True) == [True]
    assert fitting(asked, [("Is there an app for Windows? ", "It runs on Android.")]) == [True]
    assert fitting(asked, [("The app for Windows", "Unlike on Android it is free.")]) == [False]
    assert fitting(asked, [("Is there an app for Windows?", "No.")], mixed=True) == [False]


def test_what_a_screen_says_belongs_to_the_ask_before_it() -> None:
    """Told behind a long question it is context: it may name the row that is meant."""
    [ask] = split("How far may the probe be from the tap? It says no water", lambda *_: False)
    assert "It says no water" in ask.context
    [ask] = split(
        "Can I still change the colour of the shed? The order says in work", lambda *_: False
    )
    assert "The order says in work" in ask.context
    [ask] = split("Can I bring my brother to the pond? I've got the Clover plan.", lambda *_: False)
    assert "I've got the Clover plan." in ask.context
