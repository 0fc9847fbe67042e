"""Whatever a service does, in whatever order, and however often a process is replaced."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from memory.budgets.budgets import UnlimitedBudget
from memory.fingerprints import effect_key
from memory.tables import EffectStatus
from tests.tools.bench import HandClock, called, caller_of, spec_of, write_spec
from tools.adapters.fakes import ListedLedger, ListedLog
from tools.catalog import Catalog
from tools.checks.permission import Permissions
from tools.contract import CallContext, Json, ToolOutcome, ToolSpec
from tools.faults import (
    NotFound,
    RateLimited,
    Rejected,
    SchemaChanged,
    ServiceError,
    ToolFault,
    Unreachable,
)
from tools.gateway import ToolGateway
from tools.resilience.guards import Guards

OK = {"order_id": "A1"}
FAULTS: dict[str, ToolFault] = {
    "500": ServiceError("500"),
    "422": Rejected("422"),
    "404": NotFound("404"),
    "429": RateLimited("429", retry_after=0.5),
    "gone": Unreachable("gone"),
    "never sent": Unreachable("refused", certain=True),
    "other": SchemaChanged("other"),
}
DOUBTFUL = [name for name, fault in FAULTS.items() if not fault.certain]
EVENTS = st.lists(
    st.tuples(st.just("before"), st.sampled_from(sorted(FAULTS)))
    | st.tuples(st.just("after"), st.sampled_from(sorted(DOUBTFUL)))
    | st.just(("fine", "")),
    max_size=9,
)
"""What each attempt meets: a fault before or after the effect, or none."""


class Moody:
    """A service with a list of moods; without any left it is fine."""

    def __init__(self, spec: ToolSpec, moods: list[tuple[str, str]], *, tells: bool) -> None:
        self.spec = spec
        self.moods = list(moods)
        self.tells = tells
        self.effects: list[str] = []
        self.attempts = 0

    async def call(self, arguments: Json, *, key: str | None, caller: CallContext) -> Json:
        """Do it, or not, and say so, or not."""
        self.attempts += 1
        when, name = self.moods.pop(0) if self.moods else ("fine", "")
        if when == "before":
            raise FAULTS[name]
        if not (self.spec.honours_key and key in self.effects):
            self.effects.append(str(key))
        if when == "after":
            raise FAULTS[name]
        return OK

    async def reconcile(self, key: str) -> Json | None:
        """Tell, where it can."""
        if not self.tells:
            raise FAULTS["500"]
        return OK if key in self.effects else None


def gateway(tool: Any, ledger: ListedLedger, log: ListedLog) -> ToolGateway:
    """A fresh process's gateway."""
    return ToolGateway(
        Catalog({tool.spec.name: tool}),
        permissions=Permissions(lambda _: frozenset({tool.spec.name})),
        guards=Guards(pace=HandClock().pace),
        budget=UnlimitedBudget(),
        ledger=ledger,
        log=log,
        pace=HandClock().pace,
    )


def consistent(outcome: ToolOutcome, tool: Moody, ledger: ListedLedger) -> None:
    """What the outcome says, the world and the ledger confirm."""
    status = ledger.rows[effect_key("t1", 1, "refund", OK)][0]
    assert len(tool.effects) <= 1
    if outcome["status"] in ("ok", "suppressed"):
        assert (len(tool.effects), status) == (1, EffectStatus.DONE)
    elif outcome["status"] == "failed":
        assert (len(tool.effects), status) == (0, EffectStatus.FAILED)
    else:
        assert (outcome["status"], status) == ("unknown", EffectStatus.UNKNOWN)


@settings(max_examples=300, deadline=None)
@given(EVENTS, st.booleans(), st.booleans(), st.lists(st.booleans(), min_size=1, max_size=4))
async def test_an_outcome_of_a_write_is_the_truth(
    moods: list[tuple[str, str]], keyed: bool, tells: bool, restarts: list[bool]
) -> None:
    """ok: done once; failed: certainly not done; unknown: at most once. Never twice."""
    tool = Moody(write_spec(honours_key=keyed), moods, tells=tells)
    ledger, log = ListedLedger(), ListedLog()
    made = gateway(tool, ledger, log)
    for restart in restarts:
        made = gateway(tool, ledger, log) if restart else made
        outcome = await made.call(called("refund", OK), caller_of())
        assert outcome["attempts"] <= 3
        consistent(outcome, tool, ledger)


@settings(max_examples=200, deadline=None)
@given(EVENTS, st.integers(1, 3), st.integers(1, 6))
async def test_a_read_is_bounded_and_told_in_full(
    moods: list[tuple[str, str]], attempts: int, times: int
) -> None:
    """Never more attempts than allowed, one row for each, and one for every call."""
    tool = Moody(spec_of(retry={"attempts": attempts}), moods, tells=True)
    log = ListedLog()
    made = gateway(tool, ListedLedger(), log)
    outcomes = [await made.call(called("lookup_order", OK), caller_of()) for _ in range(times)]
    assert all(outcome["attempts"] <= attempts for outcome in outcomes)
    left = [e for e in log.entries if e.kind == "attempt" and "breaker_open" not in str(e.error)]
    held = [e for e in left if "our own limit" in str(e.error)]
    assert len(left) - len(held) == tool.attempts == sum(o["attempts"] for o in outcomes)
    assert len(log.told("call")) == times
    assert all((o["value"] is None) is (o["error"] is not None) for o in outcomes)
