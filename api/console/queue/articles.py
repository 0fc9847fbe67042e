"""Puts a passage of an article into what is being written."""

from __future__ import annotations

from api.console.queue.changes import Changes
from api.console.queue.sheet import Sheet
from api.console.queue.state import Json

MOST_SHOWN = 20


async def insert(changes: Changes, _: str) -> None:
    """Which passage goes into the reply: one that the agent found, or one of a new search?"""
    asks = (changes.state.whole or {}).get("asks") or []
    found = [one for ask in asks for one in ask.get("evidence") or () if one["kind"] == "article"]
    with Sheet(changes.state.visit, "Insert an article") as sheet:
        if found:
            sheet.choice("passage", "What the agent found", _titles(found))
        sheet.line("search", "Or search for" if found else "Search for")

    async def done(fields: dict[str, str]) -> None:
        if words_ := fields.get("search", "").strip():
            await _searched(changes, words_)
        elif found:
            await changes.put(found[int(fields["passage"])]["text"])

    sheet.open("Go on", done, symbol="arrow_forward")


async def _searched(changes: Changes, words_: str) -> None:
    answer = await changes.state.visit.remote.get("/v1/knowledge/search", q=words_)
    hits: list[Json] = answer["hits"]
    if not hits:
        changes.state.visit.notify("No article was found for these words.", "warn")
        return
    with Sheet(changes.state.visit, "Insert an article", f"Found for: {words_}") as sheet:
        sheet.choice("passage", "Passage", _titles(hits))

    async def done(fields: dict[str, str]) -> None:
        await changes.put(hits[int(fields["passage"])]["text"])

    sheet.open("Insert", done, symbol="add")


def _titles(passages: list[Json]) -> dict[str, str]:
    """Titles by the passage's place in the list."""
    return {
        str(place): " · ".join(part for part in (one["title"], one["heading"]) if part)
        for place, one in enumerate(passages[:MOST_SHOWN])
    }
