"""Every suite by name, in the order in which `run all` takes them."""

from __future__ import annotations

from evals.harness.suite import Suite
from evals.harness.suites import (
    answer,
    cost,
    faults,
    grounding,
    intent,
    journey,
    retrieval,
    safety,
)

SUITES: dict[str, Suite] = {
    one.SUITE.name: one.SUITE
    for one in (intent, retrieval, answer, grounding, safety, cost, faults, journey)
}
