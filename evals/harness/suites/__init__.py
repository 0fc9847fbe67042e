"""Every suite by name, in the order in which `run all` takes them."""

from evals.harness.suite import Suite
from evals.harness.suites.answer import SUITE as ANSWER
from evals.harness.suites.cost import SUITE as COST
from evals.harness.suites.faults import SUITE as FAULTS
from evals.harness.suites.grounding import SUITE as GROUNDING
from evals.harness.suites.intent import SUITE as INTENT
from evals.harness.suites.journey import SUITE as JOURNEY
from evals.harness.suites.retrieval import SUITE as RETRIEVAL
from evals.harness.suites.safety import SUITE as SAFETY

SUITES: dict[str, Suite] = {
    one.name: one for one in (INTENT, RETRIEVAL, ANSWER, GROUNDING, SAFETY, COST, FAULTS, JOURNEY)
}
