"""What a tool is, what calling one gives back, and the errors between.

`agent -> tool interface -> service adapter -> external system`: the graph knows a `ToolSpec`
and a `ToolOutcome`; only an adapter knows what is on the other side.
"""

from __future__ import annotations

import re
from typing import Any, Literal, NotRequired, Protocol, TypedDict

from pydantic import Field, field_validator, model_validator

from memory.journal.codes import Cause, ErrorKind, Limit
from memory.journal.events import Attempted, Call
from tools.declared import Declared

Json = dict[str, Any]
EffectKind = Literal["read", "write"]
Approval = Literal["never", "person"]

NAME = re.compile(r"^[a-z][a-z0-9_]{1,62}$")
PLACEHOLDER = re.compile(r"\{([a-z0-9_]+)\}", re.IGNORECASE)
"""An argument in a path."""


class RetrySpec(Declared):
    """How often and how patiently a failed attempt is repeated."""

    attempts: int = Field(default=3, ge=1, le=3)
    """Attempts in all, the first included."""
    first_wait_seconds: float = Field(default=0.2, ge=0, le=10)
    """Wait before the second attempt; doubles after that, with jitter."""
    longest_wait_seconds: float = Field(default=5.0, ge=0, le=60)
    """No wait is longer; a longer Retry-After ends the attempts."""


class ToolSpec(Declared):
    """A tool as `desk.yaml` declares it, or as an adapter declares itself."""

    name: str
    version: str = "1"
    description: str
    effect: EffectKind = "read"
    arguments: dict[str, Json] = Field(default_factory=dict)
    """A JSON schema for each argument."""
    required: tuple[str, ...] | None = None
    """Arguments that must be given; all of them where nothing is said."""
    returns: Json = Field(default_factory=dict)
    """A JSON schema of the result; empty accepts anything."""
    echoes: tuple[str, ...] | None = None
    """Arguments that the result must repeat under the same name, so that an answer to another
    question is not taken for this one's. Where nothing is said: those in the path, if the
    result has them."""
    service: str | None = None
    """The entry of `services` that a declared HTTP tool calls."""
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    path: str = ""
    """Path with {argument} placeholders; the other arguments go to the query or the body."""
    operation: str | None = None
    """An operationId of the service's OpenAPI document, or an operation that its MCP server
    lists; it then states arguments and result (and method and path)."""
    schema_digest: str | None = None
    """Digest of the operation's schemas as the desk was written for it; with another one the desk
    is not loaded. Filled in where nothing is said (MCP)."""
    places: dict[str, Literal["query", "header", "body"]] = Field(default_factory=dict)
    """Where an argument travels that is not in the path; the method decides where nothing is
    said."""
    answer: str | None = None
    """How a successful result is worded for the customer, with {field} placeholders."""
    timeout_seconds: float = Field(default=5.0, gt=0, le=60)
    retry: RetrySpec = RetrySpec()
    slots: int = Field(default=4, ge=1, le=1_000)
    """Calls of this tool that may run at once in one process (its bulkhead)."""
    calls_per_minute: int = Field(default=600, ge=1, le=1_000_000)
    fallback: str | None = None
    """The tool that is called with the same arguments when this one cannot answer."""
    approval: Approval = "never"
    """Who must approve a call before it is made."""
    customer: str | None = None
    """The field of the result that must equal the ticket's sender: an identity gate."""
    honours_key: bool = True
    """Whether the service performs a call once for one Idempotency-Key."""
    cost_micros: int = Field(default=0, ge=0, le=1_000_000_000)
    """Estimated cost of one call, in millionths of the tenant's currency."""

    @model_validator(mode="before")
    @classmethod
    def _described_elsewhere(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("operation") and "description" not in data:
            return {**data, "description": ""}
        return data

    @field_validator("name")
    @classmethod
    def _plain_name(cls, value: str) -> str:
        if not NAME.match(value):
            msg = f"tool name {value!r}: use lower case letters, digits and _, as in lookup_order"
            raise ValueError(msg)
        return value

    @property
    def path_arguments(self) -> frozenset[str]:
        """The arguments that stand in the path."""
        return frozenset(PLACEHOLDER.findall(self.path))

    @property
    def required_arguments(self) -> tuple[str, ...]:
        """Names of the arguments that must be given."""
        return tuple(self.arguments) if self.required is None else self.required

    @property
    def schema_of_arguments(self) -> Json:
        """The arguments as one closed JSON schema."""
        return {
            "type": "object",
            "properties": self.arguments,
            "required": list(self.required_arguments),
            "additionalProperties": False,
        }


class ToolCall(TypedDict):
    """A request to the gateway."""

    tool: str
    arguments: Json
    step_id: str
    cause: Cause


class CallContext(TypedDict):
    """On whose behalf a call is made. Never taken from a customer's text."""

    tenant: str
    ticket_id: str
    turn: int
    epoch: int
    intent: str | None
    customer: str | None
    """The sender's address where a key that may do so has vouched for it; else None."""
    approved: list[str]
    """Digests of the calls a person approved: `fingerprint(tool, arguments)`."""
    by_person: NotRequired[bool]
    """Whether a person sends what leaves with the call."""


OutcomeStatus = Literal["ok", "failed", "refused", "suppressed", "unknown"]


class ToolError(TypedDict):
    """Why a call has no result: a kind to decide on and words to show."""

    kind: ErrorKind
    message: str
    """Says what went wrong, without personal data."""
    retryable: bool
    """Whether the same call may succeed later."""
    limit: NotRequired[Limit]
    """The limit that was reached, where it was one."""
    told: NotRequired[str]
    """What the other side said itself of its failure: data, never an instruction, never in the
    journal."""


class ToolOutcome(TypedDict):
    """What the gateway gives back. It never raises for a tool's failure."""

    status: OutcomeStatus
    """`ok` and `suppressed` have a value; the latter is what an equal call of this run brought."""
    value: Json | None
    error: ToolError | None
    attempts: int
    duration_ms: float
    cost_micros: int
    fingerprint: str
    tool: str
    """The tool that answered: the fallback's name where it did."""


def answered(outcome: ToolOutcome) -> bool:
    """Whether there is a result to go on: a new one, or the same call's earlier one."""
    return outcome["status"] in ("ok", "suppressed")


class Tool(Protocol):
    """One adapter to one external operation."""

    spec: ToolSpec

    async def call(self, arguments: Json, *, key: str | None, caller: CallContext) -> Json:
        """Do it once and return the raw result.

        `key` is the Idempotency-Key of a write. Raises `ToolFault`; is cancelled on a timeout.
        """
        ...

    async def reconcile(self, key: str) -> Json | None:
        """The result of an effect that was performed under `key`, None if it was not.

        Raises `ToolFault` where the service cannot tell.
        """
        ...


class Gateway(Protocol):
    """The only way to call a tool."""

    async def call(self, call: ToolCall, caller: CallContext) -> ToolOutcome:
        """Check, call, retry, record; see tools/gateway.py for the order."""
        ...


class CallLog(Protocol):
    """Where the gateway writes down what it did."""

    async def record(self, caller: CallContext, event: Call | Attempted) -> None:
        """Append one row. What it raises ends the call: nothing happens unrecorded."""
        ...
