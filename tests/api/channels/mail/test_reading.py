"""A mail's bytes are read for what they are: threads, programs, reports, character sets, files."""

from __future__ import annotations

from email.message import EmailMessage
from typing import NamedTuple

import pytest

from api.channels.contract import Incoming
from api.channels.mail.mime import MOST_BYTES
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


def test_a_plain_mail_says_who_wrote_what_and_where_an_answer_goes() -> None:
    """Sender, text, thread and the place of the answer."""
    got = read(mail())
    assert (got.kind, got.text.strip(), got.subject) == (
        "message",
        "Where is my order?",
        "My order",
    )
    assert (got.sender.address, got.sender.name) == ("ann@example.com", "Ann Lee")
    assert got.ref == "<1@example.com>"
    assert got.place == {
        "to": "ann@example.com",
        "name": "Ann Lee",
        "subject": "My order",
        "last": "<1@example.com>",
        "references": [],
    }


def test_the_same_mail_has_the_same_id_and_another_text_another() -> None:
    """A program that uses one Message-ID for all its mails loses none of them."""
    assert read(mail()).id == read(mail()).id
    assert read(mail()).id != read(mail("Another question?")).id
    delivered = b"Received: from a by b\r\nDelivered-To: x\r\n" + mail().as_bytes()
    assert read(delivered).id == read(mail()).id


class Thread(NamedTuple):
    """Headers of a reply, and what it refers to."""

    headers: dict[str, str]
    refs: tuple[str, ...]
    ticket: str | None = None


THREADS = {
    "in-reply-to": Thread({"In_Reply_To": "<a@x>"}, ("<a@x>",)),
    "references": Thread({"References": "<a@x> <b@x> <c@x>"}, ("<c@x>", "<b@x>", "<a@x>")),
    "both": Thread({"In_Reply_To": "<c@x>", "References": "<a@x> <c@x>"}, ("<c@x>", "<a@x>")),
    "words around": Thread({"In_Reply_To": "Message of Monday <a@x>"}, ("<a@x>",)),
    "none": Thread({}, ()),
    "half an id": Thread({"In_Reply_To": "<a@x"}, ()),
    "tag in the subject": Thread({"Subject": f"Re: AW: My order [#{TICKET}]"}, (), TICKET),
    "tag in the address": Thread({"To": f"support+{TICKET}@desk.example"}, (), TICKET),
    "tag in the copy": Thread({"Cc": f"Us <support+{TICKET}@DESK.example>"}, (), TICKET),
    "tag of another domain": Thread({"To": f"support+{TICKET}@else.example"}, ()),
    "broken tag": Thread({"Subject": "Re: My order [#tkt_01]"}, ()),
}


@pytest.mark.parametrize("case", THREADS.values(), ids=THREADS.keys())
def test_a_reply_names_what_it_answers(case: Thread) -> None:
    """The nearest first, and our own tag beside it."""
    got = read(mail(**case.headers))
    assert (tuple(got.refs), got.ticket_id) == (case.refs, case.ticket)


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


CHARSETS = {
    "utf-8": ("Größe 12 €", "utf-8"),
    "latin-1": ("Größe 12", "iso-8859-1"),
    "windows-1252": ("Größe 12 €", "windows-1252"),
    "koi8-r": ("Где мой заказ?", "koi8-r"),
    "iso-2022-jp": ("注文はどこですか", "iso-2022-jp"),
    "gb18030": ("我的订单在哪里", "gb18030"),
    "euc-kr": ("주문은 어디에", "euc-kr"),
    "big5": ("我的訂單在哪裡", "big5"),
}


@pytest.mark.parametrize("case", CHARSETS.values(), ids=CHARSETS.keys())
def test_a_text_is_read_in_its_own_character_set(case: tuple[str, str]) -> None:
    """As the mail names it."""
    text, charset = case
    found = mail()
    found.set_content(text, charset=charset)
    assert read(found).text.strip() == text


def test_a_text_whose_character_set_is_a_lie_is_read_all_the_same() -> None:
    """Programs name ASCII and write Windows-1252, or name what nobody knows."""
    for named in ("us-ascii", "x-unknown", "iso-8859-1"):
        head = f"From: a@b.example\r\nContent-Type: text/plain; charset={named}\r\n\r\n"
        assert read(head.encode() + "Größe 12 €".encode("cp1252")).text.strip() == "Größe 12 €"


def test_of_an_alternative_the_plain_text_is_read_and_html_alone_as_text() -> None:
    """And where the plain one only says that there is HTML, the HTML is read."""
    html = "<html><body><p>Where is my <b>order</b>?</p><p>It is late.</p></body></html>"
    both = mail("Where is my order?")
    both.add_alternative(html, subtype="html")
    assert read(both).text.strip() == "Where is my order?"
    alone = mail()
    alone.set_content(html, subtype="html")
    assert read(alone).text.split() == ["Where", "is", "my", "order?", "It", "is", "late."]
    hint = mail("Open as HTML.")
    hint.add_alternative(html.replace("late", "late. " * 60), subtype="html")
    assert "Where is my order?" in " ".join(read(hint).text.split())


def test_an_html_forward_that_is_nothing_but_its_quotation_is_read() -> None:
    """Nothing is cut that asks."""
    quoted = '<div class="gmail_quote"><div>From: Bob</div><p>Can you cancel my order?</p></div>'
    found = mail(Subject="Fwd: order")
    found.set_content(f"<html><body>{quoted}</body></html>", subtype="html")
    assert "Can you cancel my order?" in read(found).text


def test_files_are_listed_and_text_is_read_within_bounds() -> None:
    """Text is read, a picture is named, a logo of the signature is left out."""
    found = mail()
    found.add_attachment("Total: 9 EUR\n" * 1_000, filename="bill.txt")
    found.add_attachment(
        b"\xff\xd8\xff" + b"x" * 99, maintype="image", subtype="png", filename="a.png"
    )
    got = read(found)
    bill, photo = got.attachments
    assert (bill.name, bill.media_type, len(bill.text)) == ("bill.txt", "text/plain", 3_999)
    assert bill.trouble == "only its beginning is read"
    assert (photo.name, photo.media_type, photo.text) == ("a.png", "image/jpeg", "")
    assert got.text.strip() == "Where is my order?"


def test_a_mail_that_was_passed_on_as_a_file_is_read() -> None:
    """With who wrote it."""
    inner = mail("The parcel never came.", From="Bob <bob@example.net>", Subject="Parcel")
    outer = mail("Please see to this.")
    outer.add_attachment(inner)
    (file,) = read(outer).attachments
    assert "From: Bob <bob@example.net>" in file.text
    assert "The parcel never came." in file.text


HOSTILE = {
    "nothing": b"",
    "no header": b"hello",
    "zero bytes": b"\x00" * 50,
    "many headers": b"X: y\r\n" * 50_000 + b"\r\nhello",
    "a long header": b"Subject: "
    + b"(" * 500_000
    + b"\r\nFrom: "
    + b"<" * 99_999
    + b"\r\n\r\nhello",
    "nested": b"".join(
        f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n'.encode()
        for n in range(2_000)
    ),
    "no end of a part": b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nhello',
    "broken base64": b"Content-Transfer-Encoding: base64\r\n\r\n####",
    "lines": b"\n" * 1_100_000,
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_mail_breaks_the_reader(content: bytes) -> None:
    """What cannot be taken apart comes as it is, for a person."""
    got = read(content)
    assert got.id
    assert len(got.text) <= MOST_BYTES
