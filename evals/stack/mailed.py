"""A stack whose tickets come by mail: scripted minds, real mail servers, a process for the channels."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path

from evals.stack.chaotic import ARTICLE
from evals.stack.mail_servers import PASSWORD, USER, Arrived, MailServers
from evals.stack.stack import Stack, scratch
from graph.desk.channels import MAIL
from memory.channels import states
from memory.storage.database import Database

TENANT = "mailed"
CHANNELS = "channels"
TRUSTED = "mx.desk.example"
ANN = "ann@customer.example"
POLL_SECONDS = 0.1
LONGEST_SECONDS = 120.0
"""How long something may take to be seen; on a busy machine it takes long."""
DESK = """
tenant: {tenant}
company: Mailed
autonomy:
  channels:
    mail: auto
channels:
  mail:
    address: {address}
    password: ${{MAIL_PASSWORD}}
    imap: {{host: 127.0.0.1, port: {imap}, security: none}}
    smtp: {{host: 127.0.0.1, port: {smtp}, security: none}}
    trusted_server: {trusted}
    copy_seconds: 3
    poll_seconds: 1
    sends_per_minute: 10000
"""


class NotSeen(AssertionError):
    """Something did not come within `LONGEST_SECONDS`."""


@contextmanager
def mailed_stack(folder: Path, servers: MailServers, **extra: str) -> Iterator[Stack]:
    """A stack with one mailbox and one article; no process of it runs yet."""
    desk, articles = folder / "desk.yaml", folder / "kb.jsonl"
    desk.write_text(desk_of(TENANT, servers), encoding="utf-8")
    articles.write_text(ARTICLE, encoding="utf-8")
    settings = {
        "MAIL_PASSWORD": PASSWORD,
        "DESKHAND_MINDS": "scripted",
        "DESKHAND_LEASE_POLL_SECONDS": "0.2",
        "DESKHAND_SWEEP_SECONDS": "1",
        "DESKHAND_TENANT_CONCURRENCY": "4",
        **extra,
    }
    with scratch(folder / "data", desk, fresh=True, **settings) as stack:
        stack.run("kb", "add", str(articles), "--tenant", TENANT)
        yield stack


def desk_of(tenant: str, servers: MailServers) -> str:
    """The desk.yaml of a tenant with that mailbox."""
    return DESK.format(
        tenant=tenant,
        address=USER,
        imap=servers.imap_port,
        smtp=servers.smtp_port,
        trusted=TRUSTED,
    )


def start_channels(stack: Stack) -> None:
    """Start the process of the channels, and wait until it runs them."""
    stack.start_command(CHANNELS, "channels")
    stack.await_log(CHANNELS, b"channels ready")
    # Of a mailbox that was never read only new mail is taken: it must have been looked at once.
    await_true(lambda: asyncio.run(is_read(stack, TENANT)), "a first look into the mailbox")


async def is_read(stack: Stack, tenant: str) -> bool:
    """Whether a tenant's mailbox was looked at."""
    async with Database(stack.settings.ledger_url) as database, database.reading() as session:
        return bool(await states.cursor(session, tenant, MAIL, "INBOX"))


@dataclass(frozen=True)
class Customer:
    """Somebody who writes mail, with a mail program that keeps threads unless it is told not to."""

    address: str = ANN
    name: str = "Ann Lee"

    def writes(self, text: str, subject: str = "A question", **headers: str) -> EmailMessage:
        """A new mail."""
        mail = EmailMessage()
        mail["From"] = f"{self.name} <{self.address}>"
        mail["To"] = USER
        mail["Subject"] = subject
        mail["Date"] = formatdate()
        mail["Message-ID"] = make_msgid(domain=self.address.partition("@")[2])
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        return mail

    def answers(self, to: Arrived, text: str, *, threaded: bool = True) -> EmailMessage:
        """A reply to a mail of ours."""
        reply = self.writes(text, str(to.mail["Subject"]))
        if threaded:
            reply["In-Reply-To"] = str(to.mail["Message-ID"])
            reply["References"] = f"{to.mail['References'] or ''} {to.mail['Message-ID']}".strip()
        return reply


def post(servers: MailServers, mail: EmailMessage) -> None:
    """Put a mail into the mailbox."""
    servers.deliver(mail.as_bytes())


def mails_to(servers: MailServers, address: str, count: int) -> list[Arrived]:
    """The mails for an address, once there are so many. Raises `NotSeen`."""
    await_true(lambda: len(servers.sent_to(address)) >= count, f"{count} mails to {address}")
    return servers.sent_to(address)


def await_true(seen: Callable[[], bool], what: str) -> None:
    """Wait until it is so. Raises `NotSeen`."""
    until = time.monotonic() + LONGEST_SECONDS
    while not seen():
        if time.monotonic() > until:
            raise NotSeen(what)
        time.sleep(POLL_SECONDS)
