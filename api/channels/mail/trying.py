"""Tries a mailbox before it is used: each step says in plain words what it found."""

from __future__ import annotations

import asyncio
import smtplib
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate

from imapclient import IMAPClient

from api.channels.mail import mime
from api.channels.mail.inbox import Inbox, Position
from api.channels.mail.reading import Reader
from memory.tickets.tickets import new_id
from tools.adapters.mail.servers import (
    MAIL_FAULTS,
    Mailbox,
    in_words,
    open_imap,
    open_smtp,
    sent_folder_of,
)
from tools.faults import Unreachable

COPY_SECONDS = 60.0
"""How long the mailbox's own mail may take to arrive."""
LOOK_SECONDS = 1.0
SUBJECT = "Deskhand tries this mailbox"


@dataclass(frozen=True)
class Found:
    """What the tries brought."""

    sent_folder: str | None
    idles: bool
    """Whether the server tells of new mail by itself."""
    copy_seconds: float | None
    """How long our own mail took; None where it did not arrive."""
    server: str
    """Who signs the results of the checks of senders there; empty where nobody seems to."""


def tried(mailbox: Mailbox) -> Found:
    """Log in to both servers, send the mailbox a mail and wait for it. Raises `Unreachable`."""
    client = open_imap(mailbox.imap)
    try:
        idles = bool(client.has_capability("IDLE"))
        sent = sent_folder_of(client, mailbox.sent_folder)
        client.select_folder(mailbox.folder)
        server = _signer(client)
        identity = _send(mailbox)
        seconds = _arrives(client, identity)
        return Found(sent, idles, seconds, server)
    except MAIL_FAULTS as error:
        raise Unreachable(in_words(error, mailbox.imap, "IMAP"), certain=True) from error
    finally:
        with suppress(*MAIL_FAULTS):
            client.logout()


def _send(mailbox: Mailbox) -> str:
    client = open_smtp(mailbox.smtp, mailbox.domain)
    mail = EmailMessage()
    identity = f"<dh.try.{new_id('try')}@{mailbox.domain}>"
    mail["From"] = mail["To"] = mailbox.address
    mail["Subject"], mail["Date"], mail["Message-ID"] = SUBJECT, formatdate(), identity
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("This mail shows that the mailbox can send and receive. It can be deleted.\n")
    try:
        client.send_message(mail)
        client.quit()
    except smtplib.SMTPException as error:
        raise Unreachable(in_words(error, mailbox.smtp, "SMTP"), certain=True) from error
    return identity


def _arrives(client: IMAPClient, identity: str) -> float | None:
    """Seconds until the mail is there; it is removed."""
    started = time.monotonic()
    while time.monotonic() - started < COPY_SECONDS:
        client.noop()
        if found := client.search(["HEADER", "Message-ID", identity]):
            client.delete_messages(found)
            client.expunge()
            return time.monotonic() - started
        time.sleep(LOOK_SECONDS)
    return None


def _signer(client: IMAPClient) -> str:
    """By the newest mail's topmost Authentication-Results."""
    everything = client.search("ALL")
    if not everything:
        return ""
    got = client.fetch([max(everything)], ["BODY.PEEK[HEADER]"])
    found: dict[bytes, bytes] = next(iter(got.values()), {})
    raw = found.get(b"BODY[HEADER]", b"")
    names = mime.headers(mime.parsed(bytes(raw)), "authentication-results")
    return names[0].partition(";")[0].split()[0].lower() if names and names[0] else ""


async def position_of(mailbox: Mailbox) -> Position:
    """Where the mailbox ends now: from there on it is read. Raises `Unreachable`."""
    inbox = Inbox(mailbox.imap)
    try:
        await inbox.open()
        return (await inbox.select(mailbox.folder, None)).position
    finally:
        await inbox.close()
        inbox.end()


async def first_mail(
    mailbox: Mailbox, reader: Reader, position: Position, seconds: float
) -> tuple[str, str] | None:
    """Sender and subject of the first mail behind a position; None if none comes in time."""
    inbox = Inbox(mailbox.imap)
    try:
        await inbox.open()
        await inbox.select(mailbox.folder, position)
        async with asyncio.timeout(seconds):
            return await _next(inbox, reader, position)
    except TimeoutError:
        return None
    finally:
        await inbox.close()
        inbox.end()


async def _next(inbox: Inbox, reader: Reader, position: Position) -> tuple[str, str]:
    while True:
        for uid in await inbox.new(position):
            got = await inbox.fetch(uid)
            incoming = None if got is None else reader.read(got[0])
            if incoming is not None and incoming.kind == "message":
                return incoming.sender.address or "nobody", incoming.subject
        await inbox.wait(LOOK_SECONDS)


def lines(found: Found) -> Iterator[str]:
    """What was found, a sentence a line."""
    yield (
        "It can be read." if found.idles else "It can be read; new mail is looked for each minute."
    )
    if found.copy_seconds is None:
        yield "It takes mail to be sent, but its own mail did not come back: own_copy is set to false."
    else:
        yield f"It can send: its own mail came back after {found.copy_seconds:.0f} s."
    if found.sent_folder is not None:
        yield f"Copies of what is sent go to the folder {found.sent_folder}."
