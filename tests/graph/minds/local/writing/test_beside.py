"""What an answer cannot do without: a record's state, the steps before, the place that is meant."""

import pytest

from graph.desk.model import Desk
from graph.minds.local.writing.writer import LocalWriter
from graph.record_kinds import about, following, in_kinds
from graph.state import Ask
from graph.text.passages import blocks
from memory.encoder.encoder import HashEncoder
from tests.graph.found import evidence_of
from tests.graph.minds.local.writing.test_writer import _request, _told
from tools.contract import ToolSpec


def test_a_records_number_says_what_kind_of_thing_is_meant() -> None:
    """It is searched for by its name, and only what is about such a thing may answer."""
    desk = Desk(tenant="acme", company="Acme", tools=(PARCEL,))
    text, kinds = in_kinds("I want to stop pk 1234, and parcel no. PK-5678 too", desk)
    assert text == "I want to stop the parcel, and parcel no. too"
    found = [evidence_of(name, "") for name in ("1", "2", "3")]
    for one, title in zip(found, ("Stop a subscription", "Stop a parcel", "Lamps"), strict=True):
        one["title"] = title
    assert [one["id"] for one in about(kinds, found)] == ["2", "3"]
    assert about([], found) == found


def test_what_is_under_way_is_answered_by_what_tells_how_it_is_followed() -> None:
    """Or by what is about it by name; an article that merely mentions it is about something else."""
    found = [evidence_of(name, "The parcel is mentioned here.") for name in ("1", "2", "3")]
    for one, title in zip(found, ("Return a lamp", "Delivery times", "A parcel"), strict=True):
        one["title"] = title
    assert [one["id"] for one in following("Where is my parcel?", found)] == ["2", "3"]


PARCEL = ToolSpec(
    name="lookup_parcel",
    description="Where a parcel of lamps is.",
    arguments={"parcel_id": {"type": "string", "pattern": "^PK-[0-9]{4}$"}},
    returns={"properties": {"state": {"enum": ["packed", "gone"]}}},
    answer="Parcel {parcel_id} is {state}.",
)


async def test_the_state_of_a_record_is_told_before_what_depends_on_it() -> None:
    """The article says "while it is packed"; what each state means is not told as the record's own."""
    article = "A parcel can be cancelled while it is packed.\n\n| State | Meaning |\n|---|---|\n| Packed | cancelled with one click |\n| Gone | cancelled by nobody |"
    ask: Ask = {
        "id": "ask-1",
        "text": "cancel PK-1234",
        "query": "cancel PK-1234",
        "intent": None,
    }
    request = _request(
        [evidence_of("t1", "", kind="tool"), evidence_of("c1", article)],
        answers={"t1": "Parcel PK-1234 is packed."},
        asks=[ask],
        desk=Desk(tenant="acme", company="Acme", tools=(PARCEL,)),
    )
    draft = await LocalWriter(HashEncoder()).write(request)
    told = draft["text"]
    assert told.index("PK-1234 is packed.") < told.index("can be cancelled while")
    assert "Meaning" not in told
    assert "nobody" not in told
    plain = await LocalWriter(HashEncoder()).write(
        _request(
            [
                evidence_of("t1", "", kind="tool"),
                evidence_of("c1", "A parcel is cancelled by a click."),
            ],
            answers={"t1": "Parcel PK-1234 is packed."},
            asks=[ask],
            desk=Desk(tenant="acme", company="Acme", tools=(PARCEL,)),
        )
    )
    assert "PK-1234" not in plain["text"]


def test_what_follows_steps_brings_them() -> None:
    """To "if it stops again" they are what was done before."""
    article = "Lamps are lent.\n\n## The lamp stopped\n\n1. Pull the plug.\n2. Count to ten.\n\nIf the lamp stopped again, ring us about the lamp."
    told = _told("The lamp stopped", "Lamps", article)
    assert "The lamp stopped: Pull the plug. Count to ten." in told


def test_what_holds_for_each_row_of_a_table_is_told_with_it() -> None:
    """A price for each lamp is read as the price of all of them without that."""
    table = "| | Small | Big |\n|---|---|---|\n| Fee | 2 euros | 7 euros |\n| Shade | none | red |"
    says = "All sums are before tax and for one thing."
    told = _told("What is the fee of the big lamp?", "Lamps", f"{says}\n\n{table}")
    assert says in told
    other = "Carpets are laid in a week."
    assert other not in _told("What is the fee of the big lamp?", "Lamps", f"{other}\n\n{table}")


def test_a_sentence_that_leans_on_another_section_has_its_heading_and_that() -> None:
    """Nobody knows beside what otherwise."""
    article = "## New key\n\nOpen Doors > Keys and press Add.\n\n## Lost key\n\nPress Bar beside it. A lost key opens nothing then."
    told = _told("A key is lost", "Keys", article)
    assert told[0] == "Lost key: Press Bar beside it. A lost key opens nothing then."
    assert "Open Doors > Keys and press Add." in told[1]


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("It is easy. To wake it: 1. Lift the lid. 2. Press Go.", "To wake it:"),
        ("1) Lift the lid.\n2) Press Go.", "Lamp:"),
        ("Step 1: Lift the lid. Step 2: Press Go.", "Lamp:"),
    ],
)
def test_steps_that_are_written_on_are_steps(text: str, lead: str) -> None:
    """Told as a paragraph nobody finds the second one; a date is no step."""
    found = blocks(text, "Lamp")[-1]
    assert (found.kind, found.lead) == ("steps", lead)
    assert found.units == ("Lift the lid.", "Press Go.")
    assert [one.kind for one in blocks("From 1. May to 2. June it is dark.", "Lamp")] == ["text"]


def test_no_section_on_another_matter_is_told() -> None:
    """Where one section tells of what was asked, another or what opens the article, needs a word of the ask that this one lacks."""
    article = "We send the ovens to shops.\n\n## Where to\n\nWe send the ovens to Norway.\n\n## How many\n\nWe send the ovens to homes. One oven serves ten."
    asked = "Who pays to send the ovens to Norway?"
    assert _told(asked, "Help", article) == ["We send the ovens to Norway."]
    assert len(_told(f"{asked} And how many serve ten?", "Help", article)) > 1


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("When do the stitches go?", "Stitches: They go within a week."),
        ("What water do I drink?", "In the first week: Drink cold water."),
    ],
)
def test_a_heading_says_of_what_and_when(asked: str, told: str) -> None:
    """What "they" are, and the time for which it holds; the sentence of another section says neither."""
    article = "Brush gently near the wound.\n\n## Stitches\n\nThey go within a week.\n\n## In the first week\n\nDrink cold water."
    assert _told(asked, "Wounds", article) == [told]


def test_what_is_told_by_another_name_is_told() -> None:
    """A guarantee answers whether there is a warranty, so nothing else of the article is needed."""
    article = "## Years\n\nThe lamp has a guarantee of two years.\n\nWe mend the lamp in our shop, and you send the lamp to us."
    told = ["The lamp has a guarantee of two years."]
    assert _told("Is there a warranty on the lamp?", "Help", article) == told
