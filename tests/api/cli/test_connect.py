"""`deskhand connect mail` tries a real mailbox before it writes anything."""

import threading
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli.commands import build
from api.cli.failures import CommandFault
from api.settings import read_settings
from evals.stack.mail_servers import PASSWORD, USER, MailServers, mail_servers
from graph.desk.file import load_desk
from tests.mail import needs_mail_servers

pytestmark = needs_mail_servers
DESK = 'tenant: acme\ncompany: "Acme"\n'


@pytest.fixture(scope="module")
def servers() -> Iterator[MailServers]:
    """A mailbox."""
    with mail_servers() as found:
        yield found


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desk without channels, in a folder of its own."""
    path = tmp_path / "desk.yaml"
    path.write_text(DESK, encoding="utf-8")
    monkeypatch.setenv("DESKHAND_DESK", str(path))
    monkeypatch.setenv("DESKHAND_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    (tmp_path / "home").mkdir()
    return path


def connect(servers: MailServers, *more: str) -> Result:
    """The command, with everything that it would ask for."""
    places = [f"127.0.0.1:{port}" for port in (servers.imap_port, servers.smtp_port)]
    given = ["--address", USER, "--imap", places[0], "--smtp", places[1], "--security", "none"]
    return CliRunner().invoke(build(), ["connect", "mail", *given, *more])


def test_a_mailbox_is_tried_written_and_its_first_mail_shown(
    servers: MailServers, desk: Path
) -> None:
    """The file is a valid desk afterwards, and names the variable instead of the password."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "ann@example.com", USER, "Where is it?"
    mail.set_content("Where is my order?")
    stop = threading.Event()

    def keep_writing() -> None:
        while not stop.wait(0.5):
            servers.deliver(mail.as_bytes())

    writer = threading.Thread(target=keep_writing, daemon=True)
    writer.start()
    try:
        result = connect(servers, "--wait", "60")
    finally:
        stop.set()
        writer.join()
    assert result.exit_code == 0, result.output
    assert "its own mail came back" in result.output
    assert 'It came: from ann@example.com, "Where is it?".' in result.output
    text = desk.read_text(encoding="utf-8")
    assert text.startswith(DESK)
    assert PASSWORD not in text
    channel = load_desk(desk).channels.mail
    assert channel is not None
    assert (channel.address, channel.password, channel.own_copy) == (USER, PASSWORD, True)
    kept = desk.parent / "home" / "secrets" / "MAIL_PASSWORD"
    assert kept.read_text() == PASSWORD  # what runs already has another environment


def test_a_wrong_password_is_said_and_nothing_is_written(
    servers: MailServers, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In words that tell what to change."""
    monkeypatch.setenv("MAIL_PASSWORD", "wrong")
    result = connect(servers, "--wait", "0")
    assert isinstance(result.exception, CommandFault)
    assert "refuses the user or the password" in str(result.exception)
    assert desk.read_text(encoding="utf-8") == DESK


def test_a_person_corrects_one_answer_and_keeps_the_others(
    servers: MailServers, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was typed wrong is asked for again, and nothing else has to be typed twice."""
    monkeypatch.delenv("MAIL_PASSWORD")
    monkeypatch.setattr("api.cli.connect._Talk.goes_on", True)  # as if at a terminal
    places = [f"127.0.0.1:{port}" for port in (servers.imap_port, servers.smtp_port)]
    typed = "\n".join([USER, "wrong", *places, "", PASSWORD, "", "", "", "", ""])
    given = ["connect", "mail", "--security", "none", "--wait", "0"]
    result = CliRunner().invoke(build(), given, input=typed)
    assert "refuses the user or the password" in result.output
    assert result.exit_code == 0, result.output
    channel = load_desk(desk, read_settings().variables).channels.mail
    assert channel is not None
    assert (channel.address, channel.password) == (USER, PASSWORD)
    assert (channel.imap.port, channel.imap.security) == (servers.imap_port, "none")


def test_a_desk_with_a_mailbox_is_left_alone(servers: MailServers, desk: Path) -> None:
    """A second mailbox is a matter for the file."""
    assert connect(servers, "--wait", "0").exit_code == 0
    again = connect(servers, "--wait", "0")
    assert "has `channels.mail` already" in str(again.exception)
