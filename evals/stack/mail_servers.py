"""Real mail servers on loopback: Dovecot for the mailbox, aiosmtpd for what is sent."""

import grp
import logging
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from pathlib import Path
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from evals.stack.stack import free_port

USER, PASSWORD = "support@desk.example", "mailbox-password"
START_SECONDS = 120.0
DOVECOT = """
base_dir = {base}
state_dir = {base}
log_path = {base}.log
protocols = imap
mailbox_idle_check_interval = 1s
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_location = maildir:{mail}/%u
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
first_valid_gid = 1
auth_mechanisms = plain login
maildir_stat_dirs = no
mail_max_userip_connections = 50
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={mail}/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
}}
"""


class NoServer(RuntimeError):
    """Dovecot is not installed; the message says how it is."""


def installed() -> bool:
    """Whether there is a Dovecot on this machine."""
    return shutil.which("dovecot", path=_PATH) is not None


_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"


@dataclass
class Arrived:
    """A mail that the customers' side got."""

    to: tuple[str, ...]
    mail: EmailMessage
    raw: bytes
    at: float = field(default_factory=time.monotonic)

    @property
    def text(self) -> str:
        """Its plain text."""
        part = self.mail.get_body(("plain",))
        return "" if part is None else str(part.get_content())

    @property
    def files(self) -> list[bytes]:
        """What is attached to it."""
        parts = self.mail.iter_attachments()
        return [cast("bytes", one.get_payload(decode=True)) for one in parts]


Refusal = Callable[[str, Envelope], str | None]
"""What the server answers instead, by the step (`rcpt` or `data`); None lets it go on."""


@dataclass
class MailServers:
    """A mailbox with its two servers, and what was sent to everybody else."""

    folder: Path
    imap_port: int
    smtp_port: int = 0
    outbox: list[Arrived] = field(default_factory=list)
    refuse: Refusal = lambda _step, _envelope: None
    """Set it to make the server misbehave."""
    after: Callable[[Envelope], None] = lambda _envelope: None
    """Called once a mail was taken, before the answer goes out."""

    def deliver(self, raw: bytes, *, folder: str = "") -> str:
        """Put a mail into the mailbox, as a mail server does; its file's name."""
        place = self.folder / "mail" / USER
        place = place / f".{folder}" if folder else place
        for name in ("tmp", "new", "cur"):
            (place / name).mkdir(parents=True, exist_ok=True)
            _give(place / name)
        _give(place)
        name = f"{time.time_ns()}.{uuid.uuid4().hex}.desk"
        written = place / "tmp" / name
        written.write_bytes(raw)
        _give(written)
        written.rename(place / "new" / name)
        return name

    def sent_to(self, address: str) -> list[Arrived]:
        """The mails that left for an address, in order."""
        return [one for one in list(self.outbox) if address in one.to]

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        """The library's hook."""
        envelope.rcpt_tos.append(address)
        answer = self.refuse("rcpt", envelope)
        if answer is not None:
            envelope.rcpt_tos.pop()
        return answer or "250 ok"

    async def handle_DATA(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """The library's hook: our own copy goes to the mailbox, the rest to the customers."""
        if (answer := self.refuse("data", envelope)) is not None:
            return answer
        raw = cast("bytes", envelope.content)
        others = tuple(one for one in envelope.rcpt_tos if one != USER)
        if others:
            mail = message_from_bytes(raw, policy=SMTP_POLICY)
            self.outbox.append(Arrived(others, mail, raw))
        if USER in envelope.rcpt_tos:
            self.deliver(b"Return-Path: <" + USER.encode() + b">\r\n" + raw)
        self.after(envelope)
        return "250 taken"


logging.getLogger("mail.log").setLevel(logging.ERROR)  # it warns of its own deprecations


@contextmanager
def mail_servers() -> Iterator[MailServers]:
    """Both servers, running. Raises `NoServer`."""
    if not installed():
        raise NoServer("there is no Dovecot here: install it with `apt-get install dovecot-imapd`")
    # Dovecot's own user must get in, so it is not below a folder that is the caller's alone.
    folder = Path(tempfile.mkdtemp(prefix="deskhand-mail-"))
    folder.chmod(0o755)
    servers = MailServers(folder, free_port())
    process = _dovecot(servers)
    controller = Controller(
        servers,
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=_authenticated,
        auth_require_tls=False,
    )
    servers.smtp_port = controller.port
    controller.start()
    try:
        _until_open(servers.imap_port, process)
        yield servers
    finally:
        controller.stop()
        process.terminate()
        process.wait(START_SECONDS)
        shutil.rmtree(folder, ignore_errors=True)


def _authenticated(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any
) -> AuthResult:
    return AuthResult(success=given == LoginPassword(USER.encode(), PASSWORD.encode()))


def _dovecot(servers: MailServers) -> subprocess.Popen[bytes]:
    mail = servers.folder / "mail"
    mail.mkdir()
    _give(mail)
    user, group = _owner()
    text = DOVECOT.format(
        base=servers.folder / "run",
        mail=mail,
        port=servers.imap_port,
        user=user,
        group=group,
        password=PASSWORD,
    )
    path = servers.folder / "desk.conf"
    path.write_text(text)
    program = shutil.which("dovecot", path=_PATH) or "dovecot"
    return subprocess.Popen([program, "-F", "-c", str(path)])  # noqa: S603 - our own


def _owner() -> tuple[str, str]:
    """Who owns the mail: a plain user where we are root, ourselves otherwise."""
    if os.getuid() == 0:
        return "mail", "mail"
    return pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name


def _give(path: Path) -> None:
    if os.getuid() == 0:
        shutil.chown(path, *_owner())


def _until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise NoServer(f"Dovecot ended with status {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise NoServer("Dovecot does not answer")
