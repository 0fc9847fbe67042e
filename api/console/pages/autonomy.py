"""Two cards of the settings: what the agent may do by itself, and the switch that stops all sending."""

from __future__ import annotations

from typing import Any

from nicegui.element import Element

from api.console.parts import charts, widgets
from api.console.parts.widgets import Tag, Tone
from api.console.shell.visit import Visit

LEVELS = {"off": "Off", "suggest": "Suggest", "auto": "Auto"}
TONES: dict[str, Tone] = {"off": "bad", "suggest": "warn", "auto": "good"}
FROM_FILE = "desk"
"""Stands for no level of a person's: what desk.yaml says."""
NOTE = (
    "Off: it drafts nothing. Suggest: each answer waits as a draft for a person. Auto: it sends what "
    "reaches the threshold and passes the checks. The lower of a channel's and an intent's level "
    "counts. A choice made here overrides desk.yaml and is recorded."
)


async def cards(visit: Visit) -> None:
    """Draw both; leads change levels and start sending again, everybody may stop it."""
    with charts.card("Sending") as sending:
        pass
    with charts.card("What the agent may do by itself", note=NOTE) as levels:
        pass
    await _draw_sending(visit, sending)
    await _draw_levels(visit, levels)

    async def ask(_: str) -> None:
        await _draw_sending(visit, sending, asked=True)

    async def stop(_: str) -> None:
        await visit.remote.post("/v1/sending/stop", {})
        await _draw_sending(visit, sending)

    async def start(_: str) -> None:
        await visit.remote.post("/v1/sending/start")
        await _draw_sending(visit, sending)

    async def keep(_: str) -> None:
        await _draw_sending(visit, sending)

    async def choose(arg: str) -> None:
        kind, level, name = arg.split(":", 2)
        body = {"level": None if level == FROM_FILE else level}
        await visit.remote.put(f"/v1/autonomy/{kind}/{name}", body)
        await _draw_levels(visit, levels)

    visit.acts |= {
        "sending-ask": ask,
        "sending-stop": stop,
        "sending-start": start,
        "sending-keep": keep,
        "autonomy": choose,
    }


async def _draw_sending(visit: Visit, card: Element, *, asked: bool = False) -> None:
    found = await visit.remote.get("/v1/sending")
    card.clear()
    with card:
        Tag("h2", "", "Sending")
        if found["stopped"]:
            why = f" {found['why']}" if found["why"] else ""
            Tag("p", "banner bad", f"All sending was stopped by {found['stopped_by']}.{why}")
            if visit.may("lead"):
                widgets.button("Start sending again", "sending-start", look="primary")
            return
        Tag("p", "muted", "Replies, notices and codes are being sent.")
        if asked:
            words = "From then on nothing is sent, neither by the agent nor by people."
            Tag("p", "", words, role="alert")
            widgets.button("Stop it now", "sending-stop", look="danger")
            widgets.button("Let it go on", "sending-keep", look="quiet")
        else:
            widgets.button("Stop all sending", "sending-ask", look="danger", symbol="front_hand")


async def _draw_levels(visit: Visit, card: Element) -> None:
    items = (await visit.remote.get("/v1/autonomy"))["items"]
    card.clear()
    with card:
        Tag("h2", "", "What the agent may do by itself")
        Tag("p", "muted card-note", NOTE)
        with charts.body(stacked=True):
            for one in items:
                _level(one, change=visit.may("lead"))


def _level(one: dict[str, Any], *, change: bool) -> None:
    with Tag("tr"):
        Tag("td", "muted", one["kind"])
        Tag("td", "", one["name"])
        with Tag("td"):
            if one["always_person"]:
                widgets.badge("A person")
            else:
                widgets.badge(LEVELS[one["level"]], TONES[one["level"]])
        who = one["changed_by"] if one["source"] == "person" else one["source"]
        set_by = f"set by {who}" if one["source"] == "person" else who
        Tag("td", "muted", "desk.yaml" if one["always_person"] else set_by)
        if change and not one["always_person"]:
            _choices(one)


def _choices(one: dict[str, Any]) -> None:
    with Tag("td", "right"):
        for level, words in LEVELS.items():
            if level != one["level"]:
                _choice(one, level, words)
        if one["source"] == "person":
            _choice(one, FROM_FILE, "As desk.yaml")


def _choice(one: dict[str, Any], level: str, words: str) -> None:
    label = f"{words} for the {one['kind']} {one['name']}"
    arg = f"{one['kind']}:{level}:{one['name']}"
    widgets.button(words, "autonomy", arg=arg, look="quiet", label=label)
