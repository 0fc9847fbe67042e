"""Who wrote a mail: a person, a program, a colleague, a mail system; and who vouches for them."""

from typing import NamedTuple

import pytest

from api.channels.mail.reading import Reader
from tests.mails import OURS, TRUSTED, US, mail, raw, read

AUTOMATIC = {
    "german": ("Abwesend bis 3.5.", "Ich bin bis 3. Mai nicht im Büro.", "auto-replied"),
    "french": ("Absence", "Je suis absent jusqu'au 3 mai.", "auto-replied"),
    "spanish": ("Respuesta automática", "Estoy fuera de la oficina.", "auto-replied"),
    "italian": ("Risposta automatica", "Sono assente fino al 3 maggio.", "auto-replied; owner=a"),
    "dutch": ("Afwezig", "Ik ben afwezig tot 3 mei.", "Auto-Replied"),
    "polish": ("Nieobecność", "Jestem nieobecny do 3 maja.", "auto-replied"),
    "japanese": ("自動返信", "ただいま不在にしております。", "auto-replied"),
    "russian": ("Автоответ", "Меня нет в офисе до 3 мая.", "auto-replied"),
    "swedish": ("Frånvaro", "Jag är tillbaka den 3 maj.", "auto-replied"),
    "turkish": ("Otomatik yanıt", "3 Mayıs'a kadar ofis dışındayım.", "auto-replied"),
}


@pytest.mark.parametrize("case", AUTOMATIC.values(), ids=AUTOMATIC.keys())
def test_an_answer_of_a_program_is_known_by_its_headers(case: tuple[str, str, str]) -> None:
    """Whatever its language: RFC 3834 needs no words."""
    subject, text, submitted = case
    got = read(mail(text, Subject=subject, Auto_Submitted=submitted, In_Reply_To=OURS))
    assert (got.kind, got.refs) == ("automatic", (OURS,))


PEOPLE = {
    "a firm's name": '"Fast Mail Delivery Ltd" <ann@fmd.example>',
    "a postmaster": "Pat <postmaster@customer.example>",
}


@pytest.mark.parametrize("sender", PEOPLE.values(), ids=PEOPLE.keys())
def test_an_answer_of_a_person_is_no_report(sender: str) -> None:
    """It refers to our mail as every answer does; only a report quotes it."""
    got = read(mail("It has not come. Where is it?", From=sender, In_Reply_To=OURS))
    assert (got.kind, got.text.strip()) == ("message", "It has not come. Where is it?")


def test_a_holiday_is_no_report_though_nobody_can_answer_it() -> None:
    """RFC 3834 has programs answer from no address: our mail has arrived."""
    away = mail("I am away until May.", Return_Path="<>", In_Reply_To=OURS)
    assert read(away).kind == "automatic"


ASKING = {
    "a list's customer": {"List_Id": "<users.list.example>", "Precedence": "list"},
    "a bulk header": {"Precedence": "bulk"},
    "says no": {"Auto_Submitted": "no"},
}


@pytest.mark.parametrize("headers", ASKING.values(), ids=ASKING.keys())
def test_a_person_behind_a_doubtful_header_is_heard(headers: dict[str, str]) -> None:
    """Groups and rules set such headers on mail of people; nothing that asks is put aside."""
    assert read(mail("I am away next week. Can you cancel my order?", **headers)).kind == "message"


def report(action: str, status: str, words: str, original: str = OURS) -> bytes:
    """A delivery status notification (RFC 3464)."""
    return raw(f"""
From: MAILER-DAEMON@mx.example.net
To: {US}
Subject: Undelivered Mail
Message-ID: <dsn@mx.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Your mail could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ann@example.com
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {words}

--b
Content-Type: text/rfc822-headers

From: {US}
To: ann@example.com
Message-ID: {original}

--b--
""")


def test_a_report_names_our_mail_and_says_why() -> None:
    """The status in the other system's own words."""
    got = read(report("failed", "5.1.1", "550 5.1.1 no such mailbox"))
    assert (got.kind, got.refs) == ("bounce", (OURS,))
    assert got.note == "It did not arrive: 550 5.1.1 no such mailbox"


def test_a_delay_is_no_bounce_and_a_foreign_report_is_none_of_ours() -> None:
    """The mail may still arrive; a report about somebody else's mail is just automatic."""
    assert read(report("delayed", "4.4.1", "451 later")).kind == "ignored"
    assert read(report("failed", "5.1.1", "550", "<x@else.example>")).kind == "automatic"


def test_a_foreign_report_is_read_and_kept() -> None:
    """What a machine wrote there is the reason, which its words for people often leave out."""
    status, heads = read(report("failed", "5.1.1", "550 gone", "<x@else.example>")).attachments
    assert "Diagnostic-Code: smtp; 550 gone" in status.text
    assert all(one.size == len(one.content or b"") > 0 for one in (status, heads))


def test_an_old_systems_report_without_structure_is_a_bounce_too() -> None:
    """It quotes the headers of our mail in its text."""
    text = f"Hi. This is the qmail-send program.\nUser unknown.\n\nMessage-ID: {OURS}\n"
    got = read(mail(text, From="MAILER-DAEMON@old.example", Return_Path="<>"))
    assert (got.kind, got.refs) == ("bounce", (OURS,))


class Vouching(NamedTuple):
    """Authentication-Results, the topmost first, and who vouches."""

    results: list[str]
    who: str | None
    sender: str = "ann@example.com"


PASS = f"{TRUSTED}; dmarc=pass (p=reject) header.from=example.com"
VOUCHING = {
    "dmarc": Vouching([PASS], f"DMARC {TRUSTED}"),
    "aligned dkim": Vouching([f"{TRUSTED}; dkim=pass header.d=example.com"], f"DKIM {TRUSTED}"),
    "aligned spf": Vouching(
        [f"{TRUSTED}; spf=pass smtp.mailfrom=ann@example.com"], f"SPF {TRUSTED}"
    ),
    "version": Vouching([f"{TRUSTED} 1; dmarc=pass header.from=example.com"], f"DMARC {TRUSTED}"),
    "dkim of a mailing service": Vouching([f"{TRUSTED}; dkim=pass header.d=sends.example"], None),
    "dmarc fails": Vouching(
        [f"{TRUSTED}; dkim=pass header.d=example.com; dmarc=fail header.from=example.com"], None
    ),
    "another server": Vouching(["mx.evil.example; dmarc=pass header.from=example.com"], None),
    "a forged one below": Vouching([f"{TRUSTED}; dmarc=none", PASS], None),
    "another domain": Vouching([f"{TRUSTED}; dmarc=pass header.from=examp1e.com"], None),
    "in a comment": Vouching([f"{TRUSTED}; spf=none (dmarc=pass; header.from=example.com)"], None),
    "in quotes": Vouching([f'{TRUSTED}; x=pass a.b="; dmarc=pass header.from=example.com"'], None),
    "a longer name": Vouching(
        [f"{TRUSTED}.evil.example; dmarc=pass header.from=example.com"], None
    ),
    "nothing": Vouching([], None),
}


@pytest.mark.parametrize("case", VOUCHING.values(), ids=VOUCHING.keys())
def test_only_our_own_server_vouches_for_exactly_the_senders_domain(case: Vouching) -> None:
    """Anybody can write the header; who signs it first, and what it says, decides."""
    lines = "".join(f"Authentication-Results: {one}\r\n" for one in case.results)
    assert read(lines.encode() + mail().as_bytes()).sender.vouched_by == case.who


def test_nobody_vouches_for_one_of_two_authors_or_without_a_trusted_server() -> None:
    """Two From addresses are nobody's, and a desk that names no server trusts none."""
    lines = f"Authentication-Results: {PASS}\r\n".encode()
    two = mail(From="Ann <ann@example.com>, Eve <eve@example.net>").as_bytes()
    assert read(lines + two).sender.vouched_by is None
    assert read(lines + mail().as_bytes(), Reader(US)).sender.vouched_by is None


@pytest.mark.parametrize(
    ("answers", "who"),
    [
        ("Eve <eve@example.net>", None),
        ("ann+x@example.com", None),
        ("Ann <ann@EXAMPLE.com>", TRUSTED),
    ],
    ids=["elsewhere", "another", "same"],
)
def test_nobody_vouches_where_answers_are_to_go_elsewhere(answers: str, who: str | None) -> None:
    """Only the sender was checked; what is known of them would go to an address that was not."""
    lines = f"Authentication-Results: {PASS}\r\n".encode()
    found = read(lines + mail(From="Ann <ann@example.com>", Reply_To=answers).as_bytes()).sender
    assert (found.vouched_by is None) is (who is None)


def test_mail_from_the_mailbox_itself() -> None:
    """Our copies, a colleague in the sent folder, a form of the website, a forger."""
    own = mail(From=f"Desk <{US}>", Message_ID=OURS)
    assert read(own).kind == "own"
    colleague = mail("It is fixed.", From=f"Bob <{US}>", In_Reply_To="<1@example.com>")
    assert read(colleague, Reader(US, TRUSTED, sent=True)).kind == "person"
    form = read(mail(From=f"Website <{US}>", Reply_To="Ann <ann@example.com>"))
    assert (form.kind, form.sender.address, form.sender.vouched_by) == (
        "message",
        "ann@example.com",
        None,
    )
    forged = read(colleague)
    assert (forged.kind, forged.sender.address) == ("message", None)


def test_a_report_that_quotes_our_tag_alone_is_one() -> None:
    """Some systems give back the subject and nothing else: the ticket's last mail did not arrive."""
    tag = f"tkt_{'0' * 26}"
    quoted = report("failed", "5.1.1", "no such user", "<another@x>")
    got = read(quoted.replace(b"Undelivered Mail", f"Undeliverable: Re: x [#{tag}]".encode()))
    assert (got.kind, got.ticket_id, got.refs) == ("bounce", tag, ())
