"""Login, logout and password: plain forms without any script, before the toolkit's pages."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template
from typing import Annotated
from urllib.parse import parse_qs, quote

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.console.parts.remote import ApiRefused, Remote, in_words
from api.console.shell.security_headers import COMMON, STATIC_POLICY
from api.http.deps import cookie_name, is_secure

HOME = "/console/"
LOGIN = "/console/login"
PASSWORD = "/console/password"  # noqa: S105  an address
FORM_COOKIE = "deskhand_form"
FORM_SECONDS = 3_600
MAX_FORM_BYTES = 10_000
SEE_OTHER = 303
_PAGE = Path(__file__).parents[1] / "assets" / "gate.html"

router = APIRouter(prefix="/console", include_in_schema=False)
Form = Mapping[str, str]


async def form(request: Request) -> Form:
    """The fields of a posted form, empty where it is too large or is no form."""
    if int(request.headers.get("content-length") or 0) > MAX_FORM_BYTES:
        return {}
    body = await request.body()
    fields = parse_qs(body.decode(errors="replace"), keep_blank_values=True)
    return {name: values[-1] for name, values in fields.items()}


FormDep = Annotated[Form, Depends(form)]


@router.get("/login")
async def show_login(
    request: Request, to: Annotated[str, Query(alias="next", max_length=500)] = ""
) -> Response:
    """The form; whoever is logged in already goes on."""
    remote = Remote(request.app, request)
    try:
        await remote.get("/v1/session")
    except ApiRefused:
        return _login_page(request, to=to)
    finally:
        await remote.close()
    return RedirectResponse(inner(to), SEE_OTHER)


@router.post("/login")
async def log_in(request: Request, sent: FormDep) -> Response:
    """Log in through the API and take its cookie over."""
    to, email = sent.get("next", ""), sent.get("email", "")
    if not _own_form(request, sent):
        return _login_page(request, to=to, email=email, error="The form was too old: try again.")
    remote = Remote(request.app, request)
    body = {"email": email, "password": sent.get("password", "")}
    try:
        answer = await remote.send("POST", "/v1/session", json=body)
    finally:
        await remote.close()
    found = answer.json()
    if answer.is_error:
        words = _sentence(found.get("detail", "")) if answer.status_code != 422 else UNFIT  # noqa: PLR2004
        return _login_page(request, to=to, email=email, error=words, status=answer.status_code)
    due = found["person"]["one_time"]
    response = RedirectResponse(PASSWORD if due else inner(to), SEE_OTHER)
    for cookie in answer.headers.get_list("set-cookie"):
        response.raw_headers.append((b"set-cookie", cookie.encode()))
    return response


UNFIT = "Enter your e-mail address and your password."


@router.get("/password")
async def show_password(request: Request) -> Response:
    """The form for an own password."""
    remote = Remote(request.app, request)
    try:
        me = await remote.get("/v1/session")
    except ApiRefused:
        return RedirectResponse(f"{LOGIN}?next={quote(PASSWORD)}", SEE_OTHER)
    finally:
        await remote.close()
    return _password_page(me["csrf"], due=me["person"]["one_time"])


@router.post("/password")
async def set_password(request: Request, sent: FormDep) -> Response:
    """Set it through the API; the page's own CSRF token goes with it."""
    remote = Remote(request.app, request)
    remote.csrf = sent.get("csrf", "")
    try:
        me = await remote.get("/v1/session")
        if sent.get("new") != sent.get("again"):
            error = "The two new passwords differ."
            return _password_page(me["csrf"], due=me["person"]["one_time"], error=error)
        body = {"old": sent.get("old", ""), "new": sent.get("new", "")}
        answer = await remote.send("POST", "/v1/session/password", json=body)
    except ApiRefused:
        return RedirectResponse(LOGIN, SEE_OTHER)
    finally:
        await remote.close()
    if answer.is_error:
        error = _sentence(in_words(answer.json()))
        due = me["person"]["one_time"]
        return _password_page(me["csrf"], due=due, error=error, status=answer.status_code)
    return RedirectResponse(HOME, SEE_OTHER)


@router.post("/logout")
async def log_out(request: Request, sent: FormDep) -> Response:
    """End the session; without the page's token nothing happens."""
    remote = Remote(request.app, request)
    remote.csrf = sent.get("csrf", "")
    try:
        answer = await remote.send("DELETE", "/v1/session")
    finally:
        await remote.close()
    response = RedirectResponse(LOGIN if not answer.is_error else HOME, SEE_OTHER)
    for cookie in answer.headers.get_list("set-cookie"):
        response.raw_headers.append((b"set-cookie", cookie.encode()))
    return response


def inner(to: str) -> str:
    """A page of the console to go to; anything else would send people to other sites."""
    plain = to.isprintable() and "\\" not in to and "//" not in to
    return to if plain and to.startswith(HOME) and not to.startswith(LOGIN) else HOME


def _own_form(request: Request, sent: Form) -> bool:
    # A second proof beside the request's origin: a login from another site has not seen our form.
    known = request.cookies.get(cookie_name(request, FORM_COOKIE), "")
    return bool(known) and hmac.compare_digest(known.encode(), sent.get("form", "").encode())


def _login_page(
    request: Request, *, to: str, email: str = "", error: str = "", status: int = 200
) -> Response:
    token = request.cookies.get(cookie_name(request, FORM_COOKIE)) or secrets.token_urlsafe()
    fields = (
        _hidden("form", token)
        + _hidden("next", to)
        + _field("email", "E-mail address", "email", "username", email)
        + _field("password", "Password", "password", "current-password")
    )
    response = _page(
        title="Log in",
        heading="Log in",
        lead="",
        action=LOGIN,
        fields=fields,
        verb="Log in",
        error=error,
        status=status,
    )
    response.set_cookie(
        cookie_name(request, FORM_COOKIE),
        token,
        max_age=FORM_SECONDS,
        httponly=True,
        samesite="strict",
        secure=is_secure(request),
        path="/" if is_secure(request) else LOGIN,  # the name that TLS gives it needs the root
    )
    return response


def _password_page(csrf: str, *, due: bool, error: str = "", status: int = 200) -> Response:
    fields = (
        _hidden("csrf", csrf)
        + _field(
            "old", "One-time password" if due else "Old password", "password", "current-password"
        )
        + _field("new", "New password", "password", "new-password")
        + _field("again", "New password again", "password", "new-password")
    )
    lead = "At least 12 characters. A few words that only you would put together are good."
    return _page(
        title="Set your password",
        heading="Your own password",
        lead=lead,
        action=PASSWORD,
        fields=fields,
        verb="Set it",
        error=error,
        status=status,
    )


def _page(
    *,
    title: str,
    heading: str,
    lead: str,
    action: str,
    fields: str,
    verb: str,
    error: str,
    status: int,
) -> HTMLResponse:
    told = f'<p class="error" role="alert">{escape(error)}</p>' if error else ""
    text = Template(_PAGE.read_text(encoding="utf-8")).substitute(
        title=escape(title),
        heading=escape(heading),
        lead=f"<p>{escape(lead)}</p>" if lead else "",
        error=told,
        action=action,
        fields=fields,
        verb=escape(verb),
    )
    headers = {**COMMON, "Content-Security-Policy": STATIC_POLICY, "Cache-Control": "no-store"}
    return HTMLResponse(text, status, headers)


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'


def _field(name: str, label: str, kind: str, complete: str, value: str = "") -> str:
    focus = " autofocus" if name in {"email", "old"} and not value else ""
    return (
        f'<label for="{name}">{escape(label)}</label>'
        f'<input id="{name}" name="{name}" type="{kind}" autocomplete="{complete}" '
        f'value="{escape(value)}" required{focus}>'
    )


def _sentence(detail: str) -> str:
    return f"{detail[:1].upper()}{detail[1:].rstrip('.')}." if detail else "It did not work."
