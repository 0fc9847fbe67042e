"""Spans are collected in memory."""

from collections.abc import Callable, Iterator

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from api.telemetry.exporting import provider_for


@pytest.fixture(scope="session")
def exporter() -> InMemorySpanExporter:
    """The process has one provider: it is set once, and from then on for all tests."""
    found = InMemorySpanExporter()
    trace.set_tracer_provider(provider_for(SimpleSpanProcessor(found), 1.0, "tests"))
    return found


@pytest.fixture
def spans(exporter: InMemorySpanExporter) -> Iterator[Callable[[], list[ReadableSpan]]]:
    """The spans that ended since the test began."""
    exporter.clear()
    yield lambda: list(exporter.get_finished_spans())
    exporter.clear()
