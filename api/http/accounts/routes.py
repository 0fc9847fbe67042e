"""Logins and accounts over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from api.http.accounts import schemas as bodies
from api.http.accounts.devices import known_device, remember_device
from api.http.accounts.vault import Source, Vault, whose
from api.http.deps import (
    SESSION_COOKIE,
    AdminKey,
    AnyPerson,
    ApiContext,
    ContextDep,
    Principal,
    cookie_name,
    is_secure,
    json_body,
)
from api.http.errors import Forbidden, LoginRefused
from api.http.responses import problems
from api.http.text import MAX_COUNT, Line, PathId
from memory.people import audit, logins, passwords, people
from memory.people.logins import Login
from memory.tables import AuditRow, Person

DEFAULT_PAGE = 100
MAX_PAGE = 500
REFUSAL = "address or password is wrong, or the account is disabled"

router = APIRouter(prefix="/v1", tags=["accounts"])


def vault(request: Request) -> Vault:
    """The process's vault."""
    found: Vault = request.app.state.vault
    return found


VaultDep = Annotated[Vault, Depends(vault)]


def address_of(request: Request) -> str:
    """Where a login comes from."""
    return "" if request.client is None else request.client.host


@router.post(
    "/session",
    summary="Log in",
    dependencies=[Depends(json_body)],
    responses=problems(400, 401, 403, 413, 415, 422, 429, 503),
)
async def log_in(
    body: bodies.LoginIn, request: Request, response: Response, context: ContextDep, vault: VaultDep
) -> bodies.SessionOut:
    """Set the session's cookie. Unknown, wrong and disabled get the same answer, as late.

    After ten failures of an account within a quarter of an hour it waits, whoever asks: but for
    browsers in which the person has logged in before. An address that has accounts with several
    tenants logs in to the one whose password is right; `tenant` says which where several are.
    """
    _refuse_foreign(request)
    source = Source(address_of(request), known_device(request, context, body.email))
    async with context.database.transaction() as session:
        await logins.count_attempt(session, body.email, source.address, source.device)
        found = await people.by_email(session, body.email, body.tenant)
    person, outdated = await whose(vault, body, found)
    if person is None:
        for one in found:
            await _note_failure(context, one)
        raise LoginRefused(REFUSAL)
    renewed = await vault.hashed(body.password) if outdated else None
    login, token = await _begin(context, person, source, renewed)
    response.set_cookie(
        cookie_name(request, SESSION_COOKIE),
        token,
        max_age=int(logins.ABSOLUTE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=is_secure(request),
    )
    remember_device(request, response, context, body.email)
    return _session(login, token)


def _refuse_foreign(request: Request) -> None:
    # Another site could log a visitor in as somebody else, and read what they then type.
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        msg = "logins come from this site only: open /console and log in there"
        raise Forbidden(msg)


async def _note_failure(context: ApiContext, person: Person) -> None:
    async with context.database.transaction() as session:
        await audit.note(
            session,
            tenant=person.tenant,
            who=person.name,
            via="person",
            action="login_failed",
            subject=person.id,
            status=401,
        )


async def _begin(
    context: ApiContext, person: Person, source: Source, renewed: str | None
) -> tuple[Login, str]:
    async with context.database.transaction() as session:
        fresh = await people.get(session, person.tenant, person.id)
        if fresh.disabled_at is not None or fresh.password != person.password:
            raise LoginRefused(REFUSAL)  # changed while the password was checked
        if renewed is not None:
            fresh.password = renewed
            session.add(fresh)
        await logins.forgive(session, fresh.email, source.address, source.device)
        begun, token = await logins.begin(session, fresh)
        await _note(session, fresh, "login")
    return Login(fresh, begun), token


async def _note(session: AsyncSession, person: Person, action: str) -> None:
    await audit.note(
        session,
        tenant=person.tenant,
        who=person.name,
        via="person",
        action=action,
        subject=person.id,
        status=200,
    )


@router.get("/session", summary="Who am I", responses=problems(401, 403, 422, 503))
async def who_am_i(caller: AnyPerson) -> bodies.SessionOut:
    """The person, the CSRF token for changes, and what the console remembers."""
    return _session(_login(caller), caller.token)


@router.delete("/session", summary="Log out", responses=problems(401, 403, 422, 503))
async def log_out(
    caller: AnyPerson, context: ContextDep, request: Request, response: Response
) -> dict[str, bool]:
    """End this session at once."""
    login = _login(caller)
    async with context.database.transaction() as session:
        await logins.end(session, login)
        await _note(session, login.person, "logout")
    name, secure = cookie_name(request, SESSION_COOKIE), is_secure(request)
    response.delete_cookie(name, httponly=True, samesite="lax", secure=secure)
    return {"ended": True}


@router.post(
    "/session/password",
    summary="Set my password",
    dependencies=[Depends(json_body)],
    responses=problems(400, 401, 403, 413, 415, 422, 429, 503),
)
async def set_my_password(
    body: bodies.PasswordIn,
    request: Request,
    caller: AnyPerson,
    context: ContextDep,
    vault: VaultDep,
) -> bodies.SessionOut:
    """Every other session of mine ends."""
    login = _login(caller)
    person = login.person
    async with context.database.transaction() as session:
        device = known_device(request, context, person.email)
        await logins.count_attempt(session, person.email, address_of(request), device)
    if not (await vault.check(body.old, person.password)).right:
        msg = "the old password is wrong"
        raise LoginRefused(msg)
    passwords.refuse_weak(body.new, email=person.email, name=person.name)
    if body.new == body.old:
        msg = "the new password is the old one: take another"
        raise passwords.PasswordWeak(msg)
    hashed = await vault.hashed(body.new)
    async with context.database.transaction() as session:
        fresh = await people.get(session, person.tenant, person.id)
        keep = login.session.digest
        await people.set_password(session, fresh, hashed, one_time=False, keep=keep)
        await logins.forgive(session, person.email, address_of(request), device)
    return _session(Login(fresh, login.session), caller.token)


@router.put(
    "/session/preferences",
    summary="Keep my preferences",
    dependencies=[Depends(json_body)],
    responses=problems(400, 401, 403, 413, 415, 422, 503),
)
async def set_my_preferences(
    body: bodies.Preferences, caller: AnyPerson, context: ContextDep
) -> bodies.Preferences:
    """Theme and saved filters of the console."""
    person = _login(caller).person
    async with context.database.transaction() as session:
        fresh = await people.get(session, person.tenant, person.id)
        await people.set_preferences(session, fresh, body.model_dump(mode="json"))
    return body


@router.get("/people", summary="List colleagues", responses=problems(401, 403, 422, 503))
async def list_people(caller: AnyPerson, context: ContextDep) -> bodies.PeoplePage:
    """To whom a ticket can be given."""
    async with context.database.reading() as session:
        found = await people.listed(session, caller.tenant)
    return bodies.PeoplePage(items=[bodies.ColleagueOut(**_colleague(one)) for one in found])


@router.get("/accounts", summary="List accounts", responses=problems(401, 403, 422, 503))
async def list_accounts(caller: AdminKey, context: ContextDep) -> bodies.AccountsPage:
    """The accounts with their addresses."""
    async with context.database.reading() as session:
        found = await people.listed(session, caller.tenant)
    return bodies.AccountsPage(items=[_person(one) for one in found])


@router.post(
    "/accounts",
    summary="Make an account",
    status_code=201,
    dependencies=[Depends(json_body)],
    responses=problems(400, 401, 403, 409, 413, 415, 422, 503),
)
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
    return bodies.PersonMadeOut(**_person(made).model_dump(), password=password)


@router.post(
    "/accounts/{person_id}/reset",
    summary="Reset an account's password",
    responses=problems(401, 403, 404, 422, 503),
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
    return bodies.PersonMadeOut(**_person(person).model_dump(), password=password)


@router.post(
    "/accounts/{person_id}/disable",
    summary="Disable an account",
    responses=problems(401, 403, 404, 409, 422, 503),
)
async def disable_account(
    person_id: PathId, caller: AdminKey, context: ContextDep
) -> bodies.PersonOut:
    """The person's sessions end at once; what they did stays on record."""
    if person_id == caller.id:
        msg = "you would lock yourself out: let another admin do it"
        raise people.PersonRefused(msg)
    async with context.database.transaction() as session:
        person = await people.get(session, caller.tenant, person_id)
        await people.disable(session, person)
    return _person(person)


@router.post(
    "/accounts/{person_id}/enable",
    summary="Enable an account",
    responses=problems(401, 403, 404, 422, 503),
)
async def enable_account(
    person_id: PathId, caller: AdminKey, context: ContextDep
) -> bodies.PersonOut:
    """Let the person log in again."""
    async with context.database.transaction() as session:
        person = await people.get(session, caller.tenant, person_id)
        await people.enable(session, person)
    return _person(person)


@router.post(
    "/accounts/{person_id}/role",
    summary="Change an account's role",
    dependencies=[Depends(json_body)],
    responses=problems(400, 401, 403, 404, 409, 413, 415, 422, 503),
)
async def change_role(
    person_id: PathId, body: bodies.RoleIn, caller: AdminKey, context: ContextDep
) -> bodies.PersonOut:
    """It holds from the person's next request on."""
    if person_id == caller.id:
        msg = "your own role is for another admin to change"
        raise people.PersonRefused(msg)
    async with context.database.transaction() as session:
        person = await people.get(session, caller.tenant, person_id)
        await people.set_role(session, person, body.role)
    return _person(person)


@router.get("/audit", summary="Read the audit", responses=problems(401, 403, 422, 503))
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
    following = None
    if len(found) > limit:
        wanted = {"who": who, "subject": subject, "before": found[limit - 1].id, "limit": limit}
        kept = {name: value for name, value in wanted.items() if value is not None}
        following = f"/v1/audit?{urlencode(kept)}"
    said: Mapping[str, str] = request.app.state.summaries
    items = [_row(row, said.get(row.action)) for row in found[:limit]]
    return bodies.AuditPage(items=items, next=following)


def _login(caller: Principal) -> Login:
    if caller.login is None:
        msg = "this is about a person's session, and you sent a key: log in instead"
        raise Forbidden(msg)
    return caller.login


def _session(login: Login, token: str) -> bodies.SessionOut:
    return bodies.SessionOut(
        person=_person(login.person),
        scopes=[str(scope) for scope in people.SCOPES[login.person.role]],
        csrf=logins.csrf_of(token),
        expires_at=login.session.expires_at,
        preferences=login.person.preferences,
    )


def _colleague(person: Person) -> dict[str, object]:
    disabled = person.disabled_at is not None
    return {"id": person.id, "name": person.name, "role": person.role, "disabled": disabled}


def _person(person: Person) -> bodies.PersonOut:
    same = ("tenant", "email", "one_time", "created_at")
    fields = {name: getattr(person, name) for name in same}
    return bodies.PersonOut(**_colleague(person), **fields)


def _row(row: AuditRow, summary: str | None) -> bodies.AuditRowOut:
    stored = bodies.AuditRowOut.model_fields.keys() - {"summary"}
    return bodies.AuditRowOut(**{name: getattr(row, name) for name in stored}, summary=summary)
