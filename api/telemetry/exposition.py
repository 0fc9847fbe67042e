"""The figures in Prometheus' text format."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
)
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector
from typing_extensions import override

from api.telemetry.catalog import FOLDED, METRICS
from api.telemetry.figures import cumulative
from api.telemetry.meter import Reading

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def exposed(reading: Reading) -> bytes:
    """All families of the catalog, also those without a series yet."""
    registry = CollectorRegistry()
    registry.register(_Once(reading))
    return generate_latest(registry)


class _Once(Collector):
    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    @override
    def collect(self) -> Iterator[Family]:
        yield from _folded(self._reading)
        yield from _gauges(self._reading)


def _folded(reading: Reading) -> Iterator[Family]:
    for metric in FOLDED:
        if metric.kind == "counter":
            counter = CounterMetricFamily(metric.name, metric.help, labels=metric.labels)
            for labels, value in reading.figures.counters.get(metric.name, {}).items():
                counter.add_metric(labels, value)
            yield counter
        else:
            histogram = HistogramMetricFamily(metric.name, metric.help, labels=metric.labels)
            for labels, one in reading.figures.histograms.get(metric.name, {}).items():
                buckets = list(cumulative(metric.name, one))
                histogram.add_metric(labels, buckets, one.total)
            yield histogram


def _gauges(reading: Reading) -> Iterator[Family]:
    tickets, age = _gauge("deskhand_tickets"), _gauge("deskhand_queue_age_seconds")
    for one in reading.standing:
        tickets.add_metric((one.tenant, one.status), one.tickets)
        if one.status == "queued":
            age.add_metric((one.tenant,), one.oldest_seconds)
    late = _gauge("deskhand_handoffs_overdue")
    for tenant, number in reading.overdue.items():
        late.add_metric((tenant,), number)
    breakers = _gauge("deskhand_breakers")
    for breaker in reading.breakers:
        breakers.add_metric((breaker.tenant, breaker.tool, breaker.state), breaker.workers)
    behind = _gauge("deskhand_journal_behind_rows")
    behind.add_metric((), reading.behind)
    yield from (tickets, age, late, breakers, behind)
    yield from _budgets(reading)


def _budgets(reading: Reading) -> Iterator[Family]:
    spent, left = _gauge("deskhand_budget_spent"), _gauge("deskhand_budget_left")
    used = {(one.tenant, one.resource): one.amount for one in reading.spent}
    for (tenant, resource), amount in used.items():
        spent.add_metric((tenant, resource), amount)
    for tenant, ceiling in reading.budgets.items():
        for resource, limit in vars(ceiling).items():
            if limit is not None:
                left.add_metric((tenant, resource), limit - used.get((tenant, resource), 0))
    yield from (spent, left)


def _gauge(name: str) -> GaugeMetricFamily:
    metric = METRICS[name]
    return GaugeMetricFamily(name, metric.help, labels=metric.labels)
