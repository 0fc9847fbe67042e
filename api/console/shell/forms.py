"""Plain forms without any script: what the pages before the console share."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template
from typing import Annotated
from urllib.parse import parse_qs

import httpx2
from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse

from api.console.shell.security_headers import COMMON, STATIC_POLICY
from api.http.deps import cookie_name, is_secure

HOME = "/console/"
LOGIN = "/console/login"
CODE = "/console/code"
PASSWORD = "/console/password"  # noqa: S105  an address
SECOND_FACTOR = "/console/second-factor"
FORM_COOKIE = "deskhand_form"
FORM_SECONDS = 3_600
MAX_FORM_BYTES = 10_000
SEE_OTHER = 303
TOO_OLD = "The form was too old: try again."
_PAGE = Path(__file__).parents[1] / "assets" / "gate.html"

Form = Mapping[str, str]


async def form(request: Request) -> Form:
    """The fields of a posted form, empty where it is too large or is no form."""
    if int(request.headers.get("content-length") or 0) > MAX_FORM_BYTES:
        return {}
    body = await request.body()
    fields = parse_qs(body.decode(errors="replace"), keep_blank_values=True)
    return {name: values[-1] for name, values in fields.items()}


FormDep = Annotated[Form, Depends(form)]


def inner(to: str) -> str:
    """A page of the console to go to; anything else would send people to other sites."""
    plain = to.isprintable() and "\\" not in to and "//" not in to
    return to if plain and to.startswith(HOME) and not to.startswith((LOGIN, CODE)) else HOME


def form_token(request: Request) -> str:
    """What a form before the login carries, and its cookie as well."""
    return request.cookies.get(cookie_name(request, FORM_COOKIE)) or secrets.token_urlsafe()


def keep_token(request: Request, response: Response, token: str) -> None:
    """Set the cookie that belongs to the form's token."""
    response.set_cookie(
        cookie_name(request, FORM_COOKIE),
        token,
        max_age=FORM_SECONDS,
        httponly=True,
        samesite="strict",
        secure=is_secure(request),
        path="/",
    )


def own_form(request: Request, sent: Form) -> bool:
    """Whether the form was ours.

    A second proof beside the request's origin: a login from another site has not seen our form.
    """
    known = request.cookies.get(cookie_name(request, FORM_COOKIE), "")
    return bool(known) and hmac.compare_digest(known.encode(), sent.get("form", "").encode())


def with_cookies(response: Response, answer: httpx2.Response) -> Response:
    """The response with the cookies that the API's answer sets."""
    for cookie in answer.headers.get_list("set-cookie"):
        response.raw_headers.append((b"set-cookie", cookie.encode()))
    return response


def page(
    *,
    title: str,
    heading: str,
    action: str,
    fields: str,
    verb: str,
    method: str = "post",
    more: str = "",
    lead: str = "",
    error: str = "",
    shown: str = "",
    below: str = "",
    status: int = 200,
) -> HTMLResponse:
    """A page with one form; `fields`, `more`, `shown` and `below` are HTML, the rest is text."""
    text = Template(_PAGE.read_text(encoding="utf-8")).substitute(
        title=escape(title),
        heading=escape(heading),
        lead=f"<p>{escape(lead)}</p>" if lead else "",
        error=f'<p class="error" role="alert">{escape(error)}</p>' if error else "",
        shown=shown,
        action=action,
        method=method,
        fields=fields,
        verb=escape(verb),
        more=more,
        below=below,
    )
    headers = {**COMMON, "Content-Security-Policy": STATIC_POLICY, "Cache-Control": "no-store"}
    return HTMLResponse(text, status, headers)


def hidden(name: str, value: str) -> str:
    """A field that nobody sees."""
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'


def field(
    name: str, label: str, kind: str, complete: str, value: str = "", *, first: bool = False
) -> str:
    """A field with its label; the `first` one can be typed into at once."""
    focus = " autofocus" if first and not value else ""
    return (
        f'<label for="{name}">{escape(label)}</label>'
        f'<input id="{name}" name="{name}" type="{kind}" autocomplete="{complete}" '
        f'value="{escape(value)}" required{focus}>'
    )


def sentence(detail: str) -> str:
    """A detail of the API as a sentence."""
    return f"{detail[:1].upper()}{detail[1:].rstrip('.')}." if detail else "It did not work."
