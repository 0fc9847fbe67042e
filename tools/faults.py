"""The errors of this room. Adapters raise them, the gateway turns them into data.

Each class answers three questions: what kind is it, may the same call succeed later, and, for a
write, is it certain that nothing happened?
"""

from __future__ import annotations

from memory.journal.codes import ErrorKind


class ToolFault(Exception):
    """The family of this room's errors; adapters raise it, the gateway turns it into data."""

    kind = ErrorKind.SERVICE_ERROR
    retryable = False
    """Whether the same call may succeed later."""
    certain = False
    """Whether a write that ended so has certainly not happened."""

    def __init__(
        self, message: str, *, retry_after: float | None = None, certain: bool | None = None
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        """Seconds the service asked us to wait."""
        if certain is not None:
            self.certain = certain
        self.told = ""
        """The other side's own words, where it has any: data, for people only, never logged."""


class Unreachable(ToolFault):
    """No connection (then `certain`), or it broke before an answer came."""

    kind = ErrorKind.UNREACHABLE
    retryable = True


class NotLetIn(Unreachable):
    """Our token or password is refused: no call is to blame, and a new one helps all."""

    certain = True


class ServiceError(ToolFault):
    """The service answered 5xx."""

    kind = ErrorKind.SERVICE_ERROR
    retryable = True


class TimedOut(ToolFault):
    """No answer within the tool's time; the attempt was cancelled."""

    kind = ErrorKind.TIMEOUT
    retryable = True


class RateLimited(ToolFault):
    """The service answered 429."""

    kind = ErrorKind.RATE_LIMITED
    retryable = True
    certain = True


class NotFound(ToolFault):
    """The thing asked for does not exist."""

    kind = ErrorKind.NOT_FOUND
    certain = True


class Rejected(ToolFault):
    """The service refused the request (4xx): repeating it is pointless."""

    kind = ErrorKind.REJECTED
    certain = True


class Forbidden(Rejected):
    """The service answered 403: to this call, or to all of ours."""


class SchemaChanged(ToolFault):
    """The other side's schema, or its answer, is not what was declared."""

    kind = ErrorKind.SCHEMA_CHANGED

    def __init__(
        self, message: str, *, certain: bool | None = None, difference: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message, certain=certain)
        self.difference = difference or (message,)
        """What differs, one for each field: added, removed, or of another type. Holds no values."""


class WrongAnswer(ToolFault):
    """The answer is about something else than was asked for."""

    kind = ErrorKind.WRONG_ANSWER


class AdapterFault(ToolFault):
    """The adapter itself broke: a defect on our side."""

    kind = ErrorKind.ADAPTER_FAULT


class UnknownEffect(ToolFault):
    """A write that may or may not have happened, and nobody can tell: a person must look."""

    kind = ErrorKind.UNKNOWN_EFFECT


class Held(ToolFault):
    """We did not let the attempt leave; the service has not seen it."""

    retryable = True
    certain = True


class SendingHalted(Held):
    """All sending to customers is stopped."""

    kind = ErrorKind.SENDING_STOPPED
    retryable = False


class BreakerOpen(Held):
    """The tool failed so often that it is left alone for a while."""

    kind = ErrorKind.BREAKER_OPEN


class Throttled(Held):
    """Our own rate limit for the tool is used up."""

    kind = ErrorKind.RATE_LIMITED


class Busy(Held):
    """All slots of the tool are taken."""

    kind = ErrorKind.BUSY
