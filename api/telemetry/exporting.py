"""What sends spans out. Loaded where an export is configured, since the SDK takes every process two megabytes."""

from __future__ import annotations

import os

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import IdGenerator, RandomIdGenerator
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from typing_extensions import override

from api.telemetry.ids import NEXT

QUEUE_SPANS = 2_048
"""Spans that wait for the exporter; more are dropped, and no ticket waits."""
BATCH_SPANS = 256
EVERY_MS = 1_000
"""How often waiting spans are sent."""
EXPORT_SECONDS = 5
"""How long one batch may take, its repetitions included."""


class TicketIds(IdGenerator):
    """Random ids, unless the next span's were chosen."""

    def __init__(self) -> None:
        self._random = RandomIdGenerator()

    @override
    def generate_span_id(self) -> int:
        chosen = NEXT.get()
        return self._random.generate_span_id() if chosen is None else chosen.span_id

    @override
    def generate_trace_id(self) -> int:
        chosen = NEXT.get()
        return self._random.generate_trace_id() if chosen is None else chosen.trace_id


def batches_to(endpoint: str) -> SpanProcessor:
    """Spans that leave together, for a collector."""
    return BatchSpanProcessor(
        OTLPSpanExporter(endpoint=endpoint, timeout=EXPORT_SECONDS),
        max_queue_size=QUEUE_SPANS,
        max_export_batch_size=BATCH_SPANS,
        schedule_delay_millis=EVERY_MS,
        export_timeout_millis=EXPORT_SECONDS * 1_000,
    )


def provider_for(processor: SpanProcessor, share: float, role: str) -> TracerProvider:
    """A provider that gives tickets their own ids and keeps a share of the traces."""
    name = os.environ.get("OTEL_SERVICE_NAME") or f"deskhand-{role}"
    provider = TracerProvider(
        sampler=ParentBased(TraceIdRatioBased(share)),
        resource=Resource.create({"service.name": name}),
        id_generator=TicketIds(),
        shutdown_on_exit=False,
    )
    provider.add_span_processor(processor)
    return provider
