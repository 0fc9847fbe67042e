"""What a process remembers of its calls is bounded."""

from typing import Any

import pytest

from tools.contract import ToolOutcome
from tools.outcomes import ended
from tools.resilience import singleflight
from tools.resilience.singleflight import SingleFlight


def outcome(value: Any) -> ToolOutcome:
    """A result."""
    return ended("lookup", "f", value, None, "ok", duration_ms=1.0)


async def fly(table: SingleFlight, name: str, size: int = 1) -> Any:
    """One call of a ticket of that name."""

    async def make() -> ToolOutcome:
        return outcome({"text": "x" * size})

    return await table.once(("acme", name, 1, "", "f"), "read", make)


async def test_the_oldest_result_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the number of results that are kept, the first one is made anew."""
    monkeypatch.setattr(singleflight, "MOST_REMEMBERED", 3)
    table = SingleFlight(lambda: 0.0)
    for name in "abcd":
        await fly(table, name)
    assert [(await fly(table, name)).repeated for name in "da"] == [True, False]
    assert len(table._memories) == 3


async def test_large_results_push_others_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound is in bytes too."""
    monkeypatch.setattr(singleflight, "MOST_REMEMBERED_BYTES", 1_000)
    table = SingleFlight(lambda: 0.0)
    for name in "abc":
        await fly(table, name, 400)
    assert table._bytes <= 1_000
    assert len(table._memories) == 2
    await fly(table, "d", 5_000)
    assert (table._bytes, len(table._memories)) == (0, 0)
