"""Spans are collected in memory, and a bench works on tickets."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from api.telemetry.setup import provider_for
from tests.bench import Bench, opened

Opened = Callable[..., AbstractAsyncContextManager[Bench]]


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


@pytest.fixture
async def bench(tmp_path: Path, template: Path) -> AsyncIterator[Bench]:
    """Scripted minds, one passage, no tools."""
    async with opened(tmp_path / "home", template) as found:
        yield found


@pytest.fixture
def open_bench(tmp_path: Path, template: Path) -> Opened:
    """Opens a bench with parts of one's own."""

    def build(**parts: Any) -> AbstractAsyncContextManager[Bench]:
        return opened(tmp_path / "home", template, **parts)

    return build
