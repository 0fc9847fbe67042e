"""Guards are shared, visible, and bounded in number."""

import pytest

from tests.tools.bench import spec_of
from tools.resilience import guards as module
from tools.resilience.guards import Guards


def test_one_guard_for_a_tool_of_a_tenant() -> None:
    """The same tool of another tenant has its own."""
    guards, spec = Guards(), spec_of()
    assert guards.of("acme", spec) is guards.of("acme", spec)
    assert guards.of("acme", spec) is not guards.of("other", spec)
    assert set(guards.view()) == {"acme/lookup_order", "other/lookup_order"}


def test_a_desk_that_changes_the_numbers_gets_a_new_guard() -> None:
    """More slots are not kept back by the old bulkhead."""
    guards = Guards()
    guards.of("acme", spec_of(slots=1))
    assert guards.of("acme", spec_of(slots=9)).bulkhead.slots == 9


def test_idle_guards_are_forgotten_and_open_ones_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded, but what was learned about a failing tool is not lost."""
    monkeypatch.setattr(module, "MOST_GUARDS", 3)
    guards = Guards()
    breaker = guards.of("acme", spec_of("broken")).breaker
    for _ in range(5):
        breaker.record(breaker.admit(), "failure")
    for number in range(5):
        guards.of("acme", spec_of(f"tool_{number}"))
    assert set(guards.view()) == {"acme/broken", "acme/tool_3", "acme/tool_4"}
