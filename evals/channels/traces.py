"""What one customer wrote and got, as their own side saw it: all that a channel is judged by."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

ASKED, ANSWERED = "#echo", "echo"
"""Before the mark of a message, and before the same mark in the answer that repeats it."""
PERSON = "A person answers."
"""How the words of a person begin."""


@dataclass(frozen=True)
class Got:
    """A message of the desk's that reached the customer's side."""

    id: str
    """The other side's: the same where the same message arrives again."""
    marks: tuple[str, ...]
    """Of the customer's messages that it answers; none in a notice."""
    by: Literal["agent", "person"]
    place: int
    """Grows in the order in which the desk wants a conversation to be read."""
    at: float
    """When it arrived, in monotonic seconds."""
    files: Sequence[str] = ()
    """Digests of what came with it."""


@dataclass
class Trace:
    """One conversation."""

    side: str
    number: int
    asked: list[str] = field(default_factory=list)
    """Marks of what the desk took, in order."""
    got: list[Got] = field(default_factory=list)
    taken: dict[str, float] = field(default_factory=dict)
    """When a person took the message over, none of the agent's words having left by then."""
    shown: list[str] | None = None
    """Marks of the customer's own messages as the desk shows them at the end; None where the
    channel shows none."""
    with_files: bool = False
    """Whether some messages carry files, both ways."""
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    def mark(self, number: int) -> str:
        """The mark of the conversation's message of that number."""
        letters = "".join(chr(ord("a") + int(digit)) for digit in str(self.number))
        return f"{self.side}-{letters}-{chr(ord('a') + number)}"

    def receive(
        self,
        message_id: str,
        text: str,
        place: int,
        at: float | None = None,
        *,
        files: Sequence[str] = (),
    ) -> None:
        """A message of the desk's has arrived, just now unless it is said when."""
        by: Literal["agent", "person"] = "person" if PERSON in text else "agent"
        marks = tuple(marks_in(text, ANSWERED))
        moment = time.monotonic() if at is None else at
        self.got.append(Got(message_id, marks, by, place, moment, files))
        self.heard.set()

    def show(self, texts: Sequence[str]) -> None:
        """These are the customer's own messages as the desk shows them."""
        self.shown = [mark for text in texts for mark in marks_in(text, ASKED)]

    def is_answered(self, mark: str) -> bool:
        """Whether an answer to that message has arrived."""
        return any(mark in one.marks for one in self.got)


def marks_in(text: str, before: str) -> list[str]:
    """The marks in a text, in order."""
    return [mark for word, mark in pairwise(text.split()) if word == before]


def answer_of_person(marks: Sequence[str]) -> str:
    """What a person writes to answer these messages."""
    return " ".join([PERSON, *(f"{ANSWERED} {mark}" for mark in marks)])
