"""Chatwoot: its API (v1, of an account) and its webhooks."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from typing_extensions import override

from tools.adapters.channels import Enclosure
from tools.adapters.helpdesk.client import Client
from tools.adapters.helpdesk.contract import (
    Author,
    Changes,
    Conversation,
    Entry,
    FileThere,
    Helpdesk,
    HookRules,
    Status,
    number,
)
from tools.adapters.helpdesk.reading import identity, listed, moment, needed, part, parts, words
from tools.contract import Json
from tools.faults import NotFound

SIGNATURE, STAMP = "x-chatwoot-signature", "x-chatwoot-timestamp"
PREFIX = "sha256="
WINDOW_SECONDS = 300
"""How old a webhook may be."""
EVENTS = frozenset(
    {
        "message_created",
        "message_updated",
        "conversation_created",
        "conversation_status_changed",
        "conversation_updated",
    }
)
INCOMING, OUTGOING = 0, 1
"""Kinds of messages; the others are what Chatwoot itself writes into a conversation."""
PAGE = 20
"""Messages in one answer."""
MOST_PAGES = 20
"""Answers with messages of one conversation."""
MOST_LIST_PAGES = 400
"""Pages of conversations after a downtime, 25 each."""
VOUCHER = "Chatwoot identity validation"
MARK = "deskhand"
"""The attribute of a message that holds our marker."""
STATUS: dict[str, Status] = {"open": "open", "pending": "open", "resolved": "settled"}
"""What is not named waits: it is snoozed."""
THERE: dict[Status, str] = {"open": "open", "waiting": "pending", "settled": "resolved"}


@dataclass
class Chatwoot(Helpdesk):
    """`Helpdesk` over one Chatwoot account."""

    client: Client
    account: int
    _own_id: str | None = field(default=None, init=False)

    @override
    async def who(self) -> str:
        found = await self.client.get("/api/v1/profile")
        self._own_id = identity(found)
        await self.client.get(f"{self._base}/conversations", status="all", page=1)
        return str(found.get("name") or found.get("email") or self._own_id)

    @override
    async def begin(self) -> Json:
        """The moment of the newest activity."""
        newest = await self._listed(1)
        return {"at": max((_activity(one) for one in newest), default=0)}

    @property
    @override
    def clock(self) -> datetime:
        return self.client.clock

    @override
    async def changes(self, cursor: Json) -> Changes:
        """By the last activity, the newest first, back to the cursor."""
        since = float(cursor.get("at", 0))
        found: dict[str, float] = {}
        for page in range(1, MOST_LIST_PAGES + 1):
            there = await self._listed(page)
            found |= {ref: _activity(one) for one in there if (ref := number(one.get("id")))}
            if not there or min(_activity(one) for one in there) < since:
                break
        changed = sorted((at, ref) for ref, at in found.items() if at >= since)
        newest = max([since, *(at for at, _ in changed)])
        return Changes(tuple(ref for _, ref in changed), {"at": newest})

    @override
    async def read(self, ref: str, since: datetime) -> Conversation | None:
        if self._own_id is None:
            await self.who()
        try:
            about = await self.client.get(f"{self._base}/conversations/{ref}")
        except NotFound:
            return None
        identity(about)
        messages, whole = await self._messages(ref, since)
        verified = part(about, "meta").get("hmac_verified") is True
        entries = [one for each in messages for one in self._entry(each, verified=verified)]
        subject = part(about, "additional_attributes").get("mail_subject")
        return Conversation(
            ref,
            words(subject),
            STATUS.get(str(about.get("status")), "waiting"),
            number(about.get("inbox_id")) or "",
            entries,
            whole,
        )

    @override
    async def write(
        self,
        conversation: Conversation,
        text: str,
        *,
        public: bool,
        marker: str,
        files: Sequence[Enclosure] = (),
    ) -> str:
        """With files it is a form, whose fields are text."""
        path = f"{self._base}/conversations/{conversation.ref}/messages"
        body: Json = {"content": text, "message_type": "outgoing"}
        attributes = {MARK: marker}
        if files:
            body |= {"private": json.dumps(not public)}
            body |= {"content_attributes": json.dumps(attributes)}
            made = await self.client.form(path, body, "attachments[]", files)
        else:
            body |= {"private": not public, "content_attributes": attributes}
            made = await self.client.post(path, body)
        return identity(made)

    @override
    async def assign(self, ref: str, group: str) -> None:
        """A team."""
        path = f"{self._base}/conversations/{ref}/assignments"
        await self.client.tell(path, {"team_id": int(group)})

    @override
    async def tag(self, ref: str, tags: Sequence[str]) -> None:
        """Chatwoot replaces the list, so that what is there goes along."""
        path = f"{self._base}/conversations/{ref}/labels"
        there = (await self.client.get(path)).get("payload")
        known = [one for one in there if isinstance(one, str)] if isinstance(there, list) else []
        if set(tags) - set(known):
            await self.client.tell(path, {"labels": list(dict.fromkeys([*known, *tags]))})

    @override
    async def set_status(self, ref: str, status: Status) -> None:
        path = f"{self._base}/conversations/{ref}/toggle_status"
        await self.client.tell(path, {"status": THERE[status]})

    @property
    def _base(self) -> str:
        return f"/api/v1/accounts/{self.account}"

    async def _listed(self, page: int) -> list[Json]:
        found = await self.client.get(
            f"{self._base}/conversations", status="all", assignee_type="all", page=page
        )
        return listed(needed(found, "data"), "payload")

    async def _messages(self, ref: str, since: datetime) -> tuple[list[Json], bool]:
        """The messages since then, oldest first, and whether these are all of them."""
        path = f"{self._base}/conversations/{ref}/messages"
        found: list[Json] = []
        before: dict[str, int] = {}
        for _ in range(MOST_PAGES):
            page = listed(await self.client.get(path, **before), "payload")
            ids = [int(one) for each in page if (one := number(each.get("id")))]
            found = [*page, *found]
            if len(ids) < PAGE or moment(page[0].get("created_at")) < since:
                return found, True
            before = {"before": min(ids)}
        return found, False

    def _entry(self, one: Json, *, verified: bool) -> Iterator[Entry]:
        kind, name = one.get("message_type"), number(one.get("id"))
        if kind not in (INCOMING, OUTGOING) or name is None:
            return  # what Chatwoot itself writes: who assigned what
        sender = part(one, "sender")
        mine = one.get("content_attributes")
        attributes = mine if isinstance(mine, dict) else {}
        if attributes.get("deleted") is True:
            return  # in its place stands that it was deleted
        author = self._author(kind, sender, attributes)
        address = sender.get("email") if kind == INCOMING else None
        yield Entry(
            name,
            author,
            words(one.get("content")),
            moment(one.get("created_at")),
            one.get("private") is not True,
            words(sender.get("name")),
            address if isinstance(address, str) and "@" in address else None,
            VOUCHER if verified and kind == INCOMING else None,
            words(attributes.get(MARK)),
            tuple(_files(one)),
        )

    def _author(self, kind: Literal[0, 1], sender: Json, attributes: Json) -> Author:
        if kind == INCOMING:
            mail = attributes.get("email")
            automatic = isinstance(mail, dict) and mail.get("auto_reply") is True
            return "program" if automatic else "customer"
        own = bool(attributes.get(MARK)) or number(sender.get("id")) == self._own_id
        # Without a sender it is a campaign's, or an automation's: nobody has taken over.
        return "own" if own or sender.get("type") != "user" else "person"


@dataclass(frozen=True)
class ChatwootHooks(HookRules):
    """`HookRules` of Chatwoot: HMAC-SHA256 over `timestamp.body`."""

    account: int

    @override
    def genuine(self, headers: Mapping[str, str], body: bytes, secret: str, now: float) -> bool:
        stamp = headers.get(STAMP, "")
        if number(stamp) is None or abs(now - int(stamp)) > WINDOW_SECONDS:
            return False
        content = stamp.encode() + b"." + body
        wanted = hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()
        given = headers.get(SIGNATURE, "").removeprefix(PREFIX)
        return hmac.compare_digest(given.encode(), wanted.encode())

    @override
    def ref(self, event: Json) -> str | None:
        """A message names its conversation, a conversation is its own."""
        name = str(event.get("event"))
        if name not in EVENTS or number(part(event, "account").get("id")) not in {
            None,
            str(self.account),
        }:
            return None
        about = part(event, "conversation") if name.startswith("message_") else event
        return number(about.get("display_id") or about.get("id"))


def _files(one: Json) -> Iterator[FileThere]:
    for each in parts(one, "attachments"):
        name = words(each.get("data_url")).rpartition("/")[2] or "file"
        size = each.get("file_size")
        kind, bytes_ = words(each.get("file_type")), size if isinstance(size, int) else 0
        yield FileThere(name, kind or "file", bytes_, words(each.get("data_url")))


def _activity(one: Json) -> float:
    at: Any = one.get("last_activity_at") or one.get("timestamp") or 0
    return moment(at).timestamp()
