"""Connecting a channel: what is asked, and the answers tried and written into desk.yaml."""

from __future__ import annotations

import asyncio
from dataclasses import asdict

from fastapi import APIRouter, Request

from api.channels.connecting import desk_file, next_steps
from api.channels.connecting.channel_block import AnswerRefused, answered
from api.channels.connecting.connect import Connected, Place, connect
from api.channels.connecting.desk_file import NotWritten
from api.channels.connecting.hook_secret import keep_hook_secret
from api.channels.connecting.questions import QUESTIONS, TITLES
from api.http.deps import AdminKey, ApiContext, ContextDep, takes_json
from api.http.desk.channel_schemas import (
    ConnectedOut,
    ConnectIn,
    KindOut,
    KindPage,
    QuestionOut,
    SecretIn,
)
from api.http.desk.channels import desk_of, ours_of, room_of
from api.http.faults import BodyRefused, NoSuchPart
from api.http.problems import FieldProblem
from api.http.responses import problems
from api.http.text import PathId
from graph.desk.model import Desk
from memory.channels.outgoing import HELPDESKS

GIVE = "enter it below"

router = APIRouter(prefix="/v1/channels", tags=["settings"])


@router.get("/kinds", summary="List what can be connected", responses=problems(404))
async def list_kinds(key: AdminKey, context: ContextDep) -> KindPage:
    """The channels that the desk does not have, each with what it has to be asked for."""
    desk = await desk_of(context, key)
    return KindPage(items=[_kind(one) for one in QUESTIONS if one not in desk.channels.names])


@router.post("/{name}/connect", summary="Connect a channel", **takes_json(404, 409))
async def connect_channel(
    name: PathId, body: ConnectIn, request: Request, key: AdminKey, context: ContextDep
) -> ConnectedOut:
    """Try it, and write it into desk.yaml if it works. A mailbox sends itself a mail first.

    Secrets are kept in the data folder, or sealed in Postgres, and no answer shows them again.
    """
    desk = await desk_of(context, key)
    if name not in QUESTIONS:
        raise NoSuchPart(f"there is no channel {name!r}: GET /v1/channels/kinds names them all")
    settings = context.desks.settings
    path = await asyncio.to_thread(desk_file.file_of, settings, desk.tenant)
    place = Place(desk.tenant, desk.company, path, ours_of(request), fenced=True)
    try:
        wanted = answered(name, body.answers, desk_file.suffix_of(settings, desk.tenant))
    except AnswerRefused as error:
        raise BodyRefused(
            [FieldProblem(field=f"answers.{error.name}", message=error.words)]
        ) from None
    async with room_of(request):
        found = await connect(settings, context.database, place, wanted)
    return _out(place, name, found)


@router.post(
    "/{name}/secret",
    summary="Give the secret of a helpdesk's webhooks",
    status_code=204,
    **takes_json(404, 409),
)
async def give_secret(name: PathId, body: SecretIn, key: AdminKey, context: ContextDep) -> None:
    """Webhooks that are signed with it are believed from then on."""
    desk = await desk_of(context, key, name)
    if name not in HELPDESKS:
        raise NoSuchPart(f"the channel {name!r} has no webhooks")
    await asyncio.to_thread(_keep, context, desk, name, body.secret.strip())


def _keep(context: ApiContext, desk: Desk, name: str, secret: str) -> None:
    settings = context.desks.settings
    try:
        path = desk_file.file_of(settings, desk.tenant)
        keep_hook_secret(settings, path, desk.tenant, name, secret)
    except OSError as error:
        raise NotWritten(f"it cannot be kept here ({error.strerror})") from error


def _kind(name: str) -> KindOut:
    asked = [QuestionOut.model_validate(asdict(one)) for one in QUESTIONS[name]]
    return KindOut(name=name, title=TITLES[name], questions=asked)


def _out(place: Place, name: str, found: Connected) -> ConnectedOut:
    lines, block, steps = list(found.lines), "", list[str]()
    if found.trouble and found.wanted is not None:
        lines.append(f"{found.trouble}: whoever runs Deskhand has to add the lines below.")
        lines.append(f"These have to be set where it runs: {', '.join(found.wanted.secrets)}.")
        said = desk_file.with_channel("", name, list(desk_file.lines(found.wanted.block)))
        block = said.strip()
    elif found.wanted is not None:
        lines.append(next_steps.level(name))
        steps = list(next_steps.steps(found.wanted, place.tenant, place.ours, GIVE))
    return ConnectedOut(
        well=found.well,
        lines=lines,
        written=not found.trouble and found.wanted is not None,
        block=block,
        steps=steps,
        needs_secret=bool(steps) and name in HELPDESKS and not (found.wanted and found.wanted.made),
    )
