"""A mail's own words: what the writer says or passes on, without what programs added.

When in doubt it is read: words that are all there is are never set aside, and neither is what
asks. What is set aside stays in the message that was stored, where people see it.
"""

from __future__ import annotations

from dataclasses import dataclass

from graph.text.mail.armour import without_armour
from graph.text.mail.containers import unwrapped
from graph.text.mail.html import BREAK, is_html, text_of
from graph.text.mail.lines import joined, unflowed, without_padding
from graph.text.mail.marks import BELOW, FORWARD_MARKS, REPLY_MARKS, folded
from graph.text.mail.misread import put_right
from graph.text.mail.quotes import split
from graph.text.mail.signatures import DELIMITER, without_signature

MOST_MARKS = 12
"""Marks before a subject that are looked at."""
LONGEST_MARK = 12
RULES = frozenset("-–—=_*#~ \n")
"""Signs of which a line is drawn: a helpdesk's above its text, and no word of a writer."""


@dataclass(frozen=True)
class Mail:
    """A mail as it is read."""

    own: str
    aside: str
    """Quotations, signatures, footers and notices, in order."""


def read_mail(text: str, subject: str = "") -> Mail:
    """Split a text; with the subject it is known whether it is a forward."""
    text = put_right(unwrapped(text))
    lines = without_armour(_lines(text_of(text) if is_html(text) else text))
    thread = split(lines, forwards=_forwards(subject))
    signed = without_signature(thread.own)
    own = joined(signed.own)
    if thread.forwarded:
        passed_on = without_signature(thread.forwarded)
        own = f"{own}\n\n{joined(passed_on.own)}".strip()
    if set(own) <= RULES or (folded(own).strip(" .:!-") in BELOW):
        unquoted = [line.lstrip("> \t") for line in thread.quoted]
        own = f"{own}\n\n{joined(unquoted)}".strip()
    aside = [*thread.quoted, *signed.aside]
    return Mail(own or joined(lines), joined(aside))


def own_words(text: str, subject: str = "") -> str:
    """The text without quoted threads, signatures, footers and notices."""
    return read_mail(text, subject).own


def _lines(text: str) -> list[str]:
    plain = BREAK.sub("\n", text).replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    plain = plain.replace("\u00a0", " ").replace("\u202f", " ")
    lines = without_padding(plain).split("\n")
    if " \n" in plain:
        lines = unflowed(lines)
    return [
        line if line == DELIMITER else line.rstrip()
        for line, before in zip(lines, ["", *lines], strict=False)
        if line.strip() or before.strip()
    ]


def bare_subject(subject: str) -> str:
    """The subject without marks of replies and forwards."""
    return _marks(subject)[1]


def _forwards(subject: str) -> bool:
    return bool(FORWARD_MARKS & set(_marks(subject)[0]))


def _marks(subject: str) -> tuple[list[str], str]:
    """Marks such as re and fwd before a subject, and what is left."""
    found: list[str] = []
    rest = " ".join(subject.split())
    for _ in range(MOST_MARKS):
        mark, colon, _ = rest.replace("：", ":")[: LONGEST_MARK + 1].partition(":")
        name = folded(mark.partition("[")[0])
        if not colon or name not in REPLY_MARKS | FORWARD_MARKS:
            break
        found.append(name)
        rest = rest[len(mark) + 1 :].strip()
    return found, rest
