"""A worker that starts while the database is away says so in a sentence."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from dbos import DBOS
from langchain_core.callbacks import AsyncCallbackHandler
from langchain_core.callbacks.manager import (
    AsyncCallbackManagerForChainRun,
    AsyncParentRunManager,
)
from sqlalchemy.exc import OperationalError, ProgrammingError
from typing_extensions import override

from api.worker.launch import launch, tell_nobody
from memory.storage.errors import StorageUnavailable


def _failing(error: Exception) -> classmethod[DBOS, [], None]:
    def fail(_cls: type[DBOS]) -> None:
        raise error

    return classmethod(fail)


def test_a_database_that_is_away_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine would print a page."""
    away = OperationalError("SELECT 1", {}, psycopg.OperationalError("connection refused"))
    monkeypatch.setattr(DBOS, "launch", _failing(away))
    with pytest.raises(StorageUnavailable, match="cannot be reached"):
        launch()


def test_a_fault_of_ours_is_no_trouble_of_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is sent to look at a server that runs."""
    wrong = ProgrammingError("SELEC 1", {}, psycopg.errors.SyntaxError("SELEC"))
    monkeypatch.setattr(DBOS, "launch", _failing(wrong))
    with pytest.raises(ProgrammingError):
        launch()


async def test_the_end_of_a_node_is_told_to_whoever_listens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And costs no task where nobody does; nor are tags handed on to nobody."""
    heard: list[Any] = []

    class Listens(AsyncCallbackHandler):
        @override
        async def on_chain_end(self, outputs: Any, **_named: Any) -> None:
            heard.append(outputs)

    def run(*handlers: AsyncCallbackHandler) -> AsyncCallbackManagerForChainRun:
        return AsyncCallbackManagerForChainRun(
            run_id=uuid4(),
            handlers=list(handlers),
            inheritable_handlers=list(handlers),
            inheritable_tags=["tag"],
        )

    def no_task(*_args: Any, **_named: Any) -> None:
        raise AssertionError("nobody listens")

    whole = AsyncCallbackManagerForChainRun.on_chain_end
    monkeypatch.setattr(AsyncCallbackManagerForChainRun, "on_chain_end", whole)  # taken back
    child = AsyncParentRunManager.get_child
    monkeypatch.setattr(AsyncParentRunManager, "get_child", child)  # as well
    tell_nobody()
    await run(Listens()).on_chain_end("told")
    with monkeypatch.context() as patched:
        patched.setattr(asyncio, "create_task", no_task)
        await run().on_chain_end("untold")
    assert heard == ["told"]
    heirs = run(Listens()).get_child()
    assert (len(heirs.handlers), heirs.tags) == (1, ["tag"])
    assert run().get_child().tags == []
