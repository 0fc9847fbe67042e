"""A vector index that hangs takes one thread, not one more for each look."""

import threading

import pytest

from memory.knowledge.index import IndexUnavailable
from memory.knowledge.index_look import IndexLook


async def test_one_look_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """While it hangs it is said so; then its end counts, and the next look is a new one."""
    monkeypatch.setattr("memory.knowledge.index_look.CHECK_SECONDS", 0.01)
    answered, looks = threading.Event(), list[int]()

    def check() -> None:
        looks.append(1)
        answered.wait()
        if len(looks) > 1:
            raise IndexUnavailable("it is gone")

    look = IndexLook(check)
    for _ in range(3):
        assert "did not answer" in str(await look.trouble())
    assert len(looks) == 1
    answered.set()
    monkeypatch.setattr("memory.knowledge.index_look.CHECK_SECONDS", 60.0)
    assert (await look.trouble(), len(looks)) == (None, 1)
    assert (await look.trouble(), len(looks)) == ("it is gone", 2)
