"""A Zendesk of our own: the parts of its API that Deskhand calls, as they are documented."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp
from typing_extensions import override

from evals.stack.helpdesks.serving import known, missing, stamp_of
from evals.stack.helpdesks.world import (
    CUSTOMER_ID,
    OWN_ID,
    PERSON_ID,
    SECRET,
    TOKEN,
    HelpdeskServer,
    HookSent,
    Json,
    Said,
    Talk,
    World,
)

USER = "deskhand@acme.example"
STATUS = {"open": "open", "waiting": "pending", "settled": "solved"}
GUARD = (
    "authorization",
    "Basic " + base64.b64encode(f"{USER}/token:{TOKEN}".encode()).decode(),
)
EXPORT_PAGE = 20


@dataclass
class ZendeskServer(HelpdeskServer):
    """`HelpdeskServer` that plays Zendesk."""

    world: World = field(default_factory=World)
    name: str = "zendesk"

    @property
    @override
    def app(self) -> ASGIApp:
        base = "/api/v2"
        one = base + "/tickets/{id:int}"
        return Starlette(
            routes=[
                Route(f"{base}/users/me.json", known(GUARD, self._me)),
                Route(f"{base}/incremental/tickets/cursor.json", known(GUARD, self._export)),
                Route(f"{one}.json", known(GUARD, self._show)),
                Route(f"{one}.json", known(GUARD, self._update), methods=["PUT"]),
                Route(f"{one}/comments.json", known(GUARD, self._comments)),
                Route(f"{one}/tags.json", known(GUARD, self._tags), methods=["PUT"]),
                Route(f"{base}/uploads.json", known(GUARD, self._upload), methods=["POST"]),
            ]
        )

    @override
    def settings(self, url: str) -> Json:
        return {"url": url, "user": USER}

    @override
    def hook(self, talk: Talk, said: Said | None = None, *, at: float) -> HookSent:
        kind = "status_changed" if said is None else "comment_added"
        event = {"type": f"zen:event-type:ticket.{kind}", "detail": {"id": str(talk.id)}}
        return _signed(event, at)

    @override
    def other_hook(self, *, at: float) -> HookSent:
        return _signed({"type": "zen:event-type:user.created", "detail": {"id": "5"}}, at)

    async def _me(self, _: Request) -> Response:
        return JSONResponse({"user": {"id": OWN_ID, "name": "Deskhand", "role": "agent"}})

    async def _export(self, request: Request) -> Response:
        asked = request.query_params
        at, ref = float(asked.get("start_time", 0)), 0
        if "cursor" in asked:
            at, ref = json.loads(base64.b64decode(asked["cursor"]))
        later = [
            one for one in self.world.changed() if (one.changed.timestamp(), one.id) > (at, ref)
        ]
        page = later[:EXPORT_PAGE]
        place = [page[-1].changed.timestamp(), page[-1].id] if page else [at, ref]
        cursor = base64.b64encode(json.dumps(place).encode()).decode()
        return JSONResponse(
            {
                "tickets": [_ticket(one) for one in page],
                "after_cursor": cursor,
                "end_of_stream": len(later) <= EXPORT_PAGE,
            }
        )

    async def _show(self, request: Request) -> Response:
        talk = self.world.talks.get(request.path_params["id"])
        return missing() if talk is None else JSONResponse({"ticket": _ticket(talk)})

    async def _update(self, request: Request) -> Response:
        talk = self.world.talks.get(request.path_params["id"])
        change = (await request.json())["ticket"]
        if talk is None:
            return missing()
        if change.get("safe_update") and change["updated_stamp"] != talk.changed.isoformat():
            return JSONResponse({"error": "UpdateConflict"}, 409)
        events: list[Json] = []
        if (comment := change.get("comment")) is not None:
            self.world.before_write(talk)
            marker = "" if self.world.drops_markers else change["metadata"].get("deskhand", "")
            public = comment["public"]
            files = [self.world.uploads.pop(one) for one in comment.get("uploads", ())]
            names, contents = tuple(one for one, _ in files), tuple(one for _, one in files)
            said = self.world.writes(
                talk,
                comment["body"],
                "own",
                public=public,
                marker=marker,
                files=names,
                contents=contents,
            )
            events.append({"id": said.id, "type": "Comment"})
        if "status" in change:
            talk.stands = next(own for own, there in STATUS.items() if there == change["status"])
        talk.team = change.get("group_id", talk.team)
        self.world.touch(talk)
        return JSONResponse({"ticket": _ticket(talk), "audit": {"events": events}})

    async def _comments(self, request: Request) -> Response:
        talk, asked = self.world.talks.get(request.path_params["id"]), request.query_params
        if talk is None:
            return missing()
        size, page = int(asked["per_page"]), int(asked["page"])
        newest = talk.said[::-1][(page - 1) * size : page * size]
        comments = [_comment(one, talk) for one in newest if not one.deleted]
        return JSONResponse({"comments": comments, "users": _users(talk)})

    async def _upload(self, request: Request) -> Response:
        token = f"token-{len(self.world.uploads)}-{request.query_params['filename']}"
        self.world.uploads[token] = (request.query_params["filename"], await request.body())
        return JSONResponse({"upload": {"token": token}}, 201)

    async def _tags(self, request: Request) -> Response:
        talk = self.world.talks[request.path_params["id"]]
        talk.tags = list(dict.fromkeys([*talk.tags, *(await request.json())["tags"]]))
        return JSONResponse({"tags": talk.tags})


def _ticket(talk: Talk) -> Json:
    return {
        "id": talk.id,
        "subject": talk.subject,
        "status": STATUS[talk.stands],
        "group_id": talk.group,
        "requester_id": CUSTOMER_ID + talk.id,
        "updated_at": talk.changed.isoformat(),
    }


def _comment(one: Said, talk: Talk) -> Json:
    writers = {"customer": CUSTOMER_ID + talk.id, "person": PERSON_ID, "own": OWN_ID}
    flags = [4] if one.automatic else []
    return {
        "id": one.id,
        "type": "Comment",
        "author_id": writers[one.who],
        "plain_body": one.text,
        "public": one.public,
        "created_at": stamp_of(one.at),
        "via": {"channel": "web" if talk.verified else "email"},
        "metadata": {
            "system": {},
            "custom": {"deskhand": one.marker} if one.marker else {},
            "flags": flags,
            "trusted": not flags,
        },
        "attachments": [
            {
                "file_name": name,
                "content_type": "image/png",
                "size": 9,
                "content_url": f"https://files.example/{name}",
            }
            for name in one.files
        ],
    }


def _users(talk: Talk) -> list[Json]:
    customer = {
        "id": CUSTOMER_ID + talk.id,
        "name": talk.name,
        "email": talk.email,
        "role": "end-user",
        "verified": talk.verified,
    }
    bob = {"id": PERSON_ID, "name": "Bob", "email": "bob@acme.example", "role": "agent"}
    return [customer, bob, {"id": OWN_ID, "name": "Deskhand", "role": "agent"}]


def _signed(event: Json, at: float) -> HookSent:
    body = json.dumps(event).encode()
    stamp = stamp_of(datetime.fromtimestamp(at, UTC))
    mac = hmac.new(SECRET.encode(), stamp.encode() + body, hashlib.sha256).digest()
    headers = {
        "X-Zendesk-Webhook-Signature": base64.b64encode(mac).decode(),
        "X-Zendesk-Webhook-Signature-Timestamp": stamp,
    }
    return HookSent(headers, body)
