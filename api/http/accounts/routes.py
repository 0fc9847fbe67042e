"""Accounts and the audit over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request

from api.http.accounts import schemas as bodies
from api.http.accounts.vault import VaultDep
from api.http.accounts.views import colleague_view, person_view
from api.http.deps import AdminKey, AnyPerson, ContextDep, takes_json
from api.http.paging import following
from api.http.responses import problems
from api.http.text import MAX_COUNT, Line, PathId
from memory.people import audit, logins, passwords, people, second_factor
from memory.tables import AuditRow

DEFAULT_PAGE = 100
MAX_PAGE = 500

router = APIRouter(prefix="/v1", tags=["accounts"])


@router.get("/people", summary="List colleagues")
async def list_people(caller: AnyPerson, context: ContextDep) -> bodies.PeoplePage:
    """To whom a ticket can be given."""
    async with context.database.reading() as session:
        found = await people.listed(session, caller.tenant)
    return bodies.PeoplePage(items=[bodies.ColleagueOut(**colleague_view(one)) for one in found])


@router.get("/accounts", summary="List accounts")
async def list_accounts(caller: AdminKey, context: ContextDep) -> bodies.AccountsPage:
    """The accounts with their addresses."""
    async with context.database.reading() as session:
        found = await people.listed(session, caller.tenant)
    return bodies.AccountsPage(items=[person_view(one) for one in found])


@router.post("/accounts", summary="Make an account", status_code=201, **takes_json(409))
async def make_account(
    body: bodies.PersonIn, caller: AdminKey, context: ContextDep, vault: VaultDep
) -> bodies.PersonMadeOut:
    """The one-time password is in the answer, this once."""
    password = passwords.one_time()
    hashed = await vault.hashed(password)
    async with context.database.transaction() as session:
        made = await people.create(
            session,
            caller.tenant,
            name=body.name,
            email=body.email,
            role=body.role,
            password=hashed,
        )
    return bodies.PersonMadeOut(**person_view(made).model_dump(), password=password)


@router.post(
    "/accounts/{person_id}/reset",
    summary="Reset an account's password",
    responses=problems(404),
)
async def reset_account(
    person_id: PathId, caller: AdminKey, context: ContextDep, vault: VaultDep
) -> bodies.PersonMadeOut:
    """A new one-time password; every session of the person ends, and so does a lockout."""
    password = passwords.one_time()
    hashed = await vault.hashed(password)
    async with context.database.transaction() as session:
        person = await people.get(session, caller.tenant, person_id)
        await people.set_password(session, person, hashed, one_time=True)
        await logins.forgive(session, person.email, "")
    return bodies.PersonMadeOut(**person_view(person).model_dump(), password=password)


@router.post(
    "/accounts/{person_id}/disable",
    summary="Disable an account",
    responses=problems(404, 409),
)
async def disable_account(
    person_id: PathId, caller: AdminKey, context: ContextDep
) -> bodies.PersonOut:
    """The person's sessions end at once; what they did stays on record."""
    if person_id == caller.id:
        raise people.PersonRefused("you would lock yourself out: let another admin do it")
    async with context.database.transaction() as session:
        person = await people.get(session, caller.tenant, person_id)
        await people.disable(session, person)
    return person_view(person)


@router.post(
    "/accounts/{person_id}/enable",
    summary="Enable an account",
    responses=problems(404),
)
async def enable_account(
    person_id: PathId, caller: AdminKey, context: ContextDep
) -> bodies.PersonOut:
    """Let the person log in again."""
    async with context.database.transaction() as session:
        person = await people.get(session, caller.tenant, person_id)
        await people.enable(session, person)
    return person_view(person)


@router.post(
    "/accounts/{person_id}/role", summary="Change an account's role", **takes_json(404, 409)
)
async def change_role(
    person_id: PathId, body: bodies.RoleIn, caller: AdminKey, context: ContextDep
) -> bodies.PersonOut:
    """It holds from the person's next request on."""
    if person_id == caller.id:
        raise people.PersonRefused("your own role is for another admin to change")
    async with context.database.transaction() as session:
        person = await people.get(session, caller.tenant, person_id)
        await people.set_role(session, person, body.role)
    return person_view(person)


@router.post(
    "/accounts/{person_id}/reset-second-factor",
    summary="Reset an account's second factor",
    responses=problems(404, 409),
)
async def reset_second_factor(
    person_id: PathId, caller: AdminKey, context: ContextDep
) -> bodies.PersonOut:
    """For a person who has lost the device: every session ends, and a login asks for no code.

    Where the role needs a second factor, the person is led to set one up.
    """
    if person_id == caller.id:
        msg = "your own second factor is changed with a code of it, on your own page"
        raise people.PersonRefused(msg)
    async with context.database.transaction() as session:
        person = await people.get(session, caller.tenant, person_id)
        await second_factor.remove(session, person)
    return person_view(person)


@router.get("/audit", summary="Read the audit")
async def read_audit(
    *,
    caller: AdminKey,
    context: ContextDep,
    request: Request,
    who: Annotated[Line | None, Query(max_length=200)] = None,
    subject: Annotated[Line | None, Query(max_length=64)] = None,
    before: Annotated[int | None, Query(ge=1, le=MAX_COUNT)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = DEFAULT_PAGE,
) -> bodies.AuditPage:
    """Logins, and every change with who made it and how it ended; the newest first."""
    async with context.database.reading() as session:
        found = await audit.listed(
            session, caller.tenant, who=who, subject=subject, before=before, limit=limit + 1
        )
    more = None
    if len(found) > limit:
        more = following(request, limit=limit, before=found[limit - 1].id)
    said: Mapping[str, str] = request.app.state.summaries
    items = [_row(row, said.get(row.action)) for row in found[:limit]]
    return bodies.AuditPage(items=items, next=more)


def _row(row: AuditRow, summary: str | None) -> bodies.AuditRowOut:
    stored = bodies.AuditRowOut.model_fields.keys() - {"summary"}
    return bodies.AuditRowOut(**{name: getattr(row, name) for name in stored}, summary=summary)
