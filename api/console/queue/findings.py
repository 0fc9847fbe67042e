"""What a person reads where the agent suggests no reply, or one that answers only a part. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from api.console.parts import words
from api.console.queue.state import Json
from memory.journal.codes import Reason

MOST_LISTED = 5
"""Searches and records that are named of each ask."""
MOST_PLACES = 3
"""The first one is the right one more often than all others together."""
MOST_ASK_CHARS = 160
"""Of an ask: a whole message stands above."""


def lead(whole: Json) -> str:
    """Why there is no suggestion."""
    if whole["reason"] == Reason.LOW_CONFIDENCE:
        return "The agent suggests none: it found nothing that answers surely enough."
    return "The agent suggests none."


def findings(whole: Json) -> list[str]:
    """Ask by ask: what is unknown, what was looked for and found where, what to ask."""
    told: list[str] = []
    for ask in whole.get("asks") or ():
        if not ask.get("supported"):
            told.append(f"Still unknown: {words.cut(ask['text'], MOST_ASK_CHARS)}")
            told += _looked(ask, whole)
    return told


def left_out(whole: Json) -> list[str]:
    """The asks of which the suggestion says nothing: what it tells may answer several."""
    claims = (whole.get("suggestion") or {}).get("claims") or ()
    answered = {one.get("ask_id") for one in claims}
    told = {name for one in claims for name in one.get("evidence") or ()}
    return [
        f"It says nothing of: {words.cut(ask['text'], MOST_ASK_CHARS)}"
        for ask in whole.get("asks") or ()
        if claims
        and ask["id"] not in answered
        and told.isdisjoint(one["id"] for one in ask.get("evidence") or ())
    ]


def _looked(ask: Json, whole: Json) -> Iterator[str]:
    own = _said(" ".join([whole.get("subject") or "", *_written(whole)]))
    searched = [one for one in ask.get("searched") or () if _says_more(one, own)]
    passages = [*(ask.get("evidence") or ()), *(ask.get("nearest") or ())]
    places = list({one.get("title"): _place(one) for one in reversed(passages)}.values())[::-1]
    records = _records(whole, ask.get("id"))
    if searched:
        yield f"Looked for: {'; '.join(searched[:MOST_LISTED])}"
    if places:
        yield f"Nearest, perhaps about something else: {'; '.join(places[:MOST_PLACES])}"
    elif not records:
        yield "Found: nothing"
    yield from (f"Looked up: {one}" for one in records[:MOST_LISTED])
    if ask.get("question"):
        yield f"Would ask: {ask['question']}"


def _written(whole: Json) -> Iterator[str]:
    return (one.get("text") or "" for one in whole.get("messages") or ())


def _said(text: str) -> set[str]:
    return {word.strip(".,;:!?()'\"") for word in text.casefold().split()}


def _says_more(query: str, own: set[str]) -> bool:
    """Whether half of it are words that the customer did not write: else it is what stands above."""
    said = _said(query)
    return 2 * len(said - own) >= len(said)


def _records(whole: Json, ask_id: str | None) -> list[str]:
    """What tools told for the ask, or that they had nothing: nobody need look it up again."""
    tried = (whole.get("story") or {}).get("tried") or ()
    own = [one for one in tried if one["ask_id"] == ask_id and one["kind"] == "tool"]
    return list(dict.fromkeys(filter(None, (one.get("answer") or _failed(one) for one in own))))


def _failed(step: Json) -> str:
    error = step.get("error") or {}
    named = ", ".join(str(value) for value in (step.get("arguments") or {}).values())
    why = error.get("message") if isinstance(error, dict) else error
    return f"{named or words.plain(step['tool'])}: {why}" if why else ""


def _place(passage: Json) -> str:
    return " › ".join(filter(None, (passage.get("title"), passage.get("heading"))))
