"""What the website's script asks: how the window looks, taking a message, what is new.

No cookie has a part in it: a visitor is whoever sends the secret that their own browser made.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.exc import IntegrityError
from starlette.responses import FileResponse, StreamingResponse

from api.channels.contract import Attachment, Incoming, Later, RateLimits, Received
from api.channels.files import of_upload
from api.channels.intake import Intake
from api.http.deps import ApiContext, ContextDep, json_body
from api.http.faults import ChannelPaused, NoDesk, QueueFull
from api.http.files.routes import download
from api.http.files.schemas import FileOut
from api.http.files.taking import UNNAMED, FileName, taken
from api.http.files.views import file_out
from api.http.text import MAX_COUNT, PathId
from api.http.widget import conversation
from api.http.widget.schemas import ConversationOut, TakenOut, VisitorMessageIn, WidgetOut
from api.http.widget.visitors import Pace, Visitor, sender_of, visitor
from api.http.widget.wording import words_for
from graph.desk.channels import WidgetChannel
from graph.desk.model import Desk
from memory.channels import states
from memory.channels.outgoing import WIDGET
from memory.files import uploads
from memory.files.incoming import FileRefused

SCRIPT = Path(__file__).parent / "assets" / "widget.js"
KEPT = "public, max-age=300"
LONGEST_WAIT_SECONDS = 25
LOOK_SECONDS = 0.5
MOST_WAITING = 300
"""Windows that may wait for news in one process; a further one is answered at once."""
LIMITS = RateLimits(answers_per_hour=120)
"""People write more often than mails come."""
TRIES = 2
"""Two windows of one visitor may begin the same conversation at the same moment."""

router = APIRouter(include_in_schema=False)
VisitorDep = Annotated[Visitor, Depends(visitor)]


@router.get("/widget.js")
async def script() -> FileResponse:
    """The one script, for any website: it shows nothing where the desk does not allow it."""
    headers = {"Cache-Control": KEPT, "Cross-Origin-Resource-Policy": "cross-origin"}
    return FileResponse(SCRIPT, media_type="text/javascript; charset=utf-8", headers=headers)


@router.get("/v1/widget/{tenant}")
async def look_of(tenant: PathId, context: ContextDep) -> WidgetOut:
    """How the window looks."""
    desk, channel = await _channel(context, tenant)
    language, words = words_for(desk.language)
    return WidgetOut(
        title=words["title"] if channel.title is None else channel.title,
        greeting=words["greeting"] if channel.greeting is None else channel.greeting,
        language=language,
        words=words,
        file_bytes=context.file_room.file_bytes if channel.files else 0,
    )


@router.post("/v1/widget/{tenant}/messages", status_code=202, dependencies=[Depends(json_body)])
async def take(
    tenant: PathId,
    body: VisitorMessageIn,
    request: Request,
    who: VisitorDep,
    context: ContextDep,
) -> TakenOut:
    """Store a visitor's message, once for its id; it begins the conversation or goes on with it."""
    desk, channel = await _open_channel(context, tenant)
    sender = sender_of(body.identity, channel)
    pace: Pace = request.app.state.widget_pace
    pace.check(who, channel.messages_per_minute)
    brought = await _uploads(context, tenant, who, body.files)
    incoming = Incoming(
        id=f"{who.ref}{conversation.ID_SEPARATOR}{body.id}",
        text=body.text,
        sender=sender,
        ref=who.ref,
        refs=(who.ref,),
        attachments=brought,
    )
    received = await _received(context, desk, incoming)
    return TakenOut(id=body.id, repeated=received.repeated)


@router.post("/v1/widget/{tenant}/files", status_code=201)
async def take_file(
    tenant: PathId,
    request: Request,
    who: VisitorDep,
    context: ContextDep,
    name: FileName = UNNAMED,
) -> FileOut:
    """Store a visitor's file until the message comes that names it."""
    _, channel = await _open_channel(context, tenant)
    if not channel.files:
        raise FileRefused("this desk takes no files here")
    pace: Pace = request.app.state.widget_pace
    pace.check(who, channel.messages_per_minute)
    return file_out(await taken(request, context, tenant, who.ref, name))


@router.get("/v1/widget/{tenant}/files/{file_id}")
async def give_file(
    tenant: PathId, file_id: PathId, who: VisitorDep, context: ContextDep
) -> StreamingResponse:
    """The bytes of a file of the visitor's own conversation, to be saved."""
    await _channel(context, tenant)
    async with context.database.reading() as session:
        file = await conversation.file_of(session, tenant, who.ref, file_id)
    return await download(context, file)


@router.get("/v1/widget/{tenant}/messages")
async def news(
    *,
    tenant: PathId,
    request: Request,
    who: VisitorDep,
    context: ContextDep,
    after: Annotated[int, Query(ge=0, le=MAX_COUNT)] = 0,
    doing: Annotated[str, Query(max_length=20)] = "",
    wait: Annotated[int, Query(ge=0, le=LONGEST_WAIT_SECONDS)] = 0,
) -> ConversationOut:
    """What came after `after`; with `wait`, once there is something or the state is another."""
    await _channel(context, tenant)
    waiting: set[str] = request.app.state.widget_waiting
    until = time.monotonic() + (wait if len(waiting) < MOST_WAITING else 0)
    mark = f"{who.ref} {id(request)}"
    waiting.add(mark)
    try:
        while True:
            found = await _look(context, tenant, who.ref, after)
            over = time.monotonic() >= until or request.app.state.streams.closing
            if found.items or found.doing != doing or over:
                return found
            await asyncio.sleep(LOOK_SECONDS)
    finally:
        waiting.discard(mark)


async def _look(context: ApiContext, tenant: str, ref: str, after: int) -> ConversationOut:
    async with context.database.reading() as session:
        seen = await conversation.look(session, tenant, ref, after)
        return await conversation.shown(session, seen, after)


async def _received(context: ApiContext, desk: Desk, incoming: Incoming) -> Received:
    taking = Intake(
        context.database,
        context.queue.after(desk.channels.burst(WIDGET)),
        context.hmac_key,
        desk.tenant,
        WIDGET,
        limits=LIMITS,
        max_text_chars=context.max_text_chars,
        queue_depth=context.pressure.depth,
    )
    for left in reversed(range(TRIES)):
        try:
            return await taking.receive(incoming)
        except Later as later:
            msg = "too many tickets wait for a worker: nothing was stored, try again later"
            raise QueueFull(msg, round(later.seconds)) from later
        except IntegrityError:
            if not left:
                raise
    raise AssertionError


async def _uploads(
    context: ApiContext, tenant: str, who: Visitor, ids: Sequence[str]
) -> list[Attachment]:
    if not ids:
        return []
    async with context.database.reading() as session:
        found = await uploads.waiting(session, tenant, who.ref, list(dict.fromkeys(ids)))
    return [of_upload(one) for one in found]


async def _open_channel(context: ApiContext, tenant: str) -> tuple[Desk, WidgetChannel]:
    """The channel, if it takes something in: a script that is told to wait loses nothing."""
    found = await _channel(context, tenant)
    async with context.database.reading() as session:
        if await states.paused(session, tenant, WIDGET) is not None:
            msg = "somebody has paused the widget: what you write is sent once it goes on"
            raise ChannelPaused(msg)
    return found


async def _channel(context: ApiContext, tenant: str) -> tuple[Desk, WidgetChannel]:
    desk = await context.desks.of(tenant)
    if desk is None or desk.channels.widget is None:
        raise NoDesk("no desk of this name has a widget: add `channels.widget` to its desk.yaml")
    return desk, desk.channels.widget
