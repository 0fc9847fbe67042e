"""Who a visitor is: the holder of a secret that the browser made, and whom the website vouches for."""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Header, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.channels.contract import Sender
from api.http.faults import BodyRefused, QueueFull, Unauthenticated
from api.http.problems import FieldProblem
from api.http.text import MAX_EMAIL_CHARS, MAX_NAME_CHARS, Email, Line
from graph.desk.channels import WidgetChannel
from memory.patterns import linear
from memory.tables import now

SECRET = linear(r"^dkv_[0-9a-f]{64}$")
VOUCHER = "the website's signature"
"""Stands beside a ticket whose sender the website vouched for."""
MOST_SECONDS = 24 * 3_600
"""How long a website's word may hold."""
CLOCKS_SECONDS = 60
"""How far the website's clock may be off."""
MOST_VISITORS = 20_000
"""Whose messages are counted at a time; of more, the ones seen last."""
MINUTE = 60.0
MOST_COUNTED = 600
ADDRESS_PER_MINUTE = 120
"""Messages from one network address, however many visitors it has."""


@dataclass(frozen=True)
class Visitor:
    """One browser's conversation."""

    ref: str
    """A digest of its secret, which is not kept."""
    address: str
    """Where the connection comes from."""


async def visitor(
    request: Request, authorization: Annotated[str, Header(max_length=200)] = ""
) -> Visitor:
    """Whoever sends the secret of a conversation. Raises `Unauthenticated`."""
    kind, _, secret = authorization.partition(" ")
    if kind != "Bearer" or not SECRET.match(secret):
        msg = "the script sends `Authorization: Bearer dkv_...`, 64 hexadecimal digits of its own"
        raise Unauthenticated(msg)
    digest = hashlib.sha256(f"visitor\n{secret}".encode()).hexdigest()
    return Visitor(digest[:40], request.client.host if request.client else "")


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    email: Annotated[Email, Field(max_length=MAX_EMAIL_CHARS)]
    name: Annotated[Line, Field(max_length=MAX_NAME_CHARS)] | None = None
    exp: float
    iat: float | None = None


def sender_of(identity: str, channel: WidgetChannel) -> Sender:
    """The sender that the website's word names; nobody where there is none. Raises `BodyRefused`."""
    if not identity:
        return Sender()
    if not channel.identity_secret:
        raise _refused("is sent, and the desk has no `channels.widget.identity_secret` to check it")
    import jwt  # brings 8 MB, and few desks have a widget that vouches

    try:
        claims: dict[str, Any] = jwt.decode(
            identity,
            channel.identity_secret,
            algorithms=["HS256"],
            options={"require": ["exp"]},
            leeway=CLOCKS_SECONDS,
        )
        said = _Said.model_validate(claims)
    except jwt.ExpiredSignatureError as error:
        raise _refused("has expired: the website has to sign it again") from error
    except (jwt.InvalidTokenError, ValidationError) as error:
        raise _refused("is not a token of the website: HS256 with `email` and `exp`") from error
    if said.exp > now().timestamp() + MOST_SECONDS + CLOCKS_SECONDS:
        raise _refused("is valid for more than a day: let `exp` be sooner")
    return Sender(said.email, said.name, vouched_by=VOUCHER)


def _refused(words: str) -> BodyRefused:
    return BodyRefused([FieldProblem(field="identity", message=words)])


@dataclass
class Pace:
    """How fast visitors may write to this process: so many messages in any minute."""

    clock: Callable[[], float] = time.monotonic
    _seen: OrderedDict[str, deque[float]] = field(default_factory=OrderedDict)

    def check(self, who: Visitor, per_minute: int) -> None:
        """Count one message. Raises `QueueFull` where it comes too soon, and counts nothing."""
        limits = {who.ref: per_minute, f"at {who.address}": ADDRESS_PER_MINUTE}
        moment, waits = self.clock(), 0.0
        for name, limit in limits.items():
            times = self._of(name, moment)
            if len(times) >= limit:
                waits = max(waits, times[-limit] + MINUTE - moment)
        if waits > 0:
            msg = "too many messages come from here, so this one has to wait: nothing is lost"
            raise QueueFull(msg, max(1, round(waits)))
        for name in limits:
            self._seen[name].append(moment)

    def _of(self, name: str, moment: float) -> deque[float]:
        times = self._seen.pop(name, None)
        if times is None:
            times = deque(maxlen=MOST_COUNTED)
        while times and times[0] <= moment - MINUTE:
            times.popleft()
        self._seen[name] = times
        if len(self._seen) > MOST_VISITORS:
            self._seen.popitem(last=False)
        return times
