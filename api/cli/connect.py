"""`deskhand connect mail`: asks what it needs, tries it, writes desk.yaml, shows the first mail."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from api.cli import connect_helpdesk, connect_widget, screen
from api.cli.desk_file import add, checked
from api.cli.failures import USAGE, CommandFault
from api.settings import Settings, read_settings

if TYPE_CHECKING:
    from api.channels.mail.inbox import Position
    from api.channels.mail.trying import Found
    from graph.desk.model import Desk
    from tools.adapters.mail.servers import Mailbox, Security

app = typer.Typer(no_args_is_help=True, help="Connect a channel that tickets come by.")
connect_helpdesk.register(app)
app.command("widget")(connect_widget.widget)
VARIABLE = "MAIL_PASSWORD"
WAIT_SECONDS = 120
PORTS = {
    "imap": {"tls": 993, "starttls": 143, "none": 143},
    "smtp": {"tls": 465, "starttls": 587, "none": 25},
}
Kind = Literal["tls", "starttls", "none"]


@app.callback()
def _group() -> None:
    """Connect a channel that tickets come by."""


@app.command("mail")
def mail(  # noqa: PLR0917 - typer passes each option by name
    address: Annotated[
        str, typer.Option(help="What customers write to.", prompt="Address of the mailbox")
    ],
    imap: Annotated[str | None, typer.Option(help="Host of the IMAP server, or host:port.")] = None,
    smtp: Annotated[str | None, typer.Option(help="Host of the SMTP server, or host:port.")] = None,
    security: Annotated[str, typer.Option(help="tls, starttls or none.")] = "tls",
    user: Annotated[str, typer.Option(help="The user, if it is not the address.")] = "",
    wait: Annotated[int, typer.Option(help="Seconds to wait for a first mail.")] = WAIT_SECONDS,
) -> None:
    """Connect a mailbox. The password is asked for, or taken from MAIL_PASSWORD."""
    from api.channels.mail.trying import hosts, lines, tried
    from tools.faults import Unreachable

    settings = read_settings()
    path = checked(settings.desk, "mail")
    if security not in PORTS["imap"]:
        msg = f"--security {security}: write tls, starttls or none"
        raise CommandFault(msg, USAGE)
    likely = hosts(address)
    known = os.environ.get(VARIABLE) or typer.prompt("Password", hide_input=True)
    given = (
        imap or typer.prompt("IMAP server", default=likely[0]),
        smtp or typer.prompt("SMTP server", default=likely[1]),
    )
    mailbox = _mailbox(address, given, security, (user or address, known))  # type: ignore[arg-type]
    try:
        with screen.notes().status("trying the mailbox"):
            found = tried(mailbox)
    except Unreachable as fault:
        msg = f"{fault}. Nothing was written"
        raise CommandFault(msg, USAGE) from fault
    for line in lines(found):
        screen.out().print(line, markup=False)
    os.environ[VARIABLE] = known
    desk = add(path, "mail", block(mailbox, found, user))
    screen.out().print(f"Written to {path}: `channels.mail`. It only suggests answers until you")
    screen.out().print("set `autonomy: {channels: {mail: auto}}`.")
    asyncio.run(_show_first(settings, desk, mailbox, wait))


def _mailbox(
    address: str, given: tuple[str, str], security: Security, login: tuple[str, str]
) -> Mailbox:
    from tools.adapters.mail.servers import Mailbox, Server

    def server(protocol: str, text: str) -> Server:
        host, _, port = text.partition(":")
        number = int(port) if port.isdecimal() else PORTS[protocol][security]
        return Server(host, number, security, *login)

    return Mailbox(address, "", server("imap", given[0]), server("smtp", given[1]))


def block(mailbox: Mailbox, found: Found, user: str = "") -> list[str]:
    """The part of desk.yaml."""
    said = [
        f"address: {mailbox.address}",
        *([f"user: {user}"] if user else []),
        f"password: ${{{VARIABLE}}}  # from the environment: it stands in no file",
    ]
    for name, server in (("imap", mailbox.imap), ("smtp", mailbox.smtp)):
        place = f"host: {server.host}, port: {server.port}, security: {server.security}"
        said.append(f"{name}: {{{place}}}")
    if found.server:
        said.append(f"trusted_server: {found.server}  # it checks who a mail is from")
    if found.copy_seconds is None:
        said.append("own_copy: false  # the mailbox's own mail did not come back")
    return said


async def _show_first(settings: Settings, desk: Desk, mailbox: Mailbox, wait: int) -> None:
    from api.channels.mail.reading import Reader
    from api.channels.mail.trying import first_mail, position_of

    position = await position_of(mailbox)
    await _begin(settings, desk, mailbox, position)
    if wait > 0:
        screen.out().print(f"Now write a mail to {mailbox.address}; it is waited for {wait} s.")
        got = await first_mail(mailbox, Reader(mailbox.address), position, wait)
        words = f'It came: from {got[0]}, "{got[1]}".' if got else "None came; that is no fault."
        screen.out().print(words, markup=False)
    screen.out().print(
        f"Set {VARIABLE} where Deskhand runs, and start `deskhand up`, again if it runs: it takes"
    )
    screen.out().print("in the mail that comes from now on.")


async def _begin(settings: Settings, desk: Desk, mailbox: Mailbox, position: Position) -> None:
    """From here on the mailbox is read, also what comes before the stack is started."""
    from api.ledger import open_ledger
    from graph.desk.channels import MAIL
    from memory.channels import states
    from memory.storage.migrate import migrate

    await asyncio.to_thread(migrate, settings.ledger_url)
    database = open_ledger(settings)
    try:
        async with database.transaction() as session:
            await states.move_cursor(
                session, desk.tenant, MAIL, mailbox.folder, position.as_cursor()
            )
    finally:
        await database.close()
