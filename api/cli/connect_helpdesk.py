"""`deskhand connect chatwoot|zammad|zendesk`: asks, tries, writes desk.yaml, says what to set up there."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from api.cli import screen
from api.cli.desk_file import add, checked
from api.cli.failures import USAGE, CommandFault
from api.settings import Settings, read_settings

if TYPE_CHECKING:
    from graph.desk.helpdesks import HelpdeskChannel
    from graph.desk.model import Desk
    from tools.contract import Json

WAIT_SECONDS = 120
MOST_SHOWN = 80
"""Characters of the first message."""
Name = Literal["chatwoot", "zammad", "zendesk"]
TITLES: Mapping[Name, str] = {"chatwoot": "Chatwoot", "zammad": "Zammad", "zendesk": "Zendesk"}
THERE: Mapping[Name, Sequence[str]] = {
    "chatwoot": (
        "In Chatwoot: Settings, Integrations, Webhooks, Add new webhook.",
        "  URL: {url}",
        "  Events: message_created, conversation_created, conversation_status_changed",
        "Copy the secret that Chatwoot shows for it, and set {secret} to it where Deskhand runs.",
    ),
    "zammad": (
        "In Zammad: Manage, Webhook, New Webhook.",
        "  Endpoint: {url}",
        "  HMAC SHA1 Signature Token: {made}",
        "Then Manage, Trigger, New Trigger: activated by an action, for every article and state that",
        "changes, which executes this webhook.",
        "Set {secret} to that token where Deskhand runs; it is shown only here.",
    ),
    "zendesk": (
        "In Zendesk: Admin Center, Apps and integrations, Webhooks, Create webhook, Zendesk events.",
        "  Events: ticket comment added, ticket created, ticket status changed",
        "  Endpoint URL: {url}",
        "Reveal its signing secret, and set {secret} to it where Deskhand runs.",
    ),
}
Url = Annotated[
    str, typer.Option(help="Where it stands, as in https://help.example.com.", prompt="Address")
]
Group = Annotated[
    list[int] | None,
    typer.Option(help="Number of an inbox or group that Deskhand answers; all unless it is said."),
]
People = Annotated[str, typer.Option(help="Where people answer: there or here (the console).")]
Public = Annotated[str, typer.Option(help="Where Deskhand's API is reached from there.")]
Wait = Annotated[int, typer.Option(help="Seconds to wait for a first message.")]


def register(app: typer.Typer) -> None:
    """Bring the commands."""
    app.command("chatwoot")(chatwoot)
    app.command("zammad")(zammad)
    app.command("zendesk")(zendesk)


def chatwoot(  # noqa: PLR0917 - typer passes each option by name
    url: Url,
    account: Annotated[
        int, typer.Option(help="The number in /app/accounts/1.", prompt="Number of the account")
    ],
    group: Group = None,
    people: People = "there",
    public: Public = "",
    wait: Wait = WAIT_SECONDS,
) -> None:
    """Connect a Chatwoot account. The token is asked for, or taken from CHATWOOT_TOKEN."""
    _connect(Asked("chatwoot", {"url": url, "account": account}, group, people, public, wait))


def zammad(
    url: Url,
    group: Group = None,
    people: People = "there",
    public: Public = "",
    wait: Wait = WAIT_SECONDS,
) -> None:
    """Connect a Zammad system. The token is asked for, or taken from ZAMMAD_TOKEN."""
    _connect(Asked("zammad", {"url": url}, group, people, public, wait))


def zendesk(  # noqa: PLR0917 - typer passes each option by name
    url: Url,
    user: Annotated[
        str,
        typer.Option(help="The address of the token's user.", prompt="Address of the token's user"),
    ],
    group: Group = None,
    people: People = "there",
    public: Public = "",
    wait: Wait = WAIT_SECONDS,
) -> None:
    """Connect a Zendesk account. The API token is asked for, or taken from ZENDESK_TOKEN."""
    _connect(Asked("zendesk", {"url": url, "user": user}, group, people, public, wait))


@dataclass(frozen=True)
class Asked:
    """What was given or asked for."""

    name: Name
    fields: Mapping[str, Any]
    """Those of this helpdesk alone."""
    groups: list[int] | None
    people: str
    public: str
    wait: int

    @property
    def title(self) -> str:
        """As people call it."""
        return TITLES[self.name]

    @property
    def token(self) -> str:
        """The variable of the token."""
        return f"{self.name.upper()}_TOKEN"

    @property
    def secret(self) -> str:
        """The variable of the webhooks' secret."""
        return f"{self.name.upper()}_WEBHOOK_SECRET"

    def lines(self) -> list[str]:
        """The part of desk.yaml."""
        said = [f"{name}: {value}" for name, value in self.fields.items()]
        said.append(f"token: ${{{self.token}}}  # from the environment: it stands in no file")
        said.append(f"webhook_secret: ${{{self.secret}:-}}  # until it is set, it is only polled")
        said.append(f"people_work: {self.people}")
        if self.groups:
            said.append(f"groups: {self.groups}")
        return said


def _connect(asked: Asked) -> None:
    settings = read_settings()
    path = checked(settings.desk, asked.name)
    if not os.environ.get(asked.token):
        os.environ[asked.token] = typer.prompt("Token", hide_input=True)
    channel = _channel(asked)
    who, cursor = asyncio.run(_tried(settings, asked, channel))
    screen.out().print(f"{asked.title} knows us as {who}.", markup=False)
    desk = add(path, asked.name, asked.lines())
    screen.out().print(
        f"Written to {path}: `channels.{asked.name}`. It only suggests answers until"
    )
    screen.out().print(f"you set `autonomy: {{channels: {{{asked.name}: auto}}}}`.")
    asyncio.run(_begin(settings, desk, asked.name, cursor))
    _say_there(asked, settings, desk)
    asyncio.run(_show_first(settings, asked, channel, cursor))


def _channel(asked: Asked) -> HelpdeskChannel:
    """As desk.yaml would bring it. Raises `CommandFault`."""
    from pydantic import ValidationError

    from graph.desk.channels import Channels

    said = {
        **asked.fields,
        "token": os.environ[asked.token],
        "people_work": asked.people,
        "groups": asked.groups or [],
    }
    try:
        return Channels.model_validate({asked.name: said}).helpdesks[asked.name]
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        msg = f"{wrong['loc'][-1]}: {wrong['msg']}. Nothing was written"
        raise CommandFault(msg, USAGE) from error


async def _tried(settings: Settings, asked: Asked, channel: HelpdeskChannel) -> tuple[str, Json]:
    """Our name there, and the cursor of now. Raises `CommandFault`."""
    from api.channels.helpdesk.setup import open_helpdesk
    from api.channels.helpdesk.trying import in_words
    from tools.adapters.http import open_client
    from tools.contract import ToolFault

    async with open_client() as http:
        desk = open_helpdesk(channel, http, settings.webhook_private_hosts)
        try:
            with screen.notes().status(f"trying {asked.title}"):
                return await desk.who(), await desk.begin()
        except ToolFault as fault:
            msg = f"{in_words(fault, asked.title)}. Nothing was written"
            raise CommandFault(msg, USAGE) from fault


async def _begin(settings: Settings, desk: Desk, name: str, cursor: Json) -> None:
    """From here on it is read, also what comes before the stack is started."""
    from api.channels.helpdesk.source import begin_at
    from api.ledger import open_ledger
    from memory.storage.migrate import migrate

    await asyncio.to_thread(migrate, settings.ledger_url)
    database = open_ledger(settings)
    try:
        await begin_at(database, desk.tenant, name, cursor)
    finally:
        await database.close()


def _say_there(asked: Asked, settings: Settings, desk: Desk) -> None:
    """What to set up on the other side."""
    base = (asked.public or settings.address).rstrip("/")
    words = {
        "url": f"{base}/v1/hooks/{desk.tenant}/{asked.name}",
        "secret": asked.secret,
        "made": secrets.token_urlsafe(32),
    }
    for line in THERE[asked.name]:
        screen.out().print(line.format(**words), markup=False, soft_wrap=True)
    if not asked.public:
        words_ = f"Put the address at which {asked.title} reaches Deskhand in place of {base}."
        screen.out().print(words_, markup=False, soft_wrap=True)


async def _show_first(
    settings: Settings, asked: Asked, channel: HelpdeskChannel, cursor: Json
) -> None:
    from api.channels.helpdesk.reading import plain
    from api.channels.helpdesk.setup import open_helpdesk
    from api.channels.helpdesk.trying import first_message, in_words
    from tools.adapters.http import open_client
    from tools.contract import ToolFault

    if asked.wait > 0:
        screen.out().print(f"Now write a message as a customer; it is waited for {asked.wait} s.")
        async with open_client() as http:
            desk = open_helpdesk(channel, http, settings.webhook_private_hosts)
            groups = [str(one) for one in asked.groups or ()]
            try:
                got = await first_message(desk, cursor, groups, asked.wait)
                words = "None came; that is no fault."
                if got is not None:
                    words = f'It came: from {got.name or "nobody"}, "{plain(got)[:MOST_SHOWN]}".'
            except ToolFault as fault:
                words = f"It could not be looked for: {in_words(fault, asked.title)}."
        screen.out().print(words, markup=False)
    screen.out().print(
        f"Set {asked.token} where Deskhand runs, and start `deskhand up`, again if it"
    )
    screen.out().print("runs: it takes in the messages that come from now on.")
