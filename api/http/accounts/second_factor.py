"""A person's own second factor over HTTP: set up, confirmed, renewed, removed."""

from __future__ import annotations

from fastapi import APIRouter, Request

from api.http.accounts import schemas as bodies
from api.http.accounts.proof import count, prove_password, source_of
from api.http.accounts.vault import VaultDep
from api.http.accounts.views import own_login
from api.http.deps import AnyPerson, ContextDep, takes_json
from memory.people import logins, people, second_factor, totp

router = APIRouter(prefix="/v1/session/second-factor", tags=["accounts"], **takes_json(409, 429))


@router.post("", summary="Begin my second factor")
async def begin(
    body: bodies.ReproofIn,
    request: Request,
    caller: AnyPerson,
    context: ContextDep,
    vault: VaultDep,
) -> bodies.SecretOut:
    """A secret for an authenticator app; it is in force once a code of it has come back."""
    person = own_login(caller).person
    source = source_of(request, context, person.email)
    await prove_password(context, vault, person, body.password, source)
    async with context.database.transaction() as session:
        secret = await second_factor.begin(session, person)
        await logins.forgive(session, person.email, source.address, source.device)
    return bodies.SecretOut(secret=secret, address=totp.address_for_apps(secret, person.email))


@router.post("/confirm", summary="Confirm my second factor")
async def confirm(
    body: bodies.CodeIn, request: Request, caller: AnyPerson, context: ContextDep
) -> bodies.RecoveryCodesOut:
    """From now on a login asks for a code. Every other session of mine ends."""
    login = own_login(caller)
    source = source_of(request, context, login.person.email)
    await count(context, login.person.email, source)
    async with context.database.transaction() as session:
        fresh = await people.get(session, caller.tenant, login.person.id)
        codes = await second_factor.confirm(session, fresh, body.code, login.session.digest)
        await logins.forgive(session, fresh.email, source.address, source.device)
    return bodies.RecoveryCodesOut(recovery_codes=codes)


@router.post("/recovery-codes", summary="Renew my recovery codes")
async def renew(
    body: bodies.ProofIn,
    request: Request,
    caller: AnyPerson,
    context: ContextDep,
    vault: VaultDep,
) -> bodies.RecoveryCodesOut:
    """Ten new ones; the old ones are void. Every other session of mine ends."""
    login = own_login(caller)
    source = source_of(request, context, login.person.email)
    await prove_password(context, vault, login.person, body.password, source)
    async with context.database.transaction() as session:
        fresh = await people.get(session, caller.tenant, login.person.id)
        await second_factor.accept(session, fresh, body.code)
        codes = await second_factor.renew_recovery_codes(session, fresh, login.session.digest)
        await logins.forgive(session, fresh.email, source.address, source.device)
    return bodies.RecoveryCodesOut(recovery_codes=codes)


@router.post("/remove", summary="Remove my second factor")
async def remove(
    body: bodies.ProofIn,
    request: Request,
    caller: AnyPerson,
    context: ContextDep,
    vault: VaultDep,
) -> dict[str, bool]:
    """A login asks for the password alone again. Every other session of mine ends.

    Where my role needs a second factor, I can only set up another one then.
    """
    login = own_login(caller)
    source = source_of(request, context, login.person.email)
    await prove_password(context, vault, login.person, body.password, source)
    async with context.database.transaction() as session:
        fresh = await people.get(session, caller.tenant, login.person.id)
        await second_factor.accept(session, fresh, body.code)
        await second_factor.remove(session, fresh, login.session.digest)
        await logins.forgive(session, fresh.email, source.address, source.device)
    return {"removed": True}
