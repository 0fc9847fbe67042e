"""What a person reads where the agent suggests no reply. Pure."""

from __future__ import annotations

from api.console.queue.state import Json

MOST_LISTED = 5
"""Searches and places that are named of each ask."""


def findings(whole: Json) -> list[str]:
    """Ask by ask: what was looked for, what was found and where, what is unknown, what to ask."""
    told: list[str] = []
    for ask in whole.get("asks") or ():
        if ask.get("supported"):
            continue
        places = dict.fromkeys(_place(one) for one in ask.get("evidence") or ())
        told.append(f"Still unknown: {ask['text']}")
        if searched := ask.get("searched"):
            told.append(f"Looked for: {'; '.join(searched[:MOST_LISTED])}")
        told.append(f"Found: {'; '.join(list(places)[:MOST_LISTED]) or 'nothing that fits'}")
        if ask.get("question"):
            told.append(f"Would ask: {ask['question']}")
    return told


def _place(passage: Json) -> str:
    return " › ".join(filter(None, (passage.get("title"), passage.get("heading"))))
