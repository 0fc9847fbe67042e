"""Which lines of a message as it was stored were not read: for people, who see all of it."""

from __future__ import annotations

from itertools import groupby

from graph.text.mail.reading import read_mail
from memory.patterns import linear

_WORD = linear(r"\w+")
LineSpan = tuple[int, int]
"""The first and the last line, counted from 0."""


def set_aside(text: str, subject: str = "") -> list[LineSpan]:
    """The lines that are quoted, sign the message, or were added by a program, as spans.

    The words that were read stand in the message in their order, so a line was read if they go on with it.
    Where they do not come out, as in a message that had to be decoded first, nothing is said to be unread.
    """
    own, at = _WORD.findall(read_mail(text, subject).own), 0
    unread: list[int] = []
    for number, line in enumerate(text.split("\n")):
        words = _WORD.findall(line)
        left = own[at : at + len(words)]
        if (
            left and left == words[: len(left)]
        ):  # what comes behind the last word was cut off within the line
            at += len(left)
        elif words:
            unread.append(number)
    return _spans(unread) if at == len(own) else []


def _spans(numbers: list[int]) -> list[LineSpan]:
    """Neighbours together."""
    runs = groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])
    found = [[number for _, number in run] for _, run in runs]
    return [(run[0], run[-1]) for run in found]
