"""The queue page: puts its panes together and keeps them up to date."""

from __future__ import annotations

from nicegui import background_tasks, ui

from api.console.parts import attaching, words
from api.console.parts.widgets import Tag
from api.console.queue import context_pane, conversation
from api.console.queue.actions import Actions
from api.console.queue.composer import Composer
from api.console.queue.rows import Head, Rows
from api.console.queue.state import Filter, State
from api.console.queue.work import Work
from api.console.shell.visit import Visit

TABS = {"queue": "Queue", "talk": "Conversation", "side": "Evidence"}


async def build(visit: Visit) -> None:
    """Draw the panes, read the queue, select the handoff of the address or the first."""
    where = words.zone(visit.client.request.cookies.get(words.ZONE_COOKIE))
    state = State(visit, where, filter=Filter.restored(visit.params.get("filter", "")))
    pane = "talk" if visit.params.get("handoff") else "queue"  # on a phone: what its address names
    with Tag("div", "desk", data_pane=pane):
        _tabs(pane)
        with Tag("section", "pane pane-queue", aria_label="Queue", tabindex="-1"):
            head = Tag("div", "queue-head")
            listed = Tag("ul", "rows", role="listbox", aria_label="Handoffs", tabindex="0")
            foot = Tag("div", "queue-foot")
        with Tag("section", "pane pane-talk", aria_label="Conversation", tabindex="-1"):
            said = Tag("div", "talk")
            answer = Tag("div", "answer")
        beside = Tag("section", "pane pane-side", aria_label="Evidence and actions", tabindex="-1")
    work = Work(
        state,
        head=Head(state, head),
        rows=Rows(state, listed),
        foot=foot,
        talk=lambda: conversation.draw(state, said),
        composer=Composer(state, answer),
        side=lambda: context_pane.draw(state, beside),
    )
    visit.about = lambda: state.selected
    acts = Actions(state, work)
    visit.acts |= acts.table() | attaching.acts(visit.notify)
    work.head.on_search(acts.search)
    await work.read()
    wanted = visit.params.get("handoff") or (state.items[0]["id"] if state.items else None)
    await work.select(wanted)
    ui.timer(work.RENEW_SECONDS, work.renew)
    ui.timer(work.TICK_SECONDS, work.tick)
    background_tasks.create(work.follow(), name="console: live queue")


def _tabs(shown: str) -> None:
    with Tag("div", "tabs only-narrow", role="tablist", aria_label="Panes"):
        for name, label in TABS.items():
            Tag(
                "button",
                "tab",
                label,
                type="button",
                role="tab",
                data_show=name,
                aria_selected="true" if name == shown else "false",
            )
