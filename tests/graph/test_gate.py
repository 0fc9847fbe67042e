"""The gate: one way out for each set of facts, and a table of them that is the code's."""

import pytest

from evals.upkeep import ARCHITECTURE, with_block
from graph.gate import WAYS, Block, Draft, Facts, Way, gate, gate_table


def draft(objections: int = 0, *, settled: bool = True, attempt: int = 1) -> Facts:
    """A draft of which two may be made."""
    return Facts(
        draft=Draft(objections=objections, settled_by_revision=settled, attempt=attempt, attempts=2)
    )


@pytest.mark.parametrize(
    ("facts", "way"),
    [
        *((Facts(blocked=block, supported=(True,)), Way(block.value)) for block in Block),
        (Facts(lacking=True, may_replan=True, supported=(True,)), Way.SEEK_ARGUMENT),
        (Facts(lacking=True, supported=(True,)), Way.LACKING),
        (Facts(follows=True, may_replan=True, supported=(True,)), Way.FOLLOW_RECORD),
        (Facts(follows=True, supported=(True,)), Way.COVERED),
        (Facts(supported=(True, True)), Way.COVERED),
        (Facts(supported=(True, False), may_replan=True), Way.LOOK_AGAIN),
        (Facts(supported=(False,), question=True, may_ask=True), Way.ASK_BACK),
        (Facts(supported=(False,), question=True), Way.UNSUPPORTED),
        (Facts(supported=(True, False), question=True, may_ask=True), Way.UNSUPPORTED),
        (draft(), Way.SEND),
        (draft(1), Way.REVISE),
        (draft(1, settled=False), Way.OBJECTED),
        (draft(1, attempt=2), Way.OBJECTED),
    ],
)
def test_each_set_of_facts_has_its_way(facts: Facts, way: Way) -> None:
    """What blocks comes before what was found, and a draft is judged by its checks alone."""
    assert gate(facts) is way


def test_each_handoff_has_a_reason_and_nothing_else_has() -> None:
    """Whoever gets the ticket is told why."""
    assert set(WAYS) == set(Way)
    assert [
        one for one in WAYS.values() if (one.to == "hand_off") != (one.reason is not None)
    ] == []


def test_the_table_of_the_ways_is_the_codes() -> None:
    """ARCHITECTURE.md says what runs."""
    text = ARCHITECTURE.read_text(encoding="utf-8")
    assert with_block(text, "gate", gate_table()) == text
