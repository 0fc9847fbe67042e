"""What the routes need: the ledger, and a key with its scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request, Security
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from api.errors import Forbidden, Unauthenticated, UnsupportedMedia
from api.pressure import Pressure
from api.schemas.text import IDEMPOTENCY_PATTERN
from api.settings import Settings
from memory import keys
from memory.database import Database
from memory.keys import Scope
from memory.queue import Queue
from memory.tables import ApiKey

MAX_IDEMPOTENCY_CHARS = 200
HOW_TO_SEND = "send a key as `Authorization: Bearer dk_...` or `X-API-Key: dk_...`"

_BEARER = HTTPBearer(
    auto_error=False, description="A key made by `deskhand key create`: `dk_{id}_{secret}`."
)
_HEADER = APIKeyHeader(
    name="X-API-Key", auto_error=False, description="The same key, for callers without Bearer."
)


@dataclass(frozen=True)
class Ledger:
    """What the API process holds open: no model, no index, no engine."""

    settings: Settings
    database: Database
    queue: Queue
    pressure: Pressure
    head: str
    """The revision of the tables that this program needs."""


def ledger(request: Request) -> Ledger:
    """The ledger that the lifespan opened."""
    found: Ledger = request.state.ledger
    return found


LedgerDep = Annotated[Ledger, Depends(ledger)]


async def authenticated(
    request: Request,
    scopes: SecurityScopes,
    ledger: LedgerDep,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)] = None,
    header: Annotated[str | None, Security(_HEADER)] = None,
) -> ApiKey:
    """The caller's key, which has one of the scopes named (admin has all).

    Raises `Unauthenticated`, `Forbidden`.
    """
    token = bearer.credentials if bearer is not None else header
    if not token:
        msg = f"no key was sent: {HOW_TO_SEND}"
        raise Unauthenticated(msg)
    async with ledger.database.reading() as session:
        key = await keys.verify(session, token)
    if key is None:
        msg = f"this key is unknown or revoked: make one with `deskhand key create`, {HOW_TO_SEND}"
        raise Unauthenticated(msg)
    request.state.tenant, request.state.key_id = key.tenant, key.id
    if Scope.ADMIN not in key.scopes and not set(key.scopes) & set(scopes.scopes):
        wanted, has = " or ".join(scopes.scopes), ", ".join(key.scopes)
        msg = f"this needs the scope {wanted}, and the key {key.name!r} has {has}"
        raise Forbidden(msg)
    return key


def json_body(request: Request) -> None:
    """Refuse a body that is not declared as JSON. Raises `UnsupportedMedia`."""
    declared = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if declared != "application/json" and not declared.endswith("+json"):
        msg = "the body is not declared as JSON: send the header Content-Type: application/json"
        raise UnsupportedMedia(msg)


IntakeKey = Annotated[ApiKey, Security(authenticated, scopes=[Scope.INTAKE])]
"""Posts tickets and messages."""
ReaderKey = Annotated[ApiKey, Security(authenticated, scopes=[Scope.INTAKE, Scope.AGENT])]
"""Reads tickets."""
AgentKey = Annotated[ApiKey, Security(authenticated, scopes=[Scope.AGENT])]
"""Works on handoffs and reads journals."""

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
