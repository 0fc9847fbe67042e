"""Sending a customer a message: an effect like any other."""

from __future__ import annotations

from typing import Protocol

from typing_extensions import override

from memory.tool_names import DELIVER, NOTIFY
from tools.adapters.http import Endpoint
from tools.contract import CallContext, Json, RetrySpec, Tool, ToolSpec
from tools.faults import WrongAnswer

MOST_REPLY_CHARS = 50_000
RETRY = RetrySpec(attempts=2, longest_wait_seconds=2.0)
"""With a time-out of 5 s a call ends within 30 s, in doubt or not."""
TO_A_SERVICE = 600
"""Messages a minute that a tenant's service is asked to take."""
STORED_HERE = 1_000_000
"""The same of what only the ledger takes, which has its own bounds: no pace of ours holds it up."""

TEXT: Json = {"type": "string", "minLength": 1, "maxLength": MOST_REPLY_CHARS}
NOTICE_KIND = "notice"
CITATION: Json = {
    "type": "object",
    "required": ["source", "title", "kind"],
    "properties": {
        "source": {"type": "string"},
        "title": {"type": "string"},
        "kind": {"type": "string"},
    },
}
FILE: Json = {
    "type": "object",
    "required": ["id", "name", "media_type", "size"],
    "properties": {
        "id": {"type": "string"},
        "name": {"type": "string"},
        "media_type": {"type": "string"},
        "size": {"type": "integer"},
    },
}
FILE_PATH = "/v1/files/"
"""Before the id of a file: where a service that a message is posted to fetches its bytes."""

REPEATED = ("ticket_id", "turn", "kind")
"""What a receipt, where it repeats it, must have from the message."""


class Post(Protocol):
    """How messages leave."""

    honours_key: bool
    """Whether a message with a key that was used before is not sent again."""
    calls_per_minute: int
    """How many it takes."""
    kept: bool
    """Whether nothing leaves: a reply is only read here, and sent by the commit that stores it."""

    async def send(self, message: Json, key: str) -> Json:
        """Send it: {"ticket_id", "turn", "kind", "text", "citations"}.

        With "files" where there are some, and "by": "person" where a person sends it.
        Raises `ToolFault`.
        """
        ...

    async def sent(self, key: str) -> Json | None:
        """The result of the message that was sent under the key, None if none was."""
        ...


def check_path(path: str) -> None:
    """Raise `ValueError` for a path that cannot be called."""
    if not path.startswith("/"):
        raise ValueError(f"path {path!r} must begin with /")


class HttpPost(Post):
    """Posts messages to a service of the tenant."""

    calls_per_minute = TO_A_SERVICE
    kept = False

    def __init__(self, endpoint: Endpoint, path: str, *, honours_key: bool = True) -> None:
        """Raises `ValueError` for a path that cannot be called."""
        check_path(path)
        self._endpoint = endpoint
        self._path = path
        self.honours_key = honours_key

    @override
    async def send(self, message: Json, key: str) -> Json:
        """Raises `WrongAnswer` for the receipt of another message."""
        answer = await self._endpoint.send("POST", self._path, body=message, key=key)
        for name in REPEATED:
            if name in answer and answer[name] != message[name]:
                raise WrongAnswer(f"the receipt is for a message with another {name}")
        return answer

    @override
    async def sent(self, key: str) -> Json | None:
        return await self._endpoint.performed(key)


class Outbox:
    """For a tenant without such a service: the reply is read at the ticket's status URL.

    Nothing happens outside, so sending it again does no harm.
    """

    honours_key = True
    kept = True
    calls_per_minute = STORED_HERE

    async def send(self, message: Json, key: str) -> Json:
        """Only says where the message can be read."""
        return {"channel": "status_url"}

    async def sent(self, key: str) -> Json | None:
        """Always sent, since there is nothing to send."""
        return {"channel": "status_url"}


class Sending(Tool):
    """A tool that sends a customer something."""

    def __init__(
        self,
        post: Post,
        name: str,
        description: str,
        arguments: dict[str, Json],
        required: tuple[str, ...] | None = None,
    ) -> None:
        self._post = post
        self.spec = ToolSpec(
            name=name,
            description=description,
            effect="write",
            arguments=arguments,
            required=required,
            timeout_seconds=5.0,
            retry=RETRY,
            slots=16,
            calls_per_minute=post.calls_per_minute,
            honours_key=post.honours_key,
        )

    @override
    async def call(self, arguments: Json, *, key: str | None, caller: CallContext) -> Json:
        kind = arguments.get("kind", NOTICE_KIND)
        return await self._post.send(_message(arguments, kind, caller), key or "")

    @override
    async def reconcile(self, key: str) -> Json | None:
        return await self._post.sent(key)


class DeliverReply(Sending):
    """Sends the checked reply, or the clarifying question."""

    def __init__(self, post: Post) -> None:
        arguments: dict[str, Json] = {
            "kind": {"type": "string", "enum": ["reply", "clarification"]},
            "text": TEXT,
            "citations": {"type": "array", "items": CITATION},
            "files": {"type": "array", "items": FILE},
        }
        about = "Sends the reply to the customer."
        super().__init__(post, DELIVER, about, arguments, ("kind", "text"))
        self.kept = post.kept


class Notify(Sending):
    """Tells the customer that a person is taking over."""

    def __init__(self, post: Post) -> None:
        arguments: dict[str, Json] = {
            "kind": {"type": "string", "enum": [NOTICE_KIND]},
            "text": TEXT,
            "citations": {"type": "array", "items": CITATION, "maxItems": 0},
        }
        about = "Tells the customer that a person is taking over."
        super().__init__(post, NOTIFY, about, arguments, ("text",))


def _message(arguments: Json, kind: str, caller: CallContext) -> Json:
    message = {
        "ticket_id": caller["ticket_id"],
        "turn": caller["turn"],
        "kind": kind,
        "text": arguments["text"],
        "citations": arguments.get("citations", []),
    }
    if caller.get("by_person"):
        message["by"] = "person"
    files = [{**one, "url": f"{FILE_PATH}{one['id']}"} for one in arguments.get("files", ())]
    return {**message, "files": files} if files else message
