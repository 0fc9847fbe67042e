"""The tools of one tenant: those the desk declares and those every desk has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from memory.channels.door import OutgoingLedger
from memory.knowledge.contract import ForeignKnowledge, KnowledgeBase
from memory.tool_names import SEND_CODE
from memory.verification.challenges import Verification
from tools.adapters.channels import ChannelPost
from tools.adapters.codes import SendCode
from tools.adapters.delivery import DeliverReply, HttpPost, Notify, Outbox, Post, check_path
from tools.adapters.http import Endpoint, HttpTool, placeholders
from tools.adapters.knowledge import SearchKnowledge
from tools.adapters.mcp.clients import McpClients
from tools.adapters.mcp.declared import McpService
from tools.adapters.mcp.tool import McpTool
from tools.checks.permission import SYSTEM_TOOLS
from tools.checks.ready import Ready
from tools.checks.schema import SchemaInvalid, Shape
from tools.checks.wording import wording_mistake
from tools.contract import Tool, ToolSpec
from tools.outside import web_address
from tools.plugins import ADAPTERS, AdapterFactory, AdapterService, load

if TYPE_CHECKING:
    import httpx2


CodeSender = tuple[Verification, Callable[[str], str]]
"""Where codes come from, and the sentence around one."""


ChannelDoor = tuple[OutgoingLedger, Callable[[], str]]
"""Where messages wait to leave by their tickets' channels, and the domain of our ids at that moment."""


class CatalogFault(ValueError):
    """A tool is declared in a way that cannot work or is not safe; the message says how."""


class ServiceLike(Protocol):
    """An outside service that the tenant listed: where it is, and its token."""

    @property
    def base_url(self) -> str:
        """Such as http://127.0.0.1:8091; calls leave to this host only."""
        ...

    @property
    def token(self) -> str:
        """Sent as a bearer token where it is not empty."""
        ...

    @property
    def mcp(self) -> McpService | None:
        """The MCP server that it is, instead of an HTTP service."""
        ...

    @property
    def adapter(self) -> str | None:
        """The kind of adapter of another package that calls it, instead of one of ours."""
        ...

    @property
    def options(self) -> Mapping[str, str]:
        """That adapter's own settings."""
        ...


class DeliveryLike(Protocol):
    """Where the tenant wants replies to go."""

    @property
    def service(self) -> str:
        """An entry of `services`."""
        ...

    @property
    def path(self) -> str:
        """Where to POST."""
        ...

    @property
    def honours_key(self) -> bool:
        """Whether a repeated Idempotency-Key is not delivered twice."""
        ...


@dataclass(frozen=True)
class Catalog:
    """Every tool of a tenant by name. Raises `CatalogFault` when built wrongly."""

    tools: Mapping[str, Tool]
    tenant: str | None = None
    """Whose tools these are; callers of other tenants are refused. None serves any (tests)."""
    ready: Mapping[str, Ready] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ready", {n: _ready(tool) for n, tool in self.tools.items()})
        specs = {name: tool.spec for name, tool in self.tools.items()}
        for name, spec in specs.items():
            _check(name, spec, specs)


def build_catalog(
    specs: tuple[ToolSpec, ...],
    *,
    services: Mapping[str, ServiceLike],
    delivery: DeliveryLike | None,
    knowledge: KnowledgeBase,
    tenant: str,
    client: httpx2.AsyncClient,
    foreign: ForeignKnowledge | None = None,
    mcp: McpClients | None = None,
    codes: CodeSender | None = None,
    channels: ChannelDoor | None = None,
) -> Catalog:
    """The declared tools and the system tools. Raises `CatalogFault`.

    `mcp` holds the sessions of all tenants; whoever gives it closes it.
    """
    clients = mcp or McpClients()
    tools: dict[str, Tool] = {}
    for spec in specs:
        if spec.name in SYSTEM_TOOLS or spec.name in tools:
            raise _taken(spec)
        tools[spec.name] = _declared(spec, services, client, clients, tenant)
    post = _post(delivery, services, client)
    if channels is not None:
        post = ChannelPost(*channels, otherwise=post)
    for system in (SearchKnowledge(knowledge, tenant, foreign), DeliverReply(post), Notify(post)):
        tools[system.spec.name] = system
    if codes is not None:
        tools[SEND_CODE] = SendCode(post, *codes)
    return Catalog(tools, tenant)


def mistakes(
    specs: tuple[ToolSpec, ...],
    *,
    services: Mapping[str, ServiceLike],
    delivery: DeliveryLike | None,
) -> Iterator[tuple[str | None, str]]:
    """What `build_catalog` would refuse, each with the tool's name; None where it is the delivery.

    Nothing is opened. What an adapter of another package refuses is known once it is made.
    """
    known = {spec.name: spec for spec in specs}
    for spec in specs:
        try:
            if spec.name in SYSTEM_TOOLS:
                raise _taken(spec)
            _check_service(spec, services.get(spec.service or ""))
            _shapes(spec)
            _check(spec.name, spec, known)
        except CatalogFault as fault:
            yield spec.name, str(fault)
    if delivery is not None and (service := services.get(delivery.service)) is not None:
        try:
            web_address(service.base_url)
            check_path(delivery.path)
        except ValueError as error:
            yield None, str(error)


def _check_service(spec: ToolSpec, service: ServiceLike | None) -> None:
    if service is None:
        raise _unknown(spec)
    if service.adapter is not None or service.mcp is not None:
        return
    try:
        web_address(service.base_url)
        placeholders(spec)
    except ValueError as error:
        raise CatalogFault(f"tool {spec.name!r}: {error}") from error


def _taken(spec: ToolSpec) -> CatalogFault:
    return CatalogFault(f"tool {spec.name!r}: the name is taken, choose another")


def _unknown(spec: ToolSpec) -> CatalogFault:
    if spec.service is None:
        return CatalogFault(f"tool {spec.name!r} names no service: add `service`")
    return CatalogFault(f"tool {spec.name!r} calls unknown service {spec.service!r}: declare it")


def _declared(
    spec: ToolSpec,
    services: Mapping[str, ServiceLike],
    client: httpx2.AsyncClient,
    mcp: McpClients,
    tenant: str,
) -> Tool:
    service = services.get(spec.service or "")
    if service is None:
        raise _unknown(spec)
    try:
        if service.adapter is not None:
            make: AdapterFactory = load(ADAPTERS, service.adapter)
            about = AdapterService(service.base_url, service.token, dict(service.options))
            return make(spec, about)
        if service.mcp is not None:
            server = mcp.of(tenant, spec.service or "", service.mcp, service.token)
            return McpTool(spec, server)
        return HttpTool(spec, service.base_url, service.token, client)
    except ValueError as error:
        raise CatalogFault(f"tool {spec.name!r}: {error}") from error


def _post(
    delivery: DeliveryLike | None,
    services: Mapping[str, ServiceLike],
    client: httpx2.AsyncClient,
) -> Post:
    if delivery is None:
        return Outbox()
    service = services.get(delivery.service)
    if service is None:
        raise CatalogFault(f"delivery uses unknown service {delivery.service!r}: declare it")
    try:
        endpoint = Endpoint(service.base_url, service.token, client)
        return HttpPost(endpoint, delivery.path, honours_key=delivery.honours_key)
    except ValueError as error:
        raise CatalogFault(f"delivery: {error}") from error


def _ready(tool: Tool) -> Ready:
    kept = isinstance(tool, DeliverReply) and tool.kept
    return Ready(tool, *_shapes(tool.spec), kept)


def _shapes(spec: ToolSpec) -> tuple[Shape, Shape]:
    try:
        return Shape(spec.schema_of_arguments), Shape(spec.returns)
    except SchemaInvalid as error:
        raise CatalogFault(f"tool {spec.name!r} has an invalid schema: {error}") from error


def _check(name: str, spec: ToolSpec, specs: Mapping[str, ToolSpec]) -> None:
    if spec.name != name:
        raise CatalogFault(f"tool {spec.name!r} is listed as {name!r}")
    if spec.effect == "write" and spec.customer is not None and spec.approval == "never":
        msg = (
            f"tool {name!r}: `customer` is checked on the result, too late for a write; "
            "set approval: person"
        )
        raise CatalogFault(msg)
    if wrong := wording_mistake(spec):
        raise CatalogFault(f"tool {name!r}: {wrong}")
    if unknown := set(spec.echoes or ()) - set(spec.arguments):
        raise CatalogFault(f"tool {name!r} echoes {sorted(unknown)}, which are not its arguments")
    if spec.fallback is not None:
        _check_fallback(spec, specs.get(spec.fallback))


def _check_fallback(spec: ToolSpec, other: ToolSpec | None) -> None:
    if other is None:
        msg = f"tool {spec.name!r} falls back to unknown tool {spec.fallback!r}: declare it"
        raise CatalogFault(msg)
    if "write" in (spec.effect, other.effect) or other.name == spec.name:
        msg = f"tool {spec.name!r}: only a read may fall back, and only to another read"
        raise CatalogFault(msg)
