"""Reducers: parallel branches add up, none overwrites another, None begins anew."""

from hypothesis import given
from hypothesis import strategies as st

from graph.state import StepResult, add_counts, merge_steps
from tests.graph.found import result_of

COUNTS = st.dictionaries(st.sampled_from("abc"), st.integers(0, 9))
RESULTS = st.dictionaries(st.text(max_size=3), st.just(result_of()))


@given(st.lists(COUNTS))
def test_counts_add_up_in_any_order(parts: list[dict[str, int]]) -> None:
    """Whichever branch ends first."""
    forth: dict[str, int] = {}
    back: dict[str, int] = {}
    for one, other in zip(parts, reversed(parts), strict=True):
        forth, back = add_counts(forth, one), add_counts(back, other)
    assert forth == back
    assert sum(forth.values()) == sum(sum(part.values()) for part in parts)


@given(st.lists(RESULTS))
def test_no_branch_loses_its_results(parts: list[dict[str, StepResult]]) -> None:
    """Every step's result is there."""
    merged: dict[str, StepResult] | None = None
    for part in parts:
        merged = merge_steps(merged, part)
    assert set(merged or {}) == {name for part in parts for name in part}


@given(COUNTS, RESULTS)
def test_none_begins_anew(counts: dict[str, int], results: dict[str, StepResult]) -> None:
    """At the start of a turn, or of a stretch."""
    assert add_counts(counts, None) == {}
    assert merge_steps(results, None) == {}


def test_the_old_value_is_never_changed_in_place() -> None:
    """A checkpoint may still hold it."""
    counts, results = {"a": 1}, {"s": result_of()}
    add_counts(counts, {"a": 1})
    merge_steps(results, {"t": result_of()})
    assert (counts, list(results)) == ({"a": 1}, ["s"])
