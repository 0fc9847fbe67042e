"""How the demo's tickets come: over HTTP, by mail, by the window of a website, and by a helpdesk."""

import asyncio
import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Literal

import httpx2
import jwt
from sqlmodel import col, select

from api.http.widget.schemas import MAX_TEXT_CHARS
from evals.demo.company import TENANT
from evals.demo.helpdesk import SECRETS as THERE
from evals.demo.helpdesk import Helpdesk, helpdesk
from evals.stack.mail_servers import PASSWORD, USER, MailServers, installed, mail_servers
from evals.stack.mailed import CHANNELS, TRUSTED
from evals.stack.sending import NotAccepted, Outgoing, Sent, send_all
from evals.stack.stack import Stack
from graph.minds.local.safety.screening import with_subject
from memory.storage import kept_secrets
from memory.storage.database import Database
from memory.tables import ChannelMessage

Way = Literal["api", "mail", "widget", "chatwoot"]
Case = dict[str, Any]
WAYS: tuple[Way, ...] = ("api", "mail", "widget", "chatwoot")
ORIGIN = "https://www.fernhill.example"
SIGNED_SECONDS = 3_600
LIMIT_SECONDS = 60.0
"""How long mails may take to be read, or to leave."""
LOOK_SECONDS = 0.2
SECRET = hashlib.sha256(b"the demo's website").hexdigest()
WIDGET = f"""
autonomy:
  channels: {{mail: auto, widget: auto, chatwoot: auto}}
channels:
  widget:
    origins: [{ORIGIN}]
    identity_secret: ${{WIDGET_SECRET}}
"""
MAIL = """
  mail:
    address: {address}
    password: ${{MAIL_PASSWORD}}
    imap: {{host: 127.0.0.1, port: {imap}, security: none}}
    smtp: {{host: 127.0.0.1, port: {smtp}, security: none}}
    trusted_server: {trusted}
    copy_seconds: 5
    poll_seconds: 1
    sends_per_minute: 6000
"""
SECRETS = {**THERE, "WIDGET_SECRET": SECRET, "MAIL_PASSWORD": PASSWORD}
"""Kept as those that are typed in where a channel is connected: none stands in desk.yaml."""


@dataclass
class Ways:
    """The channels of the demo's desk."""

    desk: Path
    """Fernhill's desk with its channels."""
    servers: MailServers | None
    """None where there is no mail server on this machine."""
    helpdesk: Helpdesk
    run: str
    """Of this demo: another one sends its tickets anew."""
    started: dict[str, float] = field(default_factory=dict)
    """When each mail was put into the mailbox, by its Message-ID."""

    def way_of(self, number: int, case: Case) -> Way:
        """In turn; what only a mail can be comes by mail, and by no other what it would not take."""
        way = "mail" if case.get("headers") else WAYS[number % len(WAYS)]
        if way == "mail" and self.servers is None:
            return "api"
        fits = case["body"].strip() and len(_as_typed(case)) <= MAX_TEXT_CHARS
        known = "email" in case["customer"]
        return "api" if way in {"widget", "chatwoot"} and not (fits and known) else way

    def start(self, stack: Stack) -> None:
        """Start the process that reads the mailbox and the helpdesk."""
        stack.start_command(CHANNELS, "channels")

    def send(
        self,
        stack: Stack,
        client: httpx2.Client,
        cases: Sequence[Case],
        on_sent: Callable[[], None],
    ) -> list[Sent]:
        """Send every ticket, each its way, all at once. Raises `NotAccepted`."""
        by_way: dict[Way, list[Case]] = {way: [] for way in WAYS}
        for number, case in enumerate(cases):
            by_way[self.way_of(number, case)].append(case)
        for case in by_way["mail"]:
            self._post(case)
        posted = [Outgoing(self.name(case), _body(case)) for case in by_way["api"]]
        sent = send_all(client, posted, on_sent)
        sent += self._write(stack, by_way["widget"], on_sent)
        self.helpdesk.write(stack, by_way["chatwoot"], self.name)
        sent += asyncio.run(self._told(stack, on_sent))
        if self.servers is not None:
            sent += asyncio.run(self._read(stack, on_sent))
        found = {one.name: one for one in sent}
        return [found[self.name(case)] for case in cases]

    def name(self, case: Case) -> str:
        """By which a ticket is known."""
        return f"{self.run}-{case['id']}"

    def arrived(self, least: int) -> int:
        """How many mails have reached customers, once `least` have or the time is up."""
        servers = self.servers
        return 0 if servers is None else _until(least, lambda: len(servers.outbox))

    def answered(self, least: int) -> int:
        """How many conversations of the helpdesk have an answer, in the same way."""
        return _until(least, self.helpdesk.answered)

    def _post(self, case: Case) -> None:
        assert self.servers is not None
        mail, customer = EmailMessage(), case["customer"]
        domain = customer["email"].partition("@")[2]
        mail["Message-ID"] = f"<{self.name(case)}@{domain}>"
        mail["From"] = f'"{customer.get("name", "")}" <{customer["email"]}>'
        mail["To"], mail["Subject"] = USER, case["subject"]
        mail["Authentication-Results"] = f"{TRUSTED}; dmarc=pass header.from={domain}"
        for name, value in case.get("headers", {}).items():
            mail[name] = value
        mail.set_content(case["body"])
        self.started[str(mail["Message-ID"])] = time.time()
        self.servers.deliver(mail.as_bytes())

    def _write(
        self, stack: Stack, cases: Sequence[Case], on_sent: Callable[[], None]
    ) -> list[Sent]:
        """As the website's script does, for visitors who are logged in there."""
        seconds: dict[str, float] = {}
        with httpx2.Client(base_url=stack.url, headers={"Origin": ORIGIN}, timeout=60) as visitor:
            for case in cases:
                started = time.perf_counter()
                answer = visitor.post(
                    f"/v1/widget/{TENANT}/messages",
                    json=self._message(case),
                    headers={"Authorization": f"Bearer dkv_{_secret(self.name(case))}"},
                )
                if answer.status_code != httpx2.codes.ACCEPTED:
                    raise NotAccepted(f"{self.name(case)}: {answer.status_code} {answer.text}")
                seconds[self.name(case)] = time.perf_counter() - started
                on_sent()
        tickets = asyncio.run(_tickets(stack, "widget", len(cases), f"{self.run}-"))
        names = {key.rpartition(":")[2]: row for key, row in tickets.items()}
        return [Sent(name, str(names[name].ticket_id), took) for name, took in seconds.items()]

    def _message(self, case: Case) -> dict[str, str]:
        claims = {**case["customer"], "exp": time.time() + SIGNED_SECONDS}
        return {
            "id": self.name(case),
            "text": _as_typed(case),
            "identity": jwt.encode(claims, SECRET, algorithm="HS256"),
        }

    async def _told(self, stack: Stack, on_sent: Callable[[], None]) -> list[Sent]:
        """The tickets that the helpdesk's conversations became."""
        there = self.helpdesk
        rows = await _tickets(stack, "chatwoot", len(there.names), there.mark)
        found = []
        for key, row in rows.items():
            on_sent()
            talk = key.partition("/")[0]
            took = row.created_at.timestamp() - there.started[talk]
            found.append(Sent(there.names[talk], str(row.ticket_id), max(0.0, took)))
        return found

    async def _read(self, stack: Stack, on_sent: Callable[[], None]) -> list[Sent]:
        """The tickets that the mails became, once all of them were read."""
        rows = await _tickets(stack, "mail", len(self.started), f"{self.run}-")
        found = []
        for row in rows.values():
            on_sent()
            took = row.created_at.timestamp() - self.started[row.ref]
            name = row.ref.removeprefix("<").partition("@")[0]
            found.append(Sent(name, str(row.ticket_id), max(0.0, took)))
        return found


@contextmanager
def ways(home: Path, run: str, desk_text: str) -> Iterator[Ways]:
    """The channels with their servers; without a mail server the mails go over HTTP.

    `desk_text`: the company's desk.yaml, to which the channels are added.
    """
    home.mkdir(parents=True, exist_ok=True)
    desk = home / "desk.yaml"
    for name, value in SECRETS.items():
        kept_secrets.keep(home, name, value)
    with helpdesk(run) as there:
        text = desk_text + WIDGET + there.desk()
        if not installed():
            desk.write_text(text, encoding="utf-8")
            yield Ways(desk, None, there, run)
            return
        with mail_servers() as servers:
            ports = {"imap": servers.imap_port, "smtp": servers.smtp_port}
            mail = MAIL.format(address=USER, trusted=TRUSTED, **ports)
            desk.write_text(text + mail, encoding="utf-8")
            yield Ways(desk, servers, there, run)


def _until(least: int, counted: Callable[[], int]) -> int:
    """What is counted, once it is `least` or the time is up."""
    until = time.monotonic() + LIMIT_SECONDS
    while counted() < least and time.monotonic() < until:
        time.sleep(LOOK_SECONDS)
    return counted()


async def _tickets(stack: Stack, channel: str, count: int, mark: str) -> dict[str, ChannelMessage]:
    """What messages became whose ids there hold `mark`, by those ids. Raises `NotAccepted`."""
    query = select(ChannelMessage).where(
        ChannelMessage.tenant == TENANT,
        ChannelMessage.channel == channel,
        col(ChannelMessage.ticket_id).is_not(None),
        col(ChannelMessage.foreign_id).contains(mark),
    )
    database, until = Database(stack.settings.ledger_url), time.monotonic() + LIMIT_SECONDS
    try:
        while True:
            async with database.reading() as session:
                found = {one.foreign_id: one for one in await session.exec(query)}
            if len(found) >= count:
                return found
            if time.monotonic() > until:
                msg = f"{count - len(found)} messages by {channel} did not become tickets"
                raise NotAccepted(msg)
            await asyncio.sleep(LOOK_SECONDS)
    finally:
        await database.close()


def _secret(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def _as_typed(case: Case) -> str:
    """In a window, which has no field for a subject: above the text, where it adds something."""
    return with_subject(case["subject"], case["body"]).strip()


def _body(case: Case) -> dict[str, Any]:
    return {
        "subject": case["subject"],
        "text": case["body"],
        "customer": {**case["customer"], "verified": "email" in case["customer"]},
        "headers": case.get("headers", {}),
    }
