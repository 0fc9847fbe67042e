"""A typed client of the desk's HTTP API, for programs and for the desk's own MCP server.

Give each ticket and message a key of your own: sent again after a broken connection, it is the
same ticket.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote

import httpx2
from pydantic import BaseModel, ConfigDict

TIMEOUT_SECONDS = 30.0
POLL_SECONDS = 0.5
AT_REST = frozenset({"settled", "waiting"})
CHANNEL_HEADER = "X-Deskhand-Channel"
Decision = Literal["approve", "reply", "return", "close"]


class DeskRefused(Exception):
    """The desk answered with a problem; the message says what to change."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(str(problem.get("detail") or problem.get("title") or f"HTTP {status}"))
        self.status = status
        self.problem = problem

    @property
    def retry_after(self) -> float | None:
        """Seconds after which the same request may work; None where it will not."""
        found = self.problem.get("retry_after")
        return None if found is None else float(found)


class _Read(BaseModel):
    """What the desk answers; fields of a later release are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class File(_Read):
    """A file of a message, or an upload that waits for one."""

    id: str
    name: str
    media_type: str
    size: int
    """Bytes."""
    url: str | None = None
    """Where its bytes are; null where the desk does not have them."""


class Message(_Read):
    """One message of a conversation."""

    seq: int
    role: Literal["customer", "agent", "person"]
    kind: str
    text: str
    citations: list[dict[str, Any]] = []
    author: str | None = None
    at: datetime
    files: list[File] = []
    delivery: str | None = None
    """How far one of the desk's has come, where it leaves by a channel."""


class Ticket(_Read):
    """A ticket with its conversation."""

    id: str
    subject: str
    status: Literal["queued", "running", "waiting", "settled"]
    outcome: str | None
    """None while it goes on, which an answer does until it has left: see `delivery`."""
    delivery: str | None = None
    """How far the answer has come: wanted, intended, sent, failed, bounced, unknown or withdrawn."""
    reason_text: str | None = None
    """Why a person has it, in words."""
    reply: str | None = None
    citations: list[dict[str, Any]] = []
    messages: list[Message] = []

    @property
    def at_rest(self) -> bool:
        """Whether it was answered, or waits for a person."""
        return self.status in AT_REST


class Action(_Read):
    """An action that waits for a person's word."""

    fingerprint: str
    tool: str
    arguments: dict[str, Any] = {}


class Suggestion(_Read):
    """The reply that the agent suggests."""

    text: str
    confidence: float | None = None


class Handoff(_Read):
    """A ticket in people's hands."""

    id: str
    ticket_id: str
    status: str
    version: int
    reason: str
    explanation: str = ""
    """The reason in words."""
    subject: str = ""
    intent: str | None = None
    claimed_by: str | None = None


class WholeHandoff(Handoff):
    """The same with its story."""

    summary: str = ""
    messages: list[Message] = []
    suggestion: Suggestion | None = None
    actions: list[Action] = []
    agent_answer: str = "none"
    """none | maybe_sent | sent: whether an answer of the agent has reached the customer already."""


class Article(_Read):
    """An article of the help centre."""

    doc_id: str
    title: str
    visibility: Literal["public", "internal", "draft"]
    url: str | None = None
    text: str = ""


class DeskClient:
    """Calls of one key. Every refusal is a `DeskRefused`; broken connections are httpx2's errors."""

    def __init__(self, http: httpx2.AsyncClient, key: str, *, channel: str | None = None) -> None:
        self._http = http
        self._headers = {"Authorization": f"Bearer {key}"}
        if channel is not None:
            self._headers[CHANNEL_HEADER] = channel

    async def open_ticket(
        self,
        text: str,
        *,
        subject: str | None = None,
        email: str | None = None,
        name: str | None = None,
        key: str | None = None,
    ) -> str:
        """Hand a ticket in; its id. With the same `key` it is handed in once."""
        customer = {k: v for k, v in (("email", email), ("name", name)) if v is not None}
        body: dict[str, Any] = {"text": text, "subject": subject, "customer": customer}
        return str((await self._ask("POST", "/v1/tickets", body, key))["id"])

    async def add_message(self, ticket_id: str, text: str, *, key: str | None = None) -> int:
        """The customer's next message; its number within the conversation."""
        path = f"/v1/tickets/{_quoted(ticket_id)}/messages"
        return int((await self._ask("POST", path, {"text": text}, key))["seq"])

    async def ticket(self, ticket_id: str) -> Ticket:
        """A ticket with its conversation."""
        return Ticket.model_validate(await self._ask("GET", f"/v1/tickets/{_quoted(ticket_id)}"))

    async def settled(self, ticket_id: str, seconds: float) -> Ticket:
        """The ticket once it has come to rest, or as it is after so many seconds."""
        until = time.monotonic() + seconds
        while True:
            found = await self.ticket(ticket_id)
            if found.at_rest or time.monotonic() >= until:
                return found
            await asyncio.sleep(POLL_SECONDS)

    async def handoffs(self, limit: int = 20) -> list[Handoff]:
        """The queue of the people, what is due first."""
        found = await self._ask("GET", f"/v1/handoffs?limit={limit}")
        return [Handoff.model_validate(one) for one in found["items"]]

    async def handoff(self, handoff_id: str) -> WholeHandoff:
        """One handoff with its story."""
        path = f"/v1/handoffs/{_quoted(handoff_id)}"
        return WholeHandoff.model_validate(await self._ask("GET", path))

    async def decide(
        self,
        handoff_id: str,
        kind: Decision,
        *,
        text: str = "",
        guidance: str = "",
        actions: list[str] | None = None,
        refused: list[str] | None = None,
        version: int | None = None,
        files: list[str] | None = None,
    ) -> Handoff:
        """Answer a handoff, with files that were uploaded; the first decision wins."""
        body = {
            "kind": kind,
            "text": text,
            "guidance": guidance,
            "actions": actions or [],
            "refused": refused or [],
            "version": version,
            "files": files or [],
        }
        path = f"/v1/handoffs/{_quoted(handoff_id)}/decide"
        return Handoff.model_validate(await self._ask("POST", path, body))

    async def upload(self, name: str, content: bytes, media_type: str = "") -> File:
        """Upload a file; its id goes into a decision, or into a ticket, within a day."""
        sent = self._headers | {"Content-Type": media_type or "application/octet-stream"}
        query = {"name": name}
        answer = await self._http.post("/v1/files", params=query, content=content, headers=sent)
        return File.model_validate(_found(answer))

    async def download(self, file_id: str) -> bytes:
        """The bytes of a file of a message."""
        path = f"/v1/files/{_quoted(file_id)}"
        answer = await self._http.get(path, headers=self._headers)
        if answer.is_error:
            _found(answer)
        return answer.content

    async def articles(self, limit: int = 200) -> list[Article]:
        """The articles, by title, without their text."""
        found = await self._ask("GET", f"/v1/articles?limit={limit}")
        return [Article.model_validate(one) for one in found["items"]]

    async def article(self, doc_id: str) -> Article:
        """One article with its text."""
        return Article.model_validate(await self._ask("GET", f"/v1/articles/{_quoted(doc_id)}"))

    async def _ask(
        self, method: str, path: str, body: dict[str, Any] | None = None, key: str | None = None
    ) -> dict[str, Any]:
        sent = self._headers | ({} if key is None else {"Idempotency-Key": key})
        return _found(await self._http.request(method, path, json=body, headers=sent))


@asynccontextmanager
async def connected(url: str, key: str, *, channel: str | None = None) -> AsyncIterator[DeskClient]:
    """A client of the desk at `url`."""
    async with httpx2.AsyncClient(base_url=url, timeout=TIMEOUT_SECONDS) as http:
        yield DeskClient(http, key, channel=channel)


def _found(answer: httpx2.Response) -> dict[str, Any]:
    """The body of an answer. Raises `DeskRefused`."""
    kind = answer.headers.get("content-type", "")
    found: dict[str, Any] = answer.json() if "json" in kind else {}
    if answer.is_error:
        raise DeskRefused(answer.status_code, found)
    return found


def _quoted(part: str) -> str:
    return quote(part, safe="")
