"""What machines share by Postgres: secrets sealed or not at all, and seen by all within seconds."""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from memory.sealing.keyring import EncryptionRefused, new_key, read_keyring
from memory.storage import kept_secrets, kept_state
from memory.storage.kept_secrets import SECRETS, KeptUnsealed, Variables
from memory.storage.kept_state import KeptStates
from memory.storage.urls import plain_url
from tests.postgres import copy_of

RING = read_keyring(new_key())
WORD = "zwiebelfisch"


@pytest.fixture
def url(postgres_template: Path, tmp_path: Path) -> str:
    """A server's ledger; one in a file shares nothing."""
    return copy_of(postgres_template, tmp_path / "home")


def cell(url: str, name: str) -> str:
    """As it stands in the database."""
    with psycopg.connect(plain_url(url)) as connection:
        found = connection.execute("SELECT value FROM kept_state WHERE name = %s", (name,))
        row = found.fetchone()
    return "" if row is None else str(row[0])


def test_a_secret_of_one_machine_is_known_to_another(url: str, tmp_path: Path) -> None:
    """In the database it is sealed; the environment counts before it, and it before an own file."""
    kept_secrets.keep(tmp_path / "one", "MAIL_PASSWORD", WORD, KeptStates(url, RING))
    assert not (tmp_path / "one").exists()
    assert WORD not in cell(url, "secret/MAIL_PASSWORD")
    other = tmp_path / "other"
    kept_secrets.keep(other, "MAIL_PASSWORD", "an own file's")
    shared = KeptStates(url, RING)
    assert Variables(other, {}, shared)["MAIL_PASSWORD"] == WORD
    given = Variables(other, {"MAIL_PASSWORD_FILE": "/run/mail"}, shared)
    assert "MAIL_PASSWORD" not in given
    assert {**Variables(other, {"MAIL_PASSWORD": "given"}, shared)} == {"MAIL_PASSWORD": "given"}


def test_without_a_key_nothing_is_kept_and_with_another_nothing_is_read(url: str) -> None:
    """It says which variable to set; what is no secret is kept plain."""
    plain = KeptStates(url, None)
    with pytest.raises(KeptUnsealed, match="no DESKHAND_ENCRYPTION_KEY is set"):
        kept_secrets.keep(Path("nowhere"), "MAIL_PASSWORD", WORD, plain)
    assert not cell(url, "secret/MAIL_PASSWORD")
    plain.put("desk", "acme.yaml", "tenant: acme\n")
    assert plain.texts("desk") == {"acme.yaml": "tenant: acme\n"}
    KeptStates(url, RING).put(SECRETS, "MAIL_PASSWORD", WORD)
    with pytest.raises(EncryptionRefused):
        plain.texts(SECRETS)
    with pytest.raises(EncryptionRefused):
        KeptStates(url, read_keyring(new_key())).texts(SECRETS)


def test_a_cell_that_was_moved_is_nobodys_secret_and_hides_no_other(url: str) -> None:
    """Whoever writes the database does not give one channel the secret of another."""
    shared = KeptStates(url, RING)
    for name in ("MAIL_PASSWORD", "ZAMMAD_TOKEN"):
        shared.put(SECRETS, name, name.lower())
    with psycopg.connect(plain_url(url)) as connection:
        connection.execute(
            "UPDATE kept_state SET value = (SELECT value FROM kept_state WHERE name ="
            " 'secret/ZAMMAD_TOKEN') WHERE name = 'secret/MAIL_PASSWORD'"
        )
    assert shared.texts(SECRETS) == {"ZAMMAD_TOKEN": "zammad_token"}


def test_files_of_before_are_shared_and_the_newest_counts(url: str, tmp_path: Path) -> None:
    """Two machines, each with its own; one whose clock is ahead wins nothing for good."""
    shared = KeptStates(url, RING)
    moment = datetime.now(UTC)
    ages = {"new": timedelta(hours=-1), "old": timedelta(hours=-2), "ahead": timedelta(hours=3)}
    for name, age in ages.items():
        kept_secrets.keep(tmp_path / name, "MAIL_PASSWORD", name)
        at = (moment + age).timestamp()
        os.utime(tmp_path / name / "secrets" / "MAIL_PASSWORD", (at, at))
    for name in ("new", "old", "ahead"):
        assert kept_secrets.bring(tmp_path / name, shared) == 1
    assert shared.texts(SECRETS) == {"MAIL_PASSWORD": "new"}
    shared.put(SECRETS, "MAIL_PASSWORD", "typed")
    for name in ages:
        kept_secrets.bring(tmp_path / name, shared)
    assert shared.texts(SECRETS) == {"MAIL_PASSWORD": "typed"}


def test_a_process_that_runs_sees_what_another_machine_was_told(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It asks its own memory, which is behind by seconds at most, and goes on while there is no server."""
    monkeypatch.setattr(kept_state, "LOOK_SECONDS", 0.05)
    here, there = KeptStates(url, RING), KeptStates(url, RING)
    first = here.stamps()
    there.put(SECRETS, "MAIL_PASSWORD", "one")
    seen = until(lambda: here.stamps() != first and here.stamps())
    assert here.secrets() == {"MAIL_PASSWORD": "one"}
    there.put(SECRETS, "MAIL_PASSWORD", "two")
    assert until(lambda: here.stamps() != seen)
    assert here.secrets() == {"MAIL_PASSWORD": "two"}
    name = url.rpartition("/")[2].partition("?")[0]
    with psycopg.connect(plain_url(url).replace(name, "postgres"), autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
        )
    time.sleep(0.3)
    assert here.secrets() == {"MAIL_PASSWORD": "two"}


def until(look: Callable[[], object]) -> object:
    """What is seen at last."""
    end = time.monotonic() + 20
    while not (found := look()):
        assert time.monotonic() < end
        time.sleep(0.02)
    return found
