"""What to search for: the ask, with the context it needs to stand alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

from graph.minds.local.planning.referring import FEWEST_WORDS, leans, refers
from graph.state import MessageRecord
from graph.text.requests import WISHED, requesting, strength
from graph.text.synonyms import written_out
from graph.text.words import STOP, content_words, says, tokens
from memory.patterns import linear
from memory.sentences import sentences

LAST_MESSAGES = 2
"""Of the customer, whose names an ask may refer to. Earlier ones, or what was answered, find less."""
WORDS_A_NAME = (1, 2, 3)
"""Words that a customer's name of a thing may have."""
MOST_NAMES = 16
"""Names taken from them: more would drown the ask."""
MOST_WORDS = 4
"""Other words taken from the last of them, by an ask that refers to it."""

_SHORT = linear(r"\b\p{Lu}{3,6}\b")
_AMENDS = linear(
    r"^(?:(?:sorry|oh|no|oops|actually|ah|hm+|well)[,.!]? )*(?:(?:i|we)(?:['’]m| am| was|['’]re| are| were)? (?:mean|meant|talking|asking|speaking)\b|(?:for|in|on|with|about|from|of|at|by) )",
    ignore_case=True,
)
"""Says what the last question meant: "I meant for yearly plans"."""


def contextual_query(ask: str, history: Sequence[MessageRecord]) -> str:
    """`ask`, followed by the names that the customer's last messages spoke of.

    A question that refers to something or says little, as "How long does it take?" and "Who pays?"
    do, takes words of what the last one asked along, as does what amends it; "that is not it" does not.
    `history` is what was said before it, oldest first. The ask comes first: it weighs more.
    """
    said = [one["text"] for one in history if one["role"] == "customer"][-LAST_MESSAGES:]
    known = set(tokens(ask))
    found = [name for name in _names(" ".join(said)) if name not in known][:MOST_NAMES]
    goes_on = refers(ask) or leans(ask) or not says(ask, FEWEST_WORDS + 1)
    amends = _AMENDS.match(ask) is not None and not says(ask, MOST_WORDS + 1)
    if said and (amends or (goes_on and strength(ask) >= WISHED)):
        last = " ".join(one.text for one in requesting(said[-1]))
        others = (word for word in tokens(last) if says(word) and word not in known)
        found += islice(others, MOST_WORDS)
    return " ".join([ask, *dict.fromkeys(found)])


def in_articles_words(query: str, known: Mapping[str, str]) -> str:
    """`query` with what the articles call the things that it names otherwise.

    >>> in_articles_words("How do I print the rota?", {"rota": "schedule"})
    'How do I print the rota? schedule'
    """
    said = content_words(query)
    runs = {" ".join(said[at : at + size]) for size in WORDS_A_NAME for at in range(len(said))}
    theirs = [
        ours
        for name, ours in known.items()
        if " ".join(content_words(name)) in runs and not set(content_words(ours)) <= set(said)
    ]
    return " ".join([query, *dict.fromkeys(theirs)])


def with_long_forms(ask: str, found: Sequence[str]) -> str:
    """`ask` with its short forms as the texts that were found write them out: "SSO" as "single sign-on"."""
    if ask.isupper():  # whose words are large are no short forms for that
        return ask
    forms = {
        short: out
        for short in dict.fromkeys(one.group() for one in _SHORT.finditer(ask))
        if (out := next(filter(None, (written_out(short, text) for text in found)), ""))
    }
    return _SHORT.sub(lambda one: forms.get(one.group(), one.group()), ask)


def _names(text: str) -> list[str]:
    """Capitalised words that do not begin a sentence, each once, in order."""
    found = [
        word
        for sentence in sentences(text)
        for word in tokens(sentence.text)[1:]
        if word[0].isupper() and word.lower() not in STOP
    ]
    return list(dict.fromkeys(found))
