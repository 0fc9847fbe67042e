"""Logins and sessions over HTTP."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from api.http.accounts import schemas as bodies
from api.http.accounts.devices import remember_device
from api.http.accounts.proof import Source, count, prove_password, source_of
from api.http.accounts.vault import VaultDep, whose
from api.http.accounts.views import own_login, session_view
from api.http.deps import (
    SESSION_COOKIE,
    STEP_COOKIE,
    AnyPerson,
    ApiContext,
    ContextDep,
    cookie_name,
    is_secure,
    json_body,
    takes_json,
)
from api.http.faults import Forbidden, LoginRefused
from api.http.responses import problems
from memory.people import audit, login_steps, logins, passwords, people, second_factor
from memory.people.logins import Login
from memory.people.second_factor import Accepted, CodeRefused
from memory.tables import Person

REFUSAL = "address or password is wrong, or the account is disabled"
OVER = "no login waits for a code in this browser, or it waited too long: log in with your password"
CODE_DUE = 202

router = APIRouter(prefix="/v1", tags=["accounts"])


@router.post(
    "/session",
    summary="Log in",
    response_model=bodies.SessionOut,
    dependencies=[Depends(json_body)],
    responses={
        **problems(400, 413, 415, 429),
        CODE_DUE: {"model": bodies.CodeDueOut, "description": "A code is needed as well"},
    },
)
async def log_in(
    body: bodies.LoginIn, request: Request, response: Response, context: ContextDep, vault: VaultDep
) -> bodies.SessionOut | Response:
    """Set the session's cookie. Unknown, wrong and disabled get the same answer, as late.

    After ten failures of an account within a quarter of an hour it waits, whoever asks: but for
    browsers in which the person has logged in before. An address that has accounts with several
    tenants logs in to the one whose password is right; `tenant` says which where several are.
    An account with a second factor gets 202, and POST /v1/session/code within five minutes from
    the same browser makes the session.
    """
    _refuse_foreign(request)
    source = source_of(request, context, body.email)
    await count(context, body.email, source)
    async with context.database.reading() as session:
        found = await people.by_email(session, body.email, body.tenant)
    person, outdated = await whose(vault, body, found)
    if person is None:
        for one in found:
            await _note_failure(context, one, "login_failed")
        raise LoginRefused(REFUSAL)
    renewed = await vault.hashed(body.password) if outdated else None
    login, token = await _begin(context, person, source, renewed)
    if login is None:
        return _code_due(request, token)
    _hand_over(request, response, context, login.person, token)
    return await session_view(context, login, token)


@router.post("/session/code", summary="Finish a login with a code", **takes_json(429))
async def give_code(
    body: bodies.CodeIn, request: Request, response: Response, context: ContextDep
) -> bodies.SessionOut:
    """The second step of a login: a code of the app, or a recovery code, each taken once.

    Only the browser whose password was right can ask. Wrong codes count as wrong passwords do.
    """
    _refuse_foreign(request)
    step = request.cookies.get(cookie_name(request, STEP_COOKIE), "")
    async with context.database.reading() as session:
        person = await login_steps.find(session, step)
    if person is None:
        raise LoginRefused(OVER)
    source = source_of(request, context, person.email)
    await count(context, person.email, source)
    try:
        login, token = await _finish(context, person, source, step, body.code)
    except CodeRefused:
        await _note_failure(context, person, "login_code_failed")
        raise
    _hand_over(request, response, context, person, token)
    response.delete_cookie(**_step_cookie(request))
    return await session_view(context, login, token)


def _refuse_foreign(request: Request) -> None:
    # Another site could log a visitor in as somebody else, and read what they then type.
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise Forbidden("logins come from this site only: open /console and log in there")


async def _note_failure(context: ApiContext, person: Person, action: str) -> None:
    async with context.database.transaction() as session:
        await _note(session, person, action, 401)


async def _begin(
    context: ApiContext, person: Person, source: Source, renewed: str | None
) -> tuple[Login | None, str]:
    """The session with its token, or the token of a login that waits for a code."""
    async with context.database.transaction() as session:
        fresh = await people.get(session, person.tenant, person.id)
        if fresh.disabled_at is not None or fresh.password != person.password:
            raise LoginRefused(REFUSAL)  # changed while the password was checked
        if renewed is not None:
            fresh.password = renewed
            session.add(fresh)
        if fresh.second_factor_at is not None:
            # The account's count stays: codes are guesses at it as well.
            if source.device is None:
                await logins.give_back(session, source.address)
            return None, await login_steps.begin(session, fresh)
        return await _open(session, fresh, source, "login")


async def _finish(
    context: ApiContext, person: Person, source: Source, step: str, code: str
) -> tuple[Login, str]:
    """Take the code, end the step and begin the session, all or nothing."""
    async with context.database.transaction() as session:
        fresh = await people.get(session, person.tenant, person.id)
        used = await second_factor.accept(session, fresh, code)
        if not await login_steps.end(session, step):
            raise LoginRefused(OVER)
        action = "login" if used is Accepted.APP else "login_recovery_code"
        return await _open(session, fresh, source, action)


async def _open(
    session: AsyncSession, person: Person, source: Source, action: str
) -> tuple[Login, str]:
    await logins.forgive(session, person.email, source.address, source.device)
    begun, token = await logins.begin(session, person)
    await _note(session, person, action)
    return Login(person, begun), token


def _hand_over(
    request: Request, response: Response, context: ApiContext, person: Person, token: str
) -> None:
    response.set_cookie(
        cookie_name(request, SESSION_COOKIE),
        token,
        max_age=int(logins.ABSOLUTE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=is_secure(request),
    )
    remember_device(request, response, context, person.email)


def _code_due(request: Request, token: str) -> Response:
    seconds = int(login_steps.LIFETIME.total_seconds())
    due = JSONResponse(bodies.CodeDueOut(seconds=seconds).model_dump(), CODE_DUE)
    due.set_cookie(**_step_cookie(request), value=token, max_age=seconds)
    return due


def _step_cookie(request: Request) -> dict[str, Any]:
    name, secure = cookie_name(request, STEP_COOKIE), is_secure(request)
    return {"key": name, "httponly": True, "samesite": "strict", "secure": secure}


async def _note(session: AsyncSession, person: Person, action: str, status: int = 200) -> None:
    await audit.note(
        session,
        tenant=person.tenant,
        who=person.name,
        via="person",
        action=action,
        subject=person.id,
        status=status,
    )


@router.get("/session", summary="Who am I")
async def who_am_i(caller: AnyPerson, context: ContextDep) -> bodies.SessionOut:
    """The person, the CSRF token for changes, and what the console remembers."""
    return await session_view(context, own_login(caller), caller.token)


@router.delete("/session", summary="Log out")
async def log_out(
    caller: AnyPerson, context: ContextDep, request: Request, response: Response
) -> dict[str, bool]:
    """End this session at once."""
    login = own_login(caller)
    async with context.database.transaction() as session:
        await logins.end(session, login)
        await _note(session, login.person, "logout")
    name, secure = cookie_name(request, SESSION_COOKIE), is_secure(request)
    response.delete_cookie(name, httponly=True, samesite="lax", secure=secure)
    return {"ended": True}


@router.post("/session/password", summary="Set my password", **takes_json(429))
async def set_my_password(
    body: bodies.PasswordIn,
    request: Request,
    caller: AnyPerson,
    context: ContextDep,
    vault: VaultDep,
) -> bodies.SessionOut:
    """Every other session of mine ends."""
    login = own_login(caller)
    person = login.person
    source = source_of(request, context, person.email)
    await prove_password(context, vault, person, body.old, source)
    desk = await context.desks.of(person.tenant)
    names = (person.name, person.tenant, "" if desk is None else desk.company)
    passwords.refuse_weak(body.new, email=person.email, names=names)
    if body.new == body.old:
        raise passwords.PasswordWeak("the new password is the old one: take another")
    hashed = await vault.hashed(body.new)
    async with context.database.transaction() as session:
        fresh = await people.get(session, person.tenant, person.id)
        keep = login.session.digest
        await people.set_password(session, fresh, hashed, one_time=False, keep=keep)
        await logins.forgive(session, person.email, source.address, source.device)
    return await session_view(context, Login(fresh, login.session), caller.token)


@router.put("/session/preferences", summary="Keep my preferences", **takes_json())
async def set_my_preferences(
    body: bodies.Preferences, caller: AnyPerson, context: ContextDep
) -> bodies.Preferences:
    """Theme and saved filters of the console."""
    person = own_login(caller).person
    async with context.database.transaction() as session:
        fresh = await people.get(session, person.tenant, person.id)
        await people.set_preferences(session, fresh, body.model_dump(mode="json"))
    return body
