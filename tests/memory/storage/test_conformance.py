"""LangGraph's own tests of savers, over ours, on both engines.

Each call has a saver of its own, so that what is read has been stored. What a thread of one row leaves out
is named with its reason, and must fail: a test that passes meanwhile has to be taken off the list.
"""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    BaseCheckpointSaver,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
)
from typing_extensions import override

from memory.storage.checkpoints import Saver
from memory.storage.database import Database
from memory.storage.opening import open_checkpoints
from memory.tables import Ticket

PACKAGES = Path(".cache/conformance")
"""Where the package of requirements-conformance.lock is, as `make test` puts it."""
SPEC = "langgraph.checkpoint.conformance.spec"
PARTS = ("put", "put_writes", "get_tuple", "list", "delete_thread")
"""What every saver must do; copying, pruning and deleting of runs are extensions."""
EPOCH = 1
OLDER = "a thread is one row, so there is no older checkpoint to be read or listed"
NAMESPACES = "the graph has no subgraph, so a thread has no namespace but its own"
LEFT_OUT: Mapping[str, str] = {
    "test_put_child_namespace": NAMESPACES,
    "test_put_writes_across_namespaces": NAMESPACES,
    "test_get_tuple_respects_namespace": NAMESPACES,
    "test_put_multiple_checkpoints_same_thread": OLDER,
    "test_put_incremental_channel_update": OLDER,
    "test_get_tuple_specific_checkpoint_id": OLDER,
    "test_list_all": OLDER,
    "test_list_by_thread": OLDER,
    "test_list_ordering": OLDER,
    "test_list_metadata_filter_single_key": OLDER,
    "test_list_metadata_filter_step": OLDER,
    "test_list_metadata_custom_keys": OLDER,
    "test_list_before": OLDER,
    "test_list_limit": OLDER,
    "test_list_limit_plus_before": OLDER,
    "test_list_combined_thread_and_filter": OLDER,
}

sys.path.append(str(PACKAGES))


def _tests() -> list[Any]:
    """(name, test) of each test; none where the package is missing."""
    if find_spec("langgraph.checkpoint.conformance") is None:
        return []
    parts = [import_module(f"{SPEC}.test_{part}") for part in PARTS]
    lists = [
        getattr(one, f"ALL_{part.upper()}_TESTS") for one, part in zip(parts, PARTS, strict=True)
    ]
    return [pytest.param(test, id=test.__name__) for tests in lists for test in tests]


class OneAtATime(BaseCheckpointSaver[int]):
    """A saver for all threads, as the tests want one, of ours for one thread and one drive each."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database
        self._checkpoints = open_checkpoints(database)

    @asynccontextmanager
    async def _saver(self, config: RunnableConfig) -> AsyncIterator[Saver]:
        """Of the thread's ticket, which there has to be: without one nothing is stored."""
        thread = str(config["configurable"]["thread_id"])
        async with self._database.transaction() as session:
            if await session.get(Ticket, thread) is None:
                session.add(Ticket(id=thread, tenant="acme", subject="x"))
        async with self._checkpoints.saver(thread, EPOCH) as saver:
            yield saver

    @override
    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        async with self._saver(config) as saver:
            return await saver.aput(config, checkpoint, metadata, new_versions)

    @override
    async def aput_writes(
        self,
        config: RunnableConfig,
        writes: Sequence[tuple[str, Any]],
        task_id: str,
        task_path: str = "",
    ) -> None:
        async with self._saver(config) as saver:
            await saver.aput_writes(config, writes, task_id, task_path)

    @override
    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        async with self._saver(config) as saver:
            return await saver.aget_tuple(config)

    @override
    async def alist(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[CheckpointTuple]:
        assert config is not None, "a drive's saver knows its own thread alone"
        async with self._saver(config) as saver:
            async for one in saver.alist(config, filter=filter, before=before, limit=limit):
                yield one

    @override
    async def adelete_thread(self, thread_id: str) -> None:
        await self._checkpoints.forget(thread_id, EPOCH)


@pytest.mark.skipif(not os.environ.get("CI"), reason="only CI promises that it is installed")
def test_the_tests_of_savers_are_there() -> None:
    """Or they would be left out in silence."""
    assert _tests()


@pytest.mark.parametrize("test", _tests())
async def test_our_saver_is_one_of_langgraph(test: Any, database: Database) -> None:
    """As LangGraph's own tests tell, but for what is left out on purpose."""
    reason = LEFT_OUT.get(test.__name__)
    saver = OneAtATime(database)
    if reason is None:
        await test(saver)
        return
    with pytest.raises(AssertionError):
        await test(saver)
    pytest.skip(reason)
