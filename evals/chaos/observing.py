"""What a run of chaos sends, and what its customers saw of it."""

import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx2

from evals.chaos.takeovers import CutOff
from evals.stack.chaotic import PAUSE_SECONDS, service_url
from evals.stack.sending import ENDED
from evals.stack.stack import Stack

TEXTS = (
    "How do I reset my password?",
    "Reset my password, please. #person",
    "How do I reset my password? #slow",
    "Reset my password. #unsure",
)
"""Delivered, with a person, delivered after half a second, answered with a question."""
END_SECONDS = 120.0
"""How long no ticket may end after the last kill, and how long a post may be refused."""
SEND_SECONDS = 3600.0
"""How long all posts together may take."""


@dataclass(frozen=True)
class Plan:
    """How much of what."""

    kills: int
    """Of the worker."""
    api_kills: int
    tickets: int
    seed: int = 1
    """Of the moments."""
    apart: bool = False
    """Workers die one at a time, and of those that drive something (several hosts only)."""


@dataclass
class Observed:
    """What a run of chaos did and found."""

    tickets: int = 0
    worker_kills: int = 0
    api_kills: int = 0
    database_kills: int = 0
    """Failovers among them."""
    failovers: int = 0
    vector_kills: int = 0
    repeated_posts: int = 0
    seconds: float = 0.0
    views: list[dict[str, Any]] = field(default_factory=list)
    sent: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Messages that arrived, by ticket and kind."""
    suppressed: int = 0
    """Repetitions that the receiving service was spared or recognised."""
    gaps: list[str] = field(default_factory=list)
    drives: list[int] = field(default_factory=list)
    """Of each ticket: more than one means that it was cut off and taken up again."""
    cut_off: list[CutOff] = field(default_factory=list)
    """Tickets that were under way when their worker was killed (several hosts only)."""
    died: dict[int, datetime] = field(default_factory=dict)
    """When each killed worker died, by its process id."""
    taken_up: Sequence[float] = ()
    """Seconds until another worker drove them, where one that was ready lived on and the database ran."""
    taken_up_in_all: Sequence[float] = ()
    """The same of all of them."""

    @property
    def faults(self) -> list[str]:
        """What must not be; empty if all is well."""
        unended = [one["id"] for one in self.views if one["status"] not in ENDED]
        twice = [f"{kind} of {one} sent {n} times" for (one, kind), n in self.sent.items() if n > 1]
        silent = [f"{one['id']} is {one['outcome']} and nothing was sent" for one in self.silent]
        lost = [] if len(self.views) == self.tickets else ["an acknowledged ticket is not there"]
        return [*lost, *(f"{one} did not end" for one in unended), *twice, *silent, *self.gaps]

    @property
    def silent(self) -> list[dict[str, Any]]:
        """Tickets that have ended and whose customers heard nothing."""
        heard = {ticket for ticket, _ in self.sent}
        return [one for one in self.views if one["status"] in ENDED and one["id"] not in heard]


@dataclass
class Sender:
    """A customer's system: it repeats a post with the same key until it is acknowledged."""

    stack: Stack
    key: str
    tickets: int
    tally: Observed
    pause: float = PAUSE_SECONDS
    """Seconds between two posts."""
    prefix: str = "chaos"
    """Of the keys that make a repeated post the same."""
    enough: threading.Event = field(default_factory=threading.Event)
    """Set where no more are to be sent."""
    ids: list[str] = field(default_factory=list)
    thread: threading.Thread | None = None
    error: BaseException | None = None

    def start(self) -> None:
        """Send in the background."""
        self.thread = threading.Thread(target=self._send, daemon=True)
        self.thread.start()

    def join(self) -> None:
        """Until every ticket is acknowledged. Raises what the sender met."""
        assert self.thread is not None
        self.thread.join(SEND_SECONDS)
        if self.error is not None:
            raise self.error

    def target(self) -> str:
        """The API that the next try goes to."""
        return self.stack.url

    def _send(self) -> None:
        try:
            with self.stack.client(self.key) as client:
                for number in range(self.tickets):
                    if self.enough.is_set():
                        return
                    self.ids.append(self._post(client, number))
                    time.sleep(self.pause)
        except httpx2.HTTPError as error:
            self.error = error

    def _post(self, client: httpx2.Client, number: int) -> str:
        body = {"text": TEXTS[number % len(TEXTS)], "subject": f"ticket {number}"}
        until = time.monotonic() + END_SECONDS
        while True:
            try:
                answer = client.post(
                    f"{self.target()}/v1/tickets",
                    json=body,
                    headers={"Idempotency-Key": f"{self.prefix}-{number}"},
                )
                answer.raise_for_status()
                return str(answer.json()["id"])
            except (httpx2.TransportError, httpx2.HTTPStatusError):
                if time.monotonic() > until:
                    raise
                self.tally.repeated_posts += 1
                time.sleep(PAUSE_SECONDS)


def await_arrivals(stack: Stack, tally: Observed) -> None:
    """Count what arrived at the outside service, once every customer has heard something.

    What could not leave while the service was away is tried again: so long is waited for it.
    """
    until = time.monotonic() + END_SECONDS
    with httpx2.Client(base_url=service_url(stack)) as service:
        _count(service, tally)
        while tally.silent and time.monotonic() < until:
            time.sleep(PAUSE_SECONDS)
            _count(service, tally)


def _count(service: httpx2.Client, tally: Observed) -> None:
    replies = service.get("/replies").raise_for_status().json()
    tally.sent = Counter(
        (one["ticket_id"], "notice" if one["kind"] == "notice" else "answer") for one in replies
    )
    tally.suppressed = service.get("/stats").raise_for_status().json()["duplicates_suppressed"]
