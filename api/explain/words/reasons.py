"""Why a person has the ticket, in words."""

from __future__ import annotations

from api.explain.words.phrases import lowered
from graph.reasons import WORDS
from memory.journal.codes import Reason


def reason_words(reason: Reason) -> str:
    """The reason as a clause."""
    return lowered(WORDS[reason].sentence.rstrip("."))
