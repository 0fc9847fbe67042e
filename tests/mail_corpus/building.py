"""Mails from parts: who replies with which program, and what is expected of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Literal

from tests.mail_corpus.tongues import AT, TONGUES, Tongue
from tests.mails import OURS

Expected = Literal["message", "silent"]
OLD = "You can delete your whole account under Settings."
"""What we had written: never to be read as the customer's own words."""
DATE = "Mon, 02 Nov 2026 09:30:00 +0000"


@dataclass(frozen=True)
class Case:
    """One mail, and what must become of it."""

    name: str
    raw: bytes
    expected: Expected = "message"
    own: str | None = None
    """Exactly the writer's own words; None where only `kept` counts."""
    kept: tuple[str, ...] = ()
    """What must be among the words that are read."""
    gone: tuple[str, ...] = ()
    """What must not."""
    refs: tuple[str, ...] = ()
    """The mails that it answers."""
    kind: str | None = None
    """What the reader makes of it, where that is more than a message."""
    files: int | None = None


def mail_of(text: str, subject: str = "Re: Your bill", **headers: str) -> EmailMessage:
    """A customer's mail."""
    mail = EmailMessage()
    given = {"From": "Ann Lee <ann@customer.example>", "To": AT, "Subject": subject}
    given |= {"Date": DATE, "Message-ID": "<m1@customer.example>"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in given.items():
        mail[name] = value
    mail.set_content(text, cte="8bit")
    return mail


def replies() -> Iterator[Case]:
    """Top-posted replies of each program in each language, with what it quotes below."""
    for code, tongue in TONGUES.items():
        for program, below in _quotations(tongue).items():
            text = f"{tongue.question}\n\n{below}\n"
            mail = mail_of(text, In_Reply_To=OURS, References=f"<m0@customer.example> {OURS}")
            yield Case(
                f"reply {program} {code}",
                mail.as_bytes(),
                own=tongue.question,
                refs=(OURS, "<m0@customer.example>"),
            )


def _quotations(tongue: Tongue) -> dict[str, str]:
    sender, sent, to, subject = tongue.heads
    head = f"{sender}: Desk <{AT}>\n{sent}: 2026-11-02 09:14\n{to}: Ann Lee\n{subject}: Your bill"
    apple = f"> {OLD}\n>\n> {tongue.regards}"
    return {
        "gmail": f"{tongue.wrote}\n\n> {OLD}\n> The Desk\n",
        "outlook": f"{head}\n\n{OLD}\n",
        "outlook lines": f"{'_' * 32}\n{head}\n\n{OLD}\n",
        "apple": f"{tongue.mobile}\n\n{tongue.wrote}\n{apple}\n",
    }


def bottom_posts() -> Iterator[Case]:
    """The quotation first, the question below it."""
    for code, tongue in TONGUES.items():
        text = f"{tongue.wrote}\n> {OLD}\n\n{tongue.question}\n"
        mail = mail_of(text, In_Reply_To=OURS)
        yield Case(f"bottom {code}", mail.as_bytes(), own=tongue.question, refs=(OURS,))


def html_replies() -> Iterator[Case]:
    """HTML without a plain part, the quotation marked as each program marks it."""
    for code, tongue in TONGUES.items():
        for program, below in _marked(tongue).items():
            mail = mail_of("", In_Reply_To=OURS)
            body = f"<html><body><div>{tongue.question}</div>{below}</body></html>"
            mail.set_content(body, subtype="html", cte="base64")
            yield Case(f"html {program} {code}", mail.as_bytes(), own=tongue.question, refs=(OURS,))


def _marked(tongue: Tongue) -> dict[str, str]:
    sender, sent, to, subject = tongue.heads
    head = f"<b>{sender}:</b> Desk &lt;{AT}&gt;<br><b>{sent}:</b> 2026-11-02 09:14<br>"
    head += f"<b>{to}:</b> Ann Lee<br><b>{subject}:</b> Your bill"
    wrote = tongue.wrote.replace("<", "&lt;").replace(">", "&gt;")
    return {
        "gmail": f'<br><div class="gmail_quote"><div class="gmail_attr">{wrote}<br></div>'
        f'<blockquote class="gmail_quote">{OLD}</blockquote></div>',
        "outlook": '<hr style="width:98%"><div id="divRplyFwdMsg" dir="ltr">'
        f"<font>{head}</font></div><div><p>{OLD}</p></div>",
    }


def forwards() -> Iterator[Case]:
    """Somebody passes a colleague's question on: it is the question."""
    for code, tongue in TONGUES.items():
        sender, sent, to, subject = tongue.heads
        head = f"{sender}: Kim Roe <kim@customer.example>\n{sent}: 2026-11-02 08:00\n"
        head += f"{subject}: Bill\n{to}: Ann Lee <ann@customer.example>"
        text = f"{tongue.forwarded}\n{head}\n\n{tongue.question}\n"
        mail = mail_of(text, subject="Fwd: Bill")
        yield Case(f"forward {code}", mail.as_bytes(), kept=(tongue.question,))


def aways() -> Iterator[Case]:
    """Programs of people who are away: with the header, and with nothing but words."""
    for code, tongue in TONGUES.items():
        subject = f"{tongue.away_subject}Your bill"
        sure = mail_of(tongue.away, subject, Auto_Submitted="auto-replied", In_Reply_To=OURS)
        yield Case(
            f"away header {code}",
            sure.as_bytes(),
            expected="silent",
            refs=(OURS,),
            kind="automatic",
        )
        bare = mail_of(tongue.away, subject, In_Reply_To=OURS)
        yield Case(f"away subject {code}", bare.as_bytes(), expected="silent")
        worded = mail_of(tongue.away, "Re: Your bill", In_Reply_To=OURS)
        yield Case(f"away words {code}", worded.as_bytes(), expected="silent")


def signed() -> Iterator[Case]:
    """A question with a signature below it: names and numbers are not what is asked."""
    for code, tongue in TONGUES.items():
        text = f"{tongue.question}\n\n{tongue.regards}\nAnn Lee\n\n-- \nLee & Roe Ltd\n+44 20 7946 0000\n"
        mail = mail_of(text, subject="Bill")
        yield Case(
            f"signed {code}",
            mail.as_bytes(),
            kept=(tongue.question,),
            gone=("+44 20 7946 0000", "Lee & Roe"),
        )
        phone = mail_of(f"{tongue.question}\n\n{tongue.mobile}\n", subject="Bill")
        yield Case(f"mobile {code}", phone.as_bytes(), own=tongue.question)
