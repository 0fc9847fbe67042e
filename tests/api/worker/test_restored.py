"""Yesterday's copy comes back: nobody is answered twice, and nobody who was erased is back."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from api.cli import backup
from api.cli.failures import CommandFault
from api.settings import Settings, read_settings
from api.wiring import open_wiring
from api.worker import assembly
from memory import transfer
from memory.backup.archive import BackupRefused
from memory.encoder.encoder import HashEncoder
from memory.erasure import requests
from memory.handoffs.listing import Filter, listed
from memory.knowledge.index import MemoryIndex
from memory.sealing.keyring import new_key
from memory.storage.database import Database
from memory.storage.queue import Queue
from memory.tables import (
    Handoff,
    HandoffNote,
    Letter,
    Message,
    OutboxStatus,
    Outcome,
    Ticket,
    TicketStatus,
)
from memory.tickets import intake, lifecycle
from memory.tickets.intake import NewTicket
from tests.desks import TENANT, hand_off, run, settings_in

ADDRESS = "zwiebelfisch@example.com"


@pytest.fixture(params=["sqlite", "postgres"])
def settings(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """A desk on each engine; the commands are told of it by the environment."""
    template: Path = request.getfixturevalue(f"{request.param}_template")
    made = settings_in(tmp_path / "home", template)
    return told(monkeypatch, made.home, made.ledger_url)


def told(monkeypatch: pytest.MonkeyPatch, home: Path, url: str) -> Settings:
    """The settings of the commands from now on."""
    monkeypatch.setenv("DESKHAND_HOME", str(home))
    monkeypatch.setenv("DESKHAND_DATABASE_URL", url)
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
    async with Database(settings.ledger_url) as database, database.reading() as session:
        return list(await session.exec(select(table)))


async def found(settings: Settings, words: str) -> list[str]:
    """Ids of the handoffs that a search of the queue finds."""
    opened = Database(settings.ledger_url, None, settings.keyring)
    async with opened as database, database.reading() as session:
        return [one.handoff.id for one in await listed(session, TENANT, Filter(query=words))]


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
    async with Database(settings.ledger_url) as ledger, ledger.transaction() as session:
        begun = lifecycle.made(await lifecycle.begin(session, ticket.id, run=1))
        await lifecycle.settle(session, ticket.id, epoch=begun.epoch, outcome=Outcome.DELIVERED)


async def begins(settings: Settings, ticket_id: str) -> bool:
    """Whether its queued run would be driven."""
    async with Database(settings.ledger_url) as database, database.transaction() as session:
        return isinstance(await lifecycle.begin(session, ticket_id, run=1), lifecycle.Begun)


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
        async with Database(settings.ledger_url) as ledger, ledger.transaction() as session:
            letter = Letter(
                id="ltr_1", tenant=TENANT, ticket_id=ticket.id, handoff_id="hnd_1", turn=1,
                epoch=1, kind="notice", purpose="late", text="soon",
            )  # fmt: skip
            session.add(letter)

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


@pytest.mark.parametrize("settings", ["postgres"], indirect=True)
def test_a_backup_comes_back_on_the_other_engine(
    settings: Settings, tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a server into a folder and back: the same key, the same people, found by their words.

    The text that was plain on the server is sealed in the file, as whoever makes it has a key.
    """
    ticket = run(accepted(settings, "a@example.com"))
    monkeypatch.setenv("DESKHAND_ENCRYPTION_KEY", new_key())
    settings = read_settings()
    run(hand_off(settings, ticket.id, "hnd_1"))
    key = settings.hmac_key
    backup.backup(tmp_path / "server.tar")
    assert b"hello" not in (tmp_path / "server.tar").read_bytes()

    folder = tmp_path / "folder"
    embedded = told(monkeypatch, folder, f"sqlite:///{folder}/deskhand.db")
    backup.restore(tmp_path / "server.tar")
    assert embedded.hmac_key == key
    assert run(found(embedded, "a@example.com")) == ["hnd_1"]
    backup.backup(tmp_path / "folder.tar")

    told(monkeypatch, settings.home, settings.ledger_url)
    backup.restore(tmp_path / "folder.tar", replace=True)
    assert run(found(settings, "a@example.com")) == ["hnd_1"]
    assert read_settings().hmac_key == key


@pytest.mark.parametrize("settings", ["postgres"], indirect=True)
def test_what_does_not_arrive_leaves_the_server_as_it_was(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A restore that breaks in the middle has emptied nothing."""
    kept = run(accepted(settings, "a@example.com"))
    backup.backup(tmp_path / "copy.tar")

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(transfer, "_make_findable", broken)
    with pytest.raises(OSError, match="No space"):
        backup.restore(tmp_path / "copy.tar", replace=True)
    (stored,) = run(rows(settings, Ticket))
    assert (stored.id, stored.status) == (kept.id, TicketStatus.QUEUED)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_what_an_api_has_open_is_not_replaced(settings: Settings, tmp_path: Path) -> None:
    """It would go on in a file that has no name, and lose what it acknowledges."""
    backup.backup(tmp_path / "copy.tar")
    with closing(sqlite3.connect(settings.home / "deskhand.db")) as idle:
        idle.execute("SELECT count(*) FROM tickets").fetchone()
        with pytest.raises(CommandFault, match="such as the API"):
            backup.restore(tmp_path / "copy.tar", replace=True)
    backup.restore(tmp_path / "copy.tar", replace=True)


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
    with pytest.raises(BackupRefused, match="not a complete backup"):
        backup.restore(tmp_path / "torn.tar", replace=True)
    (stored,) = run(rows(settings, Ticket))
    assert (stored.id, stored.status) == (ticket.id, TicketStatus.QUEUED)
