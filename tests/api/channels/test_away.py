"""The channels outlast a ledger that is away, and tell of it once a minute."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest
from structlog.testing import capture_logs

from api.channels import dispatch
from api.channels.dispatch import Dispatch
from api.channels.helpdesk.source import HelpdeskSource
from api.channels.mail import source
from api.channels.mail.reading import Reader
from api.channels.mail.source import MailSource
from evals.stack.stack import free_port
from memory.storage.database import Database
from memory.storage.errors import StorageUnavailable
from tests.channels import CHANNEL, OtherSide, intake_of
from tests.memory.ledgers import TENANT, Ledger
from tools.adapters.mail.servers import Mailbox, Server
from tools.faults import Unreachable

SHORT = 0.005


@pytest.fixture
def away(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A database of which no unit of work begins."""

    def refuse(*_given: Any) -> None:
        raise StorageUnavailable("the database cannot be reached")

    for name in ("transaction", "reading"):
        monkeypatch.setattr(Database, name, refuse)
    return ledger.database


async def _run_for_a_moment(running: Any) -> None:
    task = asyncio.create_task(running.run())
    await asyncio.sleep(60 * SHORT)
    assert not task.done(), task.exception()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_what_looks_several_times_a_second_tells_of_it_once(
    away: Database, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each look fails in the same way: the log would be full of it."""
    monkeypatch.setattr(dispatch, "IDLE_SECONDS", SHORT)
    with capture_logs() as lines:
        await _run_for_a_moment(Dispatch(away, ledger.queue, TENANT, CHANNEL, OtherSide()))
    assert len(lines) == 1
    assert lines[0]["channel"] == CHANNEL


async def test_a_mailbox_that_is_away_as_well_ends_nothing(
    away: Database, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That it is away cannot be told then, and the process would end over it, again and again."""
    monkeypatch.setattr(source, "FIRST_PAUSE_SECONDS", SHORT)
    nobody = Server("127.0.0.1", free_port(), "none", "me", "secret")
    box = Mailbox("me@example.com", "", nobody, nobody)
    with capture_logs() as lines:
        await _run_for_a_moment(
            MailSource(away, TENANT, CHANNEL, box, intake_of(ledger), Reader("me@example.com"))
        )
    assert [line["part"] for line in lines] == ["in"]


async def test_a_helpdesk_that_is_away_as_well_ends_nothing(
    away: Database, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next look tells of it."""

    async def unreachable(_source: HelpdeskSource) -> bool:
        raise Unreachable("it does not answer")

    monkeypatch.setattr(HelpdeskSource, "round", unreachable)
    desk: Any = None
    source_of = HelpdeskSource(away, TENANT, CHANNEL, desk, intake_of(ledger))
    assert await source_of.step() > 0
