"""Zammad: its API (v1) and the webhooks of its triggers."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from typing_extensions import override

from memory import addresses
from tools.adapters.channels import Enclosure
from tools.adapters.helpdesk.client import FILE_SECONDS, SECONDS, Client
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
from tools.adapters.helpdesk.reading import NEVER, identity, listed, moment, part, parts, words
from tools.adapters.helpdesk.zammad_search import PAGE, Place, stamp
from tools.contract import Json
from tools.faults import NotFound

SIGNATURE = "x-hub-signature"
PREFIX = "sha1="
MOST_PAGES = 100
"""Answers with tickets in one look; the next one goes on behind them."""
INDEX_LAG = timedelta(minutes=2)
"""How late the search may learn of a change."""
PENDING = timedelta(days=2)
"""After so long Zammad itself reminds of a ticket that waits for the customer."""
VOUCHER = "Zammad login"
MARK = "deskhand"
"""The preference of an article that holds our marker."""
STATUS: dict[str, Status] = {
    **dict.fromkeys(("closed", "merged", "removed"), "settled"),
    **dict.fromkeys(("pending reminder", "pending close"), "waiting"),
}
"""What is not named is open."""


@dataclass
class Zammad(Helpdesk):
    """`Helpdesk` over one Zammad system."""

    client: Client
    _own_id: str | None = field(default=None, init=False)

    @override
    async def who(self) -> str:
        found = await self.client.get("/api/v1/users/me")
        self._own_id = identity(found)
        return f"{words(found.get('firstname'))} {words(found.get('lastname'))}".strip()

    @override
    async def begin(self) -> Json:
        """The moment of the newest change."""
        newest = await self._search("*", sort_by="updated_at", order_by="desc", limit=1)
        at = max((moment(one.get("updated_at")) for one in newest), default=self.clock)
        return {"at": at.isoformat()}

    @property
    @override
    def clock(self) -> datetime:
        return self.client.clock

    @override
    async def changes(self, cursor: Json) -> Changes:
        """By the search, which may lag behind."""
        newest = moment(cursor.get("at"))
        first = stamp(newest - INDEX_LAG if newest > NEVER else newest)
        place, found = Place.of(cursor.get("on")) or Place(first), dict[str, datetime]()
        for _ in range(MOST_PAGES):
            there = await self._search(place.query, sort_by=place.order, order_by="asc", limit=PAGE)
            for one in there:
                if (ref := number(one.get("id"))) is not None:
                    found[ref] = moment(one.get("updated_at"))
            following = place.behind(there)
            if following is None:
                break
            place = following
        newest = max([newest, *found.values()])
        refs = tuple(sorted(found, key=lambda ref: found[ref]))
        left = {} if following is None else {"on": [place.since, place.least]}
        return Changes(refs, {"at": newest.isoformat(), **left}, more=bool(left))

    @override
    async def read(self, ref: str, since: datetime) -> Conversation | None:
        """Zammad gives all articles at once."""
        if self._own_id is None:
            await self.who()
        try:
            ticket = await self.client.get(f"/api/v1/tickets/{ref}", expand="true")
        except NotFound:
            return None
        identity(ticket)
        found = await self.client.get(f"/api/v1/ticket_articles/by_ticket/{ref}", expand="true")
        articles = sorted(listed(found, "items"), key=lambda one: int(number(one.get("id")) or 0))
        customer = await self._customer(ticket)
        entries = [one for each in articles for one in self._entry(each, customer)]
        return Conversation(
            ref,
            words(ticket.get("title")),
            STATUS.get(words(ticket.get("state")), "open"),
            number(ticket.get("group_id")) or "",
            entries,
            reply={**_reply(articles), "subject": words(ticket.get("title"))},
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
        """By mail to who wrote by mail, else where the customer looks."""
        body: Json = {
            "ticket_id": int(conversation.ref),
            "body": text,
            "content_type": "text/plain",
            "sender": "Agent",
            "internal": not public,
            "preferences": {MARK: marker},
            **(conversation.reply if public else {"type": "note"}),
        }
        if files:
            body["attachments"] = [_attachment(one) for one in files]
        seconds = FILE_SECONDS if files else SECONDS
        made = await self.client.post("/api/v1/ticket_articles", body, seconds=seconds)
        return identity(made)

    @override
    async def assign(self, ref: str, group: str) -> None:
        """A group."""
        identity(await self.client.put(f"/api/v1/tickets/{ref}", {"group_id": int(group)}))

    @override
    async def tag(self, ref: str, tags: Sequence[str]) -> None:
        for one in tags:
            body = {"object": "Ticket", "o_id": int(ref), "item": one}
            await self.client.tell("/api/v1/tags/add", body)  # answers `true`

    @override
    async def set_status(self, ref: str, status: Status) -> None:
        body: Json = {"state": {"open": "open", "settled": "closed"}.get(status, "")}
        if status == "waiting":
            until = (datetime.now(UTC) + PENDING).isoformat(timespec="seconds")
            body = {"state": "pending reminder", "pending_time": until}
        identity(await self.client.put(f"/api/v1/tickets/{ref}", body))

    async def _search(self, query: str, *, sort_by: str, order_by: str, limit: int) -> list[Json]:
        found = await self.client.get(
            "/api/v1/tickets/search",
            query=query,
            expand="true",
            sort_by=sort_by,
            order_by=order_by,
            limit=limit,
            page=1,
        )
        return listed(found, "items")

    async def _customer(self, ticket: Json) -> Json:
        who = number(ticket.get("customer_id"))
        if who is None:
            return {}
        try:
            found = await self.client.get(f"/api/v1/users/{quote(who)}")
        except NotFound:
            return {}
        identity(found)
        return found

    def _entry(self, one: Json, customer: Json) -> Iterator[Entry]:
        known, sender = number(one.get("id")), words(one.get("sender"))
        if known is None or sender not in {"Customer", "Agent"}:
            return  # what Zammad itself writes
        preferences, mine = part(one, "preferences"), sender == "Customer"
        writer = number(one.get("created_by_id"))
        own = writer is not None and writer == number(customer.get("id"))
        name, address = addresses.read(words(one.get("from")))
        if mine and own:
            name = f"{words(customer.get('firstname'))} {words(customer.get('lastname'))}".strip()
            address = words(customer.get("email"))
        yield Entry(
            known,
            self._author(preferences, writer, mine=mine),
            words(one.get("body")),
            moment(one.get("created_at")),
            one.get("internal") is not True,
            name or words(one.get("created_by")),
            address if mine and "@" in address else None,
            VOUCHER if mine and own and _logged_in(one, customer) else None,
            words(preferences.get(MARK)),
            tuple(_files(one)),
            words(one.get("content_type")) == "text/html",
        )

    def _author(self, preferences: Json, writer: str | None, *, mine: bool) -> Author:
        if mine:
            return "program" if preferences.get("is-auto-response") is True else "customer"
        return "own" if preferences.get(MARK) or writer == self._own_id else "person"


@dataclass(frozen=True)
class ZammadHooks(HookRules):
    """`HookRules` of Zammad: HMAC-SHA1 over the body. It signs no moment.

    So an old webhook can be sent again by whoever has seen it; all that it can do is to have a
    conversation read once more.
    """

    @override
    def genuine(self, headers: Mapping[str, str], body: bytes, secret: str, now: float) -> bool:
        wanted = PREFIX + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()
        return hmac.compare_digest(headers.get(SIGNATURE, "").encode(), wanted.encode())

    @override
    def ref(self, event: Json) -> str | None:
        return number(part(event, "ticket").get("id"))


def _logged_in(one: Json, customer: Json) -> bool:
    """Whether the customer wrote it in Zammad's own pages, by an address that Zammad has checked."""
    behalf = number(one.get("origin_by_id"))
    alone = behalf in {None, number(customer.get("id"))}
    return one.get("type") == "web" and alone and customer.get("verified") is True


def _attachment(file: Enclosure) -> Json:
    content = base64.b64encode(file.content).decode("ascii")
    return {"filename": file.name, "data": content, "mime-type": file.media_type}


def _reply(articles: Sequence[Json]) -> Json:
    """How the customer wrote last is how they are answered."""
    for one in reversed(articles):
        if one.get("sender") == "Customer" and one.get("internal") is not True:
            _, address = addresses.read(words(one.get("reply_to")) or words(one.get("from")))
            if one.get("type") == "email" and "@" in address:
                return {"type": "email", "to": address}
            break
    return {"type": "web"}


def _files(one: Json) -> Iterator[FileThere]:
    for each in parts(one, "attachments"):
        kind = part(each, "preferences").get("Content-Type")
        size = number(each.get("size"))
        yield FileThere(
            words(each.get("filename")) or "file", words(kind) or "file", int(size or 0)
        )
