"""What is written, checked, handed off, decided, done and sent."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class Claim(TypedDict):
    """One statement of a reply with the evidence it stands on."""

    text: str
    ask_id: str
    evidence: list[str]


class Drafted(TypedDict):
    """Written by `draft`."""

    attempt: int
    kind: Literal["reply", "clarification"]
    text: str
    claims: list[Claim]
    writer: str
    """Which mind wrote it: `local`, or provider and model."""


class Finding(TypedDict):
    """What a check has against a draft."""

    check: str
    """citations | grounding | personal_data | promises | instructions | language | length | facts"""
    detail: str
    """In words, with numbers; without personal data."""
    claim: str
    """The statement in question; empty where it concerns the whole."""
    revisable: bool
    """Whether leaving out or rewriting the claim would settle it."""
    score: NotRequired[float]
    """For grounding: what was measured; `needed` is what would pass."""
    needed: NotRequired[float]


class Checked(TypedDict):
    """Written by `check`."""

    verdict: Literal["pass", "suggest", "revise", "hand_off"]
    findings: list[Finding]


class HandedOff(TypedDict):
    """Written by `hand_off`."""

    handoff_id: str
    reason: str
    explanation: str
    owed: NotRequired[bool]
    """Whether the customer could not be told at once."""


class Decided(TypedDict):
    """A person's decision, written by `await_human`."""

    kind: Literal["approve", "reply", "return", "close"]
    text: str
    guidance: str
    redraft: NotRequired[bool]
    """Whether the agent only drafts: a person sends it, whatever it is worth."""
    actions: list[str]
    """Fingerprints of the approved proposed actions."""
    tell_results: NotRequired[bool]
    files: NotRequired[list[dict[str, Any]]]
    """As `memory.enclosures.Enclosed` has them."""
    by: str
    handoff_id: str


class ActionResult(TypedDict):
    """What became of one approved action."""

    fingerprint: str
    tool: str
    status: str
    detail: str
    """What became of it in words for the customer, or why it failed."""


class Acted(TypedDict):
    """Written by `act`."""

    actions: list[ActionResult]
    failed: bool
    """An approved action did not certainly happen: a person must look again."""


class Delivered(TypedDict):
    """Written by `deliver`."""

    key: str
    kind: Literal["reply", "clarification"]
    by: Literal["agent", "person"]


class Remembered(TypedDict):
    """Written by `remember`."""

    memory_id: str | None


class Failure(TypedDict):
    """A node that is out of retries or time."""

    node: str
    kind: str
    message: str
    limit: NotRequired[str | None]
    """The `Limit` that was reached, where it was one."""
