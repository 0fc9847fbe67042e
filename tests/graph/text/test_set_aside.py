"""What was not read of a message is told by its lines, and nothing that was read is among them."""

import pytest

from graph.text.mail.set_aside import set_aside

REPLY = """Hello,

how do I change my plan? It says
that I cannot.

Kind regards,
Jo Miller
Head of Boats | +44 20 7946 0000

On Mon, 3 Nov 2025 at 10:00, Support <help@example.com> wrote:
> Hello Jo,
> how can we help?
"""
FORWARD = """Can you answer this?

---------- Forwarded message ---------
From: Al <al@example.com>
Date: Mon, 3 Nov 2025
Subject: Parcel
To: jo@example.com

Where is my parcel?
"""


def cut(text: str, subject: str = "") -> list[str]:
    """The lines that were not read."""
    lines = text.split("\n")
    spans = set_aside(text, subject)
    return [line for first, last in spans for line in lines[first : last + 1]]


def test_a_signature_and_a_quotation_are_told_apart_from_what_was_read() -> None:
    """Each line is in one of both."""
    found = cut(REPLY, "Re: plan")
    assert {"Jo Miller", "> how can we help?"} <= set(found)
    assert not {"how do I change my plan? It says", "that I cannot."} & set(found)


def test_of_a_forwarded_mail_the_head_alone_was_not_read() -> None:
    """What somebody passes on is read."""
    found = cut(FORWARD, "Fwd: Parcel")
    assert "From: Al <al@example.com>" in found
    assert not {"Can you answer this?", "Where is my parcel?"} & set(found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Where is my parcel?",
        "> Where is my parcel?",
        "<p>Where is my <b>parcel</b>?</p><blockquote>old</blockquote>",
        "one line\r\nand another\r\n",
        "Wo ist mein Paket?\n\nMit freundlichen Grüßen",
    ],
)
def test_where_all_is_read_or_it_cannot_be_told_nothing_is_folded_up(text: str) -> None:
    """A person rather sees too much than what the agent overlooked."""
    assert all(not line or "Grüßen" in line for line in cut(text))


def test_the_same_sentence_quoted_and_asked_was_read_once() -> None:
    """Which of both makes no difference, since they say the same."""
    text = "Is it open today?\n\nOn Mon, 3 Nov 2025 at 10:00, Jo <jo@example.com> wrote:\n> Is it open today?"
    assert cut(text).count("> Is it open today?") == 1
