"""Sums over the journal. Pure: rows in, counters and histograms out, and back from a file."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from api.telemetry.catalog import METRICS
from memory.journal import codec, events
from memory.journal.codes import CallStatus
from memory.journal.events import Event
from memory.tables import Outcome

MOST_SERIES = 2_000
"""Combinations of labels of one metric; what is beyond is summed up as `other`."""
OTHER = "other"
VERSION = 1
Labels = tuple[str, ...]


class JournalLine(NamedTuple):
    """What is looked at of a journal row."""

    id: int
    tenant: str
    kind: str
    name: str
    cause: str
    outcome: str
    duration_ms: float | None
    tokens_in: int
    tokens_out: int
    cost_micros: int
    error: str | None
    numbers: Mapping[str, Any]


@dataclass
class Histogram:
    """Counts by bucket, the last one without an upper bound."""

    counts: list[int]
    total: float = 0.0


@dataclass
class Figures:
    """All sums up to one row of the journal."""

    last_id: int = 0
    counters: dict[str, dict[Labels, float]] = field(default_factory=dict)
    histograms: dict[str, dict[Labels, Histogram]] = field(default_factory=dict)

    def add(self, name: str, labels: Labels, amount: float = 1) -> None:
        """Count."""
        series = self.counters.setdefault(name, {})
        key = _bounded(series, labels)
        series[key] = series.get(key, 0) + amount

    def observe(self, name: str, labels: Labels, value: float) -> None:
        """Sort into its bucket."""
        series, buckets = self.histograms.setdefault(name, {}), METRICS[name].buckets
        key = _bounded(series, labels)
        found = series.setdefault(key, Histogram([0] * (len(buckets) + 1)))
        found.counts[bisect_left(buckets, value)] += 1
        found.total += value

    def as_data(self) -> dict[str, Any]:
        """Plain data for a file."""
        return {
            "version": VERSION,
            "last_id": self.last_id,
            "counters": [
                [name, list(labels), value]
                for name, series in self.counters.items()
                for labels, value in series.items()
            ],
            "histograms": [
                [name, list(labels), one.counts, one.total]
                for name, series in self.histograms.items()
                for labels, one in series.items()
            ],
        }


def figures_of(data: Mapping[str, Any]) -> Figures:
    """What `as_data` gave. Raises `ValueError` if it is of another version or shape."""
    try:
        if data["version"] != VERSION:
            raise ValueError(f"version {data['version']} is not {VERSION}")
        found = Figures(last_id=int(data["last_id"]))
        for name, labels, value in data["counters"]:
            _check(name, labels)
            found.counters.setdefault(name, {})[tuple(labels)] = float(value)
        for name, labels, counts, total in data["histograms"]:
            _check(name, labels)
            if len(counts) != len(METRICS[name].buckets) + 1:
                raise ValueError(f"{name} has other buckets")
            found.histograms.setdefault(name, {})[tuple(labels)] = Histogram(counts, total)
    except (KeyError, TypeError) as error:
        raise ValueError("not the sums of a journal") from error
    return found


def fold(figures: Figures, row: JournalLine) -> None:
    """Add one row. Rows must come in the order of their ids, each once."""
    figures.last_id = row.id
    match codec.event(row):
        case events.StepBase() as step:
            _step(figures, row.tenant, step)
        case events.ToolCalled() | events.LocalAsked() as call:
            _tool(figures, row.tenant, call)
        case events.ModelAsked() as call:
            _model(figures, row.tenant, call)
        case events.Attempted() as attempt:
            _attempt(figures, row.tenant, attempt)
        case event:
            _event(figures, row.tenant, event)


def _step(figures: Figures, tenant: str, step: events.StepBase) -> None:
    if step.duration_ms is not None:
        figures.observe("deskhand_node_seconds", (step.name,), step.duration_ms / 1000)
    if step.error:
        figures.add("deskhand_node_failures", (tenant, step.name))


def _tool(figures: Figures, tenant: str, call: events.ToolCalled | events.LocalAsked) -> None:
    seconds = (call.duration_ms or 0) / 1000
    if call.cost_micros:
        figures.add("deskhand_cost_micros", (tenant, call.name), call.cost_micros)
    figures.add("deskhand_tool_calls", (tenant, call.name, call.outcome.value))
    if call.outcome != CallStatus.SUPPRESSED:
        figures.observe("deskhand_tool_seconds", (tenant, call.name), seconds)


def _model(figures: Figures, tenant: str, call: events.ModelAsked) -> None:
    seconds, decision = (call.duration_ms or 0) / 1000, call.decision.value
    if call.cost_micros:
        figures.add("deskhand_cost_micros", (tenant, call.model), call.cost_micros)
    figures.add("deskhand_model_calls", (tenant, call.model, decision, call.outcome.value))
    figures.observe("deskhand_model_seconds", (call.model,), seconds)
    figures.add("deskhand_tokens", (tenant, call.model, "in"), call.tokens_in)
    figures.add("deskhand_tokens", (tenant, call.model, "out"), call.tokens_out)


def _attempt(figures: Figures, tenant: str, attempt: events.Attempted) -> None:
    figures.add("deskhand_tool_attempts", (tenant, attempt.tool, attempt.cause.value))
    if attempt.error and attempt.error.kind:
        kind = attempt.error.kind.value
        figures.add("deskhand_tool_errors", (tenant, attempt.tool, kind))


def _event(figures: Figures, tenant: str, event: Event) -> None:
    match event:
        case events.AskWeighed(confidence=value):
            figures.observe("deskhand_confidence", (tenant,), value)
        case events.Objected(check=check):
            figures.add("deskhand_findings", (tenant, check.value))
        case events.Accepted():
            figures.add("deskhand_tickets_accepted", (tenant,))
        case events.TurnSettled(outcome=outcome):
            figures.add("deskhand_turns", (tenant, outcome.value))
        case events.Waiting(outcome=reason):
            figures.add("deskhand_turns", (tenant, Outcome.WITH_PERSON.value))
            figures.add("deskhand_handoffs", (tenant, reason.value))
        case events.RunBegan(cause=cause):
            figures.add("deskhand_drives", (tenant, cause.value))
        case events.RunLost():
            figures.add("deskhand_redrives", (tenant,))


def _bounded(series: Mapping[Labels, object], labels: Labels) -> Labels:
    if labels in series or len(series) < MOST_SERIES:
        return labels
    return (OTHER,) * len(labels)


def _check(name: str, labels: list[str]) -> None:
    if len(METRICS[name].labels) != len(labels):
        raise ValueError(f"{name} has other labels")


def cumulative(name: str, found: Histogram) -> Iterator[tuple[str, float]]:
    """Buckets as Prometheus wants them: upper bound as text, count of all up to it."""
    total = 0
    for bound, number in zip((*METRICS[name].buckets, "+Inf"), found.counts, strict=True):
        total += number
        yield (bound if isinstance(bound, str) else f"{bound:g}"), total
