"""A Chatwoot of our own: the parts of its API that Deskhand calls, as they are documented."""

import hashlib
import hmac
import json
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp
from typing_extensions import override

from evals.stack.helpdesks.serving import known, missing
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

ACCOUNT = 1
PAGE, LIST_PAGE = 20, 25
STATUS = {"open": "open", "waiting": "pending", "settled": "resolved"}
GUARD = ("api_access_token", TOKEN)


@dataclass
class ChatwootServer(HelpdeskServer):
    """`HelpdeskServer` that plays Chatwoot."""

    world: World = field(default_factory=World)
    name: str = "chatwoot"

    @property
    @override
    def app(self) -> ASGIApp:
        base = f"/api/v1/accounts/{ACCOUNT}/conversations"
        one = base + "/{id:int}"
        return Starlette(
            routes=[
                Route("/api/v1/profile", known(GUARD, self._profile)),
                Route(base, known(GUARD, self._list)),
                Route(one, known(GUARD, self._show)),
                Route(f"{one}/messages", known(GUARD, self._messages)),
                Route(f"{one}/messages", known(GUARD, self._write), methods=["POST"]),
                Route(f"{one}/assignments", known(GUARD, self._assign), methods=["POST"]),
                Route(f"{one}/labels", known(GUARD, self._labels), methods=["GET", "POST"]),
                Route(f"{one}/toggle_status", known(GUARD, self._status), methods=["POST"]),
            ]
        )

    @override
    def settings(self, url: str) -> Json:
        return {"url": url, "account": ACCOUNT}

    @override
    def hook(self, talk: Talk, said: Said | None = None, *, at: float) -> HookSent:
        account = {"id": ACCOUNT, "name": "Acme"}
        if said is None:
            return _signed(
                {"event": "conversation_status_changed", "account": account, **_talk(talk)}, at
            )
        told = {"event": "message_created", "account": account, "conversation": _talk(talk)}
        return _signed({**told, **_message(said, talk)}, at)

    @override
    def other_hook(self, *, at: float) -> HookSent:
        return _signed({"event": "webwidget_triggered", "account": {"id": ACCOUNT}}, at)

    async def _profile(self, _: Request) -> Response:
        return JSONResponse({"id": OWN_ID, "name": "Deskhand", "email": "deskhand@acme.example"})

    async def _list(self, request: Request) -> Response:
        page = int(request.query_params.get("page", 1))
        newest = self.world.changed()[::-1][(page - 1) * LIST_PAGE : page * LIST_PAGE]
        return JSONResponse({"data": {"meta": {}, "payload": [_talk(one) for one in newest]}})

    async def _show(self, request: Request) -> Response:
        talk = self.world.talks.get(request.path_params["id"])
        return missing() if talk is None else JSONResponse(_talk(talk))

    async def _messages(self, request: Request) -> Response:
        talk = self.world.talks.get(request.path_params["id"])
        if talk is None:
            return missing()
        before = int(request.query_params.get("before", 10**18))
        page = [one for one in talk.said if one.id < before][-PAGE:]
        return JSONResponse({"meta": {}, "payload": [_message(one, talk) for one in page]})

    async def _write(self, request: Request) -> Response:
        talk, (body, files) = self.world.talks.get(request.path_params["id"]), await _body(request)
        if talk is None:
            return missing()
        self.world.before_write(talk)
        attributes = body.get("content_attributes") or {}
        marker = "" if self.world.drops_markers else str(attributes.get("deskhand", ""))
        public = not body.get("private", False)
        brought = {"files": tuple(files), "contents": tuple(files.values())}
        said = self.world.writes(
            talk, body["content"], "own", public=public, marker=marker, **brought
        )
        return JSONResponse(_message(said, talk))

    async def _assign(self, request: Request) -> Response:
        talk = self.world.talks[request.path_params["id"]]
        talk.team = (await request.json())["team_id"]
        self.world.touch(talk)
        return JSONResponse({"id": talk.team})

    async def _labels(self, request: Request) -> Response:
        talk = self.world.talks[request.path_params["id"]]
        if request.method == "POST":
            talk.tags = list((await request.json())["labels"])  # replaces the list
        return JSONResponse({"payload": talk.tags})

    async def _status(self, request: Request) -> Response:
        talk, wanted = self.world.talks[request.path_params["id"]], await request.json()
        talk.stands = next(own for own, there in STATUS.items() if there == wanted["status"])
        self.world.touch(talk)
        return JSONResponse({"payload": {"success": True, "current_status": wanted["status"]}})


async def _body(request: Request) -> tuple[Json, dict[str, bytes]]:
    """What a message says, and its files; a form has texts where JSON has other things."""
    if not request.headers["content-type"].startswith("multipart/form-data"):
        return await request.json(), {}
    async with request.form() as form:
        found = [one for one in form.getlist("attachments[]") if isinstance(one, UploadFile)]
        files = {str(one.filename): await one.read() for one in found}
        fields: Json = {name: form[name] for name in ("content", "message_type")}
        return fields | {
            name: json.loads(str(form[name])) for name in ("private", "content_attributes")
        }, files


def _talk(talk: Talk) -> Json:
    return {
        "id": talk.id,
        "account_id": ACCOUNT,
        "inbox_id": talk.group,
        "status": STATUS[talk.stands],
        "labels": talk.tags,
        "additional_attributes": {"mail_subject": talk.subject},
        "meta": {"sender": _customer(talk), "hmac_verified": talk.verified},
        "last_activity_at": int(talk.changed.timestamp()),
    }


def _message(one: Said, talk: Talk) -> Json:
    person = {"id": PERSON_ID, "name": "Bob", "type": "user"}
    own = {"id": OWN_ID, "name": "Deskhand", "type": "user"}
    senders = {"customer": _customer(talk), "person": person, "own": own}
    attributes: Json = {"deskhand": one.marker} if one.marker else {}
    if one.automatic:
        attributes["email"] = {"auto_reply": True}
    if one.deleted:
        attributes["deleted"] = True
    return {
        "id": one.id,
        "content": "This message was deleted" if one.deleted else one.text,
        "message_type": 0 if one.who == "customer" else 1,
        "private": not one.public,
        "created_at": int(one.at.timestamp()),
        "content_attributes": attributes,
        "sender": senders[one.who],
        "attachments": [
            {"file_type": "image", "data_url": f"https://files.example/{name}", "file_size": 9}
            for name in one.files
        ],
    }


def _customer(talk: Talk) -> Json:
    return {"id": CUSTOMER_ID, "name": talk.name, "email": talk.email, "type": "contact"}


def _signed(event: Json, at: float) -> HookSent:
    body, stamp = json.dumps(event).encode(), str(int(at))
    mac = hmac.new(SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return HookSent({"X-Chatwoot-Signature": f"sha256={mac}", "X-Chatwoot-Timestamp": stamp}, body)
