"""A ticket's events come in order, once, and resume where a client left off."""

import asyncio
import json
from typing import Any

import httpx2
import pytest

from api.http.tickets import events
from api.settings import Settings
from tests import desks
from tests.waiting import LONGEST_SECONDS, wait_until

Event = tuple[str, str, Any]


def parsed(text: str) -> list[Event]:
    """Each event as (event, id, data)."""
    found: list[Event] = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "event" in fields:
            found.append((fields["event"], fields["id"], json.loads(fields["data"])))
    return found


@pytest.fixture
async def waiting(client: httpx2.AsyncClient, intake: dict[str, str], settings: Settings) -> str:
    """The address of the events of a ticket that waits for a person."""
    posted = (await client.post("/v1/tickets", json={"text": "help"}, headers=intake)).json()
    await desks.hand_off(settings, posted["id"], "hnd_1")
    return str(posted["events_url"])


async def test_a_ticket_at_rest_ends_the_stream(
    client: httpx2.AsyncClient, intake: dict[str, str], waiting: str
) -> None:
    """The journal's rows come as steps, then the status, then the end."""
    response = await client.get(waiting, headers=intake)
    assert response.headers["content-type"].startswith("text/event-stream")
    names = [(name, number) for name, number, _ in parsed(response.text)]
    assert names == [("step", "1"), ("status", "1"), ("end", "1")]
    step, _, end = (data for _, _, data in parsed(response.text))
    assert step["text"] == "The ticket was accepted and queued."
    assert (end["status"], end["outcome"]) == ("waiting", "with_person")


async def test_a_client_resumes_after_the_last_event(
    client: httpx2.AsyncClient, intake: dict[str, str], waiting: str
) -> None:
    """With Last-Event-ID no step comes twice."""
    response = await client.get(waiting, headers=intake | {"Last-Event-ID": "1"})
    assert [name for name, _, _ in parsed(response.text)] == ["status", "end"]


async def test_a_change_is_seen_while_following(
    client: httpx2.AsyncClient,
    intake: dict[str, str],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A stream that began on a queued ticket tells of its handoff and ends."""
    looked, look = asyncio.Event(), events.Watch.look

    async def noted(self: events.Watch, context: Any) -> Any:
        found = await look(self, context)
        looked.set()
        return found

    monkeypatch.setattr(events.Watch, "look", noted)
    posted = (await client.post("/v1/tickets", json={"text": "help"}, headers=intake)).json()
    stream = asyncio.create_task(client.get(posted["events_url"], headers=intake))
    await asyncio.wait_for(looked.wait(), LONGEST_SECONDS)
    await desks.hand_off(settings, posted["id"], "hnd_1")
    names = [(name, data.get("status")) for name, _, data in parsed((await stream).text)]
    assert names == [
        ("step", None),
        ("status", "queued"),
        ("status", "waiting"),
        ("end", "waiting"),
    ]


async def test_a_stream_lives_for_a_bounded_time(
    client: httpx2.AsyncClient, intake: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A ticket that never rests does not hold a connection for ever."""
    monkeypatch.setattr(events, "LIFETIME_SECONDS", 0.3)
    posted = (await client.post("/v1/tickets", json={"text": "help"}, headers=intake)).json()
    response = await client.get(posted["events_url"], headers=intake)
    assert [name for name, _, _ in parsed(response.text)] == ["step", "status"]


async def test_streams_are_counted_and_given_back(
    client: httpx2.AsyncClient,
    intake: dict[str, str],
    waiting: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Over the bound a stream is a 429 with Retry-After; an ended one makes room."""
    monkeypatch.setattr(events, "MAX_STREAMS", 1)
    for _ in range(3):
        assert (await client.get(waiting, headers=intake)).status_code == 200
    monkeypatch.setattr(events, "MAX_STREAMS", 0)
    refused = await client.get(waiting, headers=intake)
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "10"


async def test_other_tenants_follow_nothing(
    client: httpx2.AsyncClient, settings: Settings, waiting: str
) -> None:
    """The ticket of another tenant is a 404 before the stream begins."""
    other = await desks.new_key(settings, "x", ["intake"], tenant="bolt")
    assert (await client.get(waiting, headers=other)).status_code == 404


def opens(client: httpx2.Client, address: str) -> bool:
    """Whether there is room for a stream."""
    with client.stream("GET", address) as one:
        return one.status_code == 200


def test_a_stream_ends_with_its_client_and_with_its_process(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client that goes gives its stream back; a process that stops ends the others at once."""
    monkeypatch.setattr(events, "MAX_STREAMS", 1)
    monkeypatch.setattr(events, "LIFETIME_SECONDS", 3_600.0)
    key = desks.run(desks.new_key(settings, "shop", ["intake"]))
    with (
        desks.running(settings) as (url, server),
        httpx2.Client(base_url=url, headers=key, timeout=LONGEST_SECONDS) as client,
    ):
        address = client.post("/v1/tickets", json={"text": "help"}).json()["events_url"]
        with client.stream("GET", address) as first:
            assert first.status_code == 200
            lines = first.iter_lines()  # held, since a dropped iterator closes its response
            assert next(lines) == ": connected"
            assert client.get(address).status_code == 429
        wait_until(lambda: opens(client, address))
        with client.stream("GET", address) as last:
            server.should_exit = True
            last.read()  # it would live for longer than the test may
