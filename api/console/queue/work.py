"""Keeps an open queue page up to date: reads, draws what changed, renews leases, follows live."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from nicegui import background_tasks, ui
from nicegui.element import Element

from api.console.parts import said, widgets
from api.console.parts.attaching import FILES
from api.console.parts.change_feed import AGAIN_SECONDS, ChangeFeed
from api.console.parts.remote import ApiRefused, SessionOver
from api.console.queue.composer import Composer
from api.console.queue.rows import Head, Rows
from api.console.queue.state import MOST_ROWS, PAGE_SIZE, Draft, Json, State
from api.console.shell.visit import sentence

log = structlog.get_logger()

NOT_FOUND = 404
UNSEEN = frozenset({"unread", "updated_at", "version"})
LEASE = frozenset({"claimed_until", "lease_expires_at"})


@dataclass
class Work:
    """The moving parts of one page."""

    state: State
    head: Head
    rows: Rows
    foot: Element
    talk: Callable[[], None]
    composer: Composer
    side: Callable[[], None]
    shown: int = PAGE_SIZE
    """Rows that are read."""
    active_at: float = field(default_factory=time.monotonic)
    """When the person last did something."""
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    LEASE_MINUTES = 1
    """So long a claim outlives the page that renews it."""
    RENEW_SECONDS = 15.0
    TICK_SECONDS = 20.0
    """How often the time left is brought up to date."""
    AWAY_SECONDS = 20 * 60
    """A page at which nobody does anything for so long lets its leases end."""
    CALM_SECONDS = 0.3
    """Changes that come this close together are drawn once."""

    async def read(self, change_feed: ChangeFeed | None = None) -> None:
        """The queue and its figures, from the API. Raises `ApiRefused`, `SessionOver`.

        With a pulse the list is read once for all colleagues who look at the same; the figures
        are the person's own, and show whether the session still stands.
        """
        state, remote = self.state, self.state.visit.remote
        query = {"limit": self.shown, **state.filter.query()}
        async with self._reading:
            state.counts = await self._counts()
            if change_feed is None or "mine" in query:
                page = await remote.get("/v1/handoffs", background=True, **query)
            else:
                page = await change_feed.once(remote, "/v1/handoffs", **query)
        state.items, state.more = page["items"], bool(page["next"])
        present = {item["id"] for item in state.items}
        state.marked &= present
        self.draw_queue()

    async def _counts(self) -> Json:
        try:
            found: Json = await self.state.visit.remote.get("/v1/handoffs/counts", background=True)
        except ApiRefused as refused:
            if refused.status != NOT_FOUND:
                raise
            return {}
        return found

    def draw_queue(self) -> None:
        """The left pane."""
        self.head.draw()
        self.rows.draw()
        self.foot.clear()
        with self.foot:
            if self.state.more and self.shown < MOST_ROWS:
                widgets.button("Show more", "more", look="quiet", symbol="expand_more")
            elif not self.state.items:
                _nothing(self.state)

    def draw(self, *, anew: bool = False) -> None:
        """Everything."""
        self.draw_queue()
        self.talk()
        self.composer.draw(anew=anew)
        self.side()

    async def select(self, handoff: str | None) -> None:
        """Show a handoff. Raises `ApiRefused`, `SessionOver`."""
        state = self.state
        changed = handoff != state.selected
        state.selected = handoff
        if changed:
            self.rows.draw()
        await self.refresh()
        if handoff is not None and changed and state.visit.client.has_socket_connection:
            ui.run_javascript(f"deskSee({handoff!r})")

    async def refresh(self) -> None:
        """Read the selected handoff again and draw it. Raises `ApiRefused`, `SessionOver`."""
        state = self.state
        wanted = state.selected
        if wanted is None:
            state.whole = None
        else:
            whole = await state.visit.remote.get(f"/v1/handoffs/{wanted}", background=True)
            await said.prepare(whole["messages"], whole["subject"])
            if state.selected != wanted or _is_older(whole, state.whole):
                return  # somebody pressed j meanwhile, or a later look was answered first
            before, state.whole = state.whole, whole
            if state.mine:
                state.held.add(wanted)
            await self._seen(whole)
            if _looks(whole, mine=state.mine) == _looks(before, mine=state.mine):
                self.composer.draw()
                return  # what is open or being read stays so
        self.talk()
        self.composer.draw()
        self.side()

    async def _seen(self, whole: Json) -> None:
        """Tell that the holder has read what is shown."""
        if not (self.state.mine and whole.get("unread")):
            return
        last = max((one["seq"] for one in whole["messages"]), default=0)
        path = f"/v1/handoffs/{whole['id']}/seen"
        await self.state.visit.remote.post(path, {"seq": last}, background=True)

    async def claim(self) -> None:
        """Take the selected handoff under a lease that lives with this page."""
        wanted = self.state.selected
        if wanted is None or self.state.mine:
            return
        await self.state.visit.remote.post(
            f"/v1/handoffs/{wanted}/claim", {"minutes": self.LEASE_MINUTES}
        )
        self.state.held.add(wanted)
        await self.refresh()

    async def renew(self) -> None:
        """Renew the leases that this page holds, while somebody works at it."""
        away = time.monotonic() - self.active_at > self.AWAY_SECONDS
        if away or not self.state.visit.client.has_socket_connection:
            return  # the browser is gone: the leases end by themselves
        for held in list(self.state.held):
            try:
                await self.state.visit.remote.post(
                    f"/v1/handoffs/{held}/claim",
                    {"minutes": self.LEASE_MINUTES},
                    background=True,
                )
            except SessionOver:
                self.state.visit.leave()
                return
            except ApiRefused:
                self.state.held.discard(held)

    async def tick(self) -> None:
        """Bring the time left up to date, and look for drafts whose news was missed."""
        self.rows.draw()
        with contextlib.suppress(ApiRefused):  # the live changes tell what is wrong, and try again
            await self.take_redrafts()

    async def take_redrafts(self) -> None:
        """Take the handoffs that the drafts this person asked for have opened.

        Raises `ApiRefused`, `SessionOver`.
        """
        for old, ticket in list(self.state.redrafted.items()):
            page = await self.state.visit.remote.get(
                "/v1/handoffs", background=True, ticket=ticket, status=["open", "claimed"]
            )
            new = next((one for one in page["items"] if one["id"] != old), None)
            if new is not None and old in self.state.redrafted:
                del self.state.redrafted[old]
                await self._take(old, new)
            elif old == self.state.selected:
                await self.refresh()  # the agent may have settled it without a person

    async def _take(self, old: str, new: Json) -> None:
        """Claim a new draft and show it, unless the person has gone on to something else."""
        name = self.state.visit.name
        if new["status"] == "claimed" and new.get("claimed_by") != name:
            self.state.visit.notify(f"{new['claimed_by']} has the new draft already.", "warn")
        else:
            await self._claim_draft(new["id"])
        if self.state.selected == old:
            await self.select(new["id"])
        else:
            self.state.visit.notify(f"The new draft is here: {new['subject']}", "good")
        await self.read()

    async def _claim_draft(self, handoff: str) -> None:
        try:
            await self.state.visit.remote.post(
                f"/v1/handoffs/{handoff}/claim", {"minutes": self.LEASE_MINUTES}
            )
        except SessionOver:
            raise
        except ApiRefused as refused:  # a colleague was quicker: the draft is shown all the same
            self.state.visit.notify(sentence(str(refused)), "warn")
        else:
            self.state.held.add(handoff)

    async def follow(self) -> None:
        """Draw what changes, until the page is closed."""
        visit = self.state.visit
        background_tasks.create(self._restore(), name="console: kept drafts")
        async with visit.feeds.listen(visit.remote, visit.me["person"]["tenant"]) as changes:
            while not visit.client.is_deleted:
                touched = await changes.next()
                await asyncio.sleep(self.CALM_SECONDS)
                touched |= changes.waiting()
                if visit.client.is_deleted:
                    return
                if not await self._catch_up(touched, changes.change_feed):
                    changes.again(touched)
                    await asyncio.sleep(AGAIN_SECONDS)

    async def _catch_up(self, touched: set[str], change_feed: ChangeFeed) -> bool:
        """Whether it could be read."""
        visit = self.state.visit
        try:
            with visit.client:
                await self.read(change_feed)
                await self.take_redrafts()
                if self.state.selected in touched or "*" in touched:
                    await self.refresh()
                elif self.state.selected is None and self.state.items:
                    await self.select(self.state.items[0]["id"])
                self.head.live("")
        except SessionOver:
            visit.leave()
        except Exception as error:  # noqa: BLE001 - whatever broke it, the page must not go stale
            if not isinstance(error, ApiRefused):
                log.warning("console_page_broke", kind=type(error).__name__)
            with visit.client:
                self.head.live("The queue cannot be read at the moment")
            return False
        return True

    async def _restore(self) -> None:
        """Take what was written in this tab before the page, or the service, began anew."""
        visit = self.state.visit
        await visit.client.connected()
        if visit.client.is_deleted:
            return
        try:
            with visit.client:
                kept = await ui.run_javascript(f"deskKept({visit.account!r})", timeout=5.0)
        except TimeoutError:
            return
        for name, text in (kept or {}).items():
            handoff, _, mode = str(name).rpartition(":")
            draft = self.state.drafts.setdefault(handoff, Draft())
            if text and not draft.texts.get(mode):
                draft.texts[mode] = str(text)
                draft.mode = draft.mode if mode == FILES else mode
        with visit.client:
            self.composer.draw()


def _nothing(state: State) -> None:
    if state.filter.q:
        widgets.empty(
            "search_off",
            "Nothing found",
            "Search for a name, a subject, an id or a number that was named.",
        )
    elif state.filter.view != "all" or state.filter.narrow:
        widgets.empty("filter_alt_off", "Nothing here", "Choose Waiting to see the whole queue.")
    else:
        widgets.empty("done_all", "All done", "Nothing waits for a person.")


def _is_older(whole: Json, shown: Json | None) -> bool:
    """Whether it is an earlier version of what is shown."""
    return shown is not None and shown["id"] == whole["id"] and whole["version"] < shown["version"]


def _looks(whole: Json | None, *, mine: bool) -> Json | None:
    """A handoff without what no pane shows: how often it changed, and one's own lease."""
    hidden = UNSEEN | LEASE if mine else UNSEEN
    return whole and {name: value for name, value in whole.items() if name not in hidden}
