"""Starts the engine, and what a process does once it has everything it needs."""

from __future__ import annotations

from typing import Any

from dbos import DBOS, DBOSConfig
from langchain_core.callbacks.manager import (
    AsyncCallbackManager,
    AsyncCallbackManagerForChainRun,
    AsyncParentRunManager,
)
from sqlalchemy.exc import DBAPIError

from api.settings import Settings
from memory.storage.errors import StorageUnavailable, advice, unavailable
from memory.storage.queue import APPLICATION, APPLICATION_VERSION

UNUSED_SECONDS = 60.0
"""How often the engine looks for schedules, which nothing of ours uses."""


def configured(settings: Settings, executor: str) -> DBOSConfig:
    """The engine's settings for one life of a worker."""
    return {
        "name": APPLICATION,
        "system_database_url": settings.ledger_url,
        "application_version": APPLICATION_VERSION,
        "executor_id": executor,
        "run_migrations": False,
        "log_level": "WARNING",
        "enable_otlp": False,
        # Of nothing, and without the database; when told to stop they end no sooner.
        "notification_listener_polling_interval_sec": 1.0,
        "notification_coalesce_sec": 1.0,
        "scheduler_polling_interval_sec": UNUSED_SECONDS,
    }


def tell_nobody() -> None:
    """Spare LangChain what it does for each node and edge of the graph so that handlers hear of it.

    It tells them of the end in a task with four callbacks, and hands tags and metadata on to those
    of what is within; where there are handlers it does.
    """
    ended = AsyncCallbackManagerForChainRun.on_chain_end

    async def on_chain_end(
        self: AsyncCallbackManagerForChainRun, outputs: Any, **named: Any
    ) -> None:
        if self.handlers:
            await ended(self, outputs, **named)

    inner = AsyncParentRunManager.get_child

    def get_child(self: AsyncParentRunManager, tag: str | None = None) -> AsyncCallbackManager:
        if self.inheritable_handlers:
            return inner(self, tag)
        return AsyncCallbackManager(handlers=[], parent_run_id=self.run_id)

    AsyncCallbackManagerForChainRun.on_chain_end = on_chain_end  # type: ignore[method-assign]
    AsyncParentRunManager.get_child = get_child  # type: ignore[method-assign]


def launch() -> None:
    """Start it: it begins to work at once.

    Raises `StorageUnavailable`; the engine's own complaint about a database that is away is a page long.
    """
    try:
        DBOS.launch()
    except DBAPIError as error:
        if not unavailable(error):
            raise
        raise StorageUnavailable(advice(error)) from error
