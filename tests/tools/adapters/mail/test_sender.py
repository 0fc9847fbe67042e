"""Mail out through a real server: what is certain, what is in doubt, and how doubt is decided."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from evals.stack.mail_servers import PASSWORD, USER, MailServers, mail_servers
from tests.mail import needs_mail_servers
from tools.adapters.channels import Enclosure, Outgoing, foreign_id
from tools.adapters.mail.compose import composed
from tools.adapters.mail.sender import MailSender
from tools.adapters.mail.servers import Mailbox, Server
from tools.faults import Rejected, ServiceError, ToolFault, UnknownEffect, Unreachable

ANN = "ann@customer.example"
PLACE = {
    "to": ANN,
    "name": "Ann Lee",
    "subject": "My order",
    "last": "<2@x>",
    "references": ["<1@x>"],
}


def message(key: str = "k1", text: str = "Tomorrow.", **changes: Any) -> Outgoing:
    """A reply to Ann."""
    identity = foreign_id(key, "desk.example")
    one = Outgoing(key, identity, "tkt_1", "reply", text, PLACE, since=datetime.now(UTC))
    return replace(one, **changes)


def mailbox(imap: int = 1, smtp: int = 1, **changes: Any) -> Mailbox:
    """A mailbox with its servers on loopback."""
    inbox, outbox = (Server("127.0.0.1", port, "none", USER, PASSWORD) for port in (imap, smtp))
    return replace(Mailbox(USER, "Desk", inbox, outbox, copy_seconds=0.5), **changes)


def part(mail: EmailMessage, kind: str) -> str:
    """What a mail says in that form."""
    found = mail.get_body((kind,))
    assert found is not None
    return str(found.get_content())


def test_a_mail_is_in_its_thread_and_known_as_a_programs() -> None:
    """Headers of RFC 5322 and 3834, a plain and an HTML part with the same words."""
    mail = composed(
        message(text="Hello Ann,\n\n.it comes <tomorrow> & see https://x.example/a?b=1."), mailbox()
    )
    assert mail["To"] == "Ann Lee <ann@customer.example>"
    assert mail["Subject"] == "Re: My order [#tkt_1]"
    assert (mail["In-Reply-To"], mail["References"]) == ("<2@x>", "<1@x> <2@x>")
    assert (mail["Auto-Submitted"], mail["List-Id"]) == ("auto-replied", "<support.desk.example>")
    html = part(mail, "html")
    assert "&lt;tomorrow&gt; &amp; see" in html
    assert '<a href="https://x.example/a?b=1">https://x.example/a?b=1</a>.' in html


def test_steps_and_code_keep_their_form_in_the_html_part() -> None:
    """The plain part says them as they were written."""
    mail = composed(message(text="Do this:\n1. Open it.\n2. Run:\n\n```\na < b\n```"), mailbox())
    html, plain = part(mail, "html"), part(mail, "plain")
    assert "<li>Open it.</li>" in html
    assert "a &lt; b" in html
    assert "1. Open it.\n2. Run:" in plain.replace("\r\n", "\n")


def test_a_hostile_subject_or_name_adds_no_header() -> None:
    """Line ends in what the customer wrote end nothing."""
    place = {**PLACE, "subject": "x\r\nBcc: eve@example.net", "name": "A\r\nBcc: eve@example.net"}
    mail = composed(message(place=place), mailbox())
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Re: x Bcc: eve@example.net [#tkt_1]"


def test_files_are_parts_to_be_saved() -> None:
    """Each with its bytes and its name in any script; what holds other parts goes as plain bytes."""
    given = (
        Enclosure("Größe.pdf", "application/pdf", b"%PDF-1.7\x00\xff"),
        Enclosure("note.eml", "message/rfc822", b"Subject: x\r\n\r\nbody"),
        Enclosure("a.txt", "text/plain", "\u00fc\n.\n".encode()),
    )
    mail = composed(message(files=given), mailbox())
    read = message_from_bytes(mail.as_bytes(), policy=default)
    assert read.get_content_type() == "multipart/mixed"
    assert "Tomorrow." in part(read, "plain")
    parts = [
        (one.get_filename(), one.get_content_type(), one.get_payload(decode=True))
        for one in read.iter_attachments()
    ]
    assert parts == [
        ("Größe.pdf", "application/pdf", given[0].content),
        ("note.eml", "application/octet-stream", given[1].content),
        ("a.txt", "text/plain", given[2].content),
    ]
    assert {one.get_content_disposition() for one in read.iter_attachments()} == {"attachment"}


def test_a_tag_in_the_address_and_a_code_to_another_one() -> None:
    """The reply address finds the ticket; a code names no thread."""
    tagged = composed(message(), mailbox(tag="plus"))
    assert tagged["Reply-To"] == "Desk <support+tkt_1@desk.example>"
    assert "[#" not in tagged["Subject"]
    code = composed(message(to="file@example.org", kind="code"), mailbox())
    assert (code["To"], code["In-Reply-To"]) == ("file@example.org", None)


def test_who_left_no_address_cannot_be_answered() -> None:
    """A person must find another way."""
    with pytest.raises(Rejected, match="no address"):
        composed(message(place={}), mailbox())


@pytest.fixture(scope="module")
def running() -> Iterator[MailServers]:
    """Both servers."""
    with mail_servers() as found:
        yield found


@pytest.fixture
def servers(running: MailServers) -> MailServers:
    """Both servers, behaving, with nothing sent."""
    running.outbox.clear()
    running.refuse, running.after = (lambda _step, _envelope: None), (lambda _envelope: None)
    return running


def sender(servers: MailServers, **changes: Any) -> MailSender:
    """The way out."""
    return MailSender(mailbox(servers.imap_port, servers.smtp_port, **changes))


def dropped(*_: Any) -> None:
    """The connection breaks."""
    raise ConnectionResetError


def answering(step: str, answer: str) -> Callable[[str, Any], str | None]:
    """A server that says so at a step, and to the customers only."""
    return lambda at, envelope: answer if at == step and ANN in envelope.rcpt_tos else None


@needs_mail_servers
async def test_a_mail_and_its_copy_leave_in_one_transaction(servers: MailServers) -> None:
    """The customer gets one, the mailbox the other, and it is found by its id."""
    way = sender(servers)
    one = message("both", ".dots\n..and more\n")
    assert await way.sent(replace(one, since=datetime.now(UTC) - timedelta(minutes=1))) is None
    await way.send(one)
    (arrived,) = servers.sent_to(ANN)
    assert arrived.text.splitlines() == [".dots", "..and more"]
    assert await way.sent(one) is not None


@needs_mail_servers
@pytest.mark.parametrize(
    ("step", "answer", "kind"),
    [
        ("rcpt", "450 greylisted", ServiceError),
        ("rcpt", "550 no such user", Rejected),
        ("data", "451 later", ServiceError),
        ("data", "554 spam", Rejected),
    ],
)
async def test_what_the_server_refuses_has_certainly_not_left(
    servers: MailServers, step: str, answer: str, kind: type[ToolFault]
) -> None:
    """For now, or for good; its words stay out, since they may name people."""
    servers.refuse = answering(step, answer)
    with pytest.raises(kind) as told:
        await sender(servers).send(message("refused"))
    assert told.value.certain
    assert answer[4:] not in str(told.value)
    assert servers.outbox == []


@needs_mail_servers
async def test_a_connection_that_breaks_after_the_mail_leaves_doubt_that_the_copy_decides(
    servers: MailServers,
) -> None:
    """It has left; and one that broke before it was taken has not."""
    servers.after = dropped
    way, taken = sender(servers), message("taken")
    with pytest.raises(ToolFault) as told:
        await way.send(taken)
    assert told.value.certain or await way.sent(taken) is not None
    servers.refuse = lambda step, _envelope: dropped() if step == "data" else None
    untaken = message("untaken")
    with pytest.raises(ToolFault):
        await way.send(untaken)
    assert await way.sent(replace(untaken, since=datetime.now(UTC) - timedelta(minutes=1))) is None


@needs_mail_servers
async def test_a_copy_may_take_its_time_and_without_copies_nobody_can_tell(
    servers: MailServers,
) -> None:
    """It is looked for again until the time is over; without copies a person decides."""
    with pytest.raises(ServiceError, match="not arrived yet"):
        await sender(servers, copy_seconds=60.0).sent(message("slow"))
    with pytest.raises(UnknownEffect):
        await sender(servers, own_copy=False).sent(message("slow"))


async def test_a_server_that_is_away_is_told_in_plain_words() -> None:
    """Nothing has left."""
    with pytest.raises(Unreachable, match="nothing listens at") as told:
        await MailSender(mailbox()).send(message())
    assert told.value.certain
