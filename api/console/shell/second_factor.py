"""A person's own second factor: set up with a picture for an app, renewed, removed.

Plain forms, like the login: whoever has to set it up has no page of the console yet.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from html import escape
from typing import Any
from urllib.parse import quote

import segno
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.console.parts.remote import ApiRefused, Remote, in_words
from api.console.shell.forms import (
    HOME,
    LOGIN,
    SECOND_FACTOR,
    SEE_OTHER,
    Form,
    FormDep,
    field,
    hidden,
    page,
    sentence,
)

GROUP = 4
"""Characters of a secret between two blanks: people type it where an app reads no picture."""
WHAT_IT_IS = "A code from an app on your phone, asked for after the password: a stolen password alone is not enough."
DUE = f"Your role needs a second factor. {WHAT_IT_IS}"

router = APIRouter(prefix="/console", include_in_schema=False)
Json = Mapping[str, Any]


@router.get("/second-factor")
async def show(request: Request) -> Response:
    """Set it up, or change it."""
    return await _with_session(request, "", _state)


@router.post("/second-factor")
async def change(request: Request, sent: FormDep) -> Response:
    """One step; which, says the button."""
    step = _STEPS.get(sent.get("step", ""), _state)

    async def taken(remote: Remote, me: Json) -> Response:
        return await step(remote, me, sent)

    return await _with_session(request, sent.get("csrf", ""), taken)


async def _with_session(
    request: Request, csrf: str, answer: Callable[[Remote, Json], Awaitable[Response]]
) -> Response:
    remote = Remote(request.app, request)
    remote.csrf = csrf
    try:
        return await answer(remote, await remote.get("/v1/session"))
    except ApiRefused:
        return RedirectResponse(f"{LOGIN}?next={quote(SECOND_FACTOR)}", SEE_OTHER)
    finally:
        await remote.close()


async def _state(_: Remote, me: Json, __: Form | None = None) -> Response:
    return _page_of(me)


async def _begin(remote: Remote, me: Json, sent: Form) -> Response:
    body = {"password": sent.get("password", "")}
    answer = await remote.send("POST", "/v1/session/second-factor", json=body)
    found = answer.json()
    if answer.is_error:
        return _page_of(me, found, answer.status_code)
    return _confirm_page(me, shown=_picture(found["address"], found["secret"]))


async def _confirm(remote: Remote, me: Json, sent: Form) -> Response:
    body = {"code": sent.get("code", "")}
    answer = await remote.send("POST", "/v1/session/second-factor/confirm", json=body)
    found = answer.json()
    if answer.is_error:
        return _confirm_page(me, error=sentence(in_words(found)), status=answer.status_code)
    return _codes_page(found["recovery_codes"])


async def _renew(remote: Remote, me: Json, sent: Form) -> Response:
    answer = await remote.send(
        "POST", "/v1/session/second-factor/recovery-codes", json=_proof(sent)
    )
    if answer.is_error:
        return _page_of(me, answer.json(), answer.status_code)
    return _codes_page(answer.json()["recovery_codes"])


async def _remove(remote: Remote, me: Json, sent: Form) -> Response:
    answer = await remote.send("POST", "/v1/session/second-factor/remove", json=_proof(sent))
    if answer.is_error:
        return _page_of(me, answer.json(), answer.status_code)
    return RedirectResponse(SECOND_FACTOR, SEE_OTHER)


_STEPS = {"begin": _begin, "confirm": _confirm, "renew": _renew, "remove": _remove}


def _proof(sent: Form) -> dict[str, str]:
    return {"password": sent.get("password", ""), "code": sent.get("code", "")}


def _page_of(me: Json, problem: Json | None = None, status: int = 200) -> Response:
    error = "" if problem is None else sentence(in_words(problem))
    draw = _change_page if me["person"]["second_factor"] else _begin_page
    return draw(me, error, status)


def _begin_page(me: Json, error: str, status: int) -> Response:
    return page(
        title="Second factor",
        heading="A second factor",
        lead=DUE if me["second_factor_due"] else WHAT_IT_IS,
        action=SECOND_FACTOR,
        fields=_fields(me, "begin")
        + field("password", "Password", "password", "current-password", first=True),
        verb="Set it up",
        error=error,
        below=_way_out(me),
        status=status,
    )


def _confirm_page(me: Json, *, shown: str = "", error: str = "", status: int = 200) -> Response:
    return page(
        title="Second factor",
        heading="Your app's first code",
        lead="Scan the picture with an authenticator app, then type the code that it shows."
        if shown
        else "Type the code that your app shows now.",
        action=SECOND_FACTOR,
        fields=_fields(me, "confirm") + field("code", "Code", "text", "one-time-code", first=True),
        verb="Confirm",
        error=error,
        shown=shown,
        below=f'<p class="below"><a href="{SECOND_FACTOR}">Begin again</a></p>',
        status=status,
    )


def _change_page(me: Json, error: str, status: int) -> Response:
    remove = '<button class="quiet" name="step" value="remove">Remove the second factor</button>'
    return page(
        title="Second factor",
        heading="Your second factor",
        lead="A login asks for a code of your app. With another phone, remove it and set it up again.",
        action=SECOND_FACTOR,
        fields=_fields(me, "renew")
        + field("password", "Password", "password", "current-password", first=True)
        + field("code", "Code", "text", "one-time-code"),
        verb="Make new recovery codes",
        more=remove,
        error=error,
        below=_way_out(me),
        status=status,
    )


def _codes_page(codes: list[str]) -> Response:
    listed = "".join(f"<li>{escape(one)}</li>" for one in codes)
    return page(
        title="Recovery codes",
        heading="Your recovery codes",
        lead="Each logs you in once without your phone. Keep them on paper: they are shown only once.",
        action=HOME,
        method="get",
        fields="",
        verb="I have kept them",
        shown=f'<ol class="codes">{listed}</ol>',
    )


def _fields(me: Json, step: str) -> str:
    return hidden("csrf", me["csrf"]) + hidden("step", step)


def _picture(address: str, secret: str) -> str:
    drawn = segno.make(address, error="m").svg_inline(border=2, omitsize=True)
    groups = " ".join(secret[place : place + GROUP] for place in range(0, len(secret), GROUP))
    return (
        f'<div class="picture" role="img" aria-label="Picture for the app">{drawn}</div>'
        f'<p>No camera? Type this key into the app:</p><p class="secret">{escape(groups)}</p>'
    )


def _way_out(me: Json) -> str:
    if not me["second_factor_due"]:
        return f'<p class="below"><a href="{HOME}">Back to the queue</a></p>'
    token = hidden("csrf", me["csrf"])
    return (
        f'<form class="below" method="post" action="/console/logout">{token}'
        '<button class="quiet">Log out</button></form>'
    )
