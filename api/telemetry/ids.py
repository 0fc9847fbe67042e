"""Ids of a ticket's trace, derived from the ticket: no process has to tell another.

One trace a ticket. Its root is the acceptance; each drive of the graph is a child of the root with
an id of its own, so that a resumed drive can point to the one before it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags

_LOW_BITS = 0xFFFF_FFFF_FFFF_FFFF


@dataclass(frozen=True)
class Ids:
    """The ids that the next span takes."""

    trace_id: int
    span_id: int


NEXT: ContextVar[Ids | None] = ContextVar("deskhand_next_ids", default=None)


@contextmanager
def next_ids(ids: Ids) -> Iterator[None]:
    """The span that is started in the block has these ids."""
    token = NEXT.set(ids)
    try:
        yield
    finally:
        NEXT.reset(token)


def trace_of(ticket_id: str) -> int:
    """The ticket's trace id."""
    return _digest(16, "trace", ticket_id)


def trace_hex(ticket_id: str) -> str:
    """The same as 32 hexadecimal digits, as logs and tracing tools show it."""
    return trace.format_trace_id(trace_of(ticket_id))


def root_of(ticket_id: str) -> Ids:
    """The span of the acceptance."""
    return Ids(trace_of(ticket_id), _digest(8, "root", ticket_id))


def drive_of(ticket_id: str, epoch: int) -> Ids:
    """The span of one drive."""
    return Ids(trace_of(ticket_id), _digest(8, f"drive {epoch}", ticket_id))


def seen(trace_id: int, share: float) -> bool:
    """Whether a trace belongs to the share that is kept; every process decides alike."""
    return (trace_id & _LOW_BITS) < round(share * (_LOW_BITS + 1))


def span_context(ids: Ids, share: float) -> SpanContext:
    """The ids as a span elsewhere, for links."""
    flags = TraceFlags.SAMPLED if seen(ids.trace_id, share) else TraceFlags.DEFAULT
    return SpanContext(ids.trace_id, ids.span_id, is_remote=True, trace_flags=TraceFlags(flags))


def parent(ids: Ids, share: float) -> Context:
    """A context in which new spans are children of the ids' span, made here or elsewhere."""
    return trace.set_span_in_context(NonRecordingSpan(span_context(ids, share)), Context())


def _digest(size: int, what: str, ticket_id: str) -> int:
    digest = hashlib.sha256(f"deskhand {what} {ticket_id}".encode()).digest()
    return int.from_bytes(digest[:size]) or 1  # zero is no valid id
