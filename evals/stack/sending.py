"""Tickets over HTTP as a customer's system sends them, followed until each has ended."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx2

AT_ONCE = 8
"""Requests in flight at a time."""
LOOKED_AT = 24
"""Open tickets asked for in one round: the oldest end first."""
PAUSE_SECONDS = 0.2
SETTLED = "settled"
ENDED = frozenset({SETTLED, "waiting"})
"""With the customer, or with a person."""
LEAVING = frozenset({"wanted", "intended"})


@dataclass(frozen=True)
class Outgoing:
    """A ticket to be posted."""

    name: str
    body: dict[str, Any]


@dataclass(frozen=True)
class Sent:
    """A ticket that was accepted."""

    name: str
    ticket_id: str
    acknowledged_seconds: float


class NotAccepted(Exception):
    """The API refused a ticket; the message is its answer."""


def send_text(client: httpx2.Client, text: str) -> str:
    """Post a ticket of this text; its id."""
    answer = client.post("/v1/tickets", json={"text": text})
    return str(answer.raise_for_status().json()["id"])


def send_all(
    client: httpx2.Client,
    outgoing: Sequence[Outgoing],
    on_sent: Callable[[], None] = lambda: None,
) -> list[Sent]:
    """Post every ticket, several at a time. Raises `NotAccepted`."""

    def post(one: Outgoing) -> Sent:
        started = time.perf_counter()
        answer = client.post("/v1/tickets", json=one.body, headers={"Idempotency-Key": one.name})
        if answer.status_code != httpx2.codes.ACCEPTED:
            raise NotAccepted(f"{one.name}: {answer.status_code} {answer.text}")
        on_sent()
        return Sent(one.name, answer.json()["id"], time.perf_counter() - started)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(post, outgoing))


def follow(
    client: httpx2.Client,
    sent: Sequence[Sent],
    seconds: float,
    on_end: Callable[[dict[str, Any]], None] = lambda _: None,
) -> dict[str, dict[str, Any]]:
    """The views of the tickets that ended within `seconds`, by ticket id."""
    still_open = [one.ticket_id for one in sent]
    ended: dict[str, dict[str, Any]] = {}
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while still_open and time.monotonic() < until:
            views = pool.map(lambda one: view(client, one), still_open[:LOOKED_AT])
            for found in filter(_has_ended, views):
                ended[found["id"]] = found
                on_end(found)
            still_open = [one for one in still_open if one not in ended]
            time.sleep(PAUSE_SECONDS)
    return ended


def _has_ended(found: dict[str, Any]) -> bool:
    """At rest, and no answer is about to leave."""
    return found["status"] in ENDED and found.get("delivery") not in LEAVING


def view(client: httpx2.Client, ticket_id: str) -> dict[str, Any]:
    """The ticket as its status URL shows it."""
    answer = client.get(f"/v1/tickets/{ticket_id}")
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


def seconds_to_end(found: dict[str, Any]) -> float:
    """From acceptance to the end, by the server's clock."""
    ended, created = (datetime.fromisoformat(found[name]) for name in ("ended_at", "created_at"))
    return (ended - created).total_seconds()
