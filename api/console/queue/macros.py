"""Puts one of the desk's macros into what is being written."""

from __future__ import annotations

from api.console.queue.changes import Changes
from api.console.queue.sheet import Sheet
from api.console.queue.state import Json


async def insert(changes: Changes, _: str) -> None:
    """Which macro goes into the reply?"""
    state = changes.state
    path = f"/v1/handoffs/{state.selected}/macros"
    found: list[Json] = (await state.visit.remote.get(path))["items"]
    if not found:
        state.visit.notify("Your desk has no macros yet: an admin can add some.", "warn")
        return
    with Sheet(state.visit, "Insert a macro") as sheet:
        sheet.choice("macro", "Macro", {str(n): one["name"] for n, one in enumerate(found)})

    async def done(fields: dict[str, str]) -> None:
        name = found[int(fields["macro"])]["name"]
        used: Json = await state.visit.remote.post(path, {"name": name})
        await changes.put(used["text"])

    sheet.open("Insert", done, symbol="add")
