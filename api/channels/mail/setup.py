"""The mail channel of a desk, put together from desk.yaml."""

from __future__ import annotations

from api.channels.mail.reading import Reader
from graph.desk.channels import MailChannel, MailServer
from tools.adapters.mail.servers import Mailbox, Server


def mailbox_of(company: str, channel: MailChannel) -> Mailbox:
    """The mailbox as the adapters take it."""
    return Mailbox(
        address=channel.address,
        name=channel.name or company,
        imap=_server(channel, channel.imap),
        smtp=_server(channel, channel.smtp),
        folder=channel.folder,
        sent_folder=channel.sent_folder,
        tag=channel.tag,
        own_copy=channel.own_copy,
        copy_seconds=channel.copy_seconds,
    )


def reader_of(channel: MailChannel) -> Reader:
    """What reads the mails that come to it."""
    return Reader(channel.address, channel.trusted_server)


def _server(channel: MailChannel, one: MailServer) -> Server:
    return Server(
        one.host,
        one.port,
        one.security,
        one.user or channel.user or channel.address,
        one.password or channel.password,
    )
