"""Mail out: what SMTP leaves certain and what not, and how a copy to ourselves decides the rest.

SMTP has one moment in which nobody knows: after the final dot and before its answer. A connection
that breaks there, or a process that dies between the answer and our commit, leaves a mail in
doubt. So each mail also goes to the mailbox itself, in the same transaction of the protocol: the
server takes it for both or for none. Whoever finds a mail in doubt looks for that copy by its
Message-ID. It is there: the mail has left. It is not there after the time that a copy may take:
the mail has not left, and it is sent again with the same Message-ID. Without copies (`own_copy:
false`) only the folder of sent mail can confirm, and where it does not, a person decides.
"""

from __future__ import annotations

import asyncio
import smtplib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from imapclient import IMAPClient
from typing_extensions import override

from memory.channels.outgoing import BESIDE
from memory.tables import now
from tools.adapters.channels import ChannelSender, Left, Outgoing
from tools.adapters.mail.compose import composed, recipient
from tools.adapters.mail.servers import (
    MAIL_FAULTS,
    Mailbox,
    in_words,
    open_imap,
    open_smtp,
    sent_folder_of,
)
from tools.faults import NotLetIn, Rejected, ServiceError, ToolFault, UnknownEffect, Unreachable

PERMANENT = 500
"""Answers from here on are refusals for good."""
ACCEPTED = (250, 251, 252)
GO_ON = 354
AT_ONCE = 262_144
"""Bytes that one call hands to the connection."""
LOOK_AGAIN_SECONDS = 2.0
"""How soon a copy is looked for again."""


@dataclass(frozen=True)
class MailSender(ChannelSender):
    """Sends by one mailbox."""

    mailbox: Mailbox

    @override
    async def send(self, message: Outgoing) -> Left:
        """Mail has no notes and no state."""
        if message.kind in BESIDE:
            return Left()
        return await asyncio.to_thread(self._transmit, message)

    @override
    async def sent(self, message: Outgoing) -> Left | None:
        """A look into the mailbox for our copy."""
        if await asyncio.to_thread(self._has_copy, message.foreign_id):
            return Left({"found": "copy"})
        if not self.mailbox.own_copy:
            raise UnknownEffect("no copy of it is in the folder of sent mail")
        since = message.since or now()
        if (now() - since).total_seconds() < self.mailbox.copy_seconds:
            msg = "its copy has not arrived yet"
            raise ServiceError(msg, retry_after=LOOK_AGAIN_SECONDS)
        return None

    def _transmit(self, message: Outgoing) -> Left:
        content, to = composed(message, self.mailbox).as_bytes(), recipient(message)
        client = open_smtp(self.mailbox.smtp, self.mailbox.domain)
        try:
            self._envelope(client, [*self._own(), to])
            return self._data(client, content)
        finally:
            # The answer is there or the connection is not: how it ends changes nothing.
            with suppress(*MAIL_FAULTS):
                client.quit()
            client.close()

    def _own(self) -> list[str]:
        return [self.mailbox.address] if self.mailbox.own_copy else []

    def _envelope(self, client: smtplib.SMTP, recipients: Sequence[str]) -> None:
        """Who sends it to whom; nothing has left yet. Raises `ToolFault`, always certain."""
        try:
            code, _ = client.mail(self.mailbox.address)
            _check(code, "the sender", ours=True)
            for one in recipients:
                code, _ = client.rcpt(one)
                ours = one == self.mailbox.address
                _check(code, "the copy to the mailbox" if ours else "the recipient", ours=ours)
        except MAIL_FAULTS as error:
            words = in_words(error, self.mailbox.smtp, "SMTP")
            raise Unreachable(words, certain=True) from error

    def _data(self, client: smtplib.SMTP, content: bytes) -> Left:
        """The mail itself. Raises `ToolFault`; only what breaks after the final dot is in doubt."""
        try:
            code, _ = client.docmd("data")
        except MAIL_FAULTS as error:
            words = in_words(error, self.mailbox.smtp, "SMTP")
            raise Unreachable(words, certain=True) from error
        if code != GO_ON:
            _check(code, "the mail", ours=False)
        try:
            whole = _dotted(content)
            for begin in range(0, len(whole), AT_ONCE):  # the time limit holds for each of them
                client.send(whole[begin : begin + AT_ONCE])
            code, _ = client.getreply()
        except MAIL_FAULTS as error:
            raise Unreachable(in_words(error, self.mailbox.smtp, "SMTP")) from error
        _check(code, "the mail", ours=False)
        return Left({"code": code})

    def _has_copy(self, message_id: str) -> bool:
        client = open_imap(self.mailbox.imap)
        try:
            return any(_is_in(client, one, message_id) for one in self._folders(client))
        except MAIL_FAULTS as error:
            raise Unreachable(in_words(error, self.mailbox.imap, "IMAP")) from error
        finally:
            with suppress(*MAIL_FAULTS):
                client.logout()

    def _folders(self, client: IMAPClient) -> list[str]:
        sent = sent_folder_of(client, self.mailbox.sent_folder)
        return [one for one in (self.mailbox.folder, sent) if one is not None]


def _is_in(client: IMAPClient, folder: str, message_id: str) -> bool:
    client.select_folder(folder, readonly=True)
    return bool(client.search(["HEADER", "Message-ID", message_id]))


def _check(code: int, what: str, *, ours: bool) -> None:
    """Raises `ToolFault` for an answer that is no yes.

    What the server says in words may name people, so only its number is kept.
    """
    if code in ACCEPTED:
        return
    words = f"the mail server refuses {what} ({code})"
    fault: ToolFault
    if code < PERMANENT:
        fault = ServiceError(words, certain=True)
    elif ours:  # a matter of the set-up: nothing of any customer is wrong
        fault = NotLetIn(f"{words}: check `channels.mail`")
    else:
        fault = Rejected(words)
    raise fault


def _dotted(content: bytes) -> bytes:
    """The content with its dots doubled (RFC 5321, 4.5.2) and the final one."""
    lines = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip(b"\n").split(b"\n")
    stuffed = [b"." + line if line.startswith(b".") else line for line in lines]
    return b"\r\n".join(stuffed) + b"\r\n.\r\n"
