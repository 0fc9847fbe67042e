"""Bodies about channels."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel


class ChannelOut(BaseModel):
    """One channel of the desk, and how it stands."""

    name: str
    at: list[str]
    """The address of the mailbox or helpdesk, or the websites."""
    level: str
    """off | suggest | auto: what the agent may do by itself"""
    last_in: datetime | None
    """When the last message came in."""
    last_out: datetime | None
    """When the last message left; null for the widget, where visitors fetch theirs."""
    waiting: int
    """Messages that wait to leave."""
    trouble: str | None
    """Why it does not work, in words; null while it does."""
    trouble_since: datetime | None
    running: bool
    """Whether a process runs it; the widget is the API's own."""
    paused_by: str | None
    paused_since: datetime | None


class ChannelPage(BaseModel):
    """The channels of the desk."""

    items: list[ChannelOut]


class ChannelTried(BaseModel):
    """How a channel was tried."""

    well: bool
    lines: list[str]
    """What was found, and what to do about it."""
