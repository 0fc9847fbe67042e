"""`deskhand connect widget`: asks for the websites, tries them, writes desk.yaml, prints the tag."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import screen
from api.cli.desk_file import add, checked
from api.cli.failures import USAGE, CommandFault
from api.settings import Settings, read_settings

if TYPE_CHECKING:
    from graph.desk.model import Desk

SECRET = "WIDGET_SECRET"  # noqa: S105 - the variable's name
WAIT_SECONDS = 120
MOST_SHOWN = 80
"""Characters of the first message."""


def widget(
    website: Annotated[
        list[str] | None,
        typer.Option(help="A website that may show it, as in https://www.example.com; several."),
    ] = None,
    title: Annotated[str, typer.Option(help="What stands on the button.")] = "",
    public: Annotated[
        str, typer.Option(help="Where browsers reach Deskhand, as in https://desk.example.com.")
    ] = "",
    identity: Annotated[
        bool, typer.Option(help="Make a secret with which the website signs who is logged in.")
    ] = False,
    wait: Annotated[int, typer.Option(help="Seconds to wait for a first message.")] = WAIT_SECONDS,
) -> None:
    """Connect a help window on your websites. It is one script tag, with no cookie."""
    from api.channels.widget.trying import origin_of

    settings = read_settings()
    path = checked(settings.desk, "widget")
    given = website or _asked()
    title = title or typer.prompt("Title of the window", default="Help")
    ours = (origin_of(public) if public else settings.address).rstrip("/")
    origins = asyncio.run(_tried([origin_of(one) for one in given], ours))
    desk = add(path, "widget", block(origins, title, identity=identity))
    screen.out().print(f"Written to {path}: `channels.widget`. It only suggests answers until you")
    screen.out().print("set `autonomy: {channels: {widget: auto}}`.")
    _say_tag(desk, ours, public=bool(public), identity=identity)
    asyncio.run(_show_first(settings, desk, wait))


def _asked() -> list[str]:
    said = typer.prompt("Websites that may show it, with commas")
    return [one for one in str(said).replace(",", " ").split() if one]


async def _tried(origins: Sequence[str], ours: str) -> list[str]:
    """The websites as they are to be named: where one leads to is added. Raises `CommandFault`."""
    from api.channels.widget import trying
    from graph.desk.channels import ORIGIN
    from tools.adapters.http import open_client

    if wrong := [one for one in origins if not ORIGIN.match(one)]:
        msg = f"{wrong[0]} is no website: write it as https://www.example.com. Nothing was written"
        raise CommandFault(msg, USAGE)
    named: list[str] = []
    async with open_client() as http:
        with screen.notes().status("trying the websites"):
            found = [await trying.look_at(http, one, ours) for one in origins]
            answers = await trying.serves_script(http, ours)
    for one in found:
        for line in trying.lines(one, ours):
            screen.out().print(line, markup=False, soft_wrap=True)
        named += [one.origin, *([one.at] if one.at else [])]
    if not answers:
        words = (
            f"Nothing of ours answers at {ours} yet: run `deskhand up`, or name it with --public."
        )
        screen.out().print(words, markup=False, soft_wrap=True)
    return list(dict.fromkeys(named))


def block(origins: Sequence[str], title: str, *, identity: bool) -> list[str]:
    """The part of desk.yaml."""
    said = [f"origins: {json.dumps(origins)}", f"title: {json.dumps(title, ensure_ascii=False)}"]
    if identity:
        said.append(f"identity_secret: ${{{SECRET}:-}}  # until it is set, nobody is believed")
    return said


def _say_tag(desk: Desk, ours: str, *, public: bool, identity: bool) -> None:
    from api.channels.widget.trying import tag

    screen.out().print("Put this before the end of the pages that should have it:")
    screen.out().print(f"  {tag(ours, desk.tenant)}", markup=False, soft_wrap=True)
    if not public:
        words = f"Put the address at which browsers reach Deskhand in place of {ours}."
        screen.out().print(words, markup=False, soft_wrap=True)
    if identity:
        words = f"{SECRET}={secrets.token_urlsafe(32)}"
        screen.out().print(
            "Set this where Deskhand runs and in your website; it is shown only here:"
        )
        screen.out().print(f"  {words}", markup=False, soft_wrap=True)


async def _show_first(settings: Settings, desk: Desk, wait: int) -> None:
    from api.channels.widget.trying import first_message
    from api.ledger import open_ledger
    from memory.storage.migrate import migrate
    from memory.tables import now

    if wait <= 0:
        return
    await asyncio.to_thread(migrate, settings.ledger_url)
    begun = now()
    screen.out().print(f"Now write a message in the widget; it is waited for {wait} s.")
    database = open_ledger(settings)
    try:
        got = await first_message(database, desk.tenant, begun, wait)
    finally:
        await database.close()
    words = f'It came: "{got[:MOST_SHOWN]}".' if got else "None came; that is no fault."
    screen.out().print(words, markup=False)
