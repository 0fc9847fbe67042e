"""The helpdesks of a desk: whose conversations are Deskhand's, and who works where. Pure and frozen."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from tools.declared import Declared
from tools.outside import web_address

LEAST_SECRET_CHARS = 16


class HelpdeskChannel(Declared):
    """What all helpdesks have in common."""

    url: str
    """Where it stands, such as https://help.example.com."""
    token: str
    """Written as `${CHATWOOT_TOKEN}`: of a user of Deskhand's own, by whose name it answers."""
    webhook_secret: str = ""
    """Written as a variable; without it no webhook is believed, and new messages are only polled."""
    people_work: Literal["there", "here"] = "there"
    """Where people answer: `there`, a handoff is a private note and an assignment in the helpdesk;
    `here`, it waits in the console."""
    groups: tuple[int, ...] = Field(default=(), max_length=200)
    """Numbers of the inboxes (Chatwoot) or groups (Zammad, Zendesk) whose conversations Deskhand
    answers; all where none is named."""
    assign_to: int | None = None
    """Number of the team (Chatwoot) or group that handoffs are given to; nobody where none is."""
    teams: dict[str, int] = Field(default_factory=dict, max_length=50)
    """The same for each team of the desk."""
    tags: bool = True
    """Whether conversations are tagged `deskhand` and with their intent."""
    sends_per_minute: int = Field(default=60, ge=1, le=10_000)
    poll_seconds: float = Field(default=60, ge=1, le=3_600)
    """How often is looked for what no webhook told."""

    @field_validator("url")
    @classmethod
    def _is_url(cls, value: str) -> str:
        web_address(value)
        return value.rstrip("/")

    @field_validator("webhook_secret")
    @classmethod
    def _is_long(cls, value: str) -> str:
        if value and len(value) < LEAST_SECRET_CHARS:
            msg = f"a secret of {len(value)} characters can be guessed: use {LEAST_SECRET_CHARS} or more"
            raise ValueError(msg)
        return value

    def group_of(self, team: str) -> str | None:
        """The number of the team or group that a handoff of this team is given to."""
        found = self.teams.get(team, self.assign_to)
        return None if found is None else str(found)


class ChatwootChannel(HelpdeskChannel):
    """A Chatwoot account."""

    account: int = Field(ge=1)
    """The number in the address of its pages, /app/accounts/1."""


class ZammadChannel(HelpdeskChannel):
    """A Zammad system."""


class ZendeskChannel(HelpdeskChannel):
    """A Zendesk account."""

    user: str
    """The address of the user that the API token is used with."""
