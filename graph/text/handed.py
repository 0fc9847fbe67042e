"""What somebody hands over, or offers, and asks nothing of: no article is an answer to that."""

from __future__ import annotations

from graph.text.requests import QUESTION, asks_a_way, opens_a_question
from memory.patterns import linear
from memory.sentences import sentences

_DATUM = r"\[(?:email|phone|iban|card)\]"
_NEW = r"\b(?:new|different|changed|instead|from now on|going forward|in (?:the )?future|as of|starting)\b"
_HANDS_OVER = linear(
    rf"{_NEW}[^.?!\[]{{0,80}}{_DATUM}|{_DATUM}[^.?!]{{0,60}}{_NEW}", ignore_case=True
)
"""What is masked, and that it takes the place of another."""

_OFFERS = linear(
    r"^(?:(?:so|and|hi|hello),? )?(?:would you (?:(?:perhaps|maybe|also|at all) )?(?:like|care|be (?:interested|open|up))\b|are you (?:interested|keen)\b|do you want (?:me|us) to\b"
    r"|(?:may|can|could|shall|should) (?:i|we) (?:also |quickly |perhaps )?(?:send|show|share|offer|introduce) (?:it |this |them )?(?:to )?you\b)",
    ignore_case=True,
)
"""Asks what the reader would like: a form of words in which nobody asks for help."""
_BACK = linear(r"\b(?:back|returns?|returned|returning)\b", ignore_case=True)
"""Who asks to send something back asks how that goes."""


def offers(ask: str) -> bool:
    """Whether it offers something instead of asking for it.

    >>> offers("Would you like to see our prices?"), offers("Would you ship it?")
    (True, False)
    """
    return _OFFERS.search(ask) is not None and _BACK.search(ask) is None


def hands_over(masked: str) -> bool:
    """Whether a masked text gives a new address, number or account, and asks not how to enter it.

    >>> hands_over("Our new contact is [email], please change it.")
    True
    >>> hands_over("My new address is [email]. How do I change it?")
    False
    """
    every = [one.text for one in sentences(masked)]
    if asks_a_way(masked) or any(QUESTION.search(one) or opens_a_question(one) for one in every):
        return False
    return any(_HANDS_OVER.search(one) for one in every)
