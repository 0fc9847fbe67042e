"""A conversation read from its end: what the customer has written since the desk's last word. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from graph.state import MessageRecord
from memory.verification.codes import CANDIDATE, CODE, MARK

FEW_WORDS = 8
"""So many words beside a code are no ask: "Hi, my code is ... Thanks, Ann"."""


def last_stretch(left: list[MessageRecord], *, customer: bool) -> list[MessageRecord]:
    """The last messages in a row of the customer or of the desk, taken off the end."""
    found: list[MessageRecord] = []
    while left and (left[-1]["role"] == "customer") is customer:
        found.insert(0, left.pop())
    return found


def is_answered(conversation: list[MessageRecord]) -> bool:
    """Whether the desk's last word before these messages was an answer, not a question."""
    said = _last_word(conversation)
    return bool(said) and said[-1].get("kind") != "clarification"


def was_asked(conversation: list[MessageRecord]) -> bool:
    """Whether the desk's last word before these messages asks something: of the agent, or of a person."""
    said = _last_word(conversation)
    return any(one.get("kind") == "clarification" or "?" in one["text"] for one in said)


def _last_word(conversation: list[MessageRecord]) -> list[MessageRecord]:
    """What the desk said right before the customer's last messages, without notices."""
    left = list(conversation)
    last_stretch(left, customer=True)
    return [one for one in last_stretch(left, customer=False) if one.get("kind") != "notice"]


def has_spoken(conversation: list[MessageRecord]) -> bool:
    """Whether the desk has answered or asked anything: a person may be at it."""
    return any(one["role"] != "customer" and one.get("kind") != "notice" for one in conversation)


def unanswered(conversation: list[MessageRecord]) -> str:
    """The customer's messages since the last one from the desk.

    A code that we asked for is no ask: what was asked before it is, and comes first.
    """
    texts: list[str] = []
    for stretch, of_code in stretches(conversation):
        said = [_without_code(one) if of_code else one["text"] for one in stretch]
        texts = [text for text in said if text] + texts
    return "\n\n".join(texts)


def stretches(conversation: list[MessageRecord]) -> Iterator[tuple[list[MessageRecord], bool]]:
    """What the customer wrote in a row, newest first, and whether it answers our code question.

    The one before it counts only then: nothing has been answered in between.
    """
    left, of_code = list(conversation), True
    while left and of_code:
        stretch = last_stretch(left, customer=True)
        asked = last_stretch(left, customer=False)
        of_code = _is_question(asked) and any(one.get("kind") == CODE for one in stretch)
        yield stretch, of_code


def _is_question(asked: list[MessageRecord]) -> bool:
    """Whether the agent asked and nobody answered; a person's question is not for a code."""
    told = {(one["role"], one.get("kind")) for one in asked if one.get("kind") != "notice"}
    return told == {("agent", "clarification")}


def _without_code(one: MessageRecord) -> str:
    """What else was said beside a code; nothing if it is a word or two around it."""
    if one.get("kind") != CODE:
        return one["text"]
    rest = " ".join(one["text"].replace(MARK, " ").split())
    words = CANDIDATE.sub(" ", rest).split()
    return rest if "?" in rest or len(words) > FEW_WORDS else ""
