"""Opens the export of traces, where one is configured; without it no span costs anything."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opentelemetry import trace

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

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
    from api.telemetry.exporting import batches_to, provider_for

    provider = provider_for(batches_to(found), share, role)
    trace.set_tracer_provider(provider)
    return Tracing(provider)
