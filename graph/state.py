"""The state of one ticket's thread: plain data, merged by reducers, safe to write to disk.

Every node reads the whole and writes one named part. Checkpoints are read with strict msgpack.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired, TypedDict

Priority = Literal["urgent", "high", "normal", "low"]


class MessageRecord(TypedDict):
    """One message of the conversation so far."""

    seq: int
    role: Literal["customer", "agent", "person"]
    kind: str
    """message | code | reply | clarification | notice"""
    text: str


class PersonalDatum(TypedDict):
    """Where structured personal data stands in a text."""

    kind: str
    """email | phone | card | iban | ip | national_id | secret"""
    start: int
    end: int


class Screening(TypedDict):
    """What can be said of a message before anything is understood of it."""

    text: str
    """The customer's own words: quoted threads and signatures cut, bounded in length."""
    masked: str
    """The same with personal data replaced by [kind]."""
    language: str
    """ISO 639-1 code; `und` where there is too little text."""
    automatic: str | None
    """Why it is automatic mail, or None."""
    injection: float
    """Probability from 0 to 1 that it carries instructions for the agent."""
    injected: list[str]
    """The sentences behind that number."""
    personal_data: list[PersonalDatum]
    """Spans in `text`."""
    empty: bool
    """Nothing is asked or said."""
    truncated: bool
    acts: NotRequired[dict[str, str]]
    """Sentences of `text` that are an act by their meaning, with its name."""


class IntentGuess(TypedDict):
    """An intent with its calibrated probability."""

    name: str
    confidence: float


class Classification(TypedDict):
    """What the customer wants. `intent` is None when no configured intent applies."""

    intent: str | None
    confidence: float
    """Probability from 0 to 1 that `intent` (or its absence) is right."""
    threshold: float
    ranked: list[IntentGuess]
    """At most five, best first."""


class Triaged(TypedDict):
    """Written by `triage`."""

    screening: Screening
    classification: Classification
    priority: Priority
    stop: str | None
    """A `Reason` code when a person must take it at once, else None."""
    stop_detail: str
    """The numbers behind it."""
    failed: NotRequired[list[str]]
    """Answers of ours, oldest first, that did not help: the question is looked into again."""
    complains: NotRequired[bool]
    """It says beside other things that something failed: the same answer would not do."""
    ends: NotRequired[Literal["confirmed", "nothing_asked"] | None]
    """How the turn ends at once, with nothing sent; None where there is something to do."""


class Ask(TypedDict):
    """One thing the customer wants."""

    id: str
    text: str
    """In the customer's words, personal data masked."""
    query: str
    """What to search for: the ask with the context it needs to stand alone."""
    intent: str | None


class Step(TypedDict):
    """One thing to do for an ask."""

    id: str
    """Fingerprint of kind, tool and arguments: the same step has the same id."""
    ask_id: str
    kind: Literal["search", "tool", "action"]
    """Search the knowledge base, call a read tool, or propose a write for approval."""
    tool: str
    arguments: dict[str, Any]
    cause: Literal["planned", "replan", "guidance"]


class Doubt(TypedDict):
    """What a tool needs was given in part, or, where a record is asked about, not at all."""

    ask_id: str
    tool: str
    argument: str
    said: str
    """As the customer wrote it; empty where nothing was."""


class Planned(TypedDict):
    """Written by `plan`."""

    round: int
    """1 for the first plan of this turn."""
    asks: list[Ask]
    steps: list[Step]
    """The steps of this round only, none of which has run before."""
    reason: str
    overflow: bool
    """More asks or steps than the limits allow: the rest needs a person."""
    lacking: NotRequired[list[str]]
    """Writes that are asked for and lack an argument, which a record may still bring."""
    doubts: NotRequired[list[Doubt]]
    """What has to be asked before the tools can be used."""
    waiting: NotRequired[list[str]]
    """Reads that lack an argument which a record of this round may bring: they come after it."""


class Evidence(TypedDict):
    """A passage or a tool's result that may support a claim."""

    id: str
    kind: Literal["article", "tool", "memory", "guidance"]
    source: str
    """doc_id of an article, name of a tool, id of a memory."""
    title: str
    heading: str
    text: str
    score: float
    """Fused retrieval score for articles, 1.0 for a tool's result."""
    features: dict[str, float]
    """Numbers behind the score: dense, lexical, ranks ... (see memory/knowledge)."""


class StepError(TypedDict):
    """Why a step has no evidence."""

    kind: str
    message: str
    limit: NotRequired[str | None]
    """The `Limit` that was reached, where it was one."""


class StepResult(TypedDict):
    """What one step brought."""

    step_id: str
    ask_id: str
    kind: Literal["search", "tool", "action"]
    tool: str
    arguments: dict[str, Any]
    status: Literal["ok", "failed", "refused", "suppressed", "proposed", "unknown"]
    evidence: list[Evidence]
    answer: str | None
    """A tool's result in words for the customer."""
    error: StepError | None
    fingerprint: str


class AskAssessment(TypedDict):
    """Is this ask supported by its evidence?"""

    ask_id: str
    confidence: float
    """Calibrated probability that the evidence answers the ask."""
    threshold: float
    supported: bool
    evidence: list[str]
    """Ids of the evidence to answer from, best first."""
    question: str | None
    """A clarifying question, where the ask is too vague and a question would settle it."""
    why: str


class Overdrawn(TypedDict):
    """An action whose sum is above what its record holds: a person is told, it is not proposed."""

    fingerprint: str
    tool: str
    asked: float
    worth: float


class Assessed(TypedDict):
    """Written by `assess`."""

    verdict: Literal["draft", "replan", "clarify", "hand_off"]
    verify: NotRequired[bool]
    """The question is for the code that was sent to the address on file."""
    overdrawn: NotRequired[list[Overdrawn]]
    reason: str | None
    """A `Reason` code when the verdict is hand_off."""
    detail: str
    """The numbers behind the reason."""
    asks: list[AskAssessment]


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
    actions: list[str]
    """Fingerprints of the approved proposed actions."""
    tell_results: NotRequired[bool]
    files: NotRequired[list[dict[str, Any]]]  # as `memory.enclosures.Enclosed` has them
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


def merge_steps(
    old: dict[str, StepResult] | None, new: dict[str, StepResult] | None
) -> dict[str, StepResult]:
    """Results by step id: parallel branches each add their own, none overwrites another.

    None begins anew, at the start of a turn.
    """
    return {} if new is None else {**(old or {}), **new}


def add_counts(old: dict[str, int] | None, new: dict[str, int] | None) -> dict[str, int]:
    """Counters of this turn, added up. None begins anew."""
    left = old or {}
    return {} if new is None else {n: left.get(n, 0) + new.get(n, 0) for n in {*left, *new}}


class TicketState(TypedDict, total=False):
    """The thread's state. All but the first five keys belong to the present turn."""

    ticket_id: str
    tenant: str
    turn: int
    subject: str
    conversation: list[MessageRecord]
    """The whole of it so far; the input of each turn brings it anew from the tickets table."""
    headers: dict[str, str]
    has_sender: bool
    """Whether the customer's address is known; the address itself stays out of checkpoints."""
    triaged: Triaged | None
    planned: Planned | None
    gathered: Annotated[dict[str, StepResult] | None, merge_steps]
    assessed: Assessed | None
    drafted: Drafted | None
    checked: Checked | None
    handed_off: HandedOff | None
    decided: Decided | None
    acted: Acted | None
    delivered: Delivered | None
    remembered: Remembered | None
    failure: Failure | None
    spent: Annotated[dict[str, int] | None, add_counts]
    """Bounded counters of the stretch since the turn began or a person gave it back."""
    handoffs: int
    """Handoffs opened in this turn."""
    returns: int
    """Times a person gave this turn back."""


def intent_of(state: TicketState, ask_id: str) -> str | None:
    """The intent of one ask of the present plan."""
    planned = state.get("planned")
    asks = [] if planned is None else planned["asks"]
    return next((ask["intent"] for ask in asks if ask["id"] == ask_id), None)


def intents_of(state: TicketState) -> list[str | None]:
    """Of the message as a whole and of each ask, as far as they are known."""
    triaged, planned = state.get("triaged"), state.get("planned")
    whole = [] if triaged is None else [triaged["classification"]["intent"]]
    return whole + ([] if planned is None else [ask["intent"] for ask in planned["asks"]])


class StepInput(TypedDict):
    """What one `gather` branch gets."""

    step: Step
    intent: str | None
    """Of the step's ask: it decides which tools may be used."""
