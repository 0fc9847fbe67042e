"""Mails of their own kind: reports, receipts, calendars, sealed parts, lists, character sets."""

from collections.abc import Iterator
from email.message import EmailMessage

from tests.mail_corpus.building import OLD, Case, mail_of
from tests.mail_corpus.tongues import AT
from tests.mails import OURS

QUESTION = "Where do I change the address on my bill?"
BOUNDARY = "=_part_1"


def _parts(kind: str, *parts: str, **headers: str) -> bytes:
    """A mail of parts that are written out."""
    head = {"From": "Mail System <mailer-daemon@mx.customer.example>", "To": AT}
    head |= {"Message-ID": "<r1@mx.customer.example>", "MIME-Version": "1.0"}
    head |= {name.replace("_", "-"): value for name, value in headers.items()}
    head["Content-Type"] = f'{kind}; boundary="{BOUNDARY}"'
    lines = [f"{name}: {value}" for name, value in head.items()]
    body = "".join(f"--{BOUNDARY}\r\n{part}\r\n" for part in parts)
    return ("\r\n".join(lines) + f"\r\n\r\n{body}--{BOUNDARY}--\r\n").encode()


def _text(words: str) -> str:
    return f"Content-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n"


def _status(action: str, status: str, words: str) -> str:
    return (
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.customer.example\r\n\r\n"
        f"Final-Recipient: rfc822; ann@customer.example\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; {words}\r\n"
    )


RETURNED = f"Content-Type: message/rfc822\r\n\r\nMessage-ID: {OURS}\r\nFrom: {AT}\r\nSubject: x\r\n\r\n{OLD}\r\n"
HEADS = f"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: {OURS}\r\nFrom: {AT}\r\n"
SYSTEMS = {
    "postfix": (
        "Undelivered Mail Returned to Sender",
        "I'm sorry to have to inform you",
        "550 5.1.1",
    ),
    "exchange": ("Undeliverable: Your bill", "Your message could not be delivered.", "550 5.1.10"),
    "gmail": ("Delivery Status Notification (Failure)", "Address not found", "550-5.1.1"),
    "sendmail": (
        "Returned mail: see transcript for details",
        "The original message was",
        "550 5.7.1",
    ),
    "ses": (
        "Delivery Status Notification (Failure)",
        "An error occurred while trying",
        "554 4.4.7",
    ),
    "zimbra": (
        "Undelivered Mail Returned to Sender",
        "This is the mail system at host",
        "452 4.2.2",
    ),
}
NEWS = {
    "en": ("This week at the garden shop", "New bulbs have arrived. Unsubscribe at any time."),
    "de": ("Neues aus dem Gartenladen", "Neue Zwiebeln sind da. Hier können Sie sich abmelden."),
    "fr": ("Les nouvelles du jardin", "De nouveaux bulbes sont arrivés. Se désabonner ici."),
    "es": ("Novedades del jardín", "Han llegado bulbos nuevos. Darse de baja aquí."),
    "it": ("Novità dal giardino", "Sono arrivati nuovi bulbi. Annulla l'iscrizione qui."),
    "nl": ("Nieuws uit de tuin", "Er zijn nieuwe bollen. Hier kunt u zich afmelden."),
    "pl": ("Nowości z ogrodu", "Dotarły nowe cebulki. Wypisz się tutaj."),
    "sv": ("Nytt från trädgården", "Nya lökar har kommit. Avsluta prenumerationen här."),
}
CHARSETS = {
    "utf-8": "Größe und Preis, 12 €?",
    "iso-8859-1": "Größe und Preis?",
    "iso-8859-15": "Größe und Preis, 12 €?",
    "windows-1252": "„Größe“ – 12 €?",
    "iso-8859-2": "Gdzie jest moja paczka, proszę?",
    "windows-1250": "Kde je můj balíček, prosím?",
    "windows-1251": "Где мой заказ?",
    "koi8-r": "Где мой заказ?",
    "koi8-u": "Де моє замовлення?",
    "iso-8859-7": "Πού είναι η παραγγελία μου;",
    "iso-8859-9": "Siparişim nerede, lütfen?",
    "windows-1255": "איפה ההזמנה שלי?",
    "windows-1256": "أين طلبي؟",
    "tis-620": "สินค้าของฉันอยู่ที่ไหน?",
    "iso-2022-jp": "注文はどこですか？",
    "shift_jis": "注文はどこですか？",
    "euc-jp": "注文はどこですか？",
    "gb2312": "我的订单在哪里？",
    "gb18030": "我的订单在哪里？",
    "big5": "我的訂單在哪裡？",
    "euc-kr": "제 주문은 어디에 있나요?",
    "utf-16": "Where is it? 12 €",
    "utf-7": "Größe?",
}
PEOPLES = {
    "away and asks": "I am out of the office next week. Can you deliver before Friday instead?",
    "receipt": "We have received your parcel, but it is the wrong one. Please send the right one.",
    "delivery": "Delivery failed twice although I was at home. What can I do?",
    "left": "Bo Lind has left our company. Please change the account to my name.",
    "no reply": "Please do not reply to my old address, use this one. How do I change my login?",
    "vacation": "Ich bin bis Montag im Urlaub. Können Sie bitte erst danach liefern?",
    "congé": "Je suis en congé demain. Pouvez-vous me livrer lundi ?",
    "automatic": "The automatic reply on my account is wrong: how do I turn it off?",
    "unsubscribe": "How do I unsubscribe from your newsletter?",
    "test": "My calendar shows the meeting twice. Why?",
    "from my account": "Von meinem Konto wurde zweimal abgebucht, von meiner Karte auch.",
    "from my account, in Chinese": "從我的帳戶扣款兩次，請退款。",
    "missed call": "부재중 전화가 왔는데 누구였나요?",
}


def reports() -> Iterator[Case]:
    """What mail systems send: failures, delays, read receipts, what old systems send instead."""
    for name, (subject, words, code) in SYSTEMS.items():
        parts = (_text(words), _status("failed", "5.1.1", code), RETURNED)
        raw = _parts("multipart/report; report-type=delivery-status", *parts, Subject=subject)
        yield Case(f"bounce {name}", raw, expected="silent", kind="bounce", refs=(OURS,))
        delayed = (_text("It is tried for 4 days."), _status("delayed", "4.4.1", code), HEADS)
        raw = _parts("multipart/report; report-type=delivery-status", *delayed, Subject="Delayed")
        yield Case(f"delay {name}", raw, expected="silent", kind="ignored")
    words = f"A message that you sent could not be delivered.\n\nMessage-ID: {OURS}\n"
    exim = mail_of(words, "Mail delivery failed: returning message to sender", Return_Path="<>")
    exim.replace_header("From", "Mail Delivery System <Mailer-Daemon@mx.customer.example>")
    exim["X-Failed-Recipients"] = "ann@customer.example"
    yield Case("bounce exim", exim.as_bytes(), expected="silent", kind="bounce", refs=(OURS,))
    strange = (_text("Not found"), _status("failed", "5.1.1", "550"), HEADS.replace(OURS, "<x@y>"))
    raw = _parts("multipart/report; report-type=delivery-status", *strange, Subject="Failure")
    yield Case("bounce of another's mail", raw, expected="silent")
    for name, words in {"outlook": "Your message was read on Monday.", "de": "Gelesen"}.items():
        note = (
            "Content-Type: message/disposition-notification\r\n\r\nReporting-UA: x\r\n"
            f"Original-Message-ID: {OURS}\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n"
        )
        raw = _parts(
            "multipart/report; report-type=disposition-notification",
            _text(words),
            note,
            Subject="Read: Your bill",
            From="Ann Lee <ann@customer.example>",
        )
        yield Case(f"read receipt {name}", raw, expected="silent", kind="automatic")


def news() -> Iterator[Case]:
    """Newsletters; and lists on which a person asks."""
    for code, (subject, words) in NEWS.items():
        mail = mail_of(words, subject, Precedence="bulk", List_Unsubscribe="<https://x.example/u>")
        yield Case(f"newsletter {code}", mail.as_bytes(), expected="silent")
    for program, header in {"mailman": "list", "groups": "bulk"}.items():
        mail = mail_of(
            f"Hello all,\n{QUESTION}\n\nAnn",
            "[users] Bill",
            Precedence=header,
            List_Id="<users.customer.example>",
        )
        yield Case(f"list {program}", mail.as_bytes(), kept=(QUESTION,))


def calendars() -> Iterator[Case]:
    """Invitations and their answers: what a person wrote beside them is read."""
    for method, subject, words in (
        ("REPLY", "Accepted: Review", ""),
        ("REPLY", "Declined: Review", f"I cannot come. {QUESTION}"),
        ("REQUEST", "Invitation: Review", f"Let us talk. {QUESTION}"),
        ("CANCEL", "Canceled: Review", ""),
    ):
        mail = mail_of(words, subject)
        event = f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nSUMMARY:Review\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        mail.add_alternative(event, subtype="calendar", params={"method": method})
        if words:
            yield Case(f"calendar {subject}", mail.as_bytes(), kept=(QUESTION,))
        else:
            yield Case(f"calendar {subject}", mail.as_bytes(), expected="silent")


def sealed() -> Iterator[Case]:
    """Signed and encrypted mail, and Outlook's own container."""
    raw = _parts(
        'multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256',
        _text(QUESTION),
        "Content-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Disposition: attachment;"
        " filename=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n\r\nMIIB\r\n",
        From="Ann Lee <ann@customer.example>",
        Subject="Bill",
    )
    yield Case("smime signed", raw, own=QUESTION)
    pgp = _parts(
        'multipart/signed; protocol="application/pgp-signature"; micalg=pgp-sha256',
        _text(QUESTION),
        "Content-Type: application/pgp-signature; name=signature.asc\r\n\r\n-----BEGIN PGP SIGNATURE-----\r\n"
        "\r\niQ==\r\n-----END PGP SIGNATURE-----\r\n",
        From="Ann Lee <ann@customer.example>",
        Subject="Bill",
    )
    yield Case("pgp signed", pgp, own=QUESTION)
    inline = (
        f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{QUESTION}\n"
        "-----BEGIN PGP SIGNATURE-----\n\niQEzBAEBCAAdFiEE\n=abcd\n-----END PGP SIGNATURE-----\n"
    )
    yield Case("pgp inline", mail_of(inline).as_bytes(), own=QUESTION)
    for name, kind in {"smime.p7m": "pkcs7-mime", "winmail.dat": "ms-tnef"}.items():
        opaque = mail_of("" if name == "smime.p7m" else QUESTION, "Bill")
        opaque.add_attachment(b"\x30\x82\x01", maintype="application", subtype=kind, filename=name)
        kept = () if name == "smime.p7m" else (QUESTION,)
        yield Case(f"opaque {name}", opaque.as_bytes(), kept=kept, files=1)
    encrypted = _parts(
        'multipart/encrypted; protocol="application/pgp-encrypted"',
        "Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n",
        "Content-Type: application/octet-stream; name=encrypted.asc\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n",
        From="Ann Lee <ann@customer.example>",
        Subject="Bill",
    )
    yield Case("pgp encrypted", encrypted, files=2)


def charsets() -> Iterator[Case]:
    """Each set as it is named, and some that are named falsely."""
    for name, words in CHARSETS.items():
        coded = "utf-16" if name == "utf-16" else name
        head = (
            f"From: Ann <ann@customer.example>\r\nTo: {AT}\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
        )
        head += (
            f"Content-Type: text/plain; charset={name}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        )
        mail = EmailMessage()
        mail.set_content(words.encode(coded), maintype="text", subtype="plain", cte="base64")
        raw = head.encode() + str(mail.get_payload()).encode()
        yield Case(f"charset {name}", raw, kept=(words,))
    for named, real in (
        ("us-ascii", "windows-1252"),
        ("iso-8859-1", "windows-1252"),
        ("x-none", "utf-8"),
    ):
        head = f"From: a@customer.example\r\nContent-Type: text/plain; charset={named}\r\n\r\n"
        yield Case(
            f"charset {named} is a lie",
            head.encode() + "Größe 12 €?".encode(real),
            kept=("Größe 12 €?",),
        )


def people() -> Iterator[Case]:
    """Mails of people that look like a program's."""
    for name, words in PEOPLES.items():
        mail = mail_of(words, "A question", X_Auto_Response_Suppress="OOF", X_Priority="1")
        yield Case(f"person {name}", mail.as_bytes(), kept=(words,))


def inline_answers() -> Iterator[Case]:
    """Answers between the quoted lines: each of them is the writer's own."""
    for number, sign in enumerate(("> ", ">", ">> ")):
        text = f"Hi,\n\n{sign}Which plan do you have?\nThe small one.\n\n{sign}Which device?\nA telephone. {QUESTION}\n"
        mail = mail_of(text, In_Reply_To=OURS)
        yield Case(
            f"inline {number}",
            mail.as_bytes(),
            kept=("The small one.", "A telephone.", QUESTION),
            gone=("Which plan", "Which device"),
            refs=(OURS,),
        )


def parts() -> Iterator[Case]:
    """An alternative, a mixture, pictures of a signature, a mail as a file."""
    both = mail_of(QUESTION, "Bill")
    both.add_alternative(f"<p>{QUESTION}</p>", subtype="html")
    yield Case("alternative", both.as_bytes(), own=QUESTION, files=0)
    logo = mail_of(QUESTION, "Bill")
    logo.add_alternative(f'<p>{QUESTION}</p><img src="cid:logo">', subtype="html")
    _, html = logo.iter_parts()
    html.add_related(b"\x89PNG", "image", "png", cid="<logo>")
    yield Case("logo", logo.as_bytes(), own=QUESTION, files=0)
    photo = mail_of(QUESTION, "Bill")
    photo.add_attachment(b"\xff\xd8\xff", maintype="image", subtype="jpeg", filename="photo.jpg")
    yield Case("photo", photo.as_bytes(), own=QUESTION, files=1)
    inner = mail_of("It is broken.", "Broken")
    outer = mail_of(QUESTION, "Bill")
    outer.add_attachment(inner)
    yield Case("mail as a file", outer.as_bytes(), own=QUESTION, files=1)
    yield Case("no subject", mail_of(QUESTION, "").as_bytes(), own=QUESTION)
    long = mail_of(
        "\n".join(f"This is line {n} of a long story." for n in range(400)) + f"\n{QUESTION}"
    )
    yield Case("a long story", long.as_bytes(), kept=(QUESTION, "line 399"))
