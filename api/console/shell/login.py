"""Login, logout and password: plain forms without any script, before the toolkit's pages."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

import httpx2
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.console.parts.remote import ApiRefused, Remote, in_words
from api.console.shell.forms import (
    CODE,
    HOME,
    LOGIN,
    PASSWORD,
    SEE_OTHER,
    TOO_OLD,
    FormDep,
    field,
    form_token,
    hidden,
    inner,
    keep_token,
    own_form,
    page,
    sentence,
    with_cookies,
)
from api.http.accounts.sessions import CODE_DUE

UNFIT = "Enter your e-mail address and your password."

router = APIRouter(prefix="/console", include_in_schema=False)


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
    if not own_form(request, sent):
        return _login_page(request, to=to, email=email, error=TOO_OLD)
    remote = Remote(request.app, request)
    body = {"email": email, "password": sent.get("password", "")}
    try:
        answer = await remote.send("POST", "/v1/session", json=body)
    finally:
        await remote.close()
    found = answer.json()
    if answer.is_error:
        words = sentence(found.get("detail", "")) if answer.status_code != 422 else UNFIT  # noqa: PLR2004
        return _login_page(request, to=to, email=email, error=words, status=answer.status_code)
    if answer.status_code == CODE_DUE:
        return with_cookies(RedirectResponse(f"{CODE}?next={quote(to)}", SEE_OTHER), answer)
    return _onward(answer, to)


@router.get("/code")
async def show_code(
    request: Request, to: Annotated[str, Query(alias="next", max_length=500)] = ""
) -> Response:
    """The form for the code that follows the password."""
    return _code_page(request, to=to)


@router.post("/code")
async def give_code(request: Request, sent: FormDep) -> Response:
    """Finish the login through the API and take its cookie over."""
    to = sent.get("next", "")
    if not own_form(request, sent):
        return _code_page(request, to=to, error=TOO_OLD)
    remote = Remote(request.app, request)
    try:
        answer = await remote.send("POST", "/v1/session/code", json={"code": sent.get("code", "")})
    finally:
        await remote.close()
    if answer.is_error:
        words = sentence(in_words(answer.json()))
        return _code_page(request, to=to, error=words, status=answer.status_code)
    return _onward(answer, to)


def _onward(answer: httpx2.Response, to: str) -> Response:
    due = answer.json()["person"]["one_time"]
    return with_cookies(RedirectResponse(PASSWORD if due else inner(to), SEE_OTHER), answer)


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
        error = sentence(in_words(answer.json()))
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
    return with_cookies(RedirectResponse(LOGIN if not answer.is_error else HOME, SEE_OTHER), answer)


def _login_page(
    request: Request, *, to: str, email: str = "", error: str = "", status: int = 200
) -> Response:
    token = form_token(request)
    fields = (
        hidden("form", token)
        + hidden("next", to)
        + field("email", "E-mail address", "email", "username", email, first=True)
        + field("password", "Password", "password", "current-password")
    )
    response = page(
        title="Log in",
        heading="Log in",
        action=LOGIN,
        fields=fields,
        verb="Log in",
        error=error,
        status=status,
    )
    keep_token(request, response, token)
    return response


def _code_page(request: Request, *, to: str, error: str = "", status: int = 200) -> Response:
    token = form_token(request)
    response = page(
        title="Code",
        heading="Enter your code",
        lead="Type the six digits that your authenticator app shows. A recovery code works as well.",
        action=CODE,
        fields=hidden("form", token)
        + hidden("next", to)
        + field("code", "Code", "text", "one-time-code", first=True),
        verb="Log in",
        error=error,
        below=f'<p class="below"><a href="{LOGIN}">Start again with the password</a></p>',
        status=status,
    )
    keep_token(request, response, token)
    return response


def _password_page(csrf: str, *, due: bool, error: str = "", status: int = 200) -> Response:
    fields = (
        hidden("csrf", csrf)
        + field(
            "old",
            "One-time password" if due else "Old password",
            "password",
            "current-password",
            first=True,
        )
        + field("new", "New password", "password", "new-password")
        + field("again", "New password again", "password", "new-password")
    )
    lead = "At least 12 characters. A few words that only you would put together are good."
    return page(
        title="Set your password",
        heading="Your own password",
        lead=lead,
        action=PASSWORD,
        fields=fields,
        verb="Set it",
        error=error,
        status=status,
    )
