"""`deskhand encryption`, and what other commands say of a key that is missing, wrong or new."""

import sqlite3
from pathlib import Path

import pytest
from sqlmodel import select
from typer import Exit

from api.cli import backup, doctor, encryption
from api.cli.failures import USAGE, CommandFault, told
from api.ledger import check_keys, open_ledger
from api.readiness import Check
from api.settings import Settings, read_settings
from memory.sealing.keyring import EncryptionRefused, new_key, read_keyring
from memory.storage.queue import Queue
from memory.tables import Message
from memory.tickets import intake
from memory.tickets.intake import NewTicket
from tests.desks import TENANT, run, settings_in

WORDS = "zwiebelfisch"
OLD, NEW = new_key(), new_key()


@pytest.fixture
def home(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder; the commands are told of it by the environment."""
    folder = tmp_path / "home"
    settings_in(folder, sqlite_template)
    monkeypatch.setenv("DESKHAND_HOME", str(folder))
    return folder


def keyed(monkeypatch: pytest.MonkeyPatch, *keys: str) -> Settings:
    """The settings with these keys, the current one first."""
    if keys:
        monkeypatch.setenv("DESKHAND_ENCRYPTION_KEY", ",".join(keys))
    else:
        monkeypatch.delenv("DESKHAND_ENCRYPTION_KEY", raising=False)
    return read_settings()


async def accepted(settings: Settings) -> None:
    """A ticket with the words."""
    database, queue = open_ledger(settings), Queue(settings.ledger_url)
    async with database.transaction() as session:
        await intake.accept(
            session, queue, tenant=TENANT, new=NewTicket("", WORDS), key=None, digest="d"
        )
    queue.close()
    await database.close()


async def said(settings: Settings) -> list[str]:
    """What the ledger gives back."""
    database = open_ledger(settings)
    try:
        async with database.reading() as session:
            return list(await session.exec(select(Message.text)))
    finally:
        await database.close()


def in_files(home: Path) -> bool:
    """Whether a file of the ledger holds the words plainly."""
    return any(WORDS.encode() in one.read_bytes() for one in home.glob("deskhand.db*"))


def checked(settings: Settings) -> Check:
    """What the doctor says of encryption."""
    return next(one for one in doctor.examined(settings) if one.name == "encryption")


def test_a_key_is_printed_alone_and_can_be_used(capsys: pytest.CaptureFixture[str]) -> None:
    """Two commands print two keys; what to do with one stands beside it."""
    encryption.key()
    encryption.key()
    printed = capsys.readouterr()
    first, second = printed.out.split()
    assert read_keyring(first).current.id != read_keyring(second).current.id
    assert first not in printed.err
    assert "DESKHAND_ENCRYPTION_KEY" in printed.err


def test_an_installation_gets_a_key_and_then_another(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The doctor says what is left to do; afterwards no file holds the words, and all are read."""
    plain = keyed(monkeypatch)
    run(accepted(plain))
    assert in_files(home)
    assert "not encrypted" in checked(plain).words

    first = keyed(monkeypatch, OLD)
    assert "rekey" in checked(first).words
    encryption.rekey()
    assert not in_files(home)
    assert checked(first).state == "ok"

    both = keyed(monkeypatch, NEW, OLD)
    encryption.rekey()
    said_ = capsys.readouterr().out
    assert f"Key {read_keyring(OLD).current.id} is no longer needed" in said_
    assert OLD not in said_
    assert run(said(both)) == run(said(keyed(monkeypatch, NEW))) == [WORDS]


def test_a_text_that_was_planted_plainly_is_told(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Once everything was sealed, the doctor names what is plain, and so does the next sealing."""
    settings = keyed(monkeypatch, OLD)
    run(accepted(settings))
    encryption.rekey()
    assert checked(settings).state == "ok"
    with sqlite3.connect(home / "deskhand.db") as ledger:
        ledger.execute("UPDATE messages SET text = 'what nobody said'")
        ledger.execute('UPDATE tickets SET headers = \'{"a": "b"}\'')
    found = checked(settings)
    assert found.state == "fail"
    assert "messages.text of" in found.words
    assert "tickets.headers of" in found.words
    with pytest.raises(Exit):
        encryption.rekey()
    assert "messages.text of" in capsys.readouterr().out
    assert checked(settings).state == "ok"


def test_a_missing_a_wrong_and_no_key_end_a_command_by_one_sentence(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Status 2, the setting is named, and no key is repeated."""
    run(accepted(keyed(monkeypatch, OLD)))
    for keys in ((), (NEW,), ("nonsense",)):
        settings = keyed(monkeypatch, *keys)
        with pytest.raises(EncryptionRefused) as caught:
            run(check_keys(settings))
        line, status = told(caught.value)
        assert status == USAGE
        assert "DESKHAND_ENCRYPTION_KEY" in line
        assert "\n" not in line
        assert NEW not in line
    keyed(monkeypatch)
    with pytest.raises(CommandFault, match="no key to seal with"):
        encryption.rekey()
    assert home.exists()


def test_a_key_comes_from_a_file_and_not_from_two_places(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line a key; both settings at once are refused."""
    file = home / "keys"
    file.write_text(f"{NEW}\n{OLD}\n", encoding="utf-8")
    keyed(monkeypatch)
    monkeypatch.setenv("DESKHAND_ENCRYPTION_KEY_FILE", str(file))
    ring = read_settings().keyring
    assert ring is not None
    assert ring.ids == read_keyring(f"{NEW},{OLD}").ids
    with pytest.raises(EncryptionRefused, match="both"):
        _ = keyed(monkeypatch, OLD).keyring


def test_a_backup_is_restored_only_with_its_key(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it nothing of the data that is there is touched."""
    run(accepted(keyed(monkeypatch, OLD)))
    backup.backup(tmp_path / "copy.tar")
    assert WORDS.encode() not in (tmp_path / "copy.tar").read_bytes()
    run(accepted(keyed(monkeypatch, OLD)))
    for keys in ((), (NEW,)):
        keyed(monkeypatch, *keys)
        with pytest.raises(EncryptionRefused, match=read_keyring(OLD).current.id):
            backup.restore(tmp_path / "copy.tar", replace=True)
    settings = keyed(monkeypatch, OLD)
    assert run(said(settings)) == [WORDS, WORDS]
    backup.restore(tmp_path / "copy.tar", replace=True)
    assert run(said(settings)) == [WORDS]


def test_cells_that_do_not_open_are_named_and_keep_the_older_key(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 3: all that could be sealed is; what was changed by hand stays as it is."""
    settings = keyed(monkeypatch, OLD)
    run(accepted(settings))

    async def changed() -> None:
        database = open_ledger(settings)
        await database.units.write(
            lambda do: do.run("UPDATE messages SET text = substr(text, 1, length(text) - 8)")
        )
        await database.close()

    run(changed())
    keyed(monkeypatch, NEW, OLD)
    with pytest.raises(Exit) as ended:
        encryption.rekey()
    assert ended.value.exit_code == 3
    out = capsys.readouterr().out
    assert "messages.text" in out
    assert "no longer needed" not in out
    assert home.exists()
