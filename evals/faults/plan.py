"""What the misbehaving service is told to do, and what it remembers."""

import hashlib
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Json = dict[str, Any]

FaultKind = Literal[
    "none",
    "hang",
    "slow",
    "error",
    "throttle",
    "drop",
    "truncate",
    "half_json",
    "other_schema",
    "wrong_data",
    "perform_then_drop",
    "perform_then_hang",
    "repeat_old",
    "redirect",
    "huge",
    "other_listing",
]
EFFECTS = ("refunds", "replies", "unkeyed")


class Fault(BaseModel):
    """What to do with one call."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: FaultKind
    seconds: float = Field(default=30.0, ge=0, le=600)
    """Of hanging or slowness."""
    status: int = Field(default=500, ge=400, le=599)
    retry_after: float | None = None
    """Seconds, of throttling."""


class Plan(BaseModel):
    """What the next calls of an operation meet, in order; calls beyond it go well."""

    operation: str
    """`orders`, `passages`, `refunds`, `replies`, `unkeyed` or `effects`."""
    faults: list[Fault]
    forever: bool = False
    """The last fault stays."""


FaultT = TypeVar("FaultT")


@dataclass
class Planned(Generic[FaultT]):
    """What a misbehaving server was told to do, and how often it was called, by name."""

    plans: dict[str, deque[FaultT]] = field(default_factory=dict)
    forever: dict[str, FaultT] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)

    def plan(self, name: str, faults: Sequence[FaultT], *, forever: bool) -> None:
        """What its next calls meet; the last fault stays if it is `forever`."""
        self.plans[name] = deque(faults)
        if forever and faults:
            self.forever[name] = faults[-1]

    def met(self, *names: str) -> FaultT | None:
        """The fault of the call that has just arrived, by the first of its names that has one."""
        self.calls[names[0]] += 1
        for name in names:
            if self.plans.get(name):
                return self.plans[name].popleft()
            if name in self.forever:
                return self.forever[name]
        return None


@dataclass
class Office(Planned[Fault]):
    """All that the service remembers. It dies with the process."""

    results: dict[str, Json] = field(default_factory=dict)
    """By Idempotency-Key."""
    performed: list[Json] = field(default_factory=list)
    repeats: int = 0

    def next_fault(self, name: str) -> Fault:
        """The fault of the call that has just arrived."""
        return self.met(name) or Fault(kind="none")

    @property
    def changed(self) -> bool:
        """Whether the MCP server lists another schema than it used to."""
        return any(fault.kind == "other_listing" for fault in self.forever.values())

    def perform_as(self, name: str, body: Json, key: str | None) -> Json:
        """The same as `perform`; what is no known effect has none."""
        return self.perform(name, body, key) if name in EFFECTS else {}

    def forget(self) -> None:
        """Begin anew."""
        for part in (self.plans, self.forever, self.calls, self.results, self.performed):
            part.clear()
        self.repeats = 0

    def perform(self, name: str, body: Json, key: str | None) -> Json:
        """Do it; once for a key where there is one."""
        if key is not None and key in self.results:
            self.repeats += 1
            return self.results[key]
        digest = hashlib.sha256(f"{key}{len(self.performed)}".encode()).hexdigest()[:8]
        result = {**body, "id": f"{name}-{digest}"}
        self.performed.append({"operation": name, "key": key, "result": result})
        if key is not None:
            self.results[key] = result
        return result
