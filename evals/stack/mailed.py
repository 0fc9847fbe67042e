"""A desk with a mailbox on real mail servers, and the customers who write to it."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from evals.stack.mail_servers import USER, Arrived, MailServers
from evals.stack.stack import Stack
from graph.desk.channels import MAIL
from memory.channels import states
from memory.storage.database import Database

CHANNELS = "channels"
TRUSTED = "mx.desk.example"
ANN = "ann@customer.example"
DESK = """
tenant: {tenant}
company: Mailed
autonomy:
  channels:
    mail: auto
channels:
  mail:
    address: {address}
    password: ${{MAIL_PASSWORD}}
    imap: {{host: 127.0.0.1, port: {imap}, security: none}}
    smtp: {{host: 127.0.0.1, port: {smtp}, security: none}}
    trusted_server: {trusted}
    copy_seconds: 3
    poll_seconds: 1
    sends_per_minute: 10000
"""


def desk_of(tenant: str, servers: MailServers) -> str:
    """The desk.yaml of a tenant with that mailbox."""
    return DESK.format(
        tenant=tenant,
        address=USER,
        imap=servers.imap_port,
        smtp=servers.smtp_port,
        trusted=TRUSTED,
    )


async def is_read(stack: Stack, tenant: str) -> bool:
    """Whether a tenant's mailbox was looked at."""
    async with Database(stack.settings.ledger_url) as database, database.reading() as session:
        return bool(await states.cursor(session, tenant, MAIL, "INBOX"))


@dataclass(frozen=True)
class Customer:
    """Somebody who writes mail, with a mail program that keeps threads unless it is told not to."""

    address: str = ANN
    name: str = "Ann Lee"

    def writes(self, text: str, subject: str = "A question", **headers: str) -> EmailMessage:
        """A new mail."""
        mail = EmailMessage()
        mail["From"] = f"{self.name} <{self.address}>"
        mail["To"] = USER
        mail["Subject"] = subject
        mail["Date"] = formatdate()
        mail["Message-ID"] = make_msgid(domain=self.address.partition("@")[2])
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        return mail

    def answers(self, to: Arrived, text: str, *, threaded: bool = True) -> EmailMessage:
        """A reply to a mail of ours."""
        reply = self.writes(text, str(to.mail["Subject"]))
        if threaded:
            reply["In-Reply-To"] = str(to.mail["Message-ID"])
            reply["References"] = f"{to.mail['References'] or ''} {to.mail['Message-ID']}".strip()
        return reply
