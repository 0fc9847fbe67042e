"""What was read of a mail, seen from the mail itself."""

import pytest

from evals.trials import checks
from evals.trials.outcome import CameTurn, Scene

OWN = "Where is the key of the shed kept?"


def _scene(text: str, read: str) -> Scene:
    turn = CameTurn("with_person", read=read)
    return Scene(text, (turn,), turn)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        (f"Hi,\n\n{OWN}\n\nBye", [OWN]),
        (f"> {OWN}", [OWN]),
        (f"{OWN}\n\nOn Monday Jo wrote:\n> Take the other key from me then.", [OWN]),
        (f"See below.\n\n--- Forwarded message ---\nFrom: Jo\n\n{OWN}", [OWN]),
        (f"From: the shed door\nTo: me\n\n{OWN}", [OWN]),
    ],
)
def test_own_sentences_are_what_the_customer_wrote(text: str, sentences: list[str]) -> None:
    """Greetings, headers and the thread below are left out; what is all there is, is read."""
    assert checks.own_sentences(text) == sentences


def test_answers_between_quoted_lines_are_the_customers() -> None:
    """Below a thread's first line only what is marked is quoted, where anything is."""
    text = f"My answers stand further below.\n\nOn 3 May a@b.example wrote:\n> Which of the keys is it?\n{OWN}"
    assert checks.quoted_below(text) == ["Which of the keys is it?"]


def test_a_question_that_was_cut_away_shows() -> None:
    """Nine tenths of each own sentence must be among what was read."""
    text = f"Hello\nThanks\n\n{OWN}"
    assert checks.all_read(_scene(text, OWN))
    assert not checks.all_read(_scene(text, "Hello"))


def test_a_thread_that_was_read_as_own_words_shows() -> None:
    """What stands below the customer's words must not be read as theirs."""
    thread = "Take the other key from me then."
    text = f"{OWN}\n\nOn Monday Jo wrote:\n> {thread}"
    assert checks.own_words(_scene(text, OWN))
    assert not checks.own_words(_scene(text, f"{OWN} {thread}"))


@pytest.mark.parametrize(
    ("text", "asks"),
    [("Help me", 1), ("Who? And where?", 2), ("1. a\n2. b\n3. c", 3), ("Do a, also b, also c", 3)],
)
def test_asks_are_counted(text: str, asks: int) -> None:
    """By question marks, numbered items and the word also."""
    assert checks.asks_in(text) == asks
