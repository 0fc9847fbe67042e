"""Mails to test with, and what reads them."""

from email.message import EmailMessage

from api.channels.contract import Incoming
from api.channels.mail.reading import Reader

US = "support@desk.example"
TRUSTED = "mx.desk.example"
READER = Reader(US, TRUSTED)
TICKET = "tkt_01m8cqz633gd24131m70st0cph"
OURS = f"<dh.{'a' * 40}@desk.example>"


def mail(text: str = "Where is my order?", **headers: str) -> EmailMessage:
    """A plain mail of a customer."""
    found = EmailMessage()
    given = {"From": "Ann Lee <ann@example.com>", "To": US, "Subject": "My order"}
    given |= {"Message-ID": "<1@example.com>"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in given.items():
        found[name] = value
    found.set_content(text)
    return found


def read(found: EmailMessage | bytes, reader: Reader = READER) -> Incoming:
    """The mail as the way in gets it."""
    return reader.read(found if isinstance(found, bytes) else found.as_bytes())


def raw(text: str) -> bytes:
    """A mail that is written out."""
    return text.lstrip("\n").encode()
