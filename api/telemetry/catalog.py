"""Every metric there is: its name, kind, labels and meaning. Rules and dashboards are checked by it.

Labels are names that a desk or the program chose (tenant, tool, node, code): never a ticket, a
customer or a text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["counter", "gauge", "histogram"]
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True)
class Metric:
    """One metric family."""

    name: str
    """Without the suffix that its kind adds."""
    kind: Kind
    help: str
    labels: tuple[str, ...] = ("tenant",)
    buckets: tuple[float, ...] = ()
    """Upper bounds, for histograms."""

    @property
    def series(self) -> frozenset[str]:
        """Names under which Prometheus stores it."""
        if self.kind == "counter":
            return frozenset({f"{self.name}_total"})
        if self.kind == "histogram":
            return frozenset(f"{self.name}{end}" for end in ("_bucket", "_sum", "_count"))
        return frozenset({self.name})


def _counter(name: str, text: str, *labels: str) -> Metric:
    return Metric(name, "counter", text, ("tenant", *labels))


def _histogram(name: str, text: str, *labels: str, buckets: tuple[float, ...] = SECONDS) -> Metric:
    return Metric(name, "histogram", text, labels, buckets)


FOLDED: tuple[Metric, ...] = (
    _counter("deskhand_tickets_accepted", "Tickets accepted."),
    _counter("deskhand_turns", "Turns that came to rest, by how they ended.", "outcome"),
    _counter("deskhand_handoffs", "Turns handed to a person, by reason.", "reason"),
    _counter("deskhand_drives", "Drives of the graph, by cause.", "cause"),
    _counter("deskhand_redrives", "Tickets that the sweeper had to put into the queue again."),
    _counter("deskhand_node_failures", "Attempts of nodes that failed.", "node"),
    _counter("deskhand_findings", "Objections of checks to drafts.", "check"),
    _counter("deskhand_tool_calls", "Calls of tools, by outcome.", "tool", "outcome"),
    _counter("deskhand_tool_attempts", "Attempts of tools, by cause.", "tool", "cause"),
    _counter("deskhand_tool_errors", "Failed attempts of tools, by kind of error.", "tool", "kind"),
    _counter("deskhand_model_calls", "Calls of models.", "model", "decision", "outcome"),
    _counter("deskhand_tokens", "Tokens of models, in and out.", "model", "direction"),
    _counter("deskhand_cost_micros", "Cost, in millionths of the tenant's currency.", "name"),
    _histogram("deskhand_node_seconds", "Duration of a node.", "node"),
    _histogram("deskhand_tool_seconds", "Duration of a tool's call.", "tenant", "tool"),
    _histogram("deskhand_model_seconds", "Duration of a model's call.", "model"),
    _histogram(
        "deskhand_confidence", "Confidence that an ask is answered.", "tenant", buckets=SHARES
    ),
)
"""Summed up from the journal, so that they cover every worker and survive each of them."""

LOOKED_UP: tuple[Metric, ...] = (
    Metric("deskhand_tickets", "gauge", "Tickets that are not settled.", ("tenant", "status")),
    Metric("deskhand_queue_age_seconds", "gauge", "Age of the ticket that waits longest."),
    Metric("deskhand_handoffs_overdue", "gauge", "Open handoffs whose first response is overdue."),
    Metric("deskhand_budget_spent", "gauge", "Of the day's budget.", ("tenant", "resource")),
    Metric(
        "deskhand_budget_left",
        "gauge",
        "Of the day's budget, where the desk sets one.",
        ("tenant", "resource"),
    ),
    Metric(
        "deskhand_breakers",
        "gauge",
        "Workers whose breaker for a tool is in a state.",
        ("tenant", "tool", "state"),
    ),
    Metric("deskhand_journal_behind_rows", "gauge", "Rows not summed up yet.", ()),
)
"""Read from the ledger when they are asked for."""

METRICS: dict[str, Metric] = {metric.name: metric for metric in (*FOLDED, *LOOKED_UP)}
