"""`deskhand account`: the people who may log in, on the local ledger."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import screen
from api.cli.database import changing, reading, tenant_of
from api.cli.failures import USAGE, CommandFault
from api.settings import read_settings

if TYPE_CHECKING:
    from sqlmodel.ext.asyncio.session import AsyncSession

    from memory.tables import Person

app = typer.Typer(help="Accounts of people: they log in at /console.", no_args_is_help=True)
Tenant = Annotated[str | None, typer.Option(help="Whose desk (default: the only one there is).")]
Email = Annotated[str, typer.Argument(help="The account's e-mail address.")]
Change = Callable[["AsyncSession", "Person"], Awaitable[None]]
ONCE = "it is shown only once, and the person sets their own at the first login."


class RoleName(StrEnum):
    """What a person may do."""

    AGENT = "agent"
    LEAD = "lead"
    ADMIN = "admin"


@app.command()
def create(
    name: Annotated[str, typer.Option(help="The person's name, shown with their decisions.")],
    email: Annotated[str, typer.Option(help="The person logs in with it.")],
    role: Annotated[
        RoleName, typer.Option(help="agent: the queue. lead: the team as well. admin: all.")
    ] = RoleName.AGENT,
    tenant: Tenant = None,
    prompt: Annotated[
        bool, typer.Option("--prompt", help="Ask for a password instead of making one.")
    ] = False,
) -> None:
    """Make an account and print a one-time password, alone on stdout."""
    from graph.desk.folder import load_desks
    from memory.people import passwords, people

    settings = read_settings()
    owner = tenant_of(settings, tenant)
    password = passwords.one_time()
    if prompt:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        names = (name, owner, load_desks(settings.desk)[owner].company)
        passwords.refuse_weak(password, email=email, names=names)
    hashed = passwords.Passwords().hashed(password)

    async def make(session: AsyncSession) -> Person:
        made = await people.create(
            session, owner, name=name, email=email, role=role, password=hashed
        )
        made.one_time = not prompt
        await _note(session, made, "create")
        return made

    made = changing(settings, make)
    screen.notes().print(
        f"{made.name} <{made.email}> of {owner} is {made.role}. "
        + ("" if prompt else f"The password follows: {ONCE}"),
        markup=False,
    )
    if not prompt:
        print(password)  # noqa: T201  alone on stdout, so that scripts can take it


@app.command("list")
def list_accounts(tenant: Tenant = None) -> None:
    """Show accounts; of all tenants unless one is named."""
    from memory.people import people

    found = reading(read_settings(), lambda session: people.listed(session, tenant))
    rows = [
        (one.name, one.email, one.role, one.tenant, _state(one), screen.moment(one.created_at))
        for one in found
    ]
    if not rows:
        screen.notes().print("There are no accounts: make one with `deskhand account create`.")
        return
    columns = ("Name", "Address", "Role", "Tenant", "State", "Made")
    screen.out().print(screen.table(columns, rows))


@app.command()
def disable(email: Email, tenant: Tenant = None) -> None:
    """Disable an account and end its sessions at once."""
    from memory.people import people

    found = _change((email, tenant), "disable", people.disable)
    screen.out().print(f"{found.name} <{found.email}> is disabled.", markup=False)


@app.command()
def enable(email: Email, tenant: Tenant = None) -> None:
    """Let a disabled account log in again."""
    from memory.people import people

    found = _change((email, tenant), "enable", people.enable)
    screen.out().print(f"{found.name} <{found.email}> may log in again.", markup=False)


@app.command()
def reset(email: Email, tenant: Tenant = None) -> None:
    """Print a new one-time password; every session and any lockout ends."""
    from memory.people import logins, passwords, people

    password = passwords.one_time()

    async def change(session: AsyncSession, person: Person) -> None:
        hashed = passwords.Passwords().hashed(password)
        await people.set_password(session, person, hashed, one_time=True)
        await logins.forgive(session, person.email, "")

    found = _change((email, tenant), "reset", change)
    screen.notes().print(f"{found.name} <{found.email}> has a new password: {ONCE}", markup=False)
    print(password)  # noqa: T201  alone on stdout, so that scripts can take it


@app.command("reset-second-factor")
def reset_second_factor(email: Email, tenant: Tenant = None) -> None:
    """Take away a lost second factor; every session ends, and a login asks for no code."""
    from memory.people import second_factor

    whose = (email, tenant)
    found = _change(whose, "reset-second-factor", second_factor.remove)
    screen.out().print(f"{found.name} <{found.email}> logs in without a code.", markup=False)


@app.command()
def role(
    email: Email,
    name: Annotated[RoleName, typer.Argument(help="The new role.")],
    tenant: Tenant = None,
) -> None:
    """Give an account another role."""
    from memory.people import people

    async def change(session: AsyncSession, person: Person) -> None:
        await people.set_role(session, person, name)

    found = _change((email, tenant), "role", change)
    screen.out().print(f"{found.name} <{found.email}> is {found.role} now.", markup=False)


def _state(person: Person) -> str:
    if person.disabled_at is not None:
        return "disabled " + str(screen.moment(person.disabled_at))
    state = "one-time password" if person.one_time else "active"
    return state if person.second_factor_at is None else f"{state}, second factor"


async def _note(session: AsyncSession, person: Person, action: str) -> None:
    from memory.people import audit

    await audit.note(
        session,
        tenant=person.tenant,
        who="command line",
        via="command",
        action=f"account {action}",
        subject=person.id,
    )


def _change(whose: tuple[str, str | None], action: str, change: Change) -> Person:
    async def changed(session: AsyncSession) -> Person:
        person = await _only(session, *whose)
        await change(session, person)
        await _note(session, person, action)
        return person

    return changing(read_settings(), changed)


async def _only(session: AsyncSession, email: str, tenant: str | None) -> Person:
    from memory.people import people

    found = await people.by_email(session, email, tenant)
    if not found:
        msg = f"there is no account {email!r}: `deskhand account list` shows them"
        raise CommandFault(msg, USAGE)
    if len(found) > 1:
        owners = ", ".join(one.tenant for one in found)
        msg = f"{email!r} has accounts with {owners}: say which with --tenant"
        raise CommandFault(msg, USAGE)
    return found[0]
