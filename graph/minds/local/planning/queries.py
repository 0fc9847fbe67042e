"""What to search for: the ask, with the context it needs to stand alone."""

from __future__ import annotations

from collections.abc import Sequence

from graph.state import MessageRecord
from graph.text.sentences import sentences
from graph.text.words import STOP, tokens

LAST_MESSAGES = 2
"""Messages whose names an ask may refer to. Earlier ones, or their whole text, find less."""
MOST_NAMES = 16
"""Names taken from them: more would drown the ask."""


def contextual_query(ask: str, history: Sequence[MessageRecord]) -> str:
    """`ask`, followed by the names that the last messages spoke of.

    `history` is what was said before it, oldest first. The ask comes first: it weighs more there.
    """
    said = " ".join(message["text"] for message in history[-LAST_MESSAGES:])
    known = set(tokens(ask))
    found = [name for name in _names(said) if name not in known][:MOST_NAMES]
    return " ".join([ask, *found])


def _names(text: str) -> list[str]:
    """Capitalised words that do not begin a sentence, each once, in order."""
    found = [
        word
        for sentence in sentences(text)
        for word in tokens(sentence.text)[1:]
        if word[0].isupper() and word.lower() not in STOP
    ]
    return list(dict.fromkeys(found))
