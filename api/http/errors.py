"""Every error as problem+json: one table from what was raised to what the caller reads."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.channels.connecting.desk_file import NotWritten
from api.http import faults
from api.http.problems import MEDIA_TYPE, Problem
from api.http.validation import field_problems
from memory import handoffs
from memory.erasure.requests import ErasureUnknown
from memory.files.incoming import FileRefused, FileUnknown
from memory.handoffs.corrections import (
    AlreadyUndone,
    ArticleUnknown,
    AskUnknown,
    CorrectionUnknown,
)
from memory.knowledge.articles import ArticleChanged, NoSuchArticle
from memory.knowledge.desk_articles import FromAFile, NothingToRead
from memory.people.keys import KeyRefused, KeyUnknown
from memory.people.logins import TooManyLogins
from memory.people.passwords import PasswordWeak
from memory.people.people import PersonRefused, PersonUnknown
from memory.people.second_factor import CodeRefused, SecondFactorRefused
from memory.sending import SendingStopped
from memory.storage.errors import StorageUnavailable
from memory.tickets.feedback import NothingToJudge
from memory.tickets.intake import KeyReused
from memory.tickets.tickets import TicketUnknown
from memory.webhooks import WebhookRefused, WebhookUnknown

TYPES = "urn:deskhand:problem:"
BUSY_RETRY_SECONDS = 1
"""After so long a handoff that is still being written has come to rest."""
PAUSED_RETRY_SECONDS = 30
STORAGE_RETRY_SECONDS = 5
"""A full disk or a locked database is worth another try after so long."""


@dataclass(frozen=True)
class Meaning:
    """What a class of errors means to a caller."""

    status: HTTPStatus
    name: str
    """Last part of the problem's type."""
    title: str
    retry_after: int | None = None


MEANINGS: dict[type[Exception], Meaning] = {
    faults.Unauthenticated: Meaning(HTTPStatus.UNAUTHORIZED, "key-needed", "A valid key is needed"),
    faults.Forbidden: Meaning(HTTPStatus.FORBIDDEN, "scope-needed", "The key does not allow this"),
    faults.VouchRefused: Meaning(
        HTTPStatus.FORBIDDEN, "may-not-vouch", "The key may not vouch for a sender"
    ),
    faults.CsrfRefused: Meaning(HTTPStatus.FORBIDDEN, "csrf", "The page's token is missing"),
    faults.PasswordDue: Meaning(
        HTTPStatus.FORBIDDEN, "password-due", "Set your own password first"
    ),
    faults.SecondFactorDue: Meaning(
        HTTPStatus.FORBIDDEN, "second-factor-due", "Set up your second factor first"
    ),
    CodeRefused: Meaning(HTTPStatus.UNAUTHORIZED, "code-refused", "The code was refused"),
    SecondFactorRefused: Meaning(
        HTTPStatus.CONFLICT,
        "second-factor-refused",
        "The second factor cannot be changed like this",
    ),
    faults.LoginRefused: Meaning(HTTPStatus.UNAUTHORIZED, "login-refused", "The login was refused"),
    TooManyLogins: Meaning(
        HTTPStatus.TOO_MANY_REQUESTS, "too-many-logins", "Too many logins have failed"
    ),
    PasswordWeak: Meaning(
        HTTPStatus.UNPROCESSABLE_ENTITY, "password-weak", "The password is too weak"
    ),
    PersonUnknown: Meaning(HTTPStatus.NOT_FOUND, "person-unknown", "No such account"),
    PersonRefused: Meaning(
        HTTPStatus.CONFLICT, "person-refused", "The account cannot be changed like this"
    ),
    FileUnknown: Meaning(HTTPStatus.NOT_FOUND, "file-unknown", "No such file"),
    FileRefused: Meaning(
        HTTPStatus.UNPROCESSABLE_ENTITY, "file-refused", "The file was not stored"
    ),
    TicketUnknown: Meaning(HTTPStatus.NOT_FOUND, "ticket-unknown", "No such ticket"),
    faults.WorkerSilent: Meaning(
        HTTPStatus.SERVICE_UNAVAILABLE, "worker-silent", "No worker answered in time"
    ),
    ErasureUnknown: Meaning(HTTPStatus.NOT_FOUND, "erasure-unknown", "No such erasure"),
    KeyUnknown: Meaning(HTTPStatus.NOT_FOUND, "key-unknown", "No such key"),
    KeyRefused: Meaning(HTTPStatus.UNPROCESSABLE_ENTITY, "key-refused", "No such key can be made"),
    faults.ChannelPaused: Meaning(
        HTTPStatus.SERVICE_UNAVAILABLE, "paused", "The channel is paused", PAUSED_RETRY_SECONDS
    ),
    faults.NoDesk: Meaning(HTTPStatus.NOT_FOUND, "no-desk", "No desk of this tenant"),
    NotWritten: Meaning(HTTPStatus.CONFLICT, "not-written", "The desk was not changed"),
    faults.NoSuchPart: Meaning(HTTPStatus.NOT_FOUND, "no-such-part", "The desk has no such part"),
    SendingStopped: Meaning(HTTPStatus.CONFLICT, "sending-stopped", "All sending is stopped"),
    WebhookUnknown: Meaning(HTTPStatus.NOT_FOUND, "webhook-unknown", "No such webhook"),
    WebhookRefused: Meaning(HTTPStatus.CONFLICT, "webhook-refused", "No webhook was added"),
    NoSuchArticle: Meaning(HTTPStatus.NOT_FOUND, "no-such-article", "No such article"),
    ArticleChanged: Meaning(HTTPStatus.CONFLICT, "article-changed", "The article has changed"),
    NothingToJudge: Meaning(HTTPStatus.CONFLICT, "nothing-to-judge", "No answer to judge"),
    handoffs.HandoffUnknown: Meaning(HTTPStatus.NOT_FOUND, "handoff-unknown", "No such handoff"),
    KeyReused: Meaning(HTTPStatus.CONFLICT, "key-reused", "Idempotency-Key used before"),
    handoffs.AlreadyDecided: Meaning(
        HTTPStatus.CONFLICT, "already-decided", "Somebody decided before"
    ),
    handoffs.ClaimedByOther: Meaning(HTTPStatus.CONFLICT, "claimed", "Somebody else has it"),
    handoffs.Stale: Meaning(HTTPStatus.CONFLICT, "stale", "It changed since you looked"),
    handoffs.NotYetOpen: Meaning(
        HTTPStatus.CONFLICT, "not-yet-open", "It is still being written", BUSY_RETRY_SECONDS
    ),
    handoffs.NothingSuggested: Meaning(HTTPStatus.CONFLICT, "not-proposed", "Nothing to approve"),
    handoffs.ActionsUndecided: Meaning(
        HTTPStatus.CONFLICT, "actions-undecided", "A proposed action waits for a decision"
    ),
    handoffs.RefusalUntold: Meaning(
        HTTPStatus.CONFLICT, "refusal-untold", "The reply says nothing of what was refused"
    ),
    handoffs.ReturnsExhausted: Meaning(
        HTTPStatus.CONFLICT, "returned-too-often", "Returned too often"
    ),
    handoffs.NotReturnable: Meaning(
        HTTPStatus.CONFLICT, "not-returnable", "The agent cannot have it back"
    ),
    handoffs.NotMergeable: Meaning(HTTPStatus.CONFLICT, "not-mergeable", "These cannot be merged"),
    handoffs.AlreadyAsked: Meaning(HTTPStatus.CONFLICT, "already-asked", "Asked before"),
    handoffs.NothingToTake: Meaning(
        HTTPStatus.CONFLICT, "nothing-to-take", "The agent is not at work"
    ),
    handoffs.AlreadyAnswered: Meaning(
        HTTPStatus.CONFLICT, "already-answered", "Answered a moment ago"
    ),
    CorrectionUnknown: Meaning(HTTPStatus.NOT_FOUND, "correction-unknown", "No such correction"),
    ArticleUnknown: Meaning(HTTPStatus.CONFLICT, "article-unknown", "No such article"),
    AskUnknown: Meaning(HTTPStatus.CONFLICT, "ask-unknown", "No such ask"),
    FromAFile: Meaning(HTTPStatus.CONFLICT, "from-a-file", "It is changed elsewhere"),
    NothingToRead: Meaning(HTTPStatus.UNPROCESSABLE_ENTITY, "nothing-to-read", "No text to read"),
    AlreadyUndone: Meaning(HTTPStatus.CONFLICT, "already-undone", "Taken back before"),
    faults.UnsupportedMedia: Meaning(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not-json", "Send JSON"),
    faults.BodyRefused: Meaning(
        HTTPStatus.UNPROCESSABLE_ENTITY, "not-valid", "The request is not valid"
    ),
    faults.TooManyStreams: Meaning(
        HTTPStatus.TOO_MANY_REQUESTS, "too-many-streams", "Too many streams"
    ),
    faults.QueueFull: Meaning(HTTPStatus.TOO_MANY_REQUESTS, "queue-full", "The queue is full"),
    StorageUnavailable: Meaning(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "storage-unavailable",
        "The storage cannot be used",
        STORAGE_RETRY_SECONDS,
    ),
}
"""The one table. A subclass without an entry means what its parent means."""

BROKEN = Meaning(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", "Something broke here")
NOT_VALID = MEANINGS[faults.BodyRefused]
UNREADABLE = Meaning(HTTPStatus.BAD_REQUEST, "unreadable", "The body cannot be read")
_PLAIN: dict[int, Meaning] = {
    400: UNREADABLE,
    404: Meaning(HTTPStatus.NOT_FOUND, "no-such-address", "No such address"),
    405: Meaning(HTTPStatus.METHOD_NOT_ALLOWED, "wrong-method", "Wrong method"),
    413: Meaning(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", "The body is too large"),
}
"""Errors of the framework, by status."""


def install(app: FastAPI, fields: Collection[str] = ()) -> None:
    """Let the app answer all errors of the table as problems.

    `fields` are those of its bodies: an unknown one that is near to one of them was mistyped.
    """
    for kind in MEANINGS:
        app.add_exception_handler(kind, _known)
    app.add_exception_handler(RequestValidationError, partial(_not_valid, fields))
    app.add_exception_handler(HTTPException, plain)


def answer(
    request: Request,
    meaning: Meaning,
    detail: str,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Response:
    """The response of a problem."""
    retry_after = more.pop("retry_after", None) or meaning.retry_after
    problem = Problem(
        type=TYPES + meaning.name,
        title=meaning.title,
        status=meaning.status,
        detail=detail,
        request_id=getattr(request.state, "request_id", None),
        retry_after=retry_after,
        **more,
    )
    sent = dict(headers or {})
    if retry_after is not None:
        sent["Retry-After"] = str(retry_after)
    if meaning.status == HTTPStatus.UNAUTHORIZED:
        sent["WWW-Authenticate"] = "Bearer"
    body = problem.model_dump_json(exclude_none=True)
    return Response(body, meaning.status, sent, media_type=MEDIA_TYPE)


def meaning_of(error: Exception) -> Meaning:
    """The table's entry of an error, or of the nearest class above its own."""
    return next((MEANINGS[kind] for kind in type(error).__mro__ if kind in MEANINGS), BROKEN)


async def _known(request: Request, error: Exception) -> Response:
    names = ("by", "at", "until", "errors", "retry_after")
    more = {name: getattr(error, name) for name in names if getattr(error, name, None) is not None}
    return answer(request, meaning_of(error), str(error), **more)


async def _not_valid(fields: Collection[str], request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    broken = next((item for item in found if item["type"] == "json_invalid"), None)
    if broken is not None:
        where = f"at position {broken['loc'][-1]}: {broken['ctx']['error']}"
        return answer(request, UNREADABLE, f"the body is not JSON {where}")
    errors = field_problems(found, fields)
    detail = "; ".join(f"{item.field}: {item.message}" for item in errors)
    return answer(request, NOT_VALID, detail, errors=errors)


async def plain(request: Request, error: Exception) -> Response:
    """An error of the framework, by its status."""
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    match error.status_code:
        case 400:
            detail = unreadable(error.__cause__)
        case 404:
            detail = f"there is nothing at {request.url.path}: see /docs for what there is"
        case 405:
            headers["Allow"] = _allowed(request) or headers.get("Allow", "")
            detail = f"{request.method} is not possible here: use {headers['Allow']}"
        case _:
            detail = str(error.detail)
    status = HTTPStatus(error.status_code)
    other = Meaning(status, status.phrase.lower().replace(" ", "-"), status.phrase)
    return answer(request, _PLAIN.get(error.status_code, other), detail, headers)


def unreadable(cause: BaseException | None) -> str:
    """Why the framework could not read a body, which says so in the error's cause alone."""
    match cause:
        case RecursionError():
            return "the body is nested too deeply: send a flatter one"
        case UnicodeDecodeError():
            return "the body is not UTF-8: send JSON encoded as UTF-8"
        case UnicodeEncodeError():
            return "the body holds half a character: send valid Unicode"
        case ValueError() if "integer string conversion" in str(cause):
            most = f"{sys.get_int_max_str_digits():,}"
            return f"a whole number in the body has more than {most} digits: send it as text"
        case _:
            return "the body cannot be read: send JSON encoded as UTF-8"


def _allowed(request: Request) -> str:
    # The framework names the methods of the first route of that path only.
    path = getattr(request.scope.get("route"), "path", "")
    methods: Mapping[str, Any] = request.app.openapi()["paths"].get(path, {})
    return ", ".join(sorted(method.upper() for method in methods))
