"""Replies about an article, against that article."""

from pathlib import Path

import pytest

from evals.harness.readers.visible import seen_in
from evals.trials.outcome import CameTurn, Sent
from evals.trials.questions import judged_question
from evals.trials.trial import Trial

STEPS = "# Pair a lamp\n\nYou can pair a lamp at any time:\n\n1. Hold the knob for 7 seconds.\n2. Tap Pair.\n"
ROWS = "# Fees\n\n| Zone | Fee |\n|---|---|\n| North | 4 |\n| South | 15 |\n"


def _judged(
    text: str, question: str, reply: str | None, expect: str = "the article's own facts"
) -> bool:
    trial = Trial("kbq/p3", "question", Path("p3.json"), expect, body={"text": question})
    turn = CameTurn("with_person")
    if reply is not None:
        turn = CameTurn("delivered", sent=(Sent("reply", reply, ("p3-lamp",)),))
    article = (Path("kb/p03-lamp.md"), "p3-lamp", seen_in(text.encode(), ".md"))
    return judged_question(trial, turn, [article]).right


@pytest.mark.parametrize(
    ("text", "question", "reply", "right"),
    [
        (STEPS, "How can I pair a lamp?", STEPS, True),
        (STEPS, "How can I pair a lamp?", "You can pair a lamp at any time.", False),
        (STEPS, "How can I pair a lamp?", STEPS.replace("7", "70"), False),
        (STEPS, "How can I pair a lamp?", None, False),
        (ROWS, "What is the fee of zone north?", "The fee of North is 4.", True),
        (ROWS, "What is the fee of zone north?", "The fee of South is 15.", False),
        ("<!-- 900 -->", "What will it cost?", None, True),
        ("<!-- 900 -->", "What will it cost?", "It will cost 900.", False),
    ],
)
def test_a_reply_tells_what_answers_and_nothing_foreign(
    text: str, question: str, reply: str | None, right: bool
) -> None:
    """The nearest block with its list, each number of it, and none from elsewhere."""
    assert _judged(text, question, reply) is right


def test_named_facts_must_be_told() -> None:
    """Numbers and quoted words of an expectation are asked for."""
    reply = "The fee of North is 4."
    assert _judged(ROWS, "What is the fee of zone north?", reply, "4 for North")
    assert not _judged(ROWS, "What is the fee of zone north?", reply, 'says "on weekdays"')


def test_only_the_named_fact_is_asked_for() -> None:
    """A reply may tell the one sentence of a paragraph that answers."""
    text = "# Guests\n\nGold members may bring one guest. Silver members may bring none."
    reply = "Silver members may bring none."
    assert _judged(text, "May silver members bring a guest?", reply, 'says "bring none"')
    assert not _judged(text, "May silver members bring a guest?", "Yes.", 'says "bring none"')


def test_a_question_above_its_answer_need_not_be_told() -> None:
    """The reply to "How long before?" of a list of questions is what stands below it."""
    page = "<dl><dt>How long before the race?</dt><dd>Nine days before.</dd></dl>"
    article = (Path("kb/p03-race.html"), "p3-race", seen_in(page.encode(), ".html"))
    trial = Trial(
        *("kbq/p3", "question", Path("p3.json"), "the article's own facts"),
        body={"text": "How long before the race must I sign up?"},
    )
    turn = CameTurn("delivered", sent=(Sent("reply", "Nine days before.", ("p3-race",)),))
    assert judged_question(trial, turn, [article]).right
