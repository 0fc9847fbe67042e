"""What this room refuses: each message says what to do. `errors` has what they mean to a caller."""

from __future__ import annotations

from collections.abc import Sequence

from api.http.problems import FieldProblem


class ApiFault(Exception):
    """The family of this room's errors; the message says what to do."""


class Unauthenticated(ApiFault):
    """No key, or none that lives."""


class Forbidden(ApiFault):
    """The key is good, and not for this."""


class VouchRefused(ApiFault):
    """The key may post tickets, but not vouch for their senders."""


class CsrfRefused(ApiFault):
    """A change came with a session's cookie and without its CSRF token."""


class PasswordDue(ApiFault):
    """A person with a one-time password has to set an own one first."""


class SecondFactorDue(ApiFault):
    """The person's role needs a second factor, which has to be set up first."""


class LoginRefused(ApiFault):
    """Address or password is wrong, or the account is disabled: which, is not said."""


class NoDesk(ApiFault):
    """The API's desk file has no desk of the caller's tenant."""


class NoSuchPart(ApiFault):
    """The desk has no channel or intent of that name."""


class WorkerSilent(ApiFault):
    """Only a worker can answer, and none did in time."""


class BodyRefused(ApiFault):
    """A field breaks a rule that only the running process knows."""

    def __init__(self, errors: Sequence[FieldProblem]) -> None:
        super().__init__("; ".join(f"{error.field} {error.message}" for error in errors))
        self.errors = list(errors)


class UnsupportedMedia(ApiFault):
    """The body is not declared as JSON."""


class QueueFull(ApiFault):
    """So many tickets of the tenant wait that more would not be answered in time."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class TooManyStreams(QueueFull):
    """As many event streams are open as this process can serve."""


class ChannelPaused(Exception):
    """Somebody has paused the channel: what was to come in stays where it is."""
