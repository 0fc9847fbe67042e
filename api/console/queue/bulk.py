"""Changes of all handoffs that are marked: close, assign, snooze."""

from __future__ import annotations

from api.console.parts.remote import ApiRefused, SessionOver
from api.console.queue.asking import colleagues, sleeps
from api.console.queue.changes import Changes
from api.console.queue.sheet import Sheet
from api.console.queue.state import Json

STAY = "Those that somebody else has stay as they are."


async def close(changes: Changes, _: str) -> None:
    """Really, all of them?"""
    ids = sorted(changes.state.marked)
    if not ids:
        return
    title = f"Close {len(ids)} without a reply?"
    with Sheet(changes.state.visit, title, STAY) as sheet:
        sheet.text("note", "Note for colleagues")

    async def done(fields: dict[str, str]) -> None:
        body = {"ids": ids, "note": fields.get("note", "")}
        found = await changes.state.visit.remote.post("/v1/handoffs/bulk/close", body)
        await _told(changes, "Closed", len(found["closed"]), len(found["refused"]))

    sheet.open("Close them", done, danger=True, symbol="done_all")


async def assign(changes: Changes, _: str) -> None:
    """All of them to whom?"""
    ids = sorted(changes.state.marked)
    if not ids:
        return
    with Sheet(changes.state.visit, f"Assign {len(ids)}", STAY) as sheet:
        sheet.choice("to", "To", await colleagues(changes, me=True))

    async def done(fields: dict[str, str]) -> None:
        await _each(changes, ids, "assign", {"to": fields["to"]}, "Assigned")

    sheet.open("Assign them", done, symbol="person_add")


async def snooze(changes: Changes, _: str) -> None:
    """All of them until when?"""
    ids = sorted(changes.state.marked)
    if not ids:
        return
    with Sheet(changes.state.visit, f"Snooze {len(ids)}", STAY) as sheet:
        sheet.choice("until", "Until", sleeps(changes.state.where))

    async def done(fields: dict[str, str]) -> None:
        await _each(changes, ids, "snooze", {"until": fields["until"]}, "Asleep:")

    sheet.open("Snooze them", done, symbol="snooze")


async def _each(changes: Changes, ids: list[str], path: str, body: Json, done: str) -> None:
    """The change of each by itself: one that is refused keeps no other from it."""
    made = 0
    for one in ids:
        try:
            await changes.state.visit.remote.post(f"/v1/handoffs/{one}/{path}", body)
        except SessionOver:
            raise
        except ApiRefused:
            continue
        changes.state.held.discard(one)
        made += 1
    await _told(changes, done, made, len(ids) - made)


async def _told(changes: Changes, done: str, made: int, refused: int) -> None:
    changes.state.marked.clear()
    text = f"{done} {made}" + (f", {refused} not: somebody else has them" if refused else "")
    changes.state.visit.notify(text, "warn" if refused else "good")
    await changes.work.read()
    await changes.work.refresh()
