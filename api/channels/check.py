"""Tries a channel as it is set up, in a process of its own: `python -m api.channels.check`.

It reads {"desk", "tenant", "name", "private", "ours"} from standard input and prints
{"well", "lines"}. What a mail server does to it, and the libraries that it takes, stay out of the API.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import structlog

from graph.desk.model import Desk

log = structlog.get_logger()

MOST_LOGGED_CHARS = 300
WALL_SECONDS = 100.0
"""A mailbox's own mail alone may take a minute."""


@dataclass(frozen=True)
class Asked:
    """What is to be tried."""

    desk: str
    """The file or folder."""
    tenant: str
    name: str
    """Of the channel."""
    private: Sequence[str] = ()
    """Hosts that may have a private address."""
    ours: str = ""
    """Where our API is."""


@dataclass(frozen=True)
class Tried:
    """How it went, a sentence a line."""

    well: bool
    lines: Sequence[str]


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
        return Tried(**json.loads(done.stdout))
    except subprocess.TimeoutExpired:
        return Tried(well=False, lines=[f"It did not answer within {WALL_SECONDS:g} s."])
    except (subprocess.CalledProcessError, ValueError) as error:
        told = getattr(error, "stderr", None) or b""
        last = told.decode(errors="replace").strip().rpartition("\n")[2]
        log.warning("channel_not_tried", channel=asked.name, error=last[:MOST_LOGGED_CHARS])
        return Tried(well=False, lines=["It could not be tried: the API's log says why."])


def main() -> None:
    """See the module."""
    from graph.desk.file import load_desks

    asked = Asked(**json.load(sys.stdin))
    desk = load_desks(Path(asked.desk))[asked.tenant]
    print(json.dumps(asdict(_try(desk, asked))))  # noqa: T201 - the result


def _try(desk: Desk, asked: Asked) -> Tried:
    channels = desk.channels
    if channels.mail is not None and asked.name == "mail":
        return _mail(desk)
    if channels.widget is not None and asked.name == "widget":
        return asyncio.run(_widget(channels.widget.origins, asked.ours))
    return asyncio.run(_helpdesk(desk, asked))


def _mail(desk: Desk) -> Tried:
    from api.channels.mail import trying
    from api.channels.mail.setup import mailbox_of
    from tools.faults import Unreachable

    assert desk.channels.mail is not None
    try:
        return Tried(
            well=True, lines=list(trying.lines(trying.tried(mailbox_of(desk, desk.channels.mail))))
        )
    except Unreachable as fault:
        return Tried(well=False, lines=[str(fault)])


async def _widget(origins: Sequence[str], ours: str) -> Tried:
    from api.channels.widget import trying
    from tools.adapters.http import open_client

    async with open_client() as http:
        found = [await trying.look_at(http, one, ours) for one in origins]
    lines = [line for one in found for line in trying.lines(one, ours)]
    return Tried(well=all(one.well for one in found), lines=lines)


async def _helpdesk(desk: Desk, asked: Asked) -> Tried:
    from api.channels.helpdesk.setup import open_helpdesk
    from api.channels.helpdesk.trying import in_words
    from tools.adapters.http import open_client
    from tools.contract import ToolFault

    title = asked.name.capitalize()
    async with open_client() as http:
        there = open_helpdesk(desk.channels.helpdesks[asked.name], http, asked.private)
        try:
            who = await there.who()
            await there.begin()
        except ToolFault as fault:
            return Tried(well=False, lines=[in_words(fault, title)])
    return Tried(well=True, lines=[f"{title} knows us as {who}."])


if __name__ == "__main__":
    main()
