"""Tries a channel, in a process of its own: `python -m api.channels.check`.

It reads `Asked` as JSON from standard input and prints `Tried`. What a mail server does to it, and the
libraries that it takes, stay out of the API.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import structlog

from graph.desk.channels import MAIL, Channels, MailChannel, WidgetChannel
from graph.desk.helpdesks import HelpdeskChannel
from memory.channels.outgoing import WIDGET

log = structlog.get_logger()

MOST_LOGGED_CHARS = 300
WALL_SECONDS = 100.0
"""A mailbox's own mail alone may take a minute."""
Json = dict[str, Any]
Begin = tuple[str, Json]
"""A part of a channel, and the position up to which it counts as read."""


@dataclass(frozen=True)
class Asked:
    """What is to be tried."""

    name: str
    """Of the channel."""
    settings: Json = field(repr=False)
    """As in desk.yaml, with its secrets."""
    company: str = ""
    private: Sequence[str] = ()
    """Hosts that may have a private address."""
    ours: str = ""
    """Where our API is."""
    fenced: bool = False
    """Whether somebody who does not run Deskhand chose the hosts: private ones are left alone."""
    begins: bool = False
    """Whether it is to be read from now on: then `Tried` says from where."""


@dataclass(frozen=True)
class Tried:
    """How it went, a sentence a line."""

    well: bool
    lines: Sequence[str]
    settings: Json = field(default_factory=dict)
    """What desk.yaml should say besides."""
    begin: Begin | None = None
    """Where it ends now."""


def tried(asked: Asked) -> Tried:
    """Try it, for so long at most; what goes wrong is a result."""
    command = [sys.executable, "-P", "-m", "api.channels.check"]
    try:
        done = subprocess.run(  # noqa: S603 - ourselves
            command,
            input=json.dumps(asdict(asked)).encode(),
            capture_output=True,
            timeout=WALL_SECONDS,
            check=True,
        )
        return _tried(json.loads(done.stdout))
    except subprocess.TimeoutExpired:
        return Tried(well=False, lines=[f"It did not answer within {WALL_SECONDS:g} s."])
    except (subprocess.CalledProcessError, ValueError) as error:
        told = getattr(error, "stderr", None) or b""
        last = told.decode(errors="replace").strip().rpartition("\n")[2]
        log.warning("channel_not_tried", channel=asked.name, error=last[:MOST_LOGGED_CHARS])
        return Tried(well=False, lines=["It could not be tried: the API's log says why."])


def _tried(found: Json) -> Tried:
    begin = found.pop("begin")
    return Tried(**found, begin=None if begin is None else (begin[0], begin[1]))


def channel_of(name: str, settings: Mapping[str, Any]) -> Any:
    """The channel as desk.yaml would bring it. Raises `pydantic.ValidationError`."""
    return getattr(Channels.model_validate({name: settings}), name)


def main() -> None:
    """Try what stands on standard input, and print what came of it, both as JSON."""
    asked = Asked(**json.load(sys.stdin))
    print(json.dumps(asdict(_try(asked))))  # noqa: T201 - the result


def _try(asked: Asked) -> Tried:
    channel = channel_of(asked.name, asked.settings)
    if asked.name == MAIL:
        return asyncio.run(_mail(asked, channel))
    if asked.name == WIDGET:
        return asyncio.run(_widget(asked, channel))
    return asyncio.run(_helpdesk(asked, channel))


async def _mail(asked: Asked, channel: MailChannel) -> Tried:
    from api.channels.mail import trying
    from api.channels.mail.setup import mailbox_of
    from tools.adapters.public_hosts import NoAddress, callable_address
    from tools.faults import Unreachable

    mailbox = mailbox_of(asked.company, channel)
    try:
        for one in (channel.imap, channel.smtp) if asked.fenced else ():
            await callable_address(one.host.lower(), one.port, asked.private)
        found = await asyncio.to_thread(trying.tried, mailbox)
        position = await trying.position_of(mailbox) if asked.begins else None
    except (Unreachable, NoAddress) as fault:
        return Tried(well=False, lines=[str(fault)])
    begin = None if position is None else (mailbox.folder, position.as_cursor())
    settings: Json = {"trusted_server": found.server} if found.server else {}
    if found.copy_seconds is None:
        settings["own_copy"] = False
    return Tried(well=True, lines=list(trying.lines(found)), settings=settings, begin=begin)


async def _widget(asked: Asked, channel: WidgetChannel) -> Tried:
    from api.channels.widget import trying
    from tools.adapters.http import open_client

    hosts = asked.private if asked.fenced else None
    async with open_client() as http:
        found = [await trying.look_at(http, one, asked.ours, hosts) for one in channel.origins]
        # Who is fenced reaches us already, at this very address.
        known = asked.fenced or not asked.begins
        answers = known or await trying.serves_script(http, asked.ours)
    lines = [line for one in found for line in trying.lines(one, asked.ours)]
    if not answers:
        lines.append(f"Nothing of ours answers at {asked.ours} yet.")
    named = [place for one in found for place in (one.origin, one.at) if place]
    settings = {"origins": list(dict.fromkeys(named))}
    return Tried(well=all(one.well for one in found), lines=lines, settings=settings)


async def _helpdesk(asked: Asked, channel: HelpdeskChannel) -> Tried:
    from api.channels.helpdesk.setup import open_helpdesk
    from api.channels.helpdesk.source import POLL, position_at
    from api.channels.helpdesk.trying import in_words
    from tools.adapters.http import open_client
    from tools.faults import ToolFault

    title = asked.name.capitalize()
    async with open_client() as http:
        there = open_helpdesk(channel, http, asked.private)
        try:
            who, cursor = await there.who(), await there.begin()
        except ToolFault as fault:
            return Tried(well=False, lines=[in_words(fault, title)])
    begin = (POLL, position_at(cursor, there.clock)) if asked.begins else None
    return Tried(well=True, lines=[f"{title} knows us as {who}."], begin=begin)


if __name__ == "__main__":
    main()
