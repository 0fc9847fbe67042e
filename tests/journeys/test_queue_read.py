"""The queue as people read it over HTTP: searched, counted, followed, with what was said of answers."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.http.tickets import events as streams
from memory.tables import Article
from tests import desks
from tests.journeys.floor import ONE, TWO, Floor, Header


async def test_the_queue_is_filtered_searched_and_counted(floor: Floor) -> None:
    """By team, skill, reason, intent, customer, words, who has it and what is late."""
    late = datetime.now(UTC) - timedelta(minutes=1)
    await floor.handed("hnd_1", "Broken clock", team="repairs", skills=["clocks"], intent="repair")
    await floor.handed("hnd_2", "Lost parcel", due_at=late, priority=0)
    await floor.post(f"{ONE}/claim", floor.ann)
    for query, names in (
        ("", ["hnd_2", "hnd_1"]),
        ("?team=repairs", ["hnd_1"]),
        ("?skill=clocks", ["hnd_1"]),
        ("?skill=clock", []),
        ("?intent=repair", ["hnd_1"]),
        ("?reason=low_confidence", ["hnd_2", "hnd_1"]),
        ("?customer=cy@example.com", ["hnd_2", "hnd_1"]),
        ("?customer=y@example.com", []),
        ("?q=parc", ["hnd_2"]),
        ("?q=cy@example.com clo", ["hnd_1"]),
        ("?q=Lee", ["hnd_2", "hnd_1"]),
        ("?q=pacrel", ["hnd_2"]),
        ("?q=hnd_9", []),
        ("?q=hnd_1", ["hnd_1"]),
        ('?q=" OR * NEAR(', []),
        ("?mine=true", ["hnd_1"]),
        ("?unassigned=true", ["hnd_2"]),
        ("?overdue=true", ["hnd_2"]),
        ("?status=claimed&status=snoozed", ["hnd_1"]),
    ):
        found = (await floor.read(f"/v1/handoffs{query}"))["items"]
        assert (query, [one["id"] for one in found]) == (query, names)
    [parcel] = (await floor.read("/v1/handoffs?q=parcel"))["items"]
    assert (parcel["subject"], parcel["customer_name"]) == ("Lost parcel", "Cy Lee")
    assert (parcel["overdue"], parcel["unread"], parcel["priority"]) == (True, 1, "urgent")
    counts = await floor.read("/v1/handoffs/counts")
    assert counts["status"] == {"open": 1, "claimed": 1}
    assert counts["team"] == {"": 1, "repairs": 1}
    assert counts["priority"] == {"urgent": 1, "normal": 1}
    assert (counts["mine"], counts["unassigned"], counts["overdue"], counts["unread"]) == (
        1,
        1,
        1,
        2,
    )


async def test_what_was_read_counts_no_more(floor: Floor) -> None:
    """Only the holder's reading counts."""
    await floor.handed("hnd_1")
    assert (await floor.post(f"{ONE}/seen", floor.ann, {"seq": 1})).status_code == 409
    await floor.post(f"{ONE}/claim", floor.ann)
    assert (await floor.post(f"{ONE}/seen", floor.ann, {"seq": 1})).json()["unread"] == 0


async def test_the_same_customers_past_is_shown(floor: Floor) -> None:
    """Earlier tickets stand beside the handoff; other tenants' never."""
    first = await floor.handed("hnd_1", "First")
    await floor.handed("hnd_2", "Second")
    assert [one["id"] for one in (await floor.read(TWO))["history"]] == [first]


async def test_the_queue_can_be_followed(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each change is one event; a client that comes back misses nothing and gets nothing twice."""
    monkeypatch.setattr(streams, "LIFETIME_SECONDS", 0.01)
    await floor.handed("hnd_1")
    await floor.post(f"{ONE}/claim", floor.ann)
    told = await events(floor, {"Last-Event-ID": "0"})
    assert await events(floor, {}) == [], "without a number it begins with what happens from now on"
    assert [(one["who"], one["what"]) for one in told] == [("agent", "opened"), ("Ann", "claimed")]
    assert (told[1]["handoff_id"], told[1]["status"]) == ("hnd_1", "claimed")
    rest = await events(floor, {"Last-Event-ID": str(told[0]["id"])})
    assert [one["what"] for one in rest] == ["claimed"]
    other = await desks.new_key(floor.settings, "Eve", ["admin"], tenant="bolt")
    assert await events(floor, {"Last-Event-ID": "0"}, other) == []


async def events(floor: Floor, headers: Header, who: Header | None = None) -> list[Any]:
    """What one connection is told until it is closed."""
    found = await floor.client.get("/v1/handoffs/events", headers=headers | (who or floor.ann))
    lines = [line for block in found.text.split("\n\n") for line in [block.splitlines()] if line]
    told = [dict(part.split(": ", 1) for part in one if ": " in part) for one in lines]
    return [json.loads(one["data"]) for one in told if one.get("event") == "handoff"]


async def test_corrections_are_made_listed_and_undone(floor: Floor) -> None:
    """Once each, by name, and only of what there is."""
    ticket = await floor.handed("hnd_1", intent="orders")
    await floor.add(
        Article(tenant="acme", doc_id="a", title="A", text="t", content_hash="h", source="s")
    )
    unknown = await floor.post(
        f"{ONE}/corrections", floor.ann, {"kind": "article_wrong", "article": "zzz"}
    )
    assert unknown.json()["type"].endswith("article-unknown")
    body = {"kind": "article_wrong", "article": "a", "note": "old price"}
    made = await floor.post(f"{ONE}/corrections", floor.ann, body)
    assert (made.status_code, made.json()["by"], made.json()["ticket_id"]) == (201, "Ann", ticket)
    again = (await floor.post(f"{ONE}/corrections", floor.bob, body)).json()
    assert again["id"] == made.json()["id"]
    intent = {"kind": "intent_wrong", "intent": "refunds"}
    assert (await floor.post(f"{ONE}/corrections", floor.ann, intent)).json()["was"] == "orders"
    listed = (await floor.read("/v1/corrections?counting=true"))["items"]
    assert [one["kind"] for one in listed] == ["intent_wrong", "article_wrong"]
    address = f"/v1/corrections/{again['id']}/undo"
    assert (await floor.post(address, floor.bob)).json()["undone_by"] == "Bob"
    assert (await floor.post(address, floor.bob)).status_code == 409
    assert len((await floor.read("/v1/corrections?counting=true"))["items"]) == 1
    assert (await floor.post("/v1/corrections/cor_9/undo", floor.bob)).status_code == 404
    wrong = {"kind": "answer_wrong"}
    assert (
        await floor.post(f"/v1/tickets/{ticket}/corrections", floor.ann, wrong)
    ).status_code == 201
    assert (
        await floor.post(f"{ONE}/corrections", floor.ann, {"kind": "article_wrong"})
    ).status_code == 422
