"""Our mail: readable as plain text and as HTML, in its thread, and known as a program's answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from memory.knowledge.documents.letter_html import letter_html, plain_tables
from tools.adapters.channels import Enclosure, Outgoing
from tools.adapters.mail.servers import Mailbox
from tools.faults import Rejected

MOST_REFERENCES = 20
"""Ids in References; of a longer thread the first and the newest are kept."""
MOST_SUBJECT_CHARS = 200
REPLY = "Re: "
STYLE = (
    "font-family:sans-serif;font-size:14px;line-height:1.5;max-width:44em;overflow-wrap:anywhere"
)
CELL = "text-align:left;vertical-align:top;padding:2px 14px 2px 0;border-bottom:1px solid #ccc"
CODE = "white-space:pre-wrap;background:#f4f4f4;color:#222;padding:8px"


def composed(message: Outgoing, mailbox: Mailbox) -> EmailMessage:
    """The mail as it leaves. Raises `Rejected` where there is nobody to send it to."""
    place = message.place
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _address(mailbox.name, mailbox.address)
    mail["To"] = _address("" if message.to else str(place.get("name", "")), recipient(message))
    mail["Subject"] = _subject(message, mailbox)
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = message.foreign_id
    if message.to is None:
        _thread(mail, place)
        if mailbox.tag == "plus":
            mail["Reply-To"] = _address(mailbox.name, tagged(mailbox.address, message.ticket_id))
    if not message.by_person:
        # RFC 3834: no program answers it. The last line tells the same to Exchange.
        mail["Auto-Submitted"] = "auto-replied"
        mail["List-Id"] = f"<{mailbox.address.replace('@', '.')}>"
        mail["X-Auto-Response-Suppress"] = "All"
    text = message.said
    mail.set_content(plain_tables(text), cte="quoted-printable")
    mail.add_alternative(_html(text), subtype="html", cte="quoted-printable")
    for one in message.files:
        _attach(mail, one)
    return mail


def _attach(mail: EmailMessage, file: Enclosure) -> None:
    """A part to be saved. What holds other parts must not be in base64, so it goes as plain bytes."""
    kind, _, subtype = file.media_type.partition("/")
    if kind in {"message", "multipart"} or not subtype:
        kind, subtype = "application", "octet-stream"
    mail.add_attachment(file.content, maintype=kind, subtype=subtype, filename=file.name)


def recipient(message: Outgoing) -> str:
    """The address that it goes to. Raises `Rejected` where there is none."""
    found = str(message.to or message.place.get("to") or "")
    if "@" not in found:
        raise Rejected("the sender left no address that could be answered")
    return found


def tagged(address: str, ticket_id: str) -> str:
    """support+tkt_...@example.com: a reply to it finds its ticket."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{ticket_id}@{domain}"


def _address(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    try:
        return Address(" ".join(name.split()), username=local.strip('"'), domain=domain)
    except ValueError as error:
        raise Rejected("the address cannot be written to") from error


def _subject(message: Outgoing, mailbox: Mailbox) -> str:
    if message.to is not None:
        return f"Your code from {mailbox.name or mailbox.domain}"
    subject = " ".join(str(message.place.get("subject", "")).split())[:MOST_SUBJECT_CHARS]
    tag = f"[#{message.ticket_id}]"
    if mailbox.tag == "subject" and tag not in subject:
        subject = f"{subject} {tag}".strip()
    return subject if subject.lower().startswith(REPLY.lower().strip()) else REPLY + subject


def _thread(mail: EmailMessage, place: Mapping[str, Any]) -> None:
    last = str(place.get("last", ""))
    if not last:
        return
    known = [str(one) for one in place.get("references", ())]
    chain = list(dict.fromkeys([*known, last]))
    if len(chain) > MOST_REFERENCES:
        chain = [chain[0], *chain[1 - MOST_REFERENCES :]]
    mail["In-Reply-To"] = last
    mail["References"] = " ".join(chain)


def _html(text: str) -> str:
    # Nothing is wider than a phone: a long address or a line of code breaks.
    inside = letter_html(text).replace("<pre>", f'<pre style="{CODE}">')
    for tag in ("th", "td"):
        inside = inside.replace(f"<{tag}>", f'<{tag} style="{CELL}">')
    head = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    return (
        f"<!doctype html>\n<html><head>{head}</head>\n"
        f'<body><div style="{STYLE}">\n{inside}</div></body></html>\n'
    )
