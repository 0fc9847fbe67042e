"""What the local writer makes of evidence."""

from typing import Any

import pytest

from graph.desk.model import Desk
from graph.minds.contract import MindFault, WriteRequest
from graph.minds.local.writing.parts import Selection
from graph.minds.local.writing.scored import Passage
from graph.minds.local.writing.selection import Selector
from graph.minds.local.writing.writer import LocalWriter
from graph.state import Ask, AskAssessment, Evidence
from graph.text.passages import blocks
from graph.text.shown import shown
from memory.encoder.encoder import HashEncoder
from tests.graph.found import evidence_of

STAYS = "The date of a tour stays from midnight on."
FREE = "The date of a tour is free until midnight."
WAY = "1. Open the mailbox in the app.\n2. Select Renew password."
ARTICLE = """1. Go to Settings and select Security.
2. Select [Reset password](https://example.org/reset).
3. Open the message we send.

The link works for 60 minutes.

## No message arrives

- Look in the spam folder.
- Ask an Admin.
"""


def test_a_passage_becomes_blocks_that_say_what_they_are_about() -> None:
    """Steps stay together and in order; each list has what introduces it, or its heading."""
    found = blocks(ARTICLE, "Reset a password")
    assert [(one.kind, one.lead) for one in found] == [
        ("steps", "Reset a password:"),
        ("text", ""),
        ("bullets", "No message arrives:"),
    ]
    assert found[0].units == (
        "Go to Settings and select Security.",
        "Select Reset password (https://example.org/reset).",
        "Open the message we send.",
    )


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ("see [the page](https://a.example/b)", "see the page (https://a.example/b)"),
        ("see [the page](../b.md) first", "see the page first"),
        ("run `make all` , then wait", "run make all, then wait"),
        ("it costs ~~8 euros~~ 6 euros", "it costs 6 euros"),
        ("![a picture](x.png) 2 * 3 * 4", "2 * 3 * 4"),
    ],
)
def test_marks_inside_a_text_become_words(stored: str, said: str) -> None:
    """An address stands behind its words; what is struck out is not said."""
    assert shown(stored) == said


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ("Codes\n: come by e-mail.", ["Codes come by e-mail."]),
        ("## Vouchers\n\nare sent by post.", ["Vouchers are sent by post."]),
        ("Parcels leave daily. See Delivery times.", ["Parcels leave daily."]),
        ("Click a question below to learn more. It is free.", ["It is free."]),
        ("It is free. What does it cost abroad?", ["It is free."]),
        (
            "| Size | Price | Fits |\n| --- | --- | --- |\n| Large | 9 euros | 4 bikes |",
            ["Large – Price: 9 euros; Fits: 4 bikes."],
        ),
        ("## Delivery\n\nTo all towns of the coast.", ["Delivery: To all towns of the coast."]),
    ],
)
def test_a_statement_keeps_its_subject(stored: str, said: list[str]) -> None:
    """A term, a heading, a row's key; a pointer to another article says nothing."""
    assert [unit for block in blocks(stored, "Help") for unit in block.units] == said


def _assessment(ask: str, evidence: list[str], question: str | None = None) -> AskAssessment:
    return AskAssessment(
        ask_id=ask,
        confidence=0.9,
        threshold=0.5,
        supported=bool(evidence),
        evidence=evidence,
        question=question,
        why="",
    )


def _request(evidence: list[Evidence], **more: Any) -> WriteRequest:
    asks = [
        Ask(id="ask-1", text="How do I reset my password?", query="reset my password", intent=None)
    ]
    fields: dict[str, Any] = {
        "desk": Desk(tenant="acme", company="Acme"),
        "asks": asks,
        "assessments": [_assessment("ask-1", [one["id"] for one in evidence])],
        "evidence": {one["id"]: one for one in evidence},
        "answers": {},
        "attempt": 1,
    }
    return WriteRequest(**{**fields, **more})


async def test_writes_steps_with_a_source() -> None:
    """Greeting, numbered steps, closing and the list of sources; each claim has its evidence."""
    draft = await LocalWriter(HashEncoder()).write(
        _request([evidence_of("c1", ARTICLE)], customer_name="Karen Boyle")
    )
    assert draft["text"].startswith("Hello Karen,\n\n")
    assert "1. Go to Settings and select Security.\n2. Select Reset password (" in draft["text"]
    assert draft["text"].endswith("Sources:\n[1] Title c1")
    assert all(claim["text"] in draft["text"] for claim in draft["claims"])
    assert {tuple(claim["evidence"]) for claim in draft["claims"]} == {("c1",)}


async def test_a_tools_wording_is_the_answer() -> None:
    """A record is told in the words of its declaration, without a source."""
    draft = await LocalWriter(HashEncoder()).write(
        _request([evidence_of("t1", "", kind="tool")], answers={"t1": "Your order is shipped."})
    )
    assert "Your order is shipped." in draft["text"]
    assert "Sources" not in draft["text"]


async def test_a_revision_leaves_the_refused_claim_out() -> None:
    """What a check found fault with is not said again."""
    writer = LocalWriter(HashEncoder())
    text = "You reset the password in the settings. The password reset costs nothing."
    first = await writer.write(_request([evidence_of("c1", text)]))
    refused = first["claims"][0]["text"]
    finding = {"check": "grounding", "detail": "", "claim": refused, "revisable": True}
    again = await writer.write(_request([evidence_of("c1", text)], attempt=2, findings=[finding]))
    assert refused not in again["text"]
    assert again["claims"]


async def test_a_question_is_asked_where_nothing_is_supported() -> None:
    """A clarification has no claims; without a question there is nothing to write."""
    writer = LocalWriter(HashEncoder())
    asked = _request([], assessments=[_assessment("ask-1", [], "Which device?")])
    draft = await writer.write(asked)
    assert draft["kind"] == "clarification"
    assert "Which device?" in draft["text"]
    with pytest.raises(MindFault):
        await writer.write(_request([]))


@pytest.mark.parametrize(
    ("article", "opens_with"),
    [
        (
            f"Use this when you still have the password of your mailbox in the app.\n\n{WAY}",
            "1. Open the mailbox",
        ),
        (
            f"The password of a mailbox in the app is not possible to renew at night.\n\n{WAY}",
            "The password of a mailbox",
        ),
    ],
)
def test_a_how_is_answered_by_the_way_first(article: str, opens_with: str) -> None:
    """For whom it is comes behind it; that it cannot be done comes before it."""
    asked: Ask = {
        "id": "a1",
        "text": "How do I renew the password of a mailbox in the app?",
        "query": "How do I renew the password of a mailbox in the app?",
        "intent": None,
    }
    first = Selector(HashEncoder()).select(asked, [Passage("p", "Mailbox", article)], set())[0]
    said = f"1. {first.units[0]}" if first.kind == "steps" else first.units[0]
    assert said.startswith(opens_with)


def _selected(asked: str, title: str, article: str) -> list[Selection]:
    """What is chosen for an ask, with the encoder of the tests."""
    ask = Ask(id="a1", text=asked, query=asked, intent=None)
    return Selector(HashEncoder()).select(ask, [Passage("c1", title, article, source=title)], set())


def _told(asked: str, title: str, article: str) -> list[str]:
    """What is said to an ask, paragraph by paragraph."""
    return [" ".join((one.lead, *one.units)).strip() for one in _selected(asked, title, article)]


def test_the_steps_below_a_case_are_about_it() -> None:
    """A code that only the sentence above the steps names is met by them; another one's are not."""
    article = (
        "Do this when the display shows E3.\n\n1. Clean the sieve.\n2. Close the lid.\n\n"
        "Do this when the display shows E4.\n\n1. Call the shop."
    )
    told = _told("The display shows E3, what should I do?", "Washer", article)
    assert told[0] == "Washer: Clean the sieve. Close the lid."
    assert not any("Call the shop" in one for one in told)


def test_a_second_question_knows_what_the_first_was_about() -> None:
    """The row that "its" points to is the one that the first question names; no cell is told twice."""
    rows = "| Solo | 5 EUR | 1 week | one |\n| Band | 9 EUR | 2 weeks | six |"
    table = f"| Plan | Price | Notice | Seats |\n|---|---|---|---|\n{rows}"
    told = _told("What price has the Band plan, and how long is its notice?", "Plans", table)
    assert told == ["Band – Price: 9 EUR; Notice: 2 weeks; Seats: six."]


@pytest.mark.parametrize(
    ("asked", "article", "told"),
    [
        (
            "How do I mute the alarm in the app?",
            "## Tablet\n\nTap Bell and mute the alarm in the app.\n\n## Watch\n\nTurn the crown to mute the alarm in the app.",
            [
                "Watch: Turn the crown to mute the alarm in the app.",
                "Tablet: Tap Bell and mute the alarm in the app.",
            ],
        ),
        (
            "What if my locker key is lost?",
            "## How do I get a locker key?\n\nAsk at the desk for a locker key.\n\n## What if my key is lost?\n\nA lost locker key costs 9 EUR.",
            ["A lost locker key costs 9 EUR."],
        ),
        (
            "How long do I boil green peas?",
            "Green peas\n: Boil 7 minutes.\n\nWhite beans\n: Boil 70 minutes.",
            ["Green peas: Boil 7 minutes."],
        ),
        (
            "How much is a late return?",
            "Q: How do I return it?\nA: At the desk.\n\nQ: How much is a late return?\nA: 4 EUR an hour.",
            ["4 EUR an hour."],
        ),
    ],
)
def test_what_is_told_belongs_to_the_ask(asked: str, article: str, told: list[str]) -> None:
    """Parallel sections are told apart; another question's answer or term stays out."""
    assert _told(asked, "Help", article) == told


def test_lines_with_labels_are_a_list() -> None:
    """The one that was asked for is told, and no line runs into the next."""
    lines = "Monday to Friday: 8 am - 5 pm\nSaturday: 9 am - noon\nSunday: closed"
    found = blocks(lines, "Hours")
    assert [(one.kind, one.lead, len(one.units)) for one in found] == [("bullets", "Hours:", 3)]
    [asked] = blocks("Q: Is it free?\nA: It is.", "Hours")
    assert (asked.kind, asked.path, asked.units) == ("text", ("Is it free?",), ("It is.",))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (f"No. {STAYS}", STAYS),
        (f"Absolutely. {FREE}", FREE),
        ("No, the date of a tour stays from midnight on.", STAYS),
        (
            "Yes, if the guide of the tour agrees to it.",
            "Can I change the date of a tour on its day? Yes, if the guide of the tour agrees to it.",
        ),
    ],
)
def test_a_yes_to_another_question_is_not_told(said: str, told: str) -> None:
    """A yes or no under a question of a list answers that one alone; what needs it brings the question."""
    article = (
        "## Changing the date\n\nTo change the date of a tour:\n1. Open Tours.\n2. Select another date.\n\n"
        f"## Can I change the date of a tour on its day?\n\n{said}"
    )
    assert told in _told("How do I change the date of a tour?", "Tours", article)


def test_the_words_of_a_button_are_no_answer() -> None:
    """A link's few words are not told, however near they are to the ask."""
    article = (
        "You can end a rental at any bike station of the city.\n\nSelect a rental to end\n\nHold the lock until it clicks\n\n"
        "The rental ends when the bike is locked."
    )
    for asked, told in [("end a rental", False), ("hold the lock", True)]:
        found = _selected(f"How do I {asked}?", "End a rental", article)
        units = [unit for one in found for unit in one.units]
        assert "Select a rental to end" not in units
        assert ("Hold the lock until it clicks" in units) == told
