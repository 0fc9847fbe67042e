"""Spans of what happens: nodes, tools, attempts, models. Free where no exporter is configured.

Only names, numbers and codes become attributes: never a text, an argument, a result or the
message of an error, since any of them may hold a customer's words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind, StatusCode

TRACER = "deskhand"
CLIENT = SpanKind.CLIENT
INTERNAL = SpanKind.INTERNAL
Attribute = str | bool | int | float


def tracer() -> trace.Tracer:
    """The tracer of this process; it makes spans only where a provider was set."""
    return trace.get_tracer(TRACER)


def exports() -> bool:
    """Whether anybody takes the spans of this process; without it none is made."""
    return not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)


@contextmanager
def spanned(
    name: str,
    attributes: Mapping[str, Attribute | None],
    *,
    kind: SpanKind = INTERNAL,
    passing: tuple[type[BaseException], ...] = (),
) -> Iterator[Span]:
    """A span around the block, the parent of those within. None is left out of `attributes`.

    An error that leaves the block marks it by its class alone; those in `passing` are no errors.
    """
    if not exports():
        yield trace.INVALID_SPAN
        return
    given = {key: value for key, value in attributes.items() if value is not None}
    with tracer().start_as_current_span(
        name, kind=kind, attributes=given, record_exception=False, set_status_on_exception=False
    ) as span:
        try:
            yield span
        except passing:
            raise
        except BaseException as error:
            failed(span, type(error).__name__)
            raise


def failed(span: Span, kind: str) -> None:
    """Mark a span as failed, by the kind of its error."""
    span.set_attribute("error.type", kind)
    span.set_status(StatusCode.ERROR)


@contextmanager
def tool_span(tool: str, ticket_id: str, tenant: str) -> Iterator[Span]:
    """One call of a tool, whatever it takes."""
    attributes: dict[str, Attribute | None] = {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": tool,
        "gen_ai.conversation.id": ticket_id,
        "deskhand.tenant": tenant,
    }
    with spanned(f"execute_tool {tool}", attributes) as span:
        yield span


@contextmanager
def attempt_span(tool: str, number: int) -> Iterator[Span]:
    """One attempt of a call: the outside service is its child."""
    attributes: dict[str, Attribute | None] = {
        "gen_ai.tool.name": tool,
        "deskhand.attempt": number,
    }
    with spanned(f"attempt {tool}", attributes, kind=CLIENT) as span:
        yield span


@contextmanager
def chat_span(model: str, decision: str, cause: str, ticket_id: str) -> Iterator[Span]:
    """One call of a chat model. `model` is `provider:model`."""
    provider, _, name = model.partition(":")
    attributes: dict[str, Attribute | None] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": provider,
        "gen_ai.request.model": name,
        "gen_ai.conversation.id": ticket_id,
        "deskhand.decision": decision,
        "deskhand.cause": cause,
    }
    with spanned(f"chat {name}", attributes, kind=CLIENT) as span:
        yield span
