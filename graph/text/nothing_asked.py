"""What somebody hands over, or offers, and asks nothing of: no article is an answer to that."""

from __future__ import annotations

from graph.text.requests import PROBLEM, QUESTION, asks_a_way, opens_a_question
from memory.patterns import linear
from memory.sentences import sentences

_DATUM = r"\[(?:email|phone|iban|card)\]"
_HENCEFORTH = r"\b(?:instead|from now on|going forward|in (?:the )?future|as of|starting)\b"
_USE = r"\b(?:use|write|contact|call|send|mail|e-?mail|reach|pay|change|update|replace)\b"
_HANDS_OVER = linear(
    rf"\bnew (?:[\p{{L}}-]+ ){{1,3}}(?:is|are|will be)\b[^.?!\[]{{0,60}}{_DATUM}"
    rf"|{_HENCEFORTH}[^.?!\[]{{0,60}}{_USE}[^.?!\[]{{0,40}}{_DATUM}|{_USE}[^.?!\[]{{0,40}}{_DATUM}[^.?!]{{0,40}}{_HENCEFORTH}",
    ignore_case=True,
)
"""Says that what is masked is the new one, or to use it henceforth. "A new phone and [phone] fails" says neither."""

_WARES = r"(?:brochures?|catalog(?:ue)?s?|leaflets?|offers?|proposals?|quotes?|quotations?|portfolios?|prices?|price lists?|presentations?|demos?)"
_OFFERS = linear(
    r"^(?:(?:so|and|hi|hello),? )?(?:would you (?:(?:perhaps|maybe|also|at all) )?(?:(?:like|care) (?:to (?:see|try|have|get|receive|test|hear|learn|meet|join|buy)|for|our|an?|some)|be interested|be (?:open|up) (?:to|for))\b"
    r"|are you (?:interested|keen)\b"
    rf"|(?:may|can|could|shall|should) (?:i|we) (?:also |quickly |perhaps )?(?:send|show|share|offer) (?:to )?you (?:with )?(?:our|an?|some) (?:[\p{{L}}-]+ ){{0,2}}{_WARES}\b)",
    ignore_case=True,
)
"""Asks what the reader would like: a form of words in which nobody asks for help. Who may send something asks."""
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
    return any(_HANDS_OVER.search(one) and PROBLEM.search(one) is None for one in every)
