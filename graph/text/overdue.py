"""Whether what an article promises has not come in time: that is no question of its words any more."""

from __future__ import annotations

from collections.abc import Iterable

from graph.text.bounds import bounds, stated
from graph.text.words import content_words
from memory.patterns import linear
from memory.sentences import sentences

_WAITS = linear(
    r"\bstill (?:no|not|nothing|waiting|have(?:n['’]t| not?)|has(?:n['’]t| not?)|do(?:n['’]t| not) have|did(?:n['’]t| not))\b"
    r"|\b(?:ha(?:s|ve)(?: not|n['’]t)|did(?: not|n['’]t)) (?:yet )?(?:come|arrived?|been|received?|got(?:ten)?|turn(?:ed)? up|shown? up|appeared?)\b"
    r"|\b(?:not|nothing|no \w+)(?: \w+){0,3} yet\b|\bnever (?:came|come|arrived|turned up|showed up|received|got)\b",
    ignore_case=True,
)
"""Something that was to come has not."""
_SINCE = linear(
    r"\bago\b|\b(?:for|after|waited|waiting|been|already|over|since)\b", ignore_case=True
)
_FURTHER = linear(
    r"\b(?:if|when|should) (?:it|they|this|that|nothing|you|the \w+|no \w+|an? \w+|your \w+)\b[^.?!]{0,80}\b(?:not|n['’]t|nothing|no|later|longer|still)\b"
    r"|\bif no\b|\b(?:not|n['’]t|nothing) (?:come|arrived?|received?)\b",
    ignore_case=True,
)
"""Says what to do then, so that the article goes on."""


def waited_for(ask: str) -> float:
    """Minutes that somebody has waited for something that was to come; 0 where nobody says so."""
    waits = _WAITS.search(ask) is not None and _SINCE.search(ask) is not None
    return stated(ask).get("time", 0.0) if waits else 0.0


def overdue(ask: str, told: Iterable[str]) -> bool:
    """Whether the ask waits for longer than texts allow that say nothing of what to do then.

    >>> overdue("I paid three weeks ago and still have no receipt", ["A receipt comes within 10 days."])
    True
    >>> overdue("I paid an hour ago and still have no receipt", ["A receipt comes within 10 days."])
    False
    """
    waited = waited_for(ask)
    wanted, every = set(content_words(ask)), list(told)
    if any(_FURTHER.search(one) for one in every):
        return False
    limits = [
        bound.high
        for text in every
        for one in sentences(text)
        if wanted & set(content_words(one.text))
        for bound in bounds(one.text)
        if bound.kind == "time" and bound.high != float("inf")
    ]
    return bool(limits) and waited > max(limits)
