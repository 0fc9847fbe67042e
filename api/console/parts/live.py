"""What a chat model is writing, while it writes: for reading along, and marked as checked by nobody."""

from __future__ import annotations

import asyncio
import contextlib

from nicegui import background_tasks

from api.console.parts import widgets
from api.console.parts.remote import ApiRefused, Remote, SessionOver
from api.console.parts.streaming import Event
from api.console.parts.widgets import Tag

AGAIN_SECONDS = 2.0
"""Rest before a stream that ended is opened again."""
UNCHECKED = "Not checked yet, and nothing of it is sent"


class LiveText:
    """A place of a page in which the text grows. Empty where no model writes."""

    def __init__(self, remote: Remote, ticket_id: str) -> None:
        self._remote = remote
        self._ticket_id = ticket_id
        self._said: dict[int, str] = {}
        with Tag("div", "being-written") as self._place:
            self._so_far = Tag("p", "muted", "")
            self._warning = widgets.badge("", "warn")
            self._text = Tag("div", "text written-so-far", "", tabindex="0", aria_label=UNCHECKED)
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Look on until the ticket rests, unless somebody does already."""
        if self._task is None or self._task.done():
            self._task = background_tasks.create(self._follow(), name="console: being written")

    @property
    def is_gone(self) -> bool:
        """Whether the page is closed, or shows something else in its place."""
        return self._place.is_deleted or self._place.client.is_deleted

    async def _follow(self) -> None:
        await self._place.client.connected()
        over = False
        while not over and not self.is_gone:
            try:
                over = await self._once()
            except SessionOver:
                return
            except ApiRefused:
                await asyncio.sleep(AGAIN_SECONDS)
            finally:
                self._draw(None)

    async def _once(self) -> bool:
        """Whether the ticket has come to rest."""
        stream = self._remote.follow(f"/v1/tickets/{self._ticket_id}/writing")
        async with contextlib.aclosing(stream):
            async for event in stream:
                if self.is_gone or event.name == "end":
                    return True
                self._draw(event)
        return False

    def _draw(self, event: Event | None) -> None:
        """Change the words in their places: whoever reads along would lose theirs."""
        if self.is_gone:
            return
        found = {} if event is None else event.data
        seconds, text = found.get("seconds"), str(found.get("text") or "")
        self._say(self._so_far, "" if seconds is None else f"The model writes, {seconds} s so far.")
        self._say(self._warning, UNCHECKED if text else "")
        self._say(self._text, text)

    def _say(self, place: Tag, words: str) -> None:
        if words != self._said.get(place.id, ""):
            self._said[place.id] = words
            place._text = words  # noqa: SLF001
            place.update()


def drafting(remote: Remote, ticket_id: str) -> None:
    """What stands where a new draft will be."""
    widgets.empty("autorenew", "The agent is drafting again", "The new draft opens by itself.")
    LiveText(remote, ticket_id).begin()
