"""The closed sets of codes in the journal: words in `api/explain`, of reasons in `graph/reasons.py`."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why a person has the ticket. The graph's state holds its `value`: checkpoints keep plain data."""

    AUTOMATIC_MAIL = "automatic_mail"
    SPAM = "spam"
    WANTS_PERSON = "wants_person"
    SERIOUS = "serious"
    OPT_OUT = "opt_out"
    NOT_HELPED = "not_helped"
    INJECTION = "injection"
    LANGUAGE = "language"
    ALWAYS_PERSON = "always_person"
    LOW_CONFIDENCE = "low_confidence"
    TOO_MUCH = "too_much"
    NEEDS_APPROVAL = "needs_approval"
    TOOL_FAILED = "tool_failed"
    NOT_YOUR_RECORD = "not_your_record"
    CHECK_FAILED = "check_failed"
    LIMIT_REACHED = "limit_reached"
    DELIVERY_FAILED = "delivery_failed"
    ACTION_FAILED = "action_failed"
    NODE_FAILED = "node_failed"
    RUN_FAILED = "run_failed"
    STOPPED_PROGRAM = "stopped_program"
    OTHER_SENDER = "other_sender"
    TAKEN_OVER = "taken_over"
    SUGGEST_ONLY = "suggest_only"
    AGENT_OFF = "agent_off"
    SENDING_STOPPED = "sending_stopped"


class Cause(StrEnum):
    """Why something was done."""

    PLANNED = "planned"
    ACCEPTED = "accepted"
    MESSAGE = "message"  # the customer's next one
    DECISION = "decision"
    RESUME = "resume"
    RECOVERED = "recovered"  # taken over from a worker that died
    REDRIVE = "redrive"
    RETRY = "retry"
    REPLAN = "replan"
    GUIDANCE = "guidance"
    REVISE = "revise"
    REPAIR = "repair"
    FALLBACK = "fallback"
    APPROVED = "approved"
    DELIVER = "deliver"
    NOTICE = "notice"
    RECONCILE = "reconcile"
    DUPLICATE_SUPPRESSED = "duplicate_suppressed"
    FAILURE = "failure"
    HAND_OFF = "hand_off"
    TAKEOVER = "takeover"
    CUSTOMER = "customer"
    PERSON = "person"
    UNDONE = "undone"


class RunCause(StrEnum):
    """Why a run is driven. It travels with the run's queue entry."""

    ACCEPTED = "accepted"
    """The ticket is new."""
    MESSAGE = "message"  # the customer wrote on
    AMENDED = "amended"  # the customer wrote more before anything had left
    DECISION = "decision"
    """A person decided how the ticket ends."""
    GUIDANCE = "guidance"
    """A person gave it back to the agent with guidance."""
    REDRIVE = "redrive"
    """The run before was lost."""
    RECOVERED = "recovered"
    """This very run was begun before, by a worker that died."""
    UNSTATED = "unstated"
    """Its queue entry is older than causes in queue entries are, or names one of a newer version."""


class Node(StrEnum):
    """The nodes of the graph."""

    TRIAGE = "triage"
    PLAN = "plan"
    GATHER = "gather"
    ASSESS = "assess"
    DRAFT = "draft"
    CHECK = "check"
    HAND_OFF = "hand_off"
    AWAIT_HUMAN = "await_human"
    ACT = "act"
    DELIVER = "deliver"
    REMEMBER = "remember"


class RunState(StrEnum):
    """What a row about a run says of it. Only its beginning is written today."""

    STARTED = "started"
    OK = "ok"
    SETTLED = "settled"
    WAITING = "waiting"
    FENCED = "fenced"
    FAILED = "failed"
    TIMEOUT = "timeout"


class Limit(StrEnum):
    """An entry of `limits` in desk.yaml that a run may reach."""

    RUN_SECONDS = "run_seconds"
    COST_MICROS = "cost_micros"
    MODEL_CALLS = "model_calls"
    TOKENS = "tokens"
    TOOL_CALLS = "tool_calls"
    REPLANS = "replans"
    REVISIONS = "revisions"


class CallStatus(StrEnum):
    """How a call, an attempt or a step of the plan ended."""

    OK = "ok"
    FAILED = "failed"
    REFUSED = "refused"
    SUPPRESSED = "suppressed"
    """The same call had been made; its result was given again."""
    UNKNOWN = "unknown"
    """Nobody can tell whether it happened."""
    CANCELLED = "cancelled"
    NOT_FOUND = "not_found"
    """The service was asked whether it had happened, and it had not."""
    PROPOSED = "proposed"
    """Not called: a person must approve it first."""


class ErrorKind(StrEnum):
    """Why a tool's call has no result."""

    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    SERVICE_ERROR = "service_error"
    RATE_LIMITED = "rate_limited"
    NOT_FOUND = "not_found"
    REJECTED = "rejected"
    SCHEMA_CHANGED = "schema_changed"
    WRONG_ANSWER = "wrong_answer"
    ADAPTER_FAULT = "adapter_fault"
    UNKNOWN_EFFECT = "unknown_effect"
    BREAKER_OPEN = "breaker_open"
    BUSY = "busy"
    UNKNOWN_TOOL = "unknown_tool"
    NOT_PERMITTED = "not_permitted"
    BAD_ARGUMENTS = "bad_arguments"
    NEEDS_APPROVAL = "needs_approval"
    NOT_YOUR_RECORD = "not_your_record"
    NOT_VERIFIED = "not_verified"
    BUDGET = "budget"
    SENDING_STOPPED = "sending_stopped"
    NOT_RECORDED = "not_recorded"  # only offline: it was never asked this


class Wrong(StrEnum):
    """What is wrong with a model's answer."""

    EMPTY = "empty"
    REFUSED = "refused"
    NO_CALL = "no_call"
    NOT_JSON = "not_json"
    NOT_TEXT = "not_text"
    WRONG_SCHEMA = "wrong_schema"
    WRONG_TOOL = "wrong_tool"
    TOO_MANY_CALLS = "too_many_calls"
    TOO_LONG = "too_long"
    CUT_OFF = "cut_off"
    """It reached the most tokens that it may have, and ends in its middle."""
    NOT_QUOTED = "not_quoted"
    """Words given as the customer's that the customer did not write."""
    NOT_PERMITTED = "not_permitted"
    BAD_ARGUMENTS = "bad_arguments"
    UNKNOWN_NAME = "unknown_name"
    """An intent, ask or evidence that does not exist here."""
    NOT_COVERED = "not_covered"
    """A question or an ask that the answer leaves out."""
    NOT_STATED = "not_stated"
    """Something that no evidence named for it holds."""


class MindDecision(StrEnum):
    """What a model, or after it a local mind, is asked for."""

    CLASSIFY = "classify"
    PLAN = "plan"
    WRITE = "write"
    JUDGE = "judge"


class StepKind(StrEnum):
    """What the plan wants of a tool."""

    SEARCH = "search"
    TOOL = "tool"
    ACTION = "action"
    ALREADY_DONE = "already_done"
    """The planner repeated itself: it was left out."""


class Verdict(StrEnum):
    """What follows from the evidence."""

    DRAFT = "draft"
    CLARIFY = "clarify"
    REPLAN = "replan"
    HAND_OFF = "hand_off"


class CheckVerdict(StrEnum):
    """What follows from the checks of a draft."""

    PASS = "pass"  # noqa: S105 - a verdict
    SUGGEST = "suggest"  # nothing is wrong with it, and a person sends it
    REVISE = "revise"
    HAND_OFF = "hand_off"


class DraftKind(StrEnum):
    """What was written."""

    REPLY = "reply"
    CLARIFICATION = "clarification"


class Check(StrEnum):
    """The checks that may object to a draft."""

    CITATIONS = "citations"
    GROUNDING = "grounding"
    PERSONAL_DATA = "personal_data"
    PROMISES = "promises"
    INSTRUCTIONS = "instructions"
    LANGUAGE = "language"
    LENGTH = "length"
    FACTS = "facts"
    REPETITION = "repetition"


class Act(StrEnum):
    """What people did with a handoff, or the clock did in their place."""

    CLAIMED = "claimed"
    RELEASED = "released"
    EXPIRED = "expired"
    ASSIGNED = "assigned"
    TRANSFERRED = "transferred"
    SNOOZED = "snoozed"
    WOKEN = "woken"
    ASKED = "asked"
    DECIDED = "decided"
    MERGED = "merged"
    ABSORBED = "absorbed"
    ESCALATED = "escalated"


class CodeResult(StrEnum):
    """What became of a one-time code that the customer answered with."""

    VERIFIED = "verified"
    WRONG = "wrong"
    EXPIRED = "expired"


class Said(StrEnum):
    """What the customer said of an answer."""

    SOLVED = "solved"
    NOT_SOLVED = "not_solved"


def limit_of(resource: str) -> Limit:
    """The limit of a budget's resource, such as `tool calls` or `money micros`."""
    name = resource.replace(" ", "_")
    return Limit.COST_MICROS if name == "money_micros" else Limit(name)
