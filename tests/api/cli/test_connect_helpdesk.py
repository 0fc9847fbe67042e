"""`deskhand connect chatwoot|zammad|zendesk` tries a helpdesk before it writes anything."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from api.channels.connecting.desk_file import with_channel
from api.channels.helpdesk.source import POLL
from api.cli.commands import build
from api.cli.failures import CommandFault
from api.settings import read_settings
from evals.stack.helpdesks.serving import listening
from evals.stack.helpdesks.world import SECRET, TOKEN, HelpdeskServer
from graph.desk.file import load_desk
from graph.desk.problems import DeskInvalid
from memory.channels import states
from memory.storage.database import Database
from tests.helpdesks import SERVERS

DESK = 'tenant: acme\ncompany: "Acme"\nchannels:\n    burst_seconds: {api: 1}  # kept\n'


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desk with another channel's setting, in a folder of its own."""
    path = tmp_path / "desk.yaml"
    path.write_text(DESK, encoding="utf-8")
    monkeypatch.setenv("DESKHAND_DESK", str(path))
    monkeypatch.setenv("DESKHAND_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DESKHAND_WEBHOOK_PRIVATE_HOSTS", '["127.0.0.1"]')
    for name in SERVERS:
        monkeypatch.setenv(f"{name.upper()}_TOKEN", TOKEN)
    (tmp_path / "home").mkdir()
    return path


def connect(server: HelpdeskServer, url: str, *more: str) -> Result:
    """The command, with everything that it would ask for."""
    fields = {**server.settings(url)}
    given = [part for name, value in fields.items() for part in (f"--{name}", str(value))]
    return CliRunner().invoke(build(), ["connect", server.name, *given, *more])


@pytest.mark.parametrize("name", list(SERVERS))
def test_a_helpdesk_is_tried_written_and_its_first_message_shown(
    name: str, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file keeps what it had, names variables instead of secrets, and is read from here on."""
    server: HelpdeskServer = SERVERS[name]()
    stop = threading.Event()

    def keep_writing() -> None:
        while not stop.wait(0.3):
            server.world.opens("Where is my order?")

    writer = threading.Thread(target=keep_writing, daemon=True)
    with listening(server.app) as url:
        writer.start()
        try:
            result = connect(server, url, "--public", "https://desk.example", "--wait", "60")
        finally:
            stop.set()
            writer.join()
    assert result.exit_code == 0, result.output
    assert f"https://desk.example/v1/hooks/acme/{name}" in result.output
    assert 'It came: from Ann Lee, "Where is my order?"' in result.output
    text = desk.read_text(encoding="utf-8")
    assert "burst_seconds: {api: 1}  # kept" in text
    assert TOKEN not in text
    monkeypatch.setenv(f"{name.upper()}_WEBHOOK_SECRET", SECRET)
    channel = load_desk(desk).channels.helpdesks[name]
    assert (channel.token, channel.webhook_secret, channel.url) == (TOKEN, SECRET, url)
    assert asyncio.run(position(name))["cursor"]
    assert f"has `channels.{name}` already" in str(connect(server, url).exception)


async def position(name: str) -> dict[str, Any]:
    """From where it is read."""
    async with Database(read_settings().ledger_url) as database, database.reading() as session:
        return await states.cursor(session, "acme", name, POLL)


@pytest.mark.parametrize("name", list(SERVERS))
def test_a_wrong_token_is_said_and_nothing_is_written(
    name: str, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In words that tell what to change."""
    server: HelpdeskServer = SERVERS[name]()
    monkeypatch.setenv(f"{name.upper()}_TOKEN", "wrong")
    with listening(server.app) as url:
        result = connect(server, url, "--wait", "0")
    assert isinstance(result.exception, CommandFault)
    assert "refuses the token" in str(result.exception)
    assert desk.read_text(encoding="utf-8") == DESK


def test_a_private_address_has_to_be_allowed(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for webhooks: by an operator, by name."""
    monkeypatch.delenv("DESKHAND_WEBHOOK_PRIVATE_HOSTS")
    result = connect(SERVERS["chatwoot"](), "http://127.0.0.1:9", "--wait", "0")
    assert "DESKHAND_WEBHOOK_PRIVATE_HOSTS" in str(result.exception)
    assert desk.read_text(encoding="utf-8") == DESK


def test_a_secret_in_the_file_is_refused(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a variable, whose value may stand in a file of its own."""
    block = ["url: https://help.example", "token: written-out"]
    desk.write_text(with_channel(DESK, "zammad", block), encoding="utf-8")
    with pytest.raises(
        DeskInvalid, match=r"a secret does not belong in a file: write \$\{ZAMMAD_TOKEN\}"
    ):
        load_desk(desk)
    secret = desk.with_name("secret")
    secret.write_text("from a file\n", encoding="utf-8")
    monkeypatch.delenv("ZAMMAD_TOKEN")
    monkeypatch.setenv("ZAMMAD_TOKEN_FILE", str(secret))
    block[1] = "token: ${ZAMMAD_TOKEN}"
    desk.write_text(with_channel(DESK, "zammad", block), encoding="utf-8")
    zammad = load_desk(desk).channels.zammad
    assert zammad is not None
    assert zammad.token == "from a file"
    monkeypatch.setenv("ZAMMAD_TOKEN_FILE", str(desk.with_name("none")))
    with pytest.raises(DeskInvalid, match="cannot be read"):
        load_desk(desk)
