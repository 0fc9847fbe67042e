"""Zendesk Support: its API (v2) and its webhooks."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

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
from tools.faults import NotFound, NotLetIn, ToolFault

SIGNATURE = "x-zendesk-webhook-signature"
STAMP = "x-zendesk-webhook-signature-timestamp"
WINDOW_SECONDS = 300
"""How old a webhook may be."""
EVENT = "zen:event-type:ticket."
"""How the types of the events that are read begin."""
BEFORE_SECONDS = 120
"""The export has nothing of the last minute, and takes no later start."""
PAGE = 100
"""Comments in one answer."""
MOST_PAGES = 20
"""Answers with comments of one ticket."""
AUTOMATIC_FLAG = 4
"""The comment was made by a program."""
VOUCHER = "Zendesk login"
MARK = "deskhand"
"""The metadata of an update that holds our marker."""
STATUS: dict[str, Status] = {
    **dict.fromkeys(("pending", "hold"), "waiting"),
    **dict.fromkeys(("solved", "closed", "deleted"), "settled"),
}
"""What is not named is open."""
THERE: dict[Status, str] = {"open": "open", "waiting": "pending", "settled": "solved"}


def basic(user: str, token: str) -> str:
    """The Authorization header of an API token."""
    return "Basic " + base64.b64encode(f"{user}/token:{token}".encode()).decode()


@dataclass
class Zendesk(Helpdesk):
    """`Helpdesk` over one Zendesk account."""

    client: Client
    _own_id: str | None = field(default=None, init=False)

    @override
    async def who(self) -> str:
        """Zendesk answers a wrong token with a user who is nobody."""
        user = part(await self.client.get("/api/v2/users/me.json"), "user")
        self._own_id = number(user.get("id"))
        if self._own_id is None:
            raise NotLetIn("the token is refused: make a new one")
        return words(user.get("name"))

    @override
    async def begin(self) -> Json:
        """Asking who we are tells its clock."""
        await self.who()
        return {"start_time": int(self.clock.timestamp()) - BEFORE_SECONDS}

    @property
    @override
    def clock(self) -> datetime:
        return self.client.clock

    @override
    async def changes(self, cursor: Json) -> Changes:
        """The incremental export, by its own cursor."""
        found = await self.client.get("/api/v2/incremental/tickets/cursor.json", **cursor)
        refs = [number(one.get("id")) for one in listed(found, "tickets")]
        after = words(found.get("after_cursor"))
        return Changes(
            tuple(dict.fromkeys(one for one in refs if one is not None)),
            {"cursor": after} if after else cursor,
            found.get("end_of_stream") is False,
        )

    @override
    async def read(self, ref: str, since: datetime) -> Conversation | None:
        if self._own_id is None:
            await self.who()
        try:
            ticket = needed(await self.client.get(f"/api/v2/tickets/{ref}.json"), "ticket")
        except NotFound:
            return None
        identity(ticket)
        comments, users, whole = await self._comments(ref, since)
        return Conversation(
            ref,
            words(ticket.get("subject")),
            STATUS.get(words(ticket.get("status")), "open"),
            number(ticket.get("group_id")) or "",
            [one for each in comments for one in self._entry(each, users)],
            whole,
            {"updated_stamp": words(ticket.get("updated_at"))},
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
        """A ticket that changed since it was read is refused (409).

        Files go up before; what no comment takes Zendesk itself removes after a while.
        """
        comment: Json = {"body": text, "public": public}
        if files:
            comment["uploads"] = [await self._upload(one) for one in files]
        change = {
            "comment": comment,
            "metadata": {MARK: marker},
            "safe_update": True,
            **conversation.reply,
        }
        made = await self._update(conversation.ref, change)
        events = listed(needed(made, "audit"), "events")
        return next((identity(one) for one in events if one.get("type") == "Comment"), "")

    @override
    async def assign(self, ref: str, group: str) -> None:
        """A group."""
        await self._update(ref, {"group_id": int(group)})

    @override
    async def tag(self, ref: str, tags: Sequence[str]) -> None:
        """A PUT adds; a POST would replace."""
        await self.client.put(f"/api/v2/tickets/{ref}/tags.json", {"tags": list(tags)})

    @override
    async def set_status(self, ref: str, status: Status) -> None:
        await self._update(ref, {"status": THERE[status]})

    async def _upload(self, file: Enclosure) -> str:
        """Its token. Raises `ToolFault`, always certain: nobody sees it yet."""
        try:
            made = await self.client.upload("/api/v2/uploads.json", file, filename=file.name)
        except ToolFault as fault:
            fault.certain = True
            raise
        return words(needed(made, "upload").get("token"))

    async def _update(self, ref: str, change: Json) -> Json:
        made = await self.client.put(f"/api/v2/tickets/{ref}.json", {"ticket": change})
        needed(made, "ticket")
        return made

    async def _comments(
        self, ref: str, since: datetime
    ) -> tuple[list[Json], Mapping[str, Json], bool]:
        """The comments since then, oldest first; their authors; whether these are all."""
        found: list[Json] = []
        users: dict[str, Json] = {}
        for page in range(1, MOST_PAGES + 1):
            got = await self.client.get(
                f"/api/v2/tickets/{ref}/comments.json",
                include="users",
                sort_order="desc",
                per_page=PAGE,
                page=page,
            )
            there = listed(got, "comments")
            found += there
            users |= {number(one.get("id")) or "": one for one in parts(got, "users")}
            if len(there) < PAGE or moment(there[-1].get("created_at")) < since:
                return found[::-1], users, True
        return found[::-1], users, False

    def _entry(self, one: Json, users: Mapping[str, Json]) -> Iterator[Entry]:
        known, writer = number(one.get("id")), number(one.get("author_id"))
        about, user = part(one, "metadata"), users.get(writer or "", {})
        marker = words(part(about, "custom").get(MARK))
        channel = part(one, "via").get("channel")
        if known is None or (channel in {"rule", "system"} and not marker):
            return  # what a trigger or Zendesk itself wrote
        ours = bool(marker) or writer == self._own_id
        customer = not ours and user.get("role") == "end-user"
        address = words(user.get("email"))
        yield Entry(
            known,
            _author(about, ours=ours, customer=customer),
            words(one.get("plain_body")) or words(one.get("body")),
            moment(one.get("created_at")),
            one.get("public") is True,
            words(user.get("name")),
            address if customer and "@" in address else None,
            VOUCHER if customer and _logged_in(one, about, user) else None,
            marker,
            tuple(_files(one)),
        )


@dataclass(frozen=True)
class ZendeskHooks(HookRules):
    """`HookRules` of Zendesk: HMAC-SHA256 over the moment and the body."""

    @override
    def genuine(self, headers: Mapping[str, str], body: bytes, secret: str, now: float) -> bool:
        stamp = headers.get(STAMP, "")
        if abs(now - moment(stamp).timestamp()) > WINDOW_SECONDS:
            return False
        mac = hmac.new(secret.encode(), stamp.encode() + body, hashlib.sha256).digest()
        return hmac.compare_digest(headers.get(SIGNATURE, "").encode(), base64.b64encode(mac))

    @override
    def ref(self, event: Json) -> str | None:
        """An event's ticket, or the one that a trigger's own body names."""
        if words(event.get("type")).startswith(EVENT):
            return number(part(event, "detail").get("id"))
        return number(event.get("ticket_id"))


def _author(about: Json, *, ours: bool, customer: bool) -> Author:
    if ours:
        return "own"
    if not customer:
        return "person"
    return "program" if AUTOMATIC_FLAG in _flags(about) else "customer"


def _logged_in(one: Json, about: Json, user: Json) -> bool:
    """Whether it was written while logged in, and Zendesk trusts it, by an address that it checked."""
    trusted = about.get("trusted") is True and not _flags(about)
    return part(one, "via").get("channel") == "web" and trusted and user.get("verified") is True


def _flags(about: Json) -> list[int]:
    found = about.get("flags")
    return [one for one in found if isinstance(one, int)] if isinstance(found, list) else []


def _files(one: Json) -> Iterator[FileThere]:
    for each in parts(one, "attachments"):
        size = each.get("size")
        name, kind = words(each.get("file_name")), words(each.get("content_type"))
        bytes_, link = size if isinstance(size, int) else 0, words(each.get("content_url"))
        yield FileThere(name or "file", kind or "file", bytes_, link)
