"""The page of one ticket: the conversation, the way it took, what happened, costs, and why."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from nicegui import background_tasks, ui
from nicegui.element import Element

from api.console.parts import said, threads, widgets, words
from api.console.parts.live import LiveText
from api.console.parts.remote import ApiRefused, SessionOver
from api.console.parts.widgets import Tag, Tone
from api.console.shell.visit import Visit
from api.console.ticket import conversation, journey, timeline

Json = dict[str, Any]
QUESTIONS = {
    "route": "Why did it end like this?",
    "tool": "Why these tools?",
    "retries": "Why was something repeated?",
    "time": "Where did the time go?",
    "cost": "What did it cost, and why?",
}
WORKING = frozenset({"queued", "running"})
CALM_SECONDS = 0.6
STATUS_TONES: dict[str, Tone] = {"running": "info", "waiting": "warn", "settled": "good"}
MERMAID = {
    "securityLevel": "strict",
    "theme": "base",
    "flowchart": {"htmlLabels": False, "nodeSpacing": 26, "rankSpacing": 34, "curve": "basis"},
}


@dataclass
class Story:
    """One open ticket page."""

    visit: Visit
    ticket_id: str
    where: ZoneInfo
    parts: dict[str, Element] = field(default_factory=dict)
    live: LiveText = field(init=False)
    """What a model writes at the moment."""

    async def read(self) -> None:
        """Read and draw all of it. Raises `ApiRefused`, `SessionOver`."""
        remote = self.visit.remote
        ticket = await remote.get(f"/v1/tickets/{self.ticket_id}", background=True)
        journal = await remote.get(f"/v1/tickets/{self.ticket_id}/journal", background=True)
        handoff = await self._handoff(ticket)
        answers = {about: await self._why(about) for about in QUESTIONS}
        await said.prepare(ticket["messages"], ticket["subject"])
        self._fill("head", lambda: self._head(ticket, handoff))
        self._fill("talk", lambda: self._talk(ticket))
        self._fill("why", lambda: _answers(answers))
        self._fill("path", lambda: self._path(journal["rows"], ticket))
        self._fill("time", lambda: timeline.draw(journal["rows"], journal["story"]))
        self._fill("cost", lambda: timeline.costs(journal["rows"]))

    def _fill(self, name: str, draw: Any) -> None:
        part = self.parts[name]
        part.clear()
        with part:
            draw()

    async def _handoff(self, ticket: Json) -> str | None:
        if ticket["status"] != "waiting":
            return None
        statuses = ["open", "claimed", "snoozed", "waiting_customer"]
        page = await self.visit.remote.get(
            "/v1/handoffs", background=True, ticket=ticket["id"], status=statuses
        )
        return next((one["id"] for one in page["items"]), None)

    async def _why(self, about: str) -> list[str]:
        path = f"/v1/tickets/{self.ticket_id}/why"
        try:
            found = await self.visit.remote.get(path, background=True, about=about)
        except SessionOver:
            raise
        except ApiRefused as refused:
            return [str(refused)]
        return list(found["sentences"])

    def _head(self, ticket: Json, handoff: str | None) -> None:
        with Tag("div"):
            Tag("h1", "", ticket["title"])
            with Tag("p", "muted"):
                about = [ticket["customer_name"] or "", words.plain(ticket["intent"])]
                about.append(f"came {words.clock(ticket['created_at'], self.where)}")
                Tag("span", "", " · ".join(part for part in about if part), title=ticket["id"])
                Tag("span", "", " · ")
                there = f"/console/tickets/{ticket['id']}/customer"
                widgets.link("All tickets of this customer", there, "inline")
        text, tone = words.standing(ticket)
        widgets.badge(text, tone or STATUS_TONES.get(ticket["status"], ""))
        if ticket["status"] in WORKING:
            self.live.begin()
            widgets.button("Take it over", "takeover", key="c", look="primary", symbol="pan_tool")
        if handoff is not None:
            with widgets.link("", f"/console/?handoff={handoff}", "btn primary"):
                widgets.icon("inbox")
                Tag("span", "", "Open in the queue")

    def _talk(self, ticket: Json) -> None:
        threads.draw(ticket["thread"], self.where)
        conversation.draw(ticket, self.where)

    def _path(self, rows: list[Json], ticket: Json) -> None:
        picture = journey.diagram(rows, going_on=ticket["status"] != "settled")
        with Tag(
            "figure", "mermaid-path", role="img", tabindex="0", aria_label=journey.words(rows)
        ):
            ui.mermaid(picture, config=MERMAID)
        Tag("p", "muted", journey.words(rows))

    async def follow(self) -> None:
        """Draw what happens, as long as it goes on and the page is open."""
        visit = self.visit
        await visit.client.connected()
        while not visit.client.is_deleted:
            with contextlib.suppress(ApiRefused):
                stream = visit.remote.follow(f"/v1/tickets/{self.ticket_id}/events")
                async with contextlib.aclosing(stream):
                    async for event in stream:
                        if visit.client.is_deleted:
                            return
                        if event.name in {"status", "end"}:
                            await self._again()
            await asyncio.sleep(CALM_SECONDS * 10)

    async def _again(self) -> None:
        await asyncio.sleep(CALM_SECONDS)
        try:
            with self.visit.client:
                await self.read()
        except SessionOver:
            self.visit.leave()


async def build(visit: Visit) -> None:
    """Draw the page's parts and fill them."""
    where = words.zone(visit.client.request.cookies.get(words.ZONE_COOKIE))
    story = Story(visit, visit.params["ticket_id"], where)
    story.parts["head"] = Tag("header", "page-head")
    story.live = LiveText(visit.remote, story.ticket_id)
    with Tag("div", "cards pair"):
        _card(story, "talk", "Conversation")
        _card(story, "why", "Why")
        _card(story, "path", "The path it took", "whole")
        _card(story, "cost", "What it took", "whole")
        _card(story, "time", "What happened when", "whole")
    visit.acts["takeover"] = _takeover(story)
    await story.read()
    background_tasks.create(story.follow(), name="console: live ticket")


def _card(story: Story, name: str, title: str, width: str = "") -> None:
    with Tag("section", f"card {width}".strip(), aria_label=title):
        Tag("h2", "", title)
        story.parts[name] = Tag("div", name)


def _answers(answers: dict[str, list[str]]) -> None:
    for about, sentences in answers.items():
        with Tag("details", "part plain-part", open=about == "route" or None):
            Tag("summary", "part-title", QUESTIONS[about])
            with Tag("div", "answers"):
                for sentence in sentences:
                    Tag("p", "", words.readable(sentence))


def _takeover(story: Story) -> Any:
    async def act(_: str) -> None:
        visit = story.visit
        taken = await visit.remote.post(f"/v1/tickets/{story.ticket_id}/takeover", {"minutes": 2})
        visit.go(f"/?handoff={taken['handoff']['id']}")

    return act
