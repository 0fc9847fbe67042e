"""Every run ends: whatever graph the check accepts, and whatever minds decide on the real one."""

import asyncio
import random
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st
from typing_extensions import override

from evals.stack.journal_gaps import gaps
from graph.build import FAILURE, STOPS, build, edges_of, recursion_limit
from graph.desk.limits import Limits
from graph.minds.contract import (
    Assessor,
    Classifier,
    Confidence,
    Judge,
    MindFault,
    Planner,
    PlanRequest,
    Screener,
    Writer,
    WriteRequest,
)
from graph.minds.scripted import ScriptedScreener, ScriptedWriter, scripted_minds
from graph.state import Ask, Claim, Drafted, Evidence, Planned, Screening, StepResult
from graph.termination import UnboundedCycle, caps, check_termination, worst_case_steps
from memory.tables import TicketStatus
from tests.bench import Bench, opened
from tests.graph.minded import search

NAMES = tuple("abcdef")
REFUSAL = "refuse"
START = "__start__"


@dataclass(frozen=True)
class Maze:
    """A graph with spending nodes and stops."""

    edges: dict[str, frozenset[str]]
    allowed: dict[str, int]
    stops: frozenset[str]


@st.composite
def mazes(draw: st.DrawFn) -> Maze:
    """Any graph of up to eight nodes, most of which the check refuses."""
    nodes = st.sampled_from((*NAMES, "__end__"))
    targets = st.frozensets(nodes, max_size=3)
    edges = {name: draw(targets) for name in (START, *NAMES, REFUSAL)}
    allowed = draw(st.dictionaries(st.sampled_from(NAMES), st.integers(0, 3), max_size=3))
    stops = draw(st.frozensets(st.sampled_from(NAMES), max_size=2)) - set(allowed)
    return Maze(edges, allowed, stops)


def walk(maze: Maze, rng: random.Random, bound: int) -> int:
    """Nodes on one random walk that spends its counters; more than `bound` is a failure."""
    left, node, length = dict(maze.allowed), rng.choice((START, *sorted(maze.stops))), 1
    while length <= bound:
        if node in left and left[node] == 0:
            node = REFUSAL
        else:
            if node in left:
                left[node] -= 1
            onward = sorted(maze.edges.get(node, ()))
            if not onward:
                return length
            node = rng.choice(onward)
        length += 1
        if node in maze.stops:
            return length
    return length


@given(mazes(), st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None)
def test_what_the_check_accepts_ends_within_the_computed_bound(
    maze: Maze, rng: random.Random
) -> None:
    """A random walk that respects the counters never outlives the worst case."""
    try:
        check_termination(maze.edges, frozenset(maze.allowed), maze.stops, REFUSAL)
    except UnboundedCycle:
        reject()
    bound = worst_case_steps(maze.edges, maze.allowed, maze.stops, REFUSAL)
    assert all(walk(maze, rng, bound) <= bound for _ in range(8))


def test_the_real_graph_is_accepted_under_any_limits() -> None:
    """The bound grows with the limits, and is finite for the largest."""
    edges = edges_of(build(Limits()))
    least = worst_case_steps(edges, caps(Limits(replans=0, revisions=0)), STOPS, FAILURE)
    most = worst_case_steps(edges, caps(Limits(replans=5, revisions=2)), STOPS, FAILURE)
    assert least < most < 100


@pytest.mark.parametrize(
    ("source", "target", "named"),
    [
        ("check", "assess", None),
        ("deliver", "deliver", "deliver -> deliver"),
        ("remember", "plan", None),
        ("remember", "triage", "triage -> remember"),
        ("assess", "gather", "gather -> assess"),
        ("deliver", "act", "act -> deliver"),
    ],
)
def test_an_unbounded_cycle_is_refused_by_name(source: str, target: str, named: str | None) -> None:
    """An added edge that makes one fails the check; one through a counter does not."""
    edges = dict(edges_of(build(Limits())))
    edges[source] = edges[source] | {target}
    spending = frozenset(caps(Limits()))
    if named is None:
        check_termination(edges, spending, STOPS, FAILURE)
        return
    with pytest.raises(UnboundedCycle) as refused:
        check_termination(edges, spending, STOPS, FAILURE)
    assert set(named.split(" -> ")) <= set(str(refused.value).replace(":", "").split())


def test_the_way_out_of_a_refusal_must_not_lead_to_a_counter() -> None:
    """It may be used up as well, and then the refusals would chase each other."""
    edges = {START: frozenset({"a"}), "a": frozenset({"__end__"}), REFUSAL: frozenset({"a"})}
    with pytest.raises(UnboundedCycle, match="refuse -> a"):
        check_termination(edges, frozenset({"a"}), frozenset(), REFUSAL)


class Fuzz(Screener, Classifier, Planner, Assessor, Writer, Judge):
    """Minds that decide by chance: every answer the contracts allow, faults included."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - a test's chance must be repeatable

    def _fault(self, share: float = 0.06) -> None:
        if self.rng.random() < share:
            if self.rng.random() < 0.3:
                raise ValueError("a bug")
            msg = "cannot tell"
            raise MindFault(msg, retryable=self.rng.random() < 0.5)

    @override
    async def screen(self, subject: str, text: str, headers: dict[str, str]) -> Screening:
        self._fault(0.03)
        found = await ScriptedScreener().screen(subject, text, headers)
        if self.rng.random() < 0.05:
            found["automatic"] = "auto-replied"
        return found

    @override
    async def classify(self, text: str) -> Any:
        self._fault()
        return {"intent": None, "confidence": self.rng.random(), "threshold": 0.3, "ranked": []}

    @override
    async def plan(self, request: PlanRequest) -> Planned:
        self._fault()
        many = self.rng.choice((1, 1, 2, 3, 8))
        asks: list[Ask] = [
            {"id": f"a{n}", "text": "t", "query": "q", "intent": None}
            for n in range(self.rng.choice((0, 1, 1, 1, 2)))
        ]
        return {
            "round": request.round,
            "asks": asks,
            "steps": [search(f"q{self.rng.randrange(6)}") for _ in range(many)] if asks else [],
            "reason": "chance",
            "overflow": self.rng.random() < 0.03,
        }

    @override
    async def confidence(self, ask: Ask, results: Sequence[StepResult]) -> Confidence:
        self._fault()
        found = [item["id"] for result in results for item in result["evidence"]]
        question = "Which one?" if self.rng.random() < 0.3 else None
        return Confidence(self.rng.random(), found[:1], question)

    @override
    async def write(self, request: WriteRequest) -> Drafted:
        self._fault()
        return await ScriptedWriter().write(request)

    @override
    async def grounding(self, claim: Claim, evidence: Sequence[Evidence]) -> float:
        self._fault()
        return self.rng.random()


def fuzzed(seed: int) -> dict[str, Any]:
    """One fuzzer for every decision."""
    mind = Fuzz(seed)
    names = ("screener", "classifier", "planner", "assessor", "writer", "judge")
    return dict.fromkeys(names, mind)


DECISIONS = ("approve", "reply", "return", "close")


async def live(bench: Bench, rng: random.Random) -> None:
    """One ticket with chance decisions, until it is settled."""
    ticket = await bench.answer("anything")
    for _ in range(bench.runtime.desk.limits.returns + 4):
        assert ticket.status in {TicketStatus.SETTLED, TicketStatus.WAITING}
        assert gaps(await bench.rows(ticket)) == []
        if ticket.status == TicketStatus.SETTLED:
            return
        ticket = await decided(bench, ticket, rng)
    assert ticket.status == TicketStatus.SETTLED


async def decided(bench: Bench, ticket: Any, rng: random.Random) -> Any:
    """The ticket after a decision that its handoff allows."""
    story = (await bench.handoff(ticket)).story
    allowed = [kind for kind in DECISIONS if kind != "approve" or story["suggestion"]]
    if story["returns"] >= 2:
        allowed.remove("return")
    kind = rng.choice(allowed)
    parts = {"reply": {"text": "A person's own answer."}, "return": {"guidance": "look again"}}
    return await bench.settled_by(ticket, kind, **parts.get(kind, {}))


LIMITS = st.builds(
    Limits,
    replans=st.integers(0, 3),
    revisions=st.integers(0, 2),
    steps=st.integers(1, 6),
    tool_calls=st.integers(1, 8),
    node_attempts=st.integers(1, 2),
)


@given(LIMITS, st.integers(0, 2**32))
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a shrunk seed says nothing more
)
def test_any_minds_under_any_limits_end_in_an_answer_or_with_a_person(
    limits: Limits, seed: int
) -> None:
    """The real graph, ledger and checkpoints; every run stays within the recursion limit."""
    asyncio.run(fuzz(limits, seed))


TEMPLATES: dict[str, Path] = {}


@pytest.fixture(autouse=True)
def _template(template: Path) -> None:
    TEMPLATES["ledger"] = template


async def fuzz(limits: Limits, seed: int) -> None:
    """Two tickets on one bench."""
    home = Path(tempfile.mkdtemp(prefix="fuzz-"))
    try:
        async with opened(home, TEMPLATES["ledger"], limits=limits) as bench:
            bench.think(**fuzzed(seed))
            for _ in range(2):
                await live(bench, random.Random(seed))  # noqa: S311 - repeatable
    finally:
        shutil.rmtree(home)


def test_the_bound_is_tight_enough_to_be_reached() -> None:
    """The longest run of the real graph needs about as many steps as it is allowed."""
    graph, limits = build(Limits()), Limits()
    assert 15 <= recursion_limit(graph, limits) <= 40


def test_scripted_and_fuzzed_minds_decide_the_same_things() -> None:
    """No decision is left to a mind that always behaves."""
    assert set(fuzzed(1)) == set(vars(scripted_minds()))
