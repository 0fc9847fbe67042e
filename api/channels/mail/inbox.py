"""The mailbox as the reader needs it: one connection, in a thread of its own, folder by folder."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from imapclient import IMAPClient

from api.channels.mail.mime import MOST_BYTES
from tools.adapters.mail.servers import (
    MAIL_FAULTS,
    Server,
    in_words,
    open_imap,
    sent_folder_of,
)
from tools.faults import Unreachable

T = TypeVar("T")
BATCH = 50
"""Mails whose numbers are taken at once."""
OVERLAP = timedelta(days=2)
"""How far is looked back where the server has numbered its mails anew."""
IDLE_STEP_SECONDS = 5.0
"""How long one wait for news is; in between the reader can be stopped."""
IDLE_ROUND_SECONDS = 540.0
"""A server may end a wait of half an hour; mail gateways do so after ten minutes."""


@dataclass(frozen=True)
class Position:
    """How far a folder was read. It survives restarts."""

    validity: int
    """The server's UIDVALIDITY: with another one the numbers mean other mails."""
    uid: int
    """The last number that was taken in."""
    day: str
    """Of the last mail, as in 2026-11-26."""

    def as_cursor(self) -> dict[str, Any]:
        """As it is stored."""
        return {"validity": self.validity, "uid": self.uid, "day": self.day}

    @classmethod
    def of(cls, cursor: Mapping[str, Any]) -> Position | None:
        """As it was stored; None where nothing was."""
        if "validity" not in cursor:
            return None
        return cls(int(cursor["validity"]), int(cursor["uid"]), str(cursor["day"]))


@dataclass(frozen=True)
class Opened:
    """A folder that was selected."""

    position: Position
    """From where it is read on."""
    anew: bool
    """The server has numbered its mails anew: mails that were read come again."""


class Inbox:
    """A connection to one mailbox. Each method raises `Unreachable`, and then it is closed."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._client: IMAPClient | None = None
        self._thread = ThreadPoolExecutor(1, "imap")

    async def open(self) -> None:
        """Connect and log in."""
        self._client = await self._run(open_imap, self._server)

    async def select(self, folder: str, known: Position | None) -> Opened:
        """Go to a folder; where it was never read, to its end: only new mail is ours."""
        return await self._do(lambda client: _selected(client, folder, known))

    async def new(self, position: Position) -> list[int]:
        """The numbers of the mails behind a position, in order; at most `BATCH`."""
        return await self._do(lambda client: _after(client, position))

    async def fetch(self, uid: int) -> tuple[bytes, str] | None:
        """One mail and its day; only its head where it is too large; None where it has gone."""
        return await self._do(lambda client: _fetched(client, uid))

    async def mark(self, uid: int) -> None:
        """Mark a mail as read."""
        await self._do(lambda client: client.add_flags([uid], [b"\\Seen"], silent=True))

    async def put_away(self, uid: int, folder: str) -> None:
        """Move our own copy to the folder of sent mail, where the server can."""
        await self._do(lambda client: _moved(client, uid, folder))

    async def sent_folder(self, named: str | None) -> str | None:
        """The folder of sent mail; None where there is none."""
        return await self._do(lambda client: sent_folder_of(client, named))

    async def wait(self, seconds: float) -> None:
        """Until the server tells of news in the folder, or for so long; polling where it cannot."""
        can_idle = await self._do(lambda client: client.has_capability("IDLE"))
        if not can_idle:
            await asyncio.sleep(seconds)
            await self._do(lambda client: client.noop())
            return
        await self._do(lambda client: client.idle())
        left = min(seconds, IDLE_ROUND_SECONDS)
        try:
            while left > 0:
                step = min(left, IDLE_STEP_SECONDS)
                if await self._do(partial(_news, seconds=step)):
                    break
                left -= step
        finally:
            if self._client is not None:
                await self._do(lambda client: client.idle_done())

    async def close(self) -> None:
        """Hang up."""
        client, self._client = self._client, None
        if client is not None:
            await self._run(_hung_up, client)

    def end(self) -> None:
        """Give the thread back; nothing can be done afterwards."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _do(self, work: Callable[[IMAPClient], T]) -> T:
        client = self._client
        if client is None:
            msg = f"the IMAP server {self._server.place} is not connected"
            raise Unreachable(msg, certain=True)
        try:
            return await self._run(work, client)
        except MAIL_FAULTS as error:
            await self.close()
            raise Unreachable(in_words(error, self._server, "IMAP"), certain=True) from error

    async def _run(self, work: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)


def _news(client: IMAPClient, *, seconds: float) -> bool:
    """Whether the server told of a change within so long."""
    return bool(client.idle_check(seconds))


def _selected(client: IMAPClient, folder: str, known: Position | None) -> Opened:
    told = client.select_folder(folder)
    validity, following = int(told[b"UIDVALIDITY"]), int(told.get(b"UIDNEXT", 1))
    today = datetime.now(UTC).date().isoformat()
    if known is None:
        return Opened(Position(validity, following - 1, today), anew=False)
    if known.validity == validity:
        return Opened(known, anew=False)
    since = datetime.fromisoformat(known.day).date() - OVERLAP
    again = client.search(["SINCE", since])
    first = min(again) - 1 if again else following - 1
    return Opened(Position(validity, first, known.day), anew=True)


def _after(client: IMAPClient, position: Position) -> list[int]:
    found = client.search(["UID", f"{position.uid + 1}:*"])
    # `n:*` always names the last mail, even where its number is smaller.
    return sorted(uid for uid in found if uid > position.uid)[:BATCH]


def _fetched(client: IMAPClient, uid: int) -> tuple[bytes, str] | None:
    told = client.fetch([uid], ["RFC822.SIZE", "INTERNALDATE"]).get(uid)
    if told is None:
        return None
    part = "BODY.PEEK[]" if told[b"RFC822.SIZE"] <= MOST_BYTES else "BODY.PEEK[HEADER]"
    got = client.fetch([uid], [part]).get(uid, {})
    raw = next((value for name, value in got.items() if name.startswith(b"BODY")), None)
    day = told[b"INTERNALDATE"].date().isoformat()
    return None if raw is None else (bytes(raw), day)


def _moved(client: IMAPClient, uid: int, folder: str) -> None:
    client.add_flags([uid], [b"\\Seen"], silent=True)
    if client.has_capability("MOVE"):
        client.move([uid], folder)


def _hung_up(client: IMAPClient) -> None:
    with suppress(*MAIL_FAULTS):
        client.logout()
    with suppress(*MAIL_FAULTS):
        client.shutdown()
