"""The gate: what follows from what is known of a ticket's asks and of its draft. Pure.

Two nodes ask it: `assess` before there is a draft, `check` with one. Each way out has one reason,
and the table of them in ARCHITECTURE.md is made from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from memory.journal.codes import Reason

Next = Literal["draft", "replan", "clarify", "hand_off", "deliver"]


class Block(StrEnum):
    """What stops the agent whatever it found, the first that applies."""

    PERSON_ONLY = "person_only"
    TOO_MUCH = "too_much"
    FOREIGN_RECORD = "foreign_record"
    UNVERIFIED = "unverified"
    PROPOSAL = "proposal"
    BUDGET = "budget"
    BROKEN_TOOL = "broken_tool"


class Way(StrEnum):
    """A way out of the gate."""

    PERSON_ONLY = "person_only"
    TOO_MUCH = "too_much"
    FOREIGN_RECORD = "foreign_record"
    UNVERIFIED = "unverified"
    PROPOSAL = "proposal"
    BUDGET = "budget"
    BROKEN_TOOL = "broken_tool"
    SEEK_ARGUMENT = "seek_argument"
    LACKING = "lacking"
    FOLLOW_RECORD = "follow_record"
    COVERED = "covered"
    LOOK_AGAIN = "look_again"
    ASK_BACK = "ask_back"
    UNSUPPORTED = "unsupported"
    SEND = "send"
    SUGGEST = "suggest"
    REVISE = "revise"
    OBJECTED = "objected"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What the checks say of a draft."""

    objections: int
    """Findings of all checks, the grounding and the facts among them."""
    settled_by_revision: bool
    """Whether leaving statements out or rewriting them would settle every finding."""
    attempt: int
    """1 for the first."""
    attempts: int
    """How many there may be."""
    may_send: bool = True
    """Whether the desk lets the agent send by itself what passes; else a person does."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that the gate looks at."""

    blocked: Block | None = None
    lacking: bool = False
    """An action that is asked for lacks an argument."""
    follows: bool = False
    """A record came that a further read waited for."""
    may_replan: bool = False
    supported: tuple[bool, ...] = ()
    """For each ask, whether its confidence reaches the threshold to send."""
    question: bool = False
    """Whether an answer to a question would help."""
    may_ask: bool = False
    """Whether this conversation may hold one more question."""
    draft: Draft | None = None


@dataclass(frozen=True)
class Exit:
    """Where a way leads, and why."""

    to: Next
    when: str
    """In words, as the table has it."""
    reason: Reason | None = None
    """Of a handoff."""


WAYS: Mapping[Way, Exit] = MappingProxyType(
    {
        Way.PERSON_ONLY: Exit(
            "hand_off", "the desk gives this intent to people", Reason.ALWAYS_PERSON
        ),
        Way.TOO_MUCH: Exit("hand_off", "more asks or steps than the limits allow", Reason.TOO_MUCH),
        Way.FOREIGN_RECORD: Exit(
            "hand_off", "the record is somebody else's", Reason.NOT_YOUR_RECORD
        ),
        Way.UNVERIFIED: Exit("clarify", "the record's address has to be confirmed by a code"),
        Way.PROPOSAL: Exit("hand_off", "an action is proposed", Reason.NEEDS_APPROVAL),
        Way.BUDGET: Exit("hand_off", "the money or the calls are used up", Reason.LIMIT_REACHED),
        Way.BROKEN_TOOL: Exit("hand_off", "a tool failed", Reason.TOOL_FAILED),
        Way.SEEK_ARGUMENT: Exit("replan", "an action lacks an argument that a record may bring"),
        Way.LACKING: Exit("hand_off", "an action lacks an argument", Reason.NEEDS_APPROVAL),
        Way.FOLLOW_RECORD: Exit("replan", "a record came that a further read waited for"),
        Way.COVERED: Exit("draft", "each ask reaches the threshold to send"),
        Way.LOOK_AGAIN: Exit("replan", "an ask does not, and something new can be tried"),
        Way.ASK_BACK: Exit("clarify", "no ask does, and a question would help"),
        Way.UNSUPPORTED: Exit("hand_off", "an ask does not reach it", Reason.LOW_CONFIDENCE),
        Way.SEND: Exit("deliver", "no check objects to the draft"),
        Way.SUGGEST: Exit("hand_off", "none does, and here a person sends it", Reason.SUGGEST_ONLY),
        Way.REVISE: Exit("draft", "a revision can settle every objection, and one is left"),
        Way.OBJECTED: Exit("hand_off", "a check objects", Reason.CHECK_FAILED),
    }
)
"""Every way, in the order in which they are looked at."""


def gate(facts: Facts) -> Way:
    """The first way that the facts open."""
    if facts.draft is not None:
        return _after_draft(facts.draft)
    if facts.blocked is not None:
        return Way(facts.blocked.value)
    if facts.lacking:
        return Way.SEEK_ARGUMENT if facts.may_replan else Way.LACKING
    if facts.follows and facts.may_replan:
        return Way.FOLLOW_RECORD
    return _by_coverage(facts)


def _by_coverage(facts: Facts) -> Way:
    if all(facts.supported):
        return Way.COVERED
    if facts.may_replan:
        return Way.LOOK_AGAIN
    if not any(facts.supported) and facts.question and facts.may_ask:
        return Way.ASK_BACK
    return Way.UNSUPPORTED


def _after_draft(draft: Draft) -> Way:
    if not draft.objections:
        return Way.SEND if draft.may_send else Way.SUGGEST
    if draft.settled_by_revision and draft.attempt < draft.attempts:
        return Way.REVISE
    return Way.OBJECTED


def gate_table() -> str:
    """The ways as a table of ARCHITECTURE.md."""
    rows = [
        f"| `{way}` | {one.when} | `{one.to}` | {f'`{one.reason}`' if one.reason else ''} |"
        for way, one in WAYS.items()
    ]
    return "\n".join(["| way | when | leads to | reason |", "| --- | --- | --- | --- |", *rows])
