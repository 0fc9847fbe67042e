"""Two machines on one server, each with folders of its own: what one was told, the other knows."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from api.channels.connecting import desk_file
from api.channels.connecting.channel_block import Wanted
from api.channels.connecting.desk_file import ReadOnly
from api.cli import doctor
from api.desks import Desks, desks_to_start
from api.ledger import share_secrets
from api.settings import Settings
from api.telemetry.meter import ACCEPTED, Meter
from graph.desk.problems import DeskInvalid
from memory.sealing.keyring import new_key
from memory.storage import kept_secrets, kept_state
from memory.storage.database import Database
from memory.storage.queue import Queue
from tests.memory.ledgers import Ledger
from tests.postgres import copy_of

KEY = new_key()
MAIL = """tenant: acme
company: Acme
channels:
  mail:
    address: help@acme.example
    password: ${MAIL_PASSWORD}
    imap: {host: imap.acme.example, port: 993}
    smtp: {host: smtp.acme.example, port: 465}
"""
PLAIN = "tenant: acme\ncompany: Acme\n"
Host = Callable[[str, str | dict[str, str]], Settings]
"""Makes a machine by its name, with its desk.yaml or a folder of them."""


@pytest.fixture
def url(postgres_template: Path, tmp_path: Path) -> str:
    """The one server of all machines."""
    return copy_of(postgres_template, tmp_path / "server")


@pytest.fixture
def host(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    """What makes a machine."""
    monkeypatch.setattr(kept_state, "LOOK_SECONDS", 0.05)

    def made(name: str, desk: str | dict[str, str]) -> Settings:
        home = tmp_path / name
        home.mkdir()
        path = home / "desks"
        if isinstance(desk, str):
            path.write_text(desk)
        else:
            path.mkdir()
            for file, text in desk.items():
                (path / file).write_text(text)
        return Settings(
            home=home / "data", desk=path, database_url=url, encryption_key=KEY, _env_file=None
        )

    return made


def wanted() -> Wanted:
    """A mailbox that was typed in."""
    block: dict[str, Any] = {"address": "help@acme.example", "password": "${MAIL_PASSWORD}"}
    block["imap"] = {"host": "imap.acme.example", "port": 993}
    block["smtp"] = {"host": "smtp.acme.example", "port": 465}
    return Wanted("mail", block, {"MAIL_PASSWORD": "zwiebelfisch"})


async def test_a_secret_that_one_machine_is_told_is_read_by_the_other(host: Host) -> None:
    """Its processes that run already take it up within seconds, and one that starts has it."""
    here, there = host("here", PLAIN), host("there", MAIL)
    running = Desks(there)
    assert await running.of("acme") is None
    assert "MAIL_PASSWORD is not set" in (running.problem or "")
    desk_file.add(here, here.desk, wanted())
    assert not (here.home / "secrets").exists()
    async with asyncio.timeout(20):
        while (desk := await running.of("acme")) is None:  # noqa: ASYNC110 - another thread looks
            await asyncio.sleep(0.02)
    assert desk.channels.mail is not None
    assert desk.channels.mail.password == "zwiebelfisch"
    assert "acme" in desks_to_start(there)


def test_without_a_key_a_secret_is_refused_and_nothing_is_written(host: Host) -> None:
    """It would stand in a database that several machines read, and in its backups."""
    here = host("here", PLAIN).model_copy(update={"encryption_key": None})
    with pytest.raises(ReadOnly, match="no DESKHAND_ENCRYPTION_KEY is set"):
        desk_file.add(here, here.desk, wanted())
    assert here.desk.read_text() == PLAIN
    kept_secrets.keep(here.home, "MAIL_PASSWORD", "of before")
    assert here.variables["MAIL_PASSWORD"] == "of before"
    told = {one.name: one for one in doctor.examined(here)}["secrets"]
    assert (told.state, "Only this machine has MAIL_PASSWORD" in told.words) == ("warn", True)


async def test_a_process_with_another_key_shares_nothing(host: Host) -> None:
    """Nobody else could open it, and then none of the secrets: it is told, and ends by its own look."""
    here, there = host("here", MAIL), host("there", MAIL)
    kept_secrets.keep(here.home, "MAIL_PASSWORD", "zwiebelfisch")
    await share_secrets(here)
    wrong = Settings(
        home=there.home,
        desk=there.desk,
        database_url=there.database_url,
        encryption_key=new_key(),
        _env_file=None,
    )
    kept_secrets.keep(there.home, "SHOP_TOKEN", "sealed otherwise")
    with capture_logs() as lines:
        await share_secrets(wrong)
    assert [line["event"] for line in lines] == ["secrets_not_shared"]
    assert dict(there.variables)["MAIL_PASSWORD"] == "zwiebelfisch"
    assert there.shared is not None
    assert dict(there.shared.secrets()) == {"MAIL_PASSWORD": "zwiebelfisch"}


async def test_a_process_shares_what_its_machine_had_in_files(host: Host) -> None:
    """An installation from before goes on, and its other machines have the secrets from then on."""
    here, there = host("here", MAIL), host("there", MAIL)
    kept_secrets.keep(here.home, "MAIL_PASSWORD", "of before")
    with pytest.raises(DeskInvalid):
        desks_to_start(there)
    await share_secrets(here)
    assert "acme" in desks_to_start(there)


def test_a_new_machine_starts_with_the_desk_that_was_read_well(host: Host) -> None:
    """A file that broke is broken everywhere; whoever starts meanwhile has its desk all the same."""
    good = {"acme.yaml": PLAIN, "other.yaml": "tenant: other\ncompany: Other\n"}
    assert set(Desks(host("here", good)).read()) == {"acme", "other"}
    there = host("there", good | {"acme.yaml": "tenant: [acme\n"})
    assert set(desks_to_start(there)) == {"acme", "other"}
    later = host("later", good | {"acme.yaml": "tenant: [acme\n"})
    assert set(Desks(later).read()) == {"acme", "other"}


@pytest.fixture
async def ledger(url: str) -> AsyncIterator[Ledger]:
    """The server's ledger."""
    opened = Ledger(Database(url), Queue(url))
    yield opened
    opened.queue.close()
    await opened.database.close()


async def test_whichever_api_is_asked_tells_the_same_sums(
    host: Host, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that starts later goes on with the sums of the other, though it would begin near the end."""
    monkeypatch.setattr("api.telemetry.meter.BATCH_ROWS", 2)
    monkeypatch.setattr("api.telemetry.meter.SAVE_SECONDS", 0.0)
    monkeypatch.setattr("memory.insight.ledger_metrics.SETTLING_SECONDS", -60)

    async def nothing(_: str) -> None:
        return None

    async def rows(count: int) -> None:
        for _ in range(count):
            await ledger.accept("Hello")

    await rows(3)
    meters = [Meter(ledger.database, each.home, nothing, each.shared) for each in map_hosts(host)]
    await meters[0].read()
    await rows(9)
    meters[0]._read_at = 0.0
    first = (await meters[0].read()).figures
    second = (await meters[1].read()).figures
    assert first == second
    assert sum(first.counters[ACCEPTED].values()) == 12


def map_hosts(host: Host) -> list[Settings]:
    """Two of them."""
    return [host(name, PLAIN) for name in ("here", "there")]
