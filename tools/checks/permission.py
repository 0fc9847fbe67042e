"""May this caller use this tool, and has a person approved this very call?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from memory import addresses
from memory.journal.codes import ErrorKind
from memory.patterns import linear
from memory.tool_names import DELIVER, NOTIFY, SEARCH, SEND_CODE
from memory.verification.challenges import Verification
from tools.contract import CallContext, ToolError, ToolSpec

SYSTEM_TOOLS = frozenset({SEARCH, DELIVER, NOTIFY, SEND_CODE})
"""What every ticket may use."""
UNMETERED = frozenset({DELIVER, NOTIFY})
"""Neither an answer nor a handoff is ever held back by an exhausted budget."""


ADDRESS = linear(r"[^@\s]+@[^@\s]+\.[^@\s.]+\Z")
"""What a code can be sent to."""


_STRANGER = "the record belongs to somebody else than the sender"
_NOT_VOUCHED = "nobody vouched for the sender, so no record can be shown to be theirs"


@dataclass(frozen=True)
class Permissions:
    """The tenant's rules, as the desk states them."""

    allowed: Callable[[str | None], frozenset[str]]
    """The declared tools that an intent may use; it gets None where no intent applies."""
    codes: bool = False
    """Whether a sender for whom nobody vouched may show by a one-time code whose record it is."""

    def refusal(self, spec: ToolSpec, caller: CallContext) -> ToolError | None:
        """Why the caller may not use the tool at all, or None."""
        intent = caller["intent"]
        if spec.name not in SYSTEM_TOOLS | self.allowed(intent):
            words = f"the intent {intent!r}" if intent else "a ticket without an intent"
            return _no(ErrorKind.NOT_PERMITTED, f"{words} may not use {spec.name}")
        unknown = not caller["customer"] and not self.codes
        if spec.customer is not None and spec.effect == "read" and unknown:
            words = "nobody vouched for the sender of this ticket, so nobody's record may be read"
            return _no(ErrorKind.NOT_YOUR_RECORD, words)
        return None


def unapproved(spec: ToolSpec, fingerprint: str, caller: CallContext) -> ToolError | None:
    """Why a person must first approve this tool with these arguments, or None."""
    if spec.approval == "never" or fingerprint in caller["approved"]:
        return None
    return _no(ErrorKind.NEEDS_APPROVAL, f"a person must approve {spec.name} with these arguments")


def not_yours(field: str, value: object, caller: CallContext) -> ToolError | None:
    """The identity gate: `value` of a result must be the sender's address; why not, or None."""
    sender = caller["customer"]
    if not isinstance(value, str) or not value.strip():
        return _no(
            ErrorKind.NOT_YOUR_RECORD, f"the result does not say in {field!r} whose record it is"
        )
    if not addresses.same(value, sender):
        words = _STRANGER if sender else _NOT_VOUCHED
        return _no(ErrorKind.NOT_YOUR_RECORD, words)
    return None


async def gated(
    field: str, value: object, caller: CallContext, identity: Verification | None
) -> ToolError | None:
    """The identity gate with its second way in: a code that was sent to the address on file.

    `not_verified` says that such a code can settle it, `not_your_record` that it cannot.
    """
    error = not_yours(field, value, caller)
    if error is None or identity is None or not _is_address(value):
        return error
    address, ticket_id = str(value).strip(), caller["ticket_id"]
    if await identity.verified(ticket_id, address):
        return None
    if await identity.want(ticket_id, caller["turn"], address):
        return _no(ErrorKind.NOT_VERIFIED, "nobody has shown yet that the record is the sender's")
    return error


def _is_address(value: object) -> bool:
    return isinstance(value, str) and ADDRESS.match(value.strip()) is not None


def _no(kind: ErrorKind, message: str) -> ToolError:
    return {"kind": kind, "message": message, "retryable": False}
