"""The channels of a desk: where its tickets come from beside the API, and what each may send."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field, field_validator

from graph.desk.helpdesks import (
    ChatwootChannel,
    HelpdeskChannel,
    ZammadChannel,
    ZendeskChannel,
)
from memory.addresses import canonical
from memory.channels.outgoing import BY_HAND, HELPDESKS, WIDGET
from memory.tables import API_CHANNEL
from tools.declared import Declared
from tools.outside import AddressRefused, is_host, origin, shown, web_address

SECRET_CHARS = 32
LONGEST_BURST = 8.0
"""Beyond it a queue that waits looks like one that stands still."""
WIDGET_BURST = 2.0
"""People write a thought in two or three messages."""
MAIL = "mail"
"""Name of the mail channel."""
NAMES = (API_CHANNEL, "mcp", BY_HAND, MAIL, WIDGET, *HELPDESKS)
"""All channels that a ticket can come from, set up or not."""
UNNAMED_DOMAIN = "deskhand.invalid"
"""Domain of our ids where the desk has no address."""


def check_names(names: Iterable[str]) -> None:
    """Raises `ValueError` for one that is no channel: what is said of it would hold for nothing."""
    for name in names:
        if name not in NAMES:
            raise ValueError(f"there is no channel {name!r}: choose of {', '.join(NAMES)}")


def _is_origin(text: str) -> bool:
    try:
        return origin(web_address(text)) == text
    except AddressRefused:
        return False


class MailServer(Declared):
    """One server of the mailbox."""

    host: str
    port: int = Field(ge=1, le=65_535)
    security: Literal["tls", "starttls", "none"] = "tls"
    """`none` only on a network that nobody else reads."""
    user: str = ""
    """The mailbox's user where nothing is said."""
    password: str = ""
    """The mailbox's password where nothing is said."""

    @field_validator("host")
    @classmethod
    def _is_host(cls, value: str) -> str:
        if not is_host(value):
            raise ValueError(f"{shown(value)} is not a host: write it as mail.example.com")
        return value


class MailChannel(Declared):
    """A mailbox: mail in by IMAP, mail out by SMTP."""

    address: str
    """What customers write to, and what answers come from."""
    name: str = ""
    """Beside the address in answers; the company where nothing is said."""
    user: str = ""
    """The address where nothing is said."""
    password: str = ""
    """Written as `${MAIL_PASSWORD}`, and given by the environment."""
    imap: MailServer
    smtp: MailServer
    folder: str = "INBOX"
    sent_folder: str | None = None
    """Where copies of what was sent are; found by itself on most servers."""
    trusted_server: str = ""
    """The name by which your own receiving server signs its Authentication-Results, such as
    mx.example.com. Only what it says vouches for a sender; without it nobody is vouched for."""
    tag: Literal["plus", "subject"] = "subject"
    """How a reply is known whose program drops the threading headers: by support+ID@... as the
    reply address (the mailbox must take such addresses), or by [#ID] in the subject."""
    own_copy: bool = True
    """Each mail also goes to the mailbox itself: after a crash that copy tells whether it left."""
    copy_seconds: float = Field(default=90, ge=1, le=3_600)
    """How long that copy may take; a mail in doubt whose copy is not there by then goes out again."""
    sends_per_minute: int = Field(default=60, ge=1, le=10_000)
    """Providers stop mailboxes that send faster than they allow."""
    poll_seconds: float = Field(default=60, ge=1, le=3_600)
    """How often is looked where the server cannot tell of new mail (IDLE)."""

    @field_validator("address")
    @classmethod
    def _is_address(cls, value: str) -> str:
        local, at, domain = value.strip().rpartition("@")
        if not (local and at and "." in domain) or any(sign.isspace() for sign in value.strip()):
            raise ValueError(f"{value!r} is not an address: write it as support@example.com")
        return value.strip()

    @property
    def domain(self) -> str:
        """The address's domain as it is compared."""
        return canonical(self.address).rpartition("@")[2]


class WidgetChannel(Declared):
    """A help window on websites, from one script tag."""

    origins: tuple[str, ...] = Field(min_length=1, max_length=50)
    """The websites that may show it, such as https://www.example.com: no path, no wildcard."""
    title: str | None = Field(default=None, min_length=1, max_length=60)
    """None, as of the greeting: the usual words of the desk's language."""
    greeting: str | None = Field(default=None, max_length=300)
    identity_secret: str = ""
    """Written as `${WIDGET_SECRET}`, 32 characters or more: the website signs with it (HS256) who
    is logged in there, and only then the visitor's address is believed."""
    messages_per_minute: int = Field(default=10, ge=1, le=600)
    """Of one visitor."""
    files: bool = True
    """Whether visitors may send files along."""

    @field_validator("origins")
    @classmethod
    def _are_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for one in value:
            if not _is_origin(one):
                msg = f"{shown(one)} is not an origin: write it as https://www.example.com, without a path"
                raise ValueError(msg)
        return value

    @field_validator("identity_secret")
    @classmethod
    def _is_long(cls, value: str) -> str:
        if value and len(value) < SECRET_CHARS:
            msg = f"a secret of {len(value)} characters can be guessed: use {SECRET_CHARS} or more"
            raise ValueError(msg)
        return value


class Channels(Declared):
    """Where tickets come from."""

    mail: MailChannel | None = None
    widget: WidgetChannel | None = None
    chatwoot: ChatwootChannel | None = None
    zammad: ZammadChannel | None = None
    zendesk: ZendeskChannel | None = None
    burst_seconds: dict[str, Annotated[float, Field(ge=0, le=LONGEST_BURST)]] = Field(
        default_factory=dict, max_length=50
    )
    """How long a channel waits for more of the same customer before the agent begins, so that a few
    messages in a row are one turn. 2 for the widget, 0 for others where nothing is said."""

    def burst(self, channel: str) -> float:
        """Seconds for which a new turn of this channel waits."""
        return self.burst_seconds.get(channel, WIDGET_BURST if channel == WIDGET else 0.0)

    @field_validator("burst_seconds")
    @classmethod
    def _are_channels(cls, value: dict[str, float]) -> dict[str, float]:
        check_names(value)
        return value

    @property
    def names(self) -> tuple[str, ...]:
        """The channels that are set up."""
        known = {MAIL: self.mail, WIDGET: self.widget}
        named = tuple(name for name, one in known.items() if one is not None)
        return (*named, *self.helpdesks)

    @property
    def served(self) -> tuple[str, ...]:
        """Those that a process has to read and send by; the widget asks the API by itself."""
        return tuple(name for name in self.names if name != WIDGET)

    @property
    def helpdesks(self) -> dict[str, HelpdeskChannel]:
        """The helpdesks that are set up, by name."""
        known = (self.chatwoot, self.zammad, self.zendesk)
        return {name: one for name, one in zip(HELPDESKS, known, strict=True) if one is not None}

    @property
    def id_domain(self) -> str:
        """What stands behind the @ of the ids that we give our messages."""
        return UNNAMED_DOMAIN if self.mail is None else self.mail.domain
