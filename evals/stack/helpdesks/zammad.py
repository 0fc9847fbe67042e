"""A Zammad of our own: the parts of its API that Deskhand calls, as they are documented."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field

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

STATUS = {"open": "open", "waiting": "pending reminder", "settled": "closed"}
GUARD = ("authorization", f"Token token={TOKEN}")


@dataclass
class ZammadServer(HelpdeskServer):
    """`HelpdeskServer` that plays Zammad."""

    world: World = field(default_factory=World)
    name: str = "zammad"

    @property
    @override
    def app(self) -> ASGIApp:
        base = "/api/v1"
        one = base + "/tickets/{id:int}"
        articles = f"{base}/ticket_articles"
        return Starlette(
            routes=[
                Route(f"{base}/users/me", known(GUARD, self._me)),
                Route(base + "/users/{id:int}", known(GUARD, self._user)),
                Route(f"{base}/tickets/search", known(GUARD, self._search)),
                Route(one, known(GUARD, self._show)),
                Route(one, known(GUARD, self._change), methods=["PUT"]),
                Route(articles + "/by_ticket/{id:int}", known(GUARD, self._articles)),
                Route(articles, known(GUARD, self._write), methods=["POST"]),
                Route(f"{base}/tags/add", known(GUARD, self._tag), methods=["POST"]),
            ]
        )

    @override
    def settings(self, url: str) -> Json:
        return {"url": url}

    @override
    def hook(self, talk: Talk, said: Said | None = None, *, at: float) -> HookSent:
        article = {} if said is None else _article(said, talk)
        return _signed({"ticket": _ticket(talk), "article": article})

    @override
    def other_hook(self, *, at: float) -> HookSent:
        return _signed({"monitor": {"state": "healthy"}})

    async def _me(self, _: Request) -> Response:
        return JSONResponse({"id": OWN_ID, "firstname": "Desk", "lastname": "Hand"})

    async def _user(self, request: Request) -> Response:
        number = request.path_params["id"] - CUSTOMER_ID
        talk = self.world.talks.get(number)
        return missing() if talk is None else JSONResponse(_customer(talk))

    async def _search(self, request: Request) -> Response:
        asked = request.query_params
        page, limit = int(asked["page"]), int(asked["limit"])
        since, until, least = _bounds(asked["query"])
        found = [
            one
            for one in self.world.changed()
            if since <= stamp_of(one.changed) < until and one.id >= least
        ]
        if asked["sort_by"] == "id":
            found.sort(key=lambda one: one.id)
        listed = found if asked["order_by"] == "asc" else found[::-1]
        return JSONResponse([_ticket(one) for one in listed[(page - 1) * limit : page * limit]])

    async def _show(self, request: Request) -> Response:
        talk = self.world.talks.get(request.path_params["id"])
        return missing() if talk is None else JSONResponse(_ticket(talk))

    async def _change(self, request: Request) -> Response:
        talk, body = self.world.talks[request.path_params["id"]], await request.json()
        if "state" in body:
            if body["state"].startswith("pending") and "pending_time" not in body:
                return JSONResponse(
                    {"error": "Missing required value for field 'pending_time'!"}, 422
                )
            talk.stands = next(own for own, there in STATUS.items() if there == body["state"])
        talk.team = body.get("group_id", talk.team)
        self.world.touch(talk)
        return JSONResponse(_ticket(talk))

    async def _articles(self, request: Request) -> Response:
        talk = self.world.talks.get(request.path_params["id"])
        if talk is None:
            return missing()
        return JSONResponse([_article(one, talk) for one in talk.said if not one.deleted])

    async def _write(self, request: Request) -> Response:
        body = await request.json()
        talk = self.world.talks.get(body["ticket_id"])
        if talk is None:
            return missing()
        if body["type"] == "email" and body.get("to") != talk.email:
            return JSONResponse({"error": "Need recipient"}, 422)
        self.world.before_write(talk)
        preferences = body.get("preferences") or {}
        marker = "" if self.world.drops_markers else str(preferences.get("deskhand", ""))
        public = not body["internal"]
        files = {
            one["filename"]: base64.b64decode(one["data"]) for one in body.get("attachments", ())
        }
        brought = {"files": tuple(files), "contents": tuple(files.values())}
        said = self.world.writes(talk, body["body"], "own", public=public, marker=marker, **brought)
        return JSONResponse(_article(said, talk), 201)

    async def _tag(self, request: Request) -> Response:
        body = await request.json()
        talk = self.world.talks[body["o_id"]]
        talk.tags = list(dict.fromkeys([*talk.tags, body["item"]]))
        return JSONResponse(content=True, status_code=201)


def _bounds(query: str) -> tuple[str, str, int]:
    """From when, up to when and from which number; `*` is without an end."""
    at, _, ids = query.removeprefix("updated_at:[").partition(" AND id:[")
    since, _, until = at.partition(" TO ")
    least = ids.partition(" TO ")[0]
    until = until.rstrip("}]")
    return since.strip("*"), LAST if until in {"", "*"} else until, int(least or 0)


LAST = "9"
"""Behind every moment."""


def _ticket(talk: Talk) -> Json:
    return {
        "id": talk.id,
        "number": f"31{talk.id}",
        "title": talk.subject,
        "state": STATUS[talk.stands],
        "group_id": talk.group,
        "customer_id": CUSTOMER_ID + talk.id,
        "updated_at": stamp_of(talk.changed),
    }


def _article(one: Said, talk: Talk) -> Json:
    writers = {"customer": CUSTOMER_ID + talk.id, "person": PERSON_ID, "own": OWN_ID}
    preferences: Json = {"deskhand": one.marker} if one.marker else {}
    if one.automatic:
        preferences["is-auto-response"] = True
    mine = one.who == "customer"
    return {
        "id": one.id,
        "ticket_id": talk.id,
        "type": ("web" if talk.verified else "email") if mine else "note",
        "sender": "Customer" if mine else "Agent",
        "from": f"{talk.name} <{talk.email}>" if mine else "Bob",
        "body": f"<div>{one.text}</div>" if mine else one.text,
        "content_type": "text/html" if mine else "text/plain",
        "internal": not one.public,
        "created_by_id": writers[one.who],
        "created_by": "bob@acme.example",
        "created_at": one.at.isoformat(),
        "preferences": preferences,
        "attachments": [
            {"filename": name, "size": "9", "preferences": {"Content-Type": "image/png"}}
            for name in one.files
        ],
    }


def _customer(talk: Talk) -> Json:
    first, _, last = talk.name.partition(" ")
    return {
        "id": CUSTOMER_ID + talk.id,
        "firstname": first,
        "lastname": last,
        "email": talk.email,
        "verified": talk.verified,
    }


def _signed(event: Json) -> HookSent:
    body = json.dumps(event).encode()
    mac = hmac.new(SECRET.encode(), body, hashlib.sha1).hexdigest()
    return HookSent({"X-Hub-Signature": f"sha1={mac}", "X-Zammad-Delivery": "1"}, body)
