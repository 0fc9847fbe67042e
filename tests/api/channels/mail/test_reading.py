"""A mail's bytes are read for what they are: threads, programs, reports, character sets, files."""

import zipfile
from email.message import EmailMessage
from io import BytesIO
from typing import NamedTuple

import pytest

from api.channels import extract
from api.channels.extract import MOST_READ, NO_MORE, OUT_OF_BOUNDS, TOO_LONG, TOO_MANY_CAME
from api.channels.files import received
from api.channels.mail.mime import MOST_BYTES
from api.channels.mail.reading import Reader
from tests.mails import TICKET, mail, read


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


def test_a_mail_that_was_passed_on_as_a_file_can_be_opened() -> None:
    """With the files that it brought: whoever downloads it has the mail, not an empty file."""
    passed, other = mail("Here is their mail."), mail("Grüße, the broken lamp", Subject="Lämpchen")
    other.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="lamp.pdf")
    passed.add_attachment(other)
    (file,) = read(passed).attachments
    assert file.size == len(file.content or b"")
    again = read(file.content or b"")
    assert (again.subject, again.text.strip()) == ("Lämpchen", "Grüße, the broken lamp")
    assert [one.content for one in again.attachments] == [b"%PDF-1.7"]


CROWD = {
    "many lines": "Cc: " + ",\r\n ".join(f"p{n}@example.org" for n in range(30_000)),
    "many headers": "\r\n".join(f"Cc: p{n}@example.org" for n in range(3_000)),
    "comments in comments": f"Cc: {'(' * 30_000}",
}


@pytest.mark.parametrize("copies", CROWD.values(), ids=CROWD)
def test_whoever_else_gets_a_mail_hides_nothing_of_it(copies: str) -> None:
    """However many they are: what stands behind them is read as before them."""
    got = read(f"{copies}\r\n".encode() + mail().as_bytes())
    assert (got.sender.address, got.subject) == ("ann@example.com", "My order")
    assert got.text == read(mail()).text


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


def test_a_mail_is_answered_to_its_sender_alone_unless_a_program_may_have_written_it() -> None:
    """So another address has a ticket of its own; whose tags a subject brings are not kept in it."""
    got = read(mail(Subject=f"Re: My order [#{TICKET}] again"))
    assert (got.apart, got.subject, got.place["subject"]) == (True, *["Re: My order again"] * 2)
    away = read(mail("I am out of the office until Monday.", Subject="Out of office: My order"))
    assert (away.kind, away.apart) == ("message", False)


DOCX_TYPES = """<?xml version="1.0"?><Types
xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels"
ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override
PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""
DOCX_RELATIONS = """<?xml version="1.0"?><Relationships
xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1"
Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
Target="word/document.xml"/></Relationships>"""
DOCX_TEXT = """<?xml version="1.0"?><w:document
xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>The
parcel never came.</w:t></w:r></w:p></w:body></w:document>""".replace("\n", " ")
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


def test_office_files_are_read_in_a_process_that_is_bounded() -> None:
    """A document's words, a broken one's trouble, and what the file really is."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as document:
        document.writestr("[Content_Types].xml", DOCX_TYPES)
        document.writestr("_rels/.rels", DOCX_RELATIONS)
        document.writestr("word/document.xml", DOCX_TEXT)
    found = mail("Please see my letter.")
    for name, content in (("letter.docx", packed.getvalue()), ("bill.pdf", b"%PDF-1.7 broken")):
        found.add_attachment(content, "application", "octet-stream", filename=name)
    letter, bill = read(found).attachments
    assert (letter.media_type, letter.text) == ("application/zip", "The parcel never came.")
    assert (bill.media_type, bill.text) == ("application/pdf", "")
    assert bill.trouble.startswith("not a PDF that can be read")


def test_a_mail_that_was_passed_on_as_a_file_is_read() -> None:
    """With who wrote it."""
    inner = mail("The parcel never came.", From="Bob <bob@example.net>", Subject="Parcel")
    outer = mail("Please see to this.")
    outer.add_attachment(inner)
    (file,) = read(outer).attachments
    assert "From: Bob <bob@example.net>" in file.text
    assert "The parcel never came." in file.text


HOSTILE = {
    "a character set with a zero": b"Content-Type: text/plain; charset=\x00\r\n\r\nGr\xf6\xdfe",
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


@pytest.mark.parametrize(
    ("trouble", "tried"),
    [("", MOST_READ), (OUT_OF_BOUNDS, 1), (TOO_LONG, 1)],
    ids=["well", "broke", "slow"],
)
def test_many_documents_hold_no_mailbox_up(
    monkeypatch: pytest.MonkeyPatch, trouble: str, tried: int
) -> None:
    """Each is read by a process of its own: a few of a mail are, and none behind one that broke."""
    monkeypatch.setattr(extract, "extracted", lambda _content, _ending: ("", trouble))
    found = [one.trouble for one in read(invoices(MOST_READ + 3)).attachments]
    assert found == [trouble] * tried + [NO_MORE] * (MOST_READ + 3 - tried)


def invoices(count: int) -> bytes:
    """A mail with so many documents."""
    sent = EmailMessage()
    sent["From"] = "ann@example.com"
    sent.set_content("See the invoices.")
    for _ in range(count):
        sent.add_attachment(b"%PDF-1.7 x", maintype="application", subtype="pdf")
    return bytes(sent)


def test_slow_documents_hold_up_the_next_mails_for_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is within its own bounds; those of one mail have ten seconds, and of all mails what was saved up."""
    clock = [0.0]

    def slowly(_content: bytes, _ending: str) -> tuple[str, str]:
        clock[0] += 6.0
        return "read", ""

    monkeypatch.setattr(extract, "extracted", slowly)
    monkeypatch.setattr("api.channels.extract.time.monotonic", lambda: clock[0])
    reader = Reader("help@acme.example")
    mails = [[one.trouble for one in reader.read(invoices(5)).attachments] for _ in range(6)]
    assert mails[:3] == [["", "", *[NO_MORE] * 3]] * 3
    assert mails[3:] == [["", *[TOO_MANY_CAME] * 4], *[[TOO_MANY_CAME] * 5] * 2]
    clock[0] += 120
    assert reader.read(invoices(1)).attachments[0].trouble == ""


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("cv.pdf\u202efdp.exe", "cv.pdffdp.exe"),
        ("a\r\nb\u200b.pdf", "ab.pdf"),
        ("\u2066", "unnamed"),
    ],
    ids=["turned around", "hidden signs", "nothing else"],
)
def test_a_file_s_name_shows_its_ending(name: str, shown: str) -> None:
    """Characters that nobody sees can turn an ending around; its kind is told by its content all the same."""
    got = received(name, "application/pdf", b"MZ" + bytes(80), None)
    assert (got.name, got.media_type) == (shown, "application/vnd.microsoft.portable-executable")
