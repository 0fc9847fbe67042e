"""Yesterday's copy comes back: nobody is answered twice, and nobody who was erased is back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from api.cli import backup
from api.cli.failures import CommandFault
from api.settings import Settings, read_settings
from api.wiring import open_wiring
from api.worker import assembly
from memory.backup import BackupRefused
from memory.encoder.encoder import HashEncoder
from memory.erasure import requests
from memory.knowledge.index import MemoryIndex
from memory.storage.database import Database
from memory.storage.queue import Queue
from memory.tables import Handoff, HandoffNote, Letter, Message, OutboxStatus, Ticket, TicketStatus
from memory.tickets import intake, lifecycle
from memory.tickets.intake import NewTicket
from tests.desks import TENANT, hand_off, run, settings_in

ADDRESS = "zwiebelfisch@example.com"


@pytest.fixture
def settings(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A desk in a folder; the commands are told of it by the environment."""
    home = tmp_path / "home"
    settings_in(home, sqlite_template)
    monkeypatch.setenv("DESKHAND_HOME", str(home))
    return read_settings()


async def accepted(settings: Settings, address: str) -> Ticket:
    """A ticket of this customer, its run queued."""
    database, queue = Database(settings.ledger_url), Queue(settings.ledger_url)
    try:
        async with database.transaction() as session:
            new = NewTicket("", "hello", customer_email=address)
            found = await intake.accept(
                session, queue, tenant=TENANT, new=new, key=None, digest="d"
            )
        return found.ticket
    finally:
        queue.close()
        await database.close()


async def rows(settings: Settings, table: Any) -> list[Any]:
    """All rows of a table."""
    database = Database(settings.ledger_url)
    try:
        async with database.reading() as session:
            return list(await session.exec(select(table)))
    finally:
        await database.close()


async def erase(settings: Settings, *, ask: bool) -> None:
    """What a worker does with pending erasures, of the customer first where `ask` says so."""
    wiring = open_wiring(settings, encoder=HashEncoder(), index=MemoryIndex(), desks={})
    try:
        if ask:
            async with wiring.database.transaction() as session:
                await requests.ask(
                    session, settings.hmac_key, tenant=TENANT, address=ADDRESS, by="ann"
                )
        await assembly.eraser(wiring).run_pending()
    finally:
        await wiring.close()


async def settle(settings: Settings, ticket: Ticket) -> None:
    """The ticket is answered, after the backup."""
    database = Database(settings.ledger_url)
    async with database.transaction() as session:
        begun = lifecycle.made(await lifecycle.begin(session, ticket.id, run=1))
        await lifecycle.settle(session, ticket.id, epoch=begun.epoch, outcome="delivered")  # type: ignore[arg-type]
    await database.close()


async def begins(settings: Settings, ticket_id: str) -> bool:
    """Whether its queued run would be driven."""
    database = Database(settings.ledger_url)
    try:
        async with database.transaction() as session:
            return isinstance(await lifecycle.begin(session, ticket_id, run=1), lifecycle.Begun)
    finally:
        await database.close()


def test_what_was_under_way_goes_to_a_person_and_is_not_driven(
    settings: Settings, tmp_path: Path
) -> None:
    """It was answered after the backup: its run does not begin again, and a person is told."""
    ticket = run(accepted(settings, "a@example.com"))
    backup.backup(tmp_path / "copy.tar")
    run(settle(settings, ticket))

    backup.restore(tmp_path / "copy.tar", replace=True)

    (stored,) = run(rows(settings, Ticket))
    assert stored.status == TicketStatus.WAITING
    assert not run(begins(settings, ticket.id))
    (handoff,) = run(rows(settings, Handoff))
    assert "backup" in handoff.explanation


def test_what_waits_for_a_person_has_a_note_and_its_letter_is_in_doubt(
    settings: Settings, tmp_path: Path
) -> None:
    """The person may have answered since, and the letter may have gone out."""
    ticket = run(accepted(settings, "a@example.com"))
    run(hand_off(settings, ticket.id, "hnd_1"))

    async def wanted() -> None:
        database = Database(settings.ledger_url)
        async with database.transaction() as session:
            letter = Letter(
                id="ltr_1", tenant=TENANT, ticket_id=ticket.id, handoff_id="hnd_1", turn=1,
                epoch=1, kind="notice", purpose="late", text="soon",
            )  # fmt: skip
            session.add(letter)
        await database.close()

    run(wanted())
    backup.backup(tmp_path / "copy.tar")
    backup.restore(tmp_path / "copy.tar", replace=True)

    (note,) = run(rows(settings, HandoffNote))
    assert "look before you write" in note.text
    (letter,) = run(rows(settings, Letter))
    assert letter.status == OutboxStatus.UNKNOWN


def test_an_erased_customer_is_erased_again(settings: Settings, tmp_path: Path) -> None:
    """The backup still has them: nothing of theirs is driven, and a worker removes it all."""
    run(accepted(settings, ADDRESS))
    kept = run(accepted(settings, "b@example.com"))
    backup.backup(tmp_path / "copy.tar")
    run(erase(settings, ask=True))
    assert len(run(rows(settings, Ticket))) == 1

    backup.restore(tmp_path / "copy.tar", replace=True)
    back = run(rows(settings, Ticket))
    (theirs,) = [one for one in back if one.customer_email == ADDRESS]
    assert theirs.status == TicketStatus.SETTLED
    assert not run(begins(settings, theirs.id))

    run(erase(settings, ask=False))
    assert [one.id for one in run(rows(settings, Ticket))] == [kept.id]
    assert {one.ticket_id for one in run(rows(settings, Message))} == {kept.id}
    for path in settings.home.iterdir():
        assert path.is_dir() or ADDRESS.encode() not in path.read_bytes(), path.name


def test_data_is_given_up_only_where_that_is_said(settings: Settings, tmp_path: Path) -> None:
    """And a file that is no backup changes nothing."""
    ticket = run(accepted(settings, "a@example.com"))
    backup.backup(tmp_path / "copy.tar")
    assert (tmp_path / "copy.tar").stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandFault, match="--replace"):
        backup.restore(tmp_path / "copy.tar", replace=False)
    with pytest.raises(BackupRefused, match="new file"):
        backup.backup(tmp_path / "copy.tar")
    (tmp_path / "torn.tar").write_bytes((tmp_path / "copy.tar").read_bytes()[:2_000])
    with pytest.raises(BackupRefused, match="no whole backup"):
        backup.restore(tmp_path / "torn.tar", replace=True)
    (stored,) = run(rows(settings, Ticket))
    assert (stored.id, stored.status) == (ticket.id, TicketStatus.QUEUED)
