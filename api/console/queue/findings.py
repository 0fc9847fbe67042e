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
        records = _records(whole, ask.get("id"))
        told.append(f"Still unknown: {ask['text']}")
        if searched := ask.get("searched"):
            told.append(f"Looked for: {'; '.join(searched[:MOST_LISTED])}")
        if places or not records:
            told.append(f"Found: {'; '.join(list(places)[:MOST_LISTED]) or 'nothing that fits'}")
        told += [f"Looked up: {one}" for one in records[:MOST_LISTED]]
        if ask.get("question"):
            told.append(f"Would ask: {ask['question']}")
    return told


def _records(whole: Json, ask_id: str | None) -> list[str]:
    """What tools told for the ask: which of two invoices is meant is decided by what they are."""
    tried = (whole.get("story") or {}).get("tried") or ()
    answers = (one.get("answer") for one in tried if one["ask_id"] == ask_id)
    return list(dict.fromkeys(filter(None, answers)))


def _place(passage: Json) -> str:
    return " › ".join(filter(None, (passage.get("title"), passage.get("heading"))))
