"""The queue as people work it over HTTP: hold, hand on, put aside, ask, merge, close, correct."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from api.http.handoffs import events as handoff_events
from api.settings import Settings
from memory.storage.database import Database
from memory.tables import Article, Handoff, Letter
from tests import desks

Header = dict[str, str]
ONE, TWO = "/v1/handoffs/hnd_1", "/v1/handoffs/hnd_2"
CUSTOMER = {"email": "Cy@Example.com", "name": "Cy Lee"}


@dataclass
class Floor:
    """The application, and keys of two agents, a lead and the shop."""

    client: httpx2.AsyncClient
    settings: Settings
    ann: Header
    bob: Header
    lea: Header
    shop: Header

    async def handed(self, name: str, subject: str = "My order", **parts: Any) -> str:
        """A ticket that waits for a person under the handoff of that name; its id."""
        body = {"text": "my money back", "subject": subject, "customer": CUSTOMER}
        posted = await self.client.post("/v1/tickets", json=body, headers=self.shop)
        ticket = str(posted.json()["id"])
        await desks.hand_off(self.settings, ticket, name, **parts)
        return ticket

    async def post(self, path: str, who: Header, body: Any = None) -> httpx2.Response:
        """What the application answers."""
        return await self.client.post(path, json={} if body is None else body, headers=who)

    async def read(self, path: str, who: Header | None = None) -> Any:
        """A page or a handoff."""
        return (await self.client.get(path, headers=who or self.ann)).json()

    async def rows(self, kind: type[Any]) -> list[Any]:
        """Rows of a table."""
        from sqlmodel import select

        database = Database(self.settings.ledger_url)
        try:
            async with database.reading() as session:
                return list((await session.exec(select(kind))).all())
        finally:
            await database.close()

    async def change(self, name: str, **values: Any) -> None:
        """Change a handoff's row behind the API's back."""
        database = Database(self.settings.ledger_url)
        async with database.transaction() as session:
            row = await session.get_one(Handoff, name)
            for field, value in values.items():
                setattr(row, field, value)
            session.add(row)
        await database.close()

    async def add(self, *rows: Any) -> None:
        """Store rows."""
        database = Database(self.settings.ledger_url)
        async with database.transaction() as session:
            session.add_all(rows)
        await database.close()


@pytest.fixture
async def floor(tmp_path: Path, template: Path) -> AsyncIterator[Floor]:
    """A floor without handoffs."""
    settings = desks.settings_in(tmp_path / "home", template)
    keys = [
        await desks.new_key(settings, name, scopes)
        for name, scopes in (
            ("Ann", ["agent"]),
            ("Bob", ["agent"]),
            ("Lea", ["agent", "lead"]),
            ("shop", ["intake"]),
        )
    ]
    async with desks.serving(settings) as client:
        yield Floor(client, settings, *keys)


def soon(hours: float = 1.0) -> str:
    """A moment ahead."""
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


async def test_assigning_to_others_is_for_leads(floor: Floor) -> None:
    """An agent takes for itself, or hands on what it has; a lead takes from whoever has it."""
    await floor.handed("hnd_1")
    refused = await floor.post(f"{ONE}/assign", floor.ann, {"to": "Bob"})
    assert (refused.status_code, "transfer" in refused.json()["detail"]) == (403, True)
    assert (await floor.post(f"{ONE}/assign", floor.ann, {"to": "Ann"})).json()[
        "claimed_by"
    ] == "Ann"
    given = (await floor.post(f"{ONE}/assign", floor.lea, {"to": "Bob"})).json()
    assert (given["claimed_by"], given["status"]) == ("Bob", "claimed")
    assert (await floor.post(f"{ONE}/claim", floor.ann)).json()["by"] == "Bob"


async def test_a_transfer_carries_a_note(floor: Floor) -> None:
    """To a person who then has it, or to a team whose queue it joins; only the holder may."""
    await floor.handed("hnd_1")
    await floor.post(f"{ONE}/claim", floor.ann)
    refused = await floor.post(f"{ONE}/transfer", floor.bob, {"to": "Bob"})
    assert refused.status_code == 409
    body = {"to": "Bob", "note": "You know this customer."}
    assert (await floor.post(f"{ONE}/transfer", floor.ann, body)).json()["claimed_by"] == "Bob"
    moved = (await floor.post(f"{ONE}/transfer", floor.bob, {"team": "billing"})).json()
    assert (moved["status"], moved["team"], moved["claimed_by"]) == ("open", "billing", None)
    whole = await floor.read(ONE)
    assert [(one["author"], one["kind"]) for one in whole["notes"]] == [("Ann", "transfer")]
    told = [(one["who"], one["what"]) for one in whole["events"]]
    assert told == [
        ("agent", "opened"),
        ("Ann", "claimed"),
        ("Ann", "transferred"),
        ("Ann", "noted"),
        ("Bob", "transferred"),
    ]
    assert (await floor.post(f"{ONE}/transfer", floor.bob, {})).status_code == 422


async def test_what_is_put_aside_comes_back(floor: Floor) -> None:
    """To whoever put it aside: when woken, or when the customer writes."""
    ticket = await floor.handed("hnd_1")
    aside = (await floor.post(f"{ONE}/snooze", floor.ann, {"until": soon()})).json()
    assert (aside["status"], aside["claimed_by"]) == ("snoozed", "Ann")
    assert (await floor.read("/v1/handoffs"))["items"] == []
    assert len((await floor.read("/v1/handoffs?mine=true"))["items"]) == 1
    assert (
        (await floor.post(f"{ONE}/claim", floor.bob))
        .json()["detail"]
        .startswith("Ann has put aside this handoff until")
    )
    assert (await floor.post(f"{ONE}/wake", floor.ann)).json()["status"] == "claimed"
    await floor.post(f"{ONE}/snooze", floor.ann, {"until": soon()})
    await floor.client.post(
        f"/v1/tickets/{ticket}/messages", json={"text": "and?"}, headers=floor.shop
    )
    back = await floor.read(ONE)
    assert (back["status"], back["claimed_by"], back["unread"]) == ("claimed", "Ann", 2)
    past = await floor.post(f"{ONE}/snooze", floor.ann, {"until": soon(-1)})
    assert (past.status_code, past.json()["errors"][0]["field"]) == (422, "until")


async def test_a_question_waits_for_the_customer(floor: Floor) -> None:
    """It is stored as a letter once; the answer brings the handoff back to whoever asked."""
    ticket = await floor.handed("hnd_1")
    due = datetime.now(UTC) + timedelta(hours=9)
    await floor.change("hnd_1", due_at=due, resolve_by=due)
    asked = (await floor.post(f"{ONE}/ask", floor.ann, {"text": "Which order?"})).json()
    assert (asked["status"], asked["claimed_by"]) == ("waiting_customer", "Ann")
    assert asked["responded_at"] is not None
    [letter] = await floor.rows(Letter)
    assert (letter.kind, letter.author, letter.text) == ("clarification", "Ann", "Which order?")
    again = await floor.post(f"{ONE}/ask", floor.ann, {"text": "Which order?"})
    assert again.json()["type"].endswith("already-asked")
    assert len(await floor.rows(Letter)) == 1
    await floor.client.post(
        f"/v1/tickets/{ticket}/messages", json={"text": "FH-1"}, headers=floor.shop
    )
    back = await floor.read(ONE)
    assert (back["status"], back["claimed_by"]) == ("claimed", "Ann")
    assert back["due_at"] is None, "the clock of the queue works the next target out"
    assert datetime.fromisoformat(back["resolve_by"]) > due


async def test_a_version_guards_every_change(floor: Floor) -> None:
    """What changed since one looked is refused; renewing one's lease changes nothing."""
    await floor.handed("hnd_1")
    seen = (await floor.post(f"{ONE}/claim", floor.ann)).json()["version"]
    renewed = (await floor.post(f"{ONE}/claim", floor.ann, {"minutes": 30})).json()
    assert renewed["version"] == seen
    for path, body in (
        ("claim", {}),
        ("transfer", {"to": "Bob"}),
        ("snooze", {"until": soon()}),
        ("ask", {"text": "Which?"}),
        ("assign", {"to": "Ann"}),
        ("redraft", {"hint": "shorter"}),
        ("decide", {"kind": "close"}),
    ):
        if path == "claim":
            continue  # one's own claim is renewed, whatever the version
        stale = await floor.post(f"{ONE}/{path}", floor.ann, {**body, "version": seen - 1})
        assert (path, stale.json()["type"].rsplit(":")[-1]) == (path, "stale")
    assert (await floor.read(ONE))["version"] == seen


async def test_duplicates_of_one_customer_are_merged(floor: Floor) -> None:
    """The ticket ends, the customer is told, its messages are shown with the other one."""
    one = await floor.handed("hnd_1", "First")
    await floor.handed("hnd_2", "Second")
    merged = (await floor.post(f"{TWO}/merge", floor.ann, {"into": "hnd_1"})).json()
    assert (merged["status"], merged["merged_into"]) == ("closed", "hnd_1")
    whole = await floor.read(ONE)
    assert [item["subject"] for item in whole["merged"]] == ["Second"]
    assert whole["merged"][0]["messages"][0]["text"] == "my money back"
    [letter] = await floor.rows(Letter)
    assert (letter.kind, letter.purpose, '"First"' in letter.text) == ("notice", "merged", True)
    ended = await floor.read(f"/v1/tickets/{merged['ticket_id']}")
    assert (ended["status"], ended["outcome"]) == ("settled", "merged")
    again = await floor.post(f"{TWO}/merge", floor.ann, {"into": "hnd_1"})
    assert again.status_code == 409
    assert (await floor.post(f"{ONE}/merge", floor.ann, {"into": "hnd_1"})).status_code == 409
    assert (await floor.read(f"/v1/tickets/{one}"))["status"] == "waiting"


async def test_tickets_of_two_customers_are_never_merged(floor: Floor) -> None:
    """Nor those of somebody unknown: one would read the other's answer."""
    await floor.handed("hnd_1")
    body = {"text": "me too", "customer": {"email": "eve@example.com"}}
    posted = (await floor.client.post("/v1/tickets", json=body, headers=floor.shop)).json()
    await desks.hand_off(floor.settings, posted["id"], "hnd_2")
    refused = await floor.post(f"{TWO}/merge", floor.ann, {"into": "hnd_1"})
    assert (refused.status_code, refused.json()["type"].rsplit(":")[-1]) == (409, "not-mergeable")


async def test_several_are_closed_at_once_by_a_lead(floor: Floor) -> None:
    """Those that somebody else has are left and named; the note stands with the others."""
    for name in ("hnd_1", "hnd_2", "hnd_3"):
        await floor.handed(name)
    await floor.post(f"{TWO}/claim", floor.bob)
    body = {"ids": ["hnd_1", "hnd_2", "hnd_3", "hnd_9"], "note": "newsletter replies"}
    assert (await floor.post("/v1/handoffs/bulk/close", floor.ann, body)).status_code == 403
    done = (await floor.post("/v1/handoffs/bulk/close", floor.lea, body)).json()
    assert done["closed"] == ["hnd_1", "hnd_3"]
    assert done["refused"]["hnd_2"].startswith("Bob has claimed")
    assert done["refused"]["hnd_9"] == "there is no handoff 'hnd_9'"
    assert (await floor.read(ONE))["notes"][0]["kind"] == "close"
    many = {"ids": [f"hnd_{n}" for n in range(101)]}
    assert (await floor.post("/v1/handoffs/bulk/close", floor.lea, many)).status_code == 422


async def test_each_action_is_approved_or_refused_on_its_own(floor: Floor) -> None:
    """And what a person changed in the suggestion is kept."""
    actions = [{"fingerprint": f, "tool": "refund", "arguments": {"order": f}} for f in "ab"]
    await floor.handed(
        "hnd_1", story={"suggestion": {"text": "It is sent.\nBye."}, "actions": actions}
    )
    both = {"kind": "reply", "text": "x", "actions": ["a"], "refused": ["a"]}
    assert (await floor.post(f"{ONE}/decide", floor.ann, both)).status_code == 422
    body = {"kind": "reply", "text": "It is paid.\nBye.", "actions": ["a"], "refused": ["b"]}
    decided = (await floor.post(f"{ONE}/decide", floor.ann, body)).json()
    assert [(one["fingerprint"], one["verdict"]) for one in decided["actions"]] == [
        ("a", "approved"),
        ("b", "refused"),
    ]
    assert decided["actions"][0]["arguments"] == {"order": "a"}
    changed = decided["decision"]["difference"]
    assert (changed["likeness"], changed["lines"][1:3]) == (0.75, ["-It is sent.", "+It is paid."])


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
    monkeypatch.setattr(handoff_events, "LIFETIME_SECONDS", 0.01)
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


async def test_a_ticket_at_work_is_taken_over(floor: Floor) -> None:
    """One of those who try at once has it, and the others learn who."""
    posted = await floor.client.post("/v1/tickets", json={"text": "a"}, headers=floor.shop)
    address = f"/v1/tickets/{posted.json()['id']}/takeover"
    found = await asyncio.gather(
        *(floor.post(address, who, {"note": "mine"}) for who in (floor.ann, floor.bob, floor.lea))
    )
    assert sorted(one.status_code for one in found) == [200, 409, 409]
    [taken] = [one.json() for one in found if one.status_code == 200]
    assert (taken["agent_answer"], taken["handoff"]["reason"]) == ("none", "taken_over")
    assert {one.json()["by"] for one in found if one.status_code == 409} == {
        taken["handoff"]["claimed_by"]
    }


async def test_twenty_people_change_one_handoff_and_one_has_it(floor: Floor) -> None:
    """Claims, assignments and putting aside at once over HTTP: one owner, the others refused."""
    await floor.handed("hnd_1")
    keys = [await desks.new_key(floor.settings, f"P{n}", ["agent"]) for n in range(20)]
    ways = [("claim", {}), ("snooze", {"until": soon()}), ("ask", {"text": "Which?"})]
    tries = [
        floor.post(f"{ONE}/{ways[n % 3][0]}", key, ways[n % 3][1]) for n, key in enumerate(keys)
    ]
    found = await asyncio.gather(*tries)
    assert sorted(one.status_code for one in found) == [200] + [409] * 19
    [winner] = [one.json()["claimed_by"] for one in found if one.status_code == 200]
    assert (await floor.read(ONE))["claimed_by"] == winner
