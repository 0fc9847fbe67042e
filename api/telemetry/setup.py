"""Opens the export of traces, where one is configured; without it no span costs anything."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

from api.telemetry.ids import TicketIds

QUEUE_SPANS = 2_048
"""Spans that wait for the exporter; more are dropped, and no ticket waits."""
BATCH_SPANS = 256
EVERY_MS = 1_000
"""How often waiting spans are sent."""
EXPORT_SECONDS = 5
"""How long one batch may take, its repetitions included."""
CLOSE_SECONDS = 3.0
"""How long the end of a process waits for its last spans."""
OFF = {"1", "true", "yes"}


@dataclass(frozen=True)
class Tracing:
    """The open export."""

    provider: TracerProvider

    def close(self) -> None:
        """Send what waits, for a bounded time: an exporter that hangs holds no process up."""
        ending = threading.Thread(target=self.provider.shutdown, daemon=True)
        ending.start()
        ending.join(CLOSE_SECONDS)


def endpoint_of(configured: str | None) -> str | None:
    """Where traces go, None for nowhere: our setting first, then OpenTelemetry's own variables."""
    environment = os.environ
    if environment.get("OTEL_SDK_DISABLED", "").lower() in OFF:
        return None
    if environment.get("OTEL_TRACES_EXPORTER", "otlp") == "none":
        return None
    if configured:
        return f"{configured.rstrip('/').removesuffix('/v1/traces')}/v1/traces"
    if traces := environment.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"):
        return traces
    if base := environment.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        return f"{base.rstrip('/')}/v1/traces"
    return None


def open_tracing(endpoint: str | None, share: float, role: str) -> Tracing | None:
    """Export the spans of this process to an OTLP collector; None if none is configured.

    `endpoint` is its base URL, `share` the part of all tickets that is traced, `role` api or
    worker. Headers and certificates come from the OTEL_EXPORTER_OTLP_ variables. Must be called
    once in a process, before spans are made.
    """
    found = endpoint_of(endpoint)
    if found is None:
        return None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    batches = BatchSpanProcessor(
        OTLPSpanExporter(endpoint=found, timeout=EXPORT_SECONDS),
        max_queue_size=QUEUE_SPANS,
        max_export_batch_size=BATCH_SPANS,
        schedule_delay_millis=EVERY_MS,
        export_timeout_millis=EXPORT_SECONDS * 1_000,
    )
    provider = provider_for(batches, share, role)
    trace.set_tracer_provider(provider)
    return Tracing(provider)


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
