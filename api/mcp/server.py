"""The desk as an MCP server. Each call is a call of the HTTP API with the caller's own key.

So keys, scopes, bounds and the audit are those of the API, and a refusal says what to change.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from pydantic import BaseModel, ConfigDict, Field

from api.client.desk import Decision, DeskClient

if TYPE_CHECKING:
    from mcp.server.lowlevel import Server

Json = dict[str, Any]
CHANNEL = "mcp"
"""The channel of tickets that are opened here."""
ARTICLES = "deskhand://articles/"
LONGEST_WAIT_SECONDS = 20.0
INSTRUCTIONS = (
    "A support desk. open_ticket hands a customer's question in: an agent answers it from the help "
    "centre, or a person does. read_ticket tells its status, and waits a moment for the answer. "
    "The articles of the help centre are resources."
)


class _Arguments(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OpenTicket(_Arguments):
    """Hand in a customer's question; answers with the ticket's id. Use read_ticket for the answer."""

    text: str = Field(description="What the customer wrote, in their own words.")
    subject: str | None = None
    email: str | None = Field(default=None, description="The customer's address.")
    name: str | None = None
    key: str | None = Field(
        default=None, description="Any text of your own: the same one hands the ticket in once."
    )


class AddMessage(_Arguments):
    """Add the customer's next message to a ticket."""

    ticket_id: str
    text: str
    key: str | None = Field(default=None, description="The same one adds the message once.")


class ReadTicket(_Arguments):
    """Read a ticket: how it stands, the reply with its sources, the conversation."""

    ticket_id: str
    wait_seconds: float = Field(
        default=0, ge=0, le=LONGEST_WAIT_SECONDS, description="How long to wait for an answer."
    )


class ListHandoffs(_Arguments):
    """List the tickets that wait for a person, what is due first. Needs the scope agent."""

    limit: int = Field(default=20, ge=1, le=100)


class ReadHandoff(_Arguments):
    """Read one handoff: the conversation, the reason, the suggested reply, proposed actions."""

    handoff_id: str


class AnswerHandoff(_Arguments):
    """Answer a handoff in the key's name, with a verdict on all of it.

    Approve the suggested reply, reply with your own text, return it to the agent with guidance, or
    close it without a reply. The first answer wins. Needs the scope agent.
    """

    handoff_id: str
    kind: Decision
    text: str = Field(default="", description="The reply, for kind reply.")
    guidance: str = Field(default="", description="What to do differently, for kind return.")
    version: int | None = Field(
        default=None, description="The version you read: refused if it has changed since."
    )


async def _open(desk: DeskClient, said: OpenTicket) -> Json:
    ticket_id = await desk.open_ticket(
        said.text, subject=said.subject, email=said.email, name=said.name, key=said.key
    )
    return {"ticket_id": ticket_id}


async def _add(desk: DeskClient, said: AddMessage) -> Json:
    return {"seq": await desk.add_message(said.ticket_id, said.text, key=said.key)}


async def _read(desk: DeskClient, said: ReadTicket) -> Json:
    return _plain(await desk.settled(said.ticket_id, said.wait_seconds))


async def _list(desk: DeskClient, said: ListHandoffs) -> Json:
    return {"handoffs": [_plain(one) for one in await desk.handoffs(said.limit)]}


async def _story(desk: DeskClient, said: ReadHandoff) -> Json:
    return _plain(await desk.handoff(said.handoff_id))


async def _answer(desk: DeskClient, said: AnswerHandoff) -> Json:
    decided = await desk.decide(
        said.handoff_id, said.kind, text=said.text, guidance=said.guidance, version=said.version
    )
    return _plain(decided)


Tool = tuple[type[_Arguments], Callable[[DeskClient, Any], Awaitable[Json]], bool]
"""What it takes, what it does, and whether it only reads."""
TOOLS: Mapping[str, Tool] = {
    "open_ticket": (OpenTicket, _open, False),
    "add_message": (AddMessage, _add, False),
    "read_ticket": (ReadTicket, _read, True),
    "list_handoffs": (ListHandoffs, _list, True),
    "read_handoff": (ReadHandoff, _story, True),
    "answer_handoff": (AnswerHandoff, _answer, False),
}


class NoSuchThing(ValueError):
    """No such tool or resource."""


def make_server(client_of: Callable[[], DeskClient]) -> Server[Any, Any]:
    """The server; `client_of` gives the client of the request at hand."""
    from mcp.server.lowlevel import Server

    server: Server[Any, Any] = Server("deskhand", instructions=INSTRUCTIONS)
    _add_tools(server, client_of)
    _add_resources(server, client_of)
    return server


def _add_tools(server: Server[Any, Any], client_of: Callable[[], DeskClient]) -> None:
    from mcp.types import Tool as Listed
    from mcp.types import ToolAnnotations

    @server.list_tools()  # type: ignore[no-untyped-call, untyped-decorator]
    async def listed() -> list[Listed]:
        return [
            Listed(
                name=name,
                description=" ".join((takes.__doc__ or "").split()),
                inputSchema=takes.model_json_schema(),
                annotations=ToolAnnotations(readOnlyHint=reads),
            )
            for name, (takes, _, reads) in TOOLS.items()
        ]

    @server.call_tool()  # type: ignore[untyped-decorator]
    async def call(name: str, arguments: Json) -> Json:
        if name not in TOOLS:
            raise NoSuchThing(f"there is no tool {name!r}; there are: {', '.join(TOOLS)}")
        takes, act, _ = TOOLS[name]
        return await act(client_of(), takes.model_validate(arguments))


def _add_resources(server: Server[Any, Any], client_of: Callable[[], DeskClient]) -> None:
    from mcp.server.lowlevel.helper_types import ReadResourceContents
    from mcp.types import Resource
    from pydantic import AnyUrl

    @server.list_resources()  # type: ignore[no-untyped-call, untyped-decorator]
    async def listed() -> list[Resource]:
        return [
            Resource(
                uri=AnyUrl(ARTICLES + quote(one.doc_id, safe="")),
                name=one.title,
                mimeType="text/markdown",
            )
            for one in await client_of().articles()
            if one.visibility == "public"
        ]

    @server.read_resource()  # type: ignore[no-untyped-call, untyped-decorator]
    async def read(uri: AnyUrl) -> list[ReadResourceContents]:
        wanted = str(uri)
        if not wanted.startswith(ARTICLES):
            raise NoSuchThing(f"there is no {wanted}: resources begin with {ARTICLES}")
        article = await client_of().article(unquote(wanted.removeprefix(ARTICLES)))
        if article.visibility != "public":
            raise NoSuchThing(f"there is no public article at {wanted}")
        return [ReadResourceContents(f"# {article.title}\n\n{article.text}", "text/markdown")]


def _plain(found: BaseModel) -> Json:
    return found.model_dump(mode="json", exclude_none=True)
