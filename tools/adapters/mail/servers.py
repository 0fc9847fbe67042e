"""The servers of a mailbox: how they are reached, and in plain words why they are not."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from imapclient import IMAPClient
from imapclient.exceptions import CapabilityError, IMAPClientError, LoginError

from tools.faults import NotLetIn, Unreachable

Security = Literal["tls", "starttls", "none"]
CONNECT_SECONDS = 15.0
ANSWER_SECONDS = 30.0
"""How long a server may take for one answer."""
MAIL_FAULTS = (OSError, IMAPClientError, smtplib.SMTPException)
"""What the two libraries raise where a server or the way to it fails."""
REFUSED = (LoginError, smtplib.SMTPAuthenticationError)
"""The same where the user or the password is wrong."""


@dataclass(frozen=True)
class Server:
    """One server of a mailbox."""

    host: str
    port: int
    security: Security
    user: str
    password: str

    @property
    def place(self) -> str:
        """As it is named to people."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Mailbox:
    """A mailbox of the desk."""

    address: str
    name: str
    """Beside the address in what is sent."""
    imap: Server
    smtp: Server
    folder: str = "INBOX"
    sent_folder: str | None = None
    """Where copies of what was sent are; None has it looked for."""
    tag: Literal["plus", "subject"] = "subject"
    own_copy: bool = True
    copy_seconds: float = 90.0
    """How long a copy to the mailbox itself may take to arrive."""

    @property
    def domain(self) -> str:
        """Of the address."""
        return self.address.rpartition("@")[2]


def open_imap(server: Server) -> IMAPClient:
    """A connection that is logged in. Raises `Unreachable`, which says what to do."""
    try:
        client = IMAPClient(
            server.host,
            port=server.port,
            ssl=server.security == "tls",
            ssl_context=_context(server) if server.security == "tls" else None,
            timeout=ANSWER_SECONDS,
        )
    except MAIL_FAULTS as error:
        raise Unreachable(in_words(error, server, "IMAP"), certain=True) from error
    try:
        if server.security == "starttls":
            client.starttls(_context(server))
        client.login(server.user, server.password)
    except MAIL_FAULTS as error:
        client.shutdown()
        raise _fault(error, server, "IMAP") from error
    return client


def open_smtp(server: Server, domain: str) -> smtplib.SMTP:
    """A connection that is logged in; `domain` is who we say we are. Raises `Unreachable`."""
    try:
        if server.security == "tls":
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, domain, timeout=ANSWER_SECONDS, context=_context(server)
            )
        else:
            client = smtplib.SMTP(server.host, server.port, domain, timeout=ANSWER_SECONDS)
    except MAIL_FAULTS as error:
        raise Unreachable(in_words(error, server, "SMTP"), certain=True) from error
    try:
        if server.security == "starttls":
            client.starttls(context=_context(server))
        if server.user and server.password:
            client.login(server.user, server.password)
        else:
            client.ehlo_or_helo_if_needed()
    except MAIL_FAULTS as error:
        client.close()
        raise _fault(error, server, "SMTP") from error
    return client


def _fault(error: Exception, server: Server, protocol: str) -> Unreachable:
    kind = NotLetIn if isinstance(error, REFUSED) else Unreachable
    return kind(in_words(error, server, protocol), certain=True)


def _context(_server: Server) -> ssl.SSLContext:
    return ssl.create_default_context()


def in_words(error: Exception, server: Server, protocol: str) -> str:
    """What is wrong, and what to do about it; without a password or an address of a person."""
    who = f"the {protocol} server {server.place}"
    told = next(
        (words for kinds, words in _words(server, protocol) if isinstance(error, kinds)), ""
    )
    if told:
        return told.format(who=who)
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{who} answered {error.smtp_code}"
    return f"{who} broke the connection ({type(error).__name__})"


def _words(server: Server, protocol: str) -> Iterator[tuple[tuple[type[Exception], ...], str]]:
    """By kinds of errors, the narrower ones first."""
    yield (
        REFUSED,
        "{who} refuses the user or the password: check both; many providers want an app password",
    )
    yield (
        (smtplib.SMTPNotSupportedError, CapabilityError),
        f"{{who}} does not offer what `security: {server.security}` needs: try another",
    )
    yield (
        (ssl.SSLCertVerificationError,),
        "the certificate of {who} is not valid for that name: correct the host",
    )
    usual = _usual(protocol, server.security)
    words = f"for `security: {server.security}` try port {usual}, or choose another security"
    yield (ssl.SSLError,), f"{{who}} does not speak TLS there: {words} for this port"
    yield (socket.gaierror,), f"there is no host {server.host}: correct it"
    yield (TimeoutError,), "{who} does not answer: check host, port and firewall"
    yield (
        (ConnectionRefusedError,),
        f"nothing listens at {server.place}: check host and port for {protocol}",
    )


def _usual(protocol: str, security: Security) -> int:
    ports = {("IMAP", "tls"): 993, ("IMAP", "starttls"): 143, ("IMAP", "none"): 143}
    ports |= {("SMTP", "tls"): 465, ("SMTP", "starttls"): 587, ("SMTP", "none"): 25}
    return ports[protocol, security]


def sent_folder_of(client: IMAPClient, named: str | None) -> str | None:
    """The folder of sent mail: the one that is named, else the one that the server marks."""
    if named is not None:
        return named
    found = client.find_special_folder(b"\\Sent")
    return None if found is None else str(found)
