"""A stack whose tickets come by mail: scripted minds, real mail servers, a process for the channels."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

from evals.stack.chaotic import ARTICLE
from evals.stack.mail_servers import PASSWORD, Arrived, MailServers
from evals.stack.mailed import CHANNELS, desk_of, is_read
from evals.stack.stack import Stack, scratch

TENANT = "mailed"
POLL_SECONDS = 0.1
LONGEST_SECONDS = 120.0
"""How long something may take to be seen; on a busy machine it takes long."""


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


def start_channels(stack: Stack) -> None:
    """Start the process of the channels, and wait until it runs them."""
    stack.start_command(CHANNELS, "channels")
    stack.await_log(CHANNELS, b"channels ready")
    # Of a mailbox that was never read only new mail is taken: it must have been looked at once.
    await_true(lambda: asyncio.run(is_read(stack, TENANT)), "a first look into the mailbox")


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
