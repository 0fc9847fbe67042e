"""`deskhand connect ...`: asks what it needs, tries it, writes desk.yaml, shows the first message."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

import typer

from api.channels.connecting.questions import MAIL, QUESTIONS, TITLES, WIDGET, Question, default
from api.cli import screen
from api.cli.failures import USAGE, CommandFault
from api.cli.numbers import FIRST_SECONDS, LARGEST, Wait
from api.settings import Settings, read_settings

if TYPE_CHECKING:
    from api.channels.connecting.channel_block import Wanted
    from api.channels.connecting.connect import Connected, Place

app = typer.Typer(no_args_is_help=True, help="Connect a channel that tickets come by.")
VARIABLES = {(MAIL, "password"): "MAIL_PASSWORD"} | {
    (name, "token"): f"{name.upper()}_TOKEN" for name in ("chatwoot", "zammad", "zendesk")
}
"""Where a secret is taken from before it is asked for."""
MOST_ROUNDS = 10
"""How often a person at a terminal may correct what was typed."""
Url = Annotated[str, typer.Option(help="Its address, such as https://help.example.com.")]
Group = Annotated[
    list[int] | None,
    typer.Option(
        min=1,
        max=LARGEST,
        help="Number of an inbox or group that Deskhand answers; all by default.",
    ),
]
People = Annotated[str, typer.Option(help="Where people answer: there or here (the console).")]
Public = Annotated[
    str,
    typer.Option(help="Where Deskhand is reached from outside, as in https://desk.example.com."),
]


@app.callback()
def _group() -> None:
    """Connect a channel that tickets come by."""


@app.command("mail")
def mail(  # noqa: PLR0917 - typer passes each option by name
    address: Annotated[str, typer.Option(help="What customers write to.")] = "",
    imap: Annotated[str, typer.Option(help="Host of the IMAP server, or host:port.")] = "",
    smtp: Annotated[str, typer.Option(help="Host of the SMTP server, or host:port.")] = "",
    security: Annotated[str, typer.Option(help="tls, starttls or none.")] = "tls",
    user: Annotated[str, typer.Option(help="The user, if it is not the address.")] = "",
    wait: Wait = FIRST_SECONDS,
) -> None:
    """Connect a mailbox. The password is asked for, or taken from MAIL_PASSWORD."""
    said = {"address": address, "imap": imap, "smtp": smtp, "security": security, "user": user}
    _connect(MAIL, said, "", wait)


@app.command("chatwoot")
def chatwoot(  # noqa: PLR0917 - typer passes each option by name
    url: Url = "",
    account: Annotated[str, typer.Option(help="The number in /app/accounts/1.")] = "",
    group: Group = None,
    people: People = "there",
    public: Public = "",
    wait: Wait = FIRST_SECONDS,
) -> None:
    """Connect a Chatwoot account. The token is asked for, or taken from CHATWOOT_TOKEN."""
    _helpdesk("chatwoot", {"url": url, "account": account, "people": people}, group, (public, wait))


@app.command("zammad")
def zammad(
    url: Url = "",
    group: Group = None,
    people: People = "there",
    public: Public = "",
    wait: Wait = FIRST_SECONDS,
) -> None:
    """Connect a Zammad system. The token is asked for, or taken from ZAMMAD_TOKEN."""
    _helpdesk("zammad", {"url": url, "people": people}, group, (public, wait))


@app.command("zendesk")
def zendesk(  # noqa: PLR0917 - typer passes each option by name
    url: Url = "",
    user: Annotated[str, typer.Option(help="The address of the token's user.")] = "",
    group: Group = None,
    people: People = "there",
    public: Public = "",
    wait: Wait = FIRST_SECONDS,
) -> None:
    """Connect a Zendesk account. The API token is asked for, or taken from ZENDESK_TOKEN."""
    _helpdesk("zendesk", {"url": url, "user": user, "people": people}, group, (public, wait))


@app.command("widget")
def widget(
    website: Annotated[
        list[str] | None,
        typer.Option(help="A website that may show it, as in https://www.example.com; several."),
    ] = None,
    title: Annotated[str, typer.Option(help="The text on the button.")] = "",
    public: Public = "",
    identity: Annotated[
        bool, typer.Option(help="Make a secret with which the website signs who its visitor is.")
    ] = False,
    wait: Wait = FIRST_SECONDS,
) -> None:
    """Connect a help window on your websites. It is one script tag, with no cookie."""
    said = {"websites": ", ".join(website or ()), "title": title}
    _connect(WIDGET, said | {"identity": "yes" if identity else "no"}, public, wait)


@app.command("secret")
def secret(
    name: Annotated[str, typer.Argument(help="chatwoot, zammad or zendesk.")],
) -> None:
    """Keep the secret that a helpdesk signs its webhooks with. It is asked for."""
    from api.channels.connecting.desk_file import NotWritten
    from api.channels.connecting.hook_secret import keep_hook_secret
    from graph.desk.file import load_desk

    settings = read_settings()
    given = typer.prompt("Secret", hide_input=True)
    try:
        desk = load_desk(settings.desk, settings.variables)
        keep_hook_secret(settings, settings.desk, desk.tenant, name, given.strip())
    except NotWritten as error:
        raise CommandFault(str(error), USAGE) from error
    screen.out().print(f"Saved. Webhooks from {name} are accepted from now on.", markup=False)


def _helpdesk(
    name: str, said: dict[str, str], group: list[int] | None, more: tuple[str, int]
) -> None:
    _connect(name, said | {"groups": ", ".join(map(str, group or ()))}, *more)


def _ours(public: str) -> str:
    from api.channels.widget.origins import origin_of
    from tools.outside import AddressRefused

    try:
        return origin_of(public)
    except AddressRefused as refused:
        raise CommandFault(f"--public: {refused}", USAGE) from refused


def _connect(name: str, said: Mapping[str, str], public: str, wait: int) -> None:
    from api.channels.connecting import desk_file, next_steps
    from api.cli import first_message

    settings = read_settings()
    place = _place(settings, name, _ours(public) if public else settings.address)
    talk = _Talk(name, said)
    for left in reversed(range(MOST_ROUNDS)):
        answers = talk.asked()
        try:
            found, wanted = _tried(settings, place, _wanted(name, answers))
            break
        except CommandFault as fault:
            if not (left and talk.goes_on):
                raise
            screen.out().print(f"{fault}. Correct it; Enter keeps the value shown.", markup=False)
    if found.trouble:
        block = desk_file.with_channel("", name, list(desk_file.lines(wanted.block)))
        screen.out().print(block.strip(), markup=False, soft_wrap=True)
        names = ", ".join(wanted.secrets)
        also = f", and set {names} where Deskhand runs" if names else ""
        msg = f"{found.trouble}. Nothing was written: add the lines above by hand{also}"
        raise CommandFault(msg, USAGE)
    for line in found.lines:
        screen.out().print(line, markup=False, soft_wrap=True)
    written = f"Written to {place.path}: `channels.{name}`. {next_steps.level(name)}"
    screen.out().print(written, markup=False, soft_wrap=True)
    give = f"run `deskhand connect secret {name}` with it"
    for line in next_steps.steps(wanted, place.tenant, place.ours, give):
        screen.out().print(line, markup=False, soft_wrap=True)
    if not public and name != MAIL:
        words = f"Replace {place.ours} with the address at which Deskhand can be reached."
        screen.out().print(words, markup=False, soft_wrap=True)
    asyncio.run(first_message.show(settings, place, wanted, wait))
    last = f"A running `deskhand up` picks it up by itself; people see it at {settings.address}/console"
    screen.out().print(f"{last}.", markup=False, soft_wrap=True)


@dataclass
class _Talk:
    """What a person is asked, and asked again as long as it does not work."""

    name: str
    said: Mapping[str, str]
    """What the command said: at first it is not asked for."""
    answers: dict[str, str] = field(default_factory=dict)
    typed: bool = False

    @property
    def goes_on(self) -> bool:
        """Whether somebody is there to correct an answer."""
        return self.typed and sys.stdin.isatty()

    def asked(self) -> dict[str, str]:
        """All answers; a second time each is asked for, and Enter keeps what it was."""
        again = bool(self.answers)
        for one in QUESTIONS[self.name]:
            self.answers[one.name] = self._typed(one) if again else self._given(one)
        return self.answers

    def _given(self, one: Question) -> str:
        known = os.environ.get(VARIABLES.get((self.name, one.name), ""), "")
        given = self.said.get(one.name) or known
        return given if given or not one.needed else self._typed(one)

    def _typed(self, one: Question) -> str:
        self.typed = True
        likely = self.answers.get(one.name) or default(one, self.answers)
        about = f" ({one.help[:1].lower()}{one.help[1:].rstrip('.')})" if one.help else ""
        kept = ", Enter keeps it" if one.secret and likely else ""
        return str(
            typer.prompt(
                f"{one.label}{about}{kept}",
                default=likely or (None if one.needed else ""),
                hide_input=one.secret,
                show_default=bool(likely) and not one.secret,
            )
        )


def _tried(settings: Settings, place: Place, wanted: Wanted) -> tuple[Connected, Wanted]:
    """What was found, and what was or has to be written. Raises `CommandFault`."""
    found = asyncio.run(_connected(settings, place, wanted))
    if found.wanted is None:
        msg = f"{'; '.join(one.rstrip('.') for one in found.lines)}. Nothing was written"
        raise CommandFault(msg, USAGE)
    return found, found.wanted


def _place(settings: Settings, name: str, ours: str) -> Place:
    from api.channels.connecting.connect import Place
    from api.channels.connecting.desk_file import NotWritten, make_sure

    path = settings.desk
    if path.is_dir():
        msg = f"{path} holds several desks: name one, as in `deskhand --desk {path}/x.yaml connect {name}`"
        raise CommandFault(msg, USAGE)
    try:
        desk = make_sure(settings, path, name)
    except NotWritten as error:
        raise CommandFault(str(error), USAGE) from error
    return Place(desk.tenant, desk.company, path, ours.rstrip("/"), fenced=False)


def _wanted(name: str, answers: Mapping[str, str]) -> Wanted:
    from api.channels.connecting.channel_block import AnswerRefused, answered

    try:
        return answered(name, answers)
    except AnswerRefused as error:
        msg = f"{error}. Nothing was written"
        raise CommandFault(msg, USAGE) from error


async def _connected(settings: Settings, place: Place, wanted: Wanted) -> Connected:
    from api.channels.connecting.connect import connect
    from api.ledger import open_ledger
    from memory.storage.migrate import migrate

    await asyncio.to_thread(migrate, settings.ledger_url)
    database = open_ledger(settings)
    try:
        with screen.notes().status(f"trying {TITLES[wanted.name]}"):
            return await connect(settings, database, place, wanted)
    finally:
        await database.close()
