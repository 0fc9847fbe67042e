"""Reports that a mail of ours did not arrive (RFC 3464), and what old systems send instead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage, Message

from api.channels.mail import mime

OWN_ID = "<dh."
"""How our Message-IDs begin; see `tools.adapters.channels.foreign_id`."""
OWN_ID_CHARS = 200
MOST_SCANNED = 2_000_000
"""Bytes in which an old system's report may name our mail."""
MOST_IDS = 20
MOST_WORDS = 200
SYSTEMS = ("mailer-daemon", "postmaster", "mail delivery")


@dataclass(frozen=True)
class Bounce:
    """What a report says."""

    final: bool
    """False for a delay: the mail may still arrive."""
    ids: tuple[str, ...]
    """Our mails that it is about."""
    words: str
    """For people: the status and the system's own words."""


def bounce_of(mail: EmailMessage, raw: bytes, ticket_id: str | None) -> Bounce | None:
    """What the mail reports; None where it is no report about a mail of ours.

    `ticket_id`: what a tag of ours in the report names, where the report quotes no more than that.
    """
    report = _is_report(mail)
    if not report and not _is_of_system(mail):
        return None
    # What old systems send quotes our mail; an answer merely refers to it, as one of a holiday does.
    ids = tuple(dict.fromkeys(_own_ids(raw if report else _body(raw))))[:MOST_IDS]
    if not ids and (ticket_id is None or not report):
        return None
    fields = list(_fields(mail))
    actions = {one.get("action", "").lower() for one in fields} - {""}
    final = not actions or "failed" in actions
    return Bounce(final, ids, _words(fields))


def _own_ids(raw: bytes) -> Iterator[str]:
    """The Message-IDs in the mail that look like ours."""
    text = raw[:MOST_SCANNED].decode("ascii", "replace")
    at = text.find(OWN_ID)
    while at >= 0:
        end = text.find(">", at, at + OWN_ID_CHARS)
        if end > 0:
            yield "".join(text[at : end + 1].split())
        at = text.find(OWN_ID, at + 1)


def _body(raw: bytes) -> bytes:
    ends = (at for line in (b"\r\n\r\n", b"\n\n") if (at := raw.find(line)) >= 0)
    return raw[min(ends, default=len(raw)) :]


def _is_report(mail: EmailMessage) -> bool:
    kind = mime.parameter(mail, "report-type").lower()
    return mime.content_type(mail) == "multipart/report" and kind in {"delivery-status", ""}


def _is_of_system(mail: EmailMessage) -> bool:
    if mime.content_type(mail) == "multipart/report":
        return False
    sender = mime.header(mail, "from").lower()
    nobody = mime.header(mail, "return-path").replace(" ", "") == "<>"
    return nobody or any(name in sender for name in SYSTEMS)


def _fields(mail: EmailMessage) -> Iterator[dict[str, str]]:
    """The blocks of fields of the machine's part, the one about the whole report included."""
    for part in mime.leaves(mail):
        if mime.content_type(part) == "message/delivery-status":
            for one in mime.inner(part):
                if isinstance(one, Message):
                    yield {name.lower(): mime.one_line(str(value)) for name, value in one.items()}


def _words(fields: list[dict[str, str]]) -> str:
    for one in fields:
        said = one.get("diagnostic-code", "").partition(";")[2] or one.get("status", "")
        if said.strip():
            return f"It did not arrive: {mime.one_line(said)[:MOST_WORDS]}"
    return "It did not arrive."
