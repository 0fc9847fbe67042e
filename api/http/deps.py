"""What the routes need: the ledger, and who calls: a key or a person, with their scope."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Depends, Header, Request, Security
from fastapi.requests import HTTPConnection
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from api.desks import Desks
from api.http.faults import (
    CsrfRefused,
    Forbidden,
    PasswordDue,
    SecondFactorDue,
    Unauthenticated,
    UnsupportedMedia,
)
from api.http.parameters import refuse_unknown
from api.http.pressure import Pressure
from api.http.responses import problems
from api.http.text import IDEMPOTENCY_PATTERN
from api.readiness import Readiness
from memory.erasure.person import person_digest
from memory.files.incoming import Room
from memory.people import audit, keys, logins
from memory.people.keys import Scope
from memory.people.logins import Login
from memory.people.people import SCOPES
from memory.storage.database import Database
from memory.storage.queue import Queue
from memory.tables import Person

MAX_IDEMPOTENCY_CHARS = 200
HOW_TO_SEND = "send a key as `Authorization: Bearer dk_...` or `X-API-Key: dk_...`"
SESSION_COOKIE = "deskhand_session"
DEVICE_COOKIE = "deskhand_device"
STEP_COOKIE = "deskhand_login_step"
"""Of a login whose password was right and whose code is still to come."""
HOST_PREFIX = "__Host-"
"""Before a cookie's name under TLS: a browser then takes it from this very host alone."""
CSRF_HEADER = "X-CSRF-Token"
BACKGROUND_HEADER = "X-Deskhand-Background"
"""Sent with what a page asks for by itself: it keeps no idle session alive."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
ADDRESS = "address"
"""Name of the part of a path that is a customer's address."""
OWN_PASSWORD_ROUTES = frozenset({"/v1/session", "/v1/session/password"})
"""All that a person with a one-time password may use."""
SECOND_FACTOR_ROUTES = OWN_PASSWORD_ROUTES | {
    "/v1/session/second-factor",
    "/v1/session/second-factor/confirm",
}
"""All that a person may use whose role needs a second factor before they have one."""

_BEARER = HTTPBearer(
    auto_error=False, description="A key made by `deskhand key create`: `dk_{id}_{secret}`."
)
_HEADER = APIKeyHeader(
    name="X-API-Key", auto_error=False, description="The same key, for callers without Bearer."
)


@dataclass(frozen=True)
class ApiContext:
    """What the API process holds open: no model, no index, no engine."""

    database: Database
    queue: Queue
    pressure: Pressure
    readiness: Readiness
    desks: Desks
    hmac_key: Callable[[], bytes]
    """The secret behind one-time codes."""
    max_text_chars: int
    """A longer message is refused."""
    trace_share: float
    """Part of all tickets that is traced, 0 to 1."""
    kept_days: Mapping[str, int]
    """Days for which each class of data is kept."""
    private_hosts: Sequence[str]
    """Hosts that may be called although their address is a private one."""
    file_room: Room
    """How much is kept of files."""


async def context(request: Request) -> ApiContext:
    """The ledger that the lifespan opened. A plain function would cost a thread for each request."""
    found: ApiContext = request.state.context
    return found


ContextDep = Annotated[ApiContext, Depends(context)]


@dataclass(frozen=True)
class Principal:
    """Who calls: the holder of a key, or a person who is logged in."""

    id: str
    tenant: str
    name: str
    """Stands next to claims, decisions and notes."""
    scopes: tuple[str, ...]
    via: Literal["key", "person"]
    login: Login | None = None
    token: str = ""
    """The session's token, from which its CSRF token follows."""

    def may(self, *wanted: str) -> bool:
        """Whether one of these scopes is there; admin has all."""
        return Scope.ADMIN in self.scopes or bool(set(self.scopes) & set(wanted))

    @property
    def may_vouch(self) -> bool:
        """Whether it may say whose address a sender's is; no other scope implies that."""
        return Scope.VOUCH in self.scopes


async def authenticated(
    request: Request,
    scopes: SecurityScopes,
    context: ContextDep,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)] = None,
    header: Annotated[str | None, Security(_HEADER)] = None,
) -> Principal:
    """The caller, who has one of the scopes named (admin has all); changes are put on record.

    A key is sent in a header. A person's browser sends its session cookie, and with a change the
    CSRF token as well. Raises `Unauthenticated`, `Forbidden`, `CsrfRefused`, `PasswordDue`,
    `SecondFactorDue`, and `RequestValidationError` for a parameter that the route does not know.
    """
    key = bearer.credentials if bearer is not None else header
    session = request.cookies.get(cookie_name(request, SESSION_COOKIE))
    if key:
        caller = await _key_holder(context, key)
    elif session:
        caller = await _person(request, context, session)
    else:
        raise Unauthenticated(f"no key was sent: {HOW_TO_SEND}")
    request.state.tenant, request.state.key_id = caller.tenant, caller.id
    wanted_scopes = list(scopes.scopes)
    if wanted_scopes == [Scope.INTAKE]:
        # A route that asks for intake alone only takes things in. The description names the scope
        # that also reads, since it would read a list as scopes that are all needed.
        wanted_scopes.append(Scope.SUBMIT)
    if not caller.may(*wanted_scopes):
        wanted, has = " or ".join(wanted_scopes), ", ".join(caller.scopes)
        msg = f"this needs the scope {wanted}, and the {caller.via} {caller.name!r} has {has}"
        raise Forbidden(msg)
    refuse_unknown(request)
    if request.method not in SAFE_METHODS and Scope.INTAKE not in scopes.scopes:
        await _put_on_record(request, context, caller)
    return caller


def cookie_name(request: HTTPConnection, name: str) -> str:
    """The name that a cookie of ours has on this connection."""
    return f"{HOST_PREFIX}{name}" if is_secure(request) else name


def is_secure(request: HTTPConnection) -> bool:
    """Whether the browser speaks TLS, with us or with a proxy that is trusted."""
    return request.url.scheme in {"https", "wss"}


async def _key_holder(context: ApiContext, token: str) -> Principal:
    key = await context.database.units.look(lambda do: keys.verify_in(do, token))
    if key is None:
        msg = f"this key is unknown or revoked: make one with `deskhand key create`, {HOW_TO_SEND}"
        raise Unauthenticated(msg)
    return Principal(key.id, key.tenant, key.name, tuple(key.scopes), "key")


async def _person(request: Request, context: ApiContext, token: str) -> Principal:
    async with context.database.reading() as session:
        login = await logins.find(session, token)
    if login is None:
        raise Unauthenticated("you are not logged in, or no longer: log in again")
    sent = request.headers.get(CSRF_HEADER, "")
    if request.method not in SAFE_METHODS and not _same(sent, logins.csrf_of(token)):
        msg = f"a change needs the header {CSRF_HEADER}: read the token from GET /v1/session"
        raise CsrfRefused(msg)
    if login.person.one_time and _route(request) not in OWN_PASSWORD_ROUTES:
        msg = "this is a one-time password: set your own first, with POST /v1/session/password"
        raise PasswordDue(msg)
    if _route(request) not in SECOND_FACTOR_ROUTES and await second_factor_due(
        context, login.person
    ):
        msg = (
            "your role needs a second factor: set it up first, with POST /v1/session/second-factor"
        )
        raise SecondFactorDue(msg)
    if logins.stale(login) and BACKGROUND_HEADER not in request.headers:
        async with context.database.transaction() as session:
            await logins.touch(session, login)
    person = login.person
    granted = tuple(SCOPES[person.role])
    return Principal(person.id, person.tenant, person.name, granted, "person", login, token)


async def second_factor_due(context: ApiContext, person: Person) -> bool:
    """Whether the desk asks it of the person's role, and the person has none."""
    if person.second_factor_at is not None:
        return False
    desk = await context.desks.of(person.tenant)
    return desk is not None and person.role in desk.accounts.second_factor_for


async def _put_on_record(request: Request, context: ApiContext, caller: Principal) -> None:
    """Note a change before it is made; `AuditTrail` adds how it ended."""
    route = _route(request)
    if route.endswith("/claim") and BACKGROUND_HEADER in request.headers:
        return  # an open page renews its lease several times a minute
    async with context.database.transaction() as session:
        request.state.audit_row = await audit.note(
            session,
            tenant=caller.tenant,
            who=caller.name,
            via=caller.via,
            action=f"{request.method} {route}",
            subject=_subject(request, context, caller),
        )


def _subject(request: Request, context: ApiContext, caller: Principal) -> str | None:
    """The id that the path names; of a customer's address only its keyed digest."""
    named = request.path_params
    if ADDRESS in named:
        return person_digest(context.hmac_key(), caller.tenant, named[ADDRESS])
    return next(iter(named.values()), None)


def _route(request: Request) -> str:
    return str(getattr(request.scope.get("route"), "path", ""))


def _same(sent: str, expected: str) -> bool:
    return hmac.compare_digest(sent.encode(), expected.encode())


async def json_body(request: Request) -> None:
    """Refuse a body that is not declared as JSON. Raises `UnsupportedMedia`."""
    declared = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if declared != "application/json" and not declared.endswith("+json"):
        msg = "the body is not declared as JSON: send the header Content-Type: application/json"
        raise UnsupportedMedia(msg)


def takes_json(*more: int) -> dict[str, Any]:
    """What a route with a body of JSON says in its decorator; `more` are errors of its own."""
    return {"dependencies": [Depends(json_body)], "responses": problems(400, 413, 415, *more)}


IntakeKey = Annotated[Principal, Security(authenticated, scopes=[Scope.INTAKE])]
"""Posts tickets and messages; the scope submit may do so too."""
UploadKey = Annotated[
    Principal, Security(authenticated, scopes=[Scope.INTAKE, Scope.SUBMIT, Scope.AGENT])
]
"""Uploads files, which come with a message or leave with an answer."""
ReaderKey = Annotated[Principal, Security(authenticated, scopes=[Scope.INTAKE, Scope.AGENT])]
"""Reads tickets."""
AgentKey = Annotated[Principal, Security(authenticated, scopes=[Scope.AGENT])]
"""Works on handoffs and reads journals."""
LeadKey = Annotated[Principal, Security(authenticated, scopes=[Scope.LEAD])]
"""Assigns to others, closes in bulk, reads the team's figures."""
AdminKey = Annotated[Principal, Security(authenticated, scopes=[Scope.ADMIN])]
"""Manages people and reads the audit."""
AnyPerson = Annotated[Principal, Security(authenticated, scopes=[Scope.AGENT, Scope.LEAD])]
"""Whoever is logged in, and keys of people."""

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=MAX_IDEMPOTENCY_CHARS,
        pattern=IDEMPOTENCY_PATTERN,
        description="Any text of your own: the same key with the same body is carried out once.",
    ),
]
