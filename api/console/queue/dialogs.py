"""Questions that an act asks first: until when, to whom, into which, really?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from api.console.parts import words
from api.console.queue import articles, bulk, macros
from api.console.queue.asking import colleagues, sleeps
from api.console.queue.changes import Changes
from api.console.queue.sheet import Sheet
from api.console.queue.state import Json
from api.console.shell.visit import Act

MOST_SHOWN = 20


def table(changes: Changes) -> dict[str, Act]:
    """The acts that ask first."""

    def opening(show: Callable[[Changes, str], Awaitable[None]]) -> Act:
        async def act(arg: str) -> None:
            await show(changes, arg)

        return act

    shown = {
        "snooze": snooze,
        "transfer": transfer,
        "assign": assign,
        "merge": merge,
        "close": close,
        "bulk-assign": bulk.assign,
        "bulk-close": bulk.close,
        "bulk-snooze": bulk.snooze,
        "wrong-intent": _wrong_intent,
        "wrong-article": _wrong_article,
        "missing-article": _missing_article,
        "save-filter": _save_filter,
        "article": articles.insert,
        "macro": macros.insert,
    }
    return {name: opening(show) for name, show in shown.items()}


async def snooze(changes: Changes, _: str) -> None:
    """Until when?"""
    options = sleeps(changes.state.where)
    with Sheet(
        changes.state.visit, "Snooze", "It leaves the queue, and comes back to you by itself."
    ) as sheet:
        sheet.choice("until", "Until", options)

    async def done(fields: dict[str, str]) -> None:
        changes.state.held.discard(changes.state.selected or "")
        await changes.change("snooze", _versioned(changes, until=fields["until"]), "Asleep")

    sheet.open("Snooze", done, symbol="snooze")


def _versioned(changes: Changes, **body: str | None) -> Json:
    return {**body, "version": (changes.state.whole or {})["version"]}


async def transfer(changes: Changes, _: str) -> None:
    """To whom, and what should they know?"""
    people = {f"to={name}": name for name in await colleagues(changes)}
    teams = {
        f"team={name}": f"Team {name}" for name in changes.state.counts.get("team", {}) if name
    }
    options = {**people, **teams, "team=": "Everybody's queue"}
    with Sheet(changes.state.visit, "Transfer", "It goes on with your note.") as sheet:
        sheet.choice("whom", "To", options)
        sheet.text("note", "Note", hint="What should they know?")

    async def done(fields: dict[str, str]) -> None:
        kind, _, name = fields["whom"].partition("=")
        changes.state.held.discard(changes.state.selected or "")
        body = _versioned(changes, **{kind: name}, note=fields.get("note", ""))
        await changes.change("transfer", body, "Transferred")

    sheet.open("Transfer", done, symbol="move_up")


async def assign(changes: Changes, _: str) -> None:
    """To whom?"""
    with Sheet(changes.state.visit, "Assign", "It moves to that person's queue.") as sheet:
        sheet.choice("to", "To", await colleagues(changes))

    async def done(fields: dict[str, str]) -> None:
        changes.state.held.discard(changes.state.selected or "")
        await changes.change("assign", _versioned(changes, to=fields["to"]), "Assigned")

    sheet.open("Assign", done, symbol="person_add")


async def merge(changes: Changes, _: str) -> None:
    """Into which other handoff of the same customer?"""
    whole = changes.state.whole
    if whole is None:
        return
    email = whole["customer"].get("email")
    found: list[Json] = []
    if email:
        page = await changes.state.visit.remote.get(
            "/v1/handoffs", customer=email, limit=MOST_SHOWN
        )
        found = [one for one in page["items"] if one["id"] != whole["id"]]
    if changes.state.selected != whole["id"]:
        return  # another one was opened meanwhile
    if not found:
        changes.state.visit.notify("No other ticket of this customer waits.", "warn")
        return
    options = {one["id"]: f"{one['title']} ({words.plain(one['status'])})" for one in found}
    lead = "This one is answered together with the other."
    if whole.get("actions"):
        lead += " What is proposed in it is refused: propose or decide it there."
    with Sheet(changes.state.visit, "Merge", lead) as sheet:
        sheet.choice("into", "Into", options)

    async def done(fields: dict[str, str]) -> None:
        changes.state.held.discard(whole["id"])
        await changes.change("merge", _versioned(changes, into=fields["into"]), "Merged")

    sheet.open("Merge", done, symbol="merge")


async def close(changes: Changes, _: str) -> None:
    """Really, without a reply?"""
    with Sheet(
        changes.state.visit, "Close without a reply?", "The customer hears nothing more."
    ) as sheet:
        pass

    async def done(_: dict[str, str]) -> None:
        await changes.decide("close", "close")

    sheet.open("Close it", done, danger=True, symbol="archive")


async def _wrong_intent(changes: Changes, _: str) -> None:
    """Which would have been right?"""
    whole = changes.state.whole
    if whole is None:
        return
    ranked = ((whole.get("story") or {}).get("intent") or {}).get("ranked") or []
    known = {one["name"] for one in ranked} | set(changes.state.counts.get("intent") or {})
    options = {"": "None of ours"} | {one: words.plain(one) for one in sorted(known - {""})}
    with Sheet(
        changes.state.visit,
        "The intent is wrong",
        f"It was {words.plain(whole.get('intent')) or 'none'}.",
    ) as sheet:
        sheet.choice("intent", "Right would be", options)
        sheet.text("note", "Note")
    sheet.fields["intent"] = ""
    sheet.open("Correct it", _correcting(changes, "intent_wrong"), symbol="label_off")


async def _wrong_article(changes: Changes, source: str) -> None:
    """What is wrong with it?"""
    with Sheet(
        changes.state.visit, "This article is wrong", f"{source} will be used less."
    ) as sheet:
        sheet.text("note", "What is wrong?")
    sheet.fields["article"] = source
    sheet.open("Mark it", _correcting(changes, "article_wrong"), symbol="flag")


async def _missing_article(changes: Changes, _: str) -> None:
    """What should there be?"""
    with Sheet(
        changes.state.visit, "An article is missing", "It is listed among the gaps."
    ) as sheet:
        sheet.text("note", "What should there be?")
    sheet.open("List it", _correcting(changes, "article_missing"), symbol="post_add")


def _correcting(changes: Changes, kind: str) -> Callable[[dict[str, str]], Awaitable[None]]:
    async def done(fields: dict[str, str]) -> None:
        kept = {name: value for name, value in fields.items() if value}
        await changes.change(
            "corrections", {"kind": kind, **kept}, "Kept: the agent learns from it"
        )

    return done


async def _save_filter(changes: Changes, _: str) -> None:
    """Under which name?"""
    with Sheet(changes.state.visit, "Save this filter") as sheet:
        sheet.line("name", "Name")

    async def done(fields: dict[str, str]) -> None:
        name = fields.get("name", "").strip()
        if not name:
            return
        filters = changes.state.visit.me["preferences"].get("filters", [])
        others = [one for one in filters if one["name"] != name]
        await changes.keep_filters([*others, {"name": name, "query": changes.state.filter.saved()}])

    sheet.open("Save", done, symbol="bookmark_add")
