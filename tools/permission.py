"""May this caller use this tool, and has a person approved this very call?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tools.contract import Caller, ToolError, ToolSpec

SEARCH = "search_knowledge"
DELIVER = "deliver_reply"
NOTIFY = "notify"
SYSTEM_TOOLS = frozenset({SEARCH, DELIVER, NOTIFY})
"""What every ticket may use."""
UNMETERED = frozenset({DELIVER, NOTIFY})
"""Neither an answer nor a handoff is ever held back by an exhausted budget."""


@dataclass(frozen=True)
class Permissions:
    """The tenant's rules, as the desk states them."""

    allowed: Callable[[str | None], frozenset[str]]
    """The declared tools that an intent may use; it gets None where no intent applies."""

    def refusal(self, spec: ToolSpec, caller: Caller) -> ToolError | None:
        """Why the caller may not use the tool at all, or None."""
        intent = caller["intent"]
        if spec.name not in SYSTEM_TOOLS | self.allowed(intent):
            words = f"the intent {intent!r}" if intent else "a ticket without an intent"
            return _no("not_permitted", f"{words} may not use {spec.name}")
        if spec.customer is not None and spec.effect == "read" and not caller["customer"]:
            words = "the sender of this ticket is not known, so nobody's record may be read"
            return _no("not_your_record", words)
        return None


def unapproved(spec: ToolSpec, fingerprint: str, caller: Caller) -> ToolError | None:
    """Why a person must first approve this tool with these arguments, or None."""
    if spec.approval == "never" or fingerprint in caller["approved"]:
        return None
    return _no("needs_approval", f"a person must approve {spec.name} with these arguments")


def not_yours(field: str, value: object, caller: Caller) -> ToolError | None:
    """The identity gate: `value` of a result must be the sender's address; why not, or None."""
    sender = caller["customer"]
    if not isinstance(value, str) or not value.strip():
        return _no("not_your_record", f"the result does not say in {field!r} whose record it is")
    if not sender or value.strip().casefold() != sender.strip().casefold():
        return _no("not_your_record", "the record belongs to somebody else than the sender")
    return None


def _no(kind: str, message: str) -> ToolError:
    return {"kind": kind, "message": message, "retryable": False}
