"""Sums over the journal. Pure: rows in, counters and histograms out, and back from a file."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from api.telemetry.catalog import METRICS

MOST_SERIES = 2_000
"""Combinations of labels of one metric; what is beyond is summed up as `other`."""
OTHER = "other"
VERSION = 1
Labels = tuple[str, ...]
ENDED = {"settle"}


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
    """What `as_data` gave. Raises `ValueError` where it is of another version or shape."""
    try:
        if data["version"] != VERSION:
            msg = f"version {data['version']} is not {VERSION}"
            raise ValueError(msg)
        found = Figures(last_id=int(data["last_id"]))
        for name, labels, value in data["counters"]:
            _check(name, labels)
            found.counters.setdefault(name, {})[tuple(labels)] = float(value)
        for name, labels, counts, total in data["histograms"]:
            _check(name, labels)
            if len(counts) != len(METRICS[name].buckets) + 1:
                msg = f"{name} has other buckets"
                raise ValueError(msg)
            found.histograms.setdefault(name, {})[tuple(labels)] = Histogram(counts, total)
    except (KeyError, TypeError) as error:
        msg = "not the sums of a journal"
        raise ValueError(msg) from error
    return found


def fold(figures: Figures, row: JournalLine) -> None:
    """Add one row. Rows must come in the order of their ids, each once."""
    figures.last_id = row.id
    match row.kind:
        case "step":
            _step(figures, row)
        case "call":
            _call(figures, row)
        case "attempt":
            _attempt(figures, row)
        case "decision":
            _decision(figures, row)
        case _:
            _event(figures, row)


def _step(figures: Figures, row: JournalLine) -> None:
    if row.duration_ms is not None:
        figures.observe("deskhand_node_seconds", (row.name,), row.duration_ms / 1000)
    if row.error:
        figures.add("deskhand_node_failures", (row.tenant, row.name))


def _call(figures: Figures, row: JournalLine) -> None:
    seconds = (row.duration_ms or 0) / 1000
    model = row.numbers.get("model")
    if row.cost_micros:
        figures.add("deskhand_cost_micros", (row.tenant, str(model or row.name)), row.cost_micros)
    if not model:
        figures.add("deskhand_tool_calls", (row.tenant, row.name, row.outcome))
        if row.outcome != "suppressed":
            figures.observe("deskhand_tool_seconds", (row.tenant, row.name), seconds)
        return
    decision = row.name.partition(":")[2]
    figures.add("deskhand_model_calls", (row.tenant, str(model), decision, row.outcome))
    figures.observe("deskhand_model_seconds", (str(model),), seconds)
    figures.add("deskhand_tokens", (row.tenant, str(model), "in"), row.tokens_in)
    figures.add("deskhand_tokens", (row.tenant, str(model), "out"), row.tokens_out)


def _attempt(figures: Figures, row: JournalLine) -> None:
    figures.add("deskhand_tool_attempts", (row.tenant, row.name, row.cause))
    if row.error:
        kind = row.error.partition(":")[0]
        figures.add("deskhand_tool_errors", (row.tenant, row.name, kind))


def _decision(figures: Figures, row: JournalLine) -> None:
    if row.name == "confidence":
        value = row.numbers.get("confidence")
        if isinstance(value, int | float):
            figures.observe("deskhand_confidence", (row.tenant,), float(value))
    elif row.outcome == "finding":
        figures.add("deskhand_findings", (row.tenant, row.name.removeprefix("check:")))


def _event(figures: Figures, row: JournalLine) -> None:
    match row.kind, row.name:
        case "ticket", "accept":
            figures.add("deskhand_tickets_accepted", (row.tenant,))
        case "ticket", "settle":
            figures.add("deskhand_turns", (row.tenant, row.outcome))
        case "wait", "person":
            figures.add("deskhand_turns", (row.tenant, "with_person"))
            figures.add("deskhand_handoffs", (row.tenant, row.outcome))
        case "run", "drive":
            figures.add("deskhand_drives", (row.tenant, row.cause))
        case "run", "sweep":
            figures.add("deskhand_redrives", (row.tenant,))


def _bounded(series: Mapping[Labels, object], labels: Labels) -> Labels:
    if labels in series or len(series) < MOST_SERIES:
        return labels
    return (OTHER,) * len(labels)


def _check(name: str, labels: list[str]) -> None:
    if len(METRICS[name].labels) != len(labels):
        msg = f"{name} has other labels"
        raise ValueError(msg)


def cumulative(name: str, found: Histogram) -> Iterator[tuple[str, float]]:
    """Buckets as Prometheus wants them: upper bound as text, count of all up to it."""
    total = 0
    for bound, number in zip((*METRICS[name].buckets, "+Inf"), found.counts, strict=True):
        total += number
        yield (bound if isinstance(bound, str) else f"{bound:g}"), total
