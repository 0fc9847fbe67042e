"""`deskhand doctor` names what is wrong, and says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.cli import doctor
from api.readiness import Check
from api.settings import Settings
from memory.storage.migrate import migrate
from memory.workers.locks import open_locks
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
        *("encryption", "leases", "models", "modes"),
    ]
    assert checks["ledger"].state == checks["queue"].state == checks["clock"].state == "ok"
    assert "deskhand up" in checks["workers"].words
    assert "the first worker makes it" in checks["models"].words
    assert "langgraph" in checks["versions"].words


def test_a_home_that_was_never_set_up_is_named(tmp_path: Path) -> None:
    """With the command that sets it up."""
    checks = found(Settings(home=tmp_path / "gone", _env_file=None))
    assert checks["ledger"].state == checks["modes"].state == "fail"
    assert "deskhand migrate" in checks["modes"].words


def test_a_dead_workers_lease_is_told_from_a_living_ones(settings: Settings) -> None:
    """The file of one that was killed is there, and nobody holds it."""
    living = open_locks(settings.ledger_url, settings.locks_path)
    living.take("worker-living")
    (settings.locks_path / "worker-dead.lock").touch()
    check = found(settings)["leases"]
    living.give_back()
    assert check.state == "warn"
    assert "1 of 2" in check.words
    assert "worker-dead" in check.words


def test_leases_in_postgres_are_looked_for_there(postgres_template: Path, tmp_path: Path) -> None:
    """A folder of lock files would say that nobody works."""
    url = copy_of(postgres_template, tmp_path / "home")
    settings = Settings(home=tmp_path / "home", database_url=url, _env_file=None)
    assert "None is held" in doctor.leases(settings).words
    living = open_locks(url, settings.locks_path)
    living.take("worker-living")
    found = doctor.leases(settings)
    living.give_back()
    assert (found.state, "held in Postgres" in found.words) == ("ok", True)


def test_files_that_others_may_read_are_named(settings: Settings) -> None:
    """With the command that closes them."""
    settings.home.chmod(0o755)
    assert "chmod -R go=" in found(settings)["modes"].words
    settings.home.chmod(0o700)
    assert found(settings)["modes"].state == "ok"
