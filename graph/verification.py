"""When a customer may show by a one-time code that a record is theirs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from pydantic import Field, field_validator

from graph.state import MessageRecord
from memory.verification.challenges import CodeRules, Standing
from memory.verification.codes import CODE
from tools.declared import Declared

MINUTE = 60


class VerificationPolicy(Declared):
    """The section `identity` of a desk."""

    codes: bool = False
    """Whether codes are sent at all. The desk's delivery must be able to reach an address that is
    named in the message as `to`; without codes such a ticket goes to a person."""
    minutes: int = Field(default=15, ge=1, le=60)
    """How long a code is valid."""
    tries: int = Field(default=5, ge=1, le=10)
    """Wrong codes after which a person takes over."""
    per_day: int = Field(default=3, ge=1, le=20)
    """Codes sent for one ticket, and to one address, within 24 hours."""
    verified_minutes: int = Field(default=60, ge=1, le=1_440)
    """How long a ticket that was verified stays so."""
    letter: str = (
        "Your code is {code}. It is valid for {minutes} minutes. Somebody asks us about your "
        "record; if that is not you, ignore this message and give the code to nobody."
    )
    """What is sent to the address on file."""
    ask: str = (
        "To show you this record I have to be sure that it is yours. I have sent a code of 8 "
        "digits to the address on file. Please answer with that code; it is valid for {minutes} "
        "minutes."
    )
    """What the customer is asked."""
    wrong: str = (
        "That code is not the right one. You can try {left} more times; after that a colleague "
        "takes over. Please answer with the code of 8 digits that was sent to the address on file."
    )

    @field_validator("letter", "ask", "wrong")
    @classmethod
    def _can_be_filled_in(cls, value: str) -> str:
        try:
            value.format(code="", minutes=1, left=1)
        except (KeyError, IndexError, ValueError) as error:
            msg = f"{value!r} has a placeholder that is not known: use {{code}} in `letter` only"
            raise ValueError(msg) from error
        return value

    @field_validator("letter")
    @classmethod
    def _names_the_code(cls, value: str) -> str:
        if "{code}" not in value:
            raise ValueError(f"{value!r} sends no code: put {{code}} into it")
        return value

    @property
    def rules(self) -> CodeRules:
        """The same for the ledger."""
        return CodeRules(
            valid_seconds=self.minutes * MINUTE,
            tries=self.tries,
            per_day=self.per_day,
            verified_seconds=self.verified_minutes * MINUTE,
        )

    def words(self, code: str) -> str:
        """The letter with its code."""
        return self.letter.format(code=code, minutes=self.minutes, left=self.tries)

    def question(self, standing: Standing | None, *, tried: bool) -> str:
        """What to ask, by how far it has come and whether the customer has just tried a code."""
        wrong = tried and standing is not None and standing.tries > 0
        left = self.tries if standing is None else standing.left
        return (self.wrong if wrong else self.ask).format(code="", minutes=self.minutes, left=left)


def tried(conversation: Sequence[MessageRecord]) -> bool:
    """Whether the customer's newest messages hold an answer to the question for a code."""
    newest = takewhile(lambda one: one["role"] == "customer", reversed(conversation))
    return any(one.get("kind") == CODE for one in newest)
