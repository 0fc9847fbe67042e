"""`deskhand doctor` names what is wrong, and says what to do."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from api.cli import doctor
from api.ledger import open_ledger
from api.readiness import Check
from api.settings import Settings
from evals.stack.mailed import DESK
from memory.backup.archive import BackupRefused
from memory.backup.ledgers import Place
from memory.backup.making import make
from memory.storage.migrate import migrate
from memory.tables import Drive, WorkerBeat, now
from memory.workers.locks import open_locks
from tests.damage import damage_page
from tests.postgres import copy_of


def found(settings: Settings) -> dict[str, Check]:
    """The checks by name."""
    return {one.name: one for one in doctor.examined(settings)}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A set-up home that nobody works in."""
    made = Settings(home=tmp_path / "home", cache=tmp_path / "cache", _env_file=None)
    migrate(made.ledger_url)
    return made


def test_an_idle_installation_is_told_what_it_lacks(settings: Settings) -> None:
    """A worker and an encoder; the rest is well."""
    checks = found(settings)
    assert list(checks) == [
        *("versions", "ledger", "workers", "index", "queue", "disk", "clock"),
        *("encryption", "leases", "desks", "models", "modes"),
    ]
    assert checks["ledger"].state == checks["queue"].state == checks["clock"].state == "ok"
    assert "deskhand up" in checks["workers"].words
    assert "the first worker makes it" in checks["models"].words
    assert "langgraph" in checks["versions"].words


def test_a_database_that_a_newer_version_has_set_up_is_named(sqlite_settings: Settings) -> None:
    """It can be used, but not by this version alone for ever."""
    path = sqlite_settings.ledger_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0999'")
    told = found(sqlite_settings)["ledger"]
    assert told.state == "warn"
    assert "A newer version has set the database up" in told.words


def test_a_home_that_was_never_set_up_is_named(tmp_path: Path) -> None:
    """With the command that sets it up."""
    checks = found(Settings(home=tmp_path / "gone", _env_file=None))
    assert checks["ledger"].state == checks["modes"].state == "fail"
    assert "deskhand migrate" in checks["modes"].words


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_only_a_dead_worker_that_left_jobs_is_named(
    engine: str, settings: Settings, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """One that is alive is not, nor one whose jobs were taken over; and who takes them is said."""
    if engine == "postgres":
        template = request.getfixturevalue("postgres_template")
        url = copy_of(template, tmp_path / "home")
        settings = settings.model_copy(update={"database_url": url})
    living = open_locks(settings.ledger_url, settings.locks_path)
    asyncio.run(drive(settings, "worker-dead", "worker-living"))
    assert "start one" in found(settings)["leases"].words
    living.take("worker-living")
    check = found(settings)["leases"]
    asyncio.run(drive(settings, "worker-living"))
    after = found(settings)["leases"]
    living.give_back()
    assert (check.state, after.state) == ("warn", "ok")
    assert "worker-dead. A running one" in check.words


async def drive(settings: Settings, *workers: str) -> None:
    """Each of them drives a ticket, and nobody else does."""
    database = open_ledger(settings)
    async with database.transaction() as session:
        await session.execute(delete(Drive))
        for name in workers:
            session.add(Drive(ticket_id=f"of {name}", worker=name, epoch=1))
    await database.close()


def test_files_that_others_may_read_are_named(settings: Settings) -> None:
    """With the command that closes them."""
    settings.home.chmod(0o755)
    assert "chmod -R go=" in found(settings)["modes"].words
    settings.home.chmod(0o700)
    assert found(settings)["modes"].state == "ok"


def test_a_broken_desk_is_named(tmp_path: Path, settings: Settings) -> None:
    """With its line, whatever the others say."""
    folder = tmp_path / "desks"
    folder.mkdir()
    (folder / "a.yaml").write_text("tenant: aaa\ncompany: A\n", encoding="utf-8")
    (folder / "b.yaml").write_text("tenant: bbb\nodd: 1\n", encoding="utf-8")
    told = found(settings.model_copy(update={"desk": folder}))["desks"]
    assert told.state == "fail"
    assert "b.yaml:2" in told.words
    assert "a.yaml" not in told.words


def test_a_misspelt_setting_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be passed over in silence; what commands read themselves is none."""
    monkeypatch.setenv("DESKHAND_KEY", "dk_x")
    assert "settings" not in found(settings)
    monkeypatch.setenv("DESKHAND_QUEUE_DEPHT", "3")
    told = found(settings)["settings"]
    assert told.state == "warn"
    assert told.words == "DESKHAND_QUEUE_DEPHT sets nothing: did you mean DESKHAND_QUEUE_DEPTH?"


def test_a_damaged_page_is_told_and_no_backup_is_made_of_it(sqlite_settings: Settings) -> None:
    """The file can still be written, so that nothing else tells; a backup of it would bring nothing back."""
    damage_page(sqlite_settings.home / "deskhand.db", "journal")
    told = found(sqlite_settings)["ledger"]
    assert told.state == "fail"
    assert "is damaged" in told.words
    target = sqlite_settings.home.parent / "b.tar"
    with pytest.raises(BackupRefused, match="the database is damaged"):
        make(Place(sqlite_settings.home, sqlite_settings.ledger_url), target)
    assert not target.exists()


async def test_a_worker_that_lives_and_writes_elsewhere_is_told_apart(
    sqlite_settings: Settings,
) -> None:
    """Its file was replaced beneath it: nothing is silent there, and only a new start helps."""
    locks = open_locks(sqlite_settings.ledger_url, sqlite_settings.locks_path)
    async with open_ledger(sqlite_settings) as database, database.transaction() as session:
        beat = now() - timedelta(minutes=5)
        session.add(WorkerBeat(worker="worker-1", pid=7, host="box", slots=4, beat_at=beat))
    told = await asyncio.to_thread(found, sqlite_settings)
    assert "`deskhand up` replaces it" in told["workers"].words
    locks.take("worker-1")
    told = await asyncio.to_thread(found, sqlite_settings)
    locks.give_back()
    assert "its process lives. If the ledger's file was replaced" in told["workers"].words
    assert told["workers"].state == "fail"


def test_a_channel_that_nobody_runs_is_told(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing in the ledger tells of it, as where a deployment has no process for it."""
    desk = tmp_path / "desk.yaml"
    monkeypatch.setenv("MAIL_PASSWORD", "secret")
    given = {"tenant": "acme", "address": "desk@example.com", "trusted": "mx.example.com"}
    desk.write_text(DESK.format(**given, imap=993, smtp=465))
    told = found(settings.model_copy(update={"desk": desk}))
    assert told["desks"].state == "ok"
    assert "run `deskhand up` or `deskhand channels`" in told["channels"].words
