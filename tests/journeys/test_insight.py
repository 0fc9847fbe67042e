"""The figures of the insight page equal those counted by hand from the raw tables."""
# ruff: noqa: S608 - fixed queries over fixed names

import random
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.settings import Settings
from memory.journal import events, journal
from memory.journal.codes import Cause, MindDecision, Reason, RunCause
from memory.journal.events import Event
from memory.storage.database import Database
from memory.tables import Correction, Message, Outcome, Ticket, TicketStatus
from tests import desks

SEED = 7
TICKETS = 120
ENDS = ["delivered", "clarifying", "answered_by_person", "closed_by_person"]
REASONS = [Reason.LOW_CONFIDENCE, Reason.ALWAYS_PERSON, Reason.NEEDS_APPROVAL]


@pytest.fixture
def settings(tmp_path: Path, template: Path) -> Settings:
    """Settings of a fresh desk."""
    return desks.settings_in(tmp_path / "home", template, desk=tmp_path / "desk.yaml")


async def _tell(database: Database, chance: random.Random, number: int, tenant: str) -> None:
    """One ticket with a life of its own: turns, people, messages, costs, confidences."""
    at = datetime.now(UTC) - timedelta(hours=chance.randint(1, 20 * 24))
    ticket = Ticket(
        id=f"tkt_{tenant}_{number}",
        tenant=tenant,
        subject="",
        intent=chance.choice(["login", "billing", None]),
        status="settled",
        created_at=at,
    )
    async with database.transaction() as session:
        session.add(ticket)
        await session.flush()
        await journal.append(session, ticket, events.Accepted())
        for turn in range(1, chance.randint(1, 3) + 1):
            ticket.turn = turn
            entries = _turn(chance)
            await journal.append(session, ticket, *entries)
            if chance.random() < 0.2 and entries[-1].outcome == "delivered":
                session.add(
                    Correction(
                        id=f"c_{tenant}_{number}_{turn}",
                        tenant=tenant,
                        kind="answer_wrong",
                        ticket_id=ticket.id,
                        turn=turn,
                        by="Ann",
                        undone_at=chance.choice([None, at]),
                    )
                )
            if entries[-1].outcome in {"delivered", "answered_by_person"}:
                session.add(
                    Message(
                        ticket_id=ticket.id,
                        seq=turn,
                        turn=turn,
                        role="agent",
                        kind="reply",
                        text="",
                        created_at=at + timedelta(minutes=chance.randint(1, 600)),
                    )
                )


def _turn(chance: random.Random) -> list[Event]:
    value = round(chance.random(), 3)
    told: list[Event] = [
        events.RunBegan(cause=RunCause.MESSAGE),
        events.AskWeighed(outcome="supported", ask="ask-1", confidence=value, threshold=0.6),
        events.ToolCalled(tool="search_knowledge", tokens_in=3, cost_micros=5),
        events.ModelAsked(decision=MindDecision.WRITE, cost_micros=70, model="m"),
    ]
    end = chance.choice(ENDS)
    if end in {"answered_by_person", "closed_by_person"}:
        told.append(events.Waiting(cause=Cause.HAND_OFF, outcome=chance.choice(REASONS)))
    if chance.random() < 0.3:
        told.append(events.CustomerWrote(outcome=TicketStatus.RUNNING))
    return [*told, events.TurnSettled(outcome=Outcome(end))]


async def _settle_in_time(database: Database) -> None:
    """Rows were all written just now: put each ticket's end where its beginning says."""
    async with database.transaction() as session:
        connection = await session.connection()
        await connection.exec_driver_sql(
            "UPDATE journal SET at = (SELECT created_at FROM tickets WHERE id = journal.ticket_id)"
        )


async def test_every_figure_equals_a_count_of_the_raw_rows(sqlite_settings: Settings) -> None:
    """Fates, shares, reasons, spans, costs and coverages, for one tenant beside another."""
    chance = random.Random(SEED)  # noqa: S311 - a fixed sample
    async with Database(sqlite_settings.ledger_url) as database:
        for number in range(TICKETS):
            await _tell(database, chance, number, desks.TENANT)
            await _tell(database, chance, number, "other")
        await _settle_in_time(database)
    key = await desks.new_key(sqlite_settings, "Ann", ["agent"])
    async with desks.serving(sqlite_settings) as client:
        response = await client.get("/v1/insight", params={"days": 30}, headers=key)
    assert response.status_code == 200, response.text
    found = response.json()
    raw = sqlite3.connect(sqlite_settings.home / "deskhand.db")
    _compare(found, raw)


Count = Callable[[str], Any]
"""The one value that a query gives, over one tenant's rows."""


def _compare(found: dict[str, Any], raw: sqlite3.Connection) -> None:
    """Count again, in plain SQL over the raw tables."""

    def one(query: str) -> Any:
        return raw.execute(query.replace("$T", f"'{desks.TENANT}'")).fetchone()[0]

    _compare_outcomes(found["outcomes"], one)
    _compare_costs(found["costs"], one)
    _compare_thresholds(found["thresholds"], one)


def _compare_outcomes(outcomes: dict[str, Any], one: Count) -> None:
    last = (
        "SELECT ticket_id, outcome, turn FROM journal j WHERE tenant = $T AND name = 'settle' AND "
        "seq = (SELECT max(seq) FROM journal WHERE ticket_id = j.ticket_id)"
    )
    assert outcomes["tickets"] == one("SELECT count(*) FROM tickets WHERE tenant = $T")
    assert sum(outcomes["fates"].values()) == TICKETS
    quiet = "(SELECT (julianday('now') - julianday(created_at)) * 24 >= 72 FROM tickets t WHERE t.id = x.ticket_id)"
    assert outcomes["fates"]["abandoned"] == one(
        f"SELECT count(*) FROM ({last}) x WHERE outcome = 'clarifying' AND {quiet}"
    )
    assert outcomes["fates"]["assumed"] == one(
        f"SELECT count(*) FROM ({last}) x WHERE outcome IN ('delivered', 'answered_by_person') "
        f"AND {quiet}"
    )
    assert outcomes["automated"]["hits"] == one(
        "SELECT count(*) FROM tickets t WHERE tenant = $T AND EXISTS (SELECT 1 FROM journal WHERE "
        "ticket_id = t.id AND name = 'settle' AND outcome = 'delivered') AND NOT EXISTS (SELECT 1 "
        "FROM journal WHERE ticket_id = t.id AND kind = 'wait')"
    )
    assert outcomes["handed_off"]["hits"] == one(
        "SELECT count(DISTINCT ticket_id) FROM journal WHERE tenant = $T AND kind = 'wait'"
    )
    assert outcomes["reopened"]["hits"] == one(
        "SELECT count(DISTINCT a.ticket_id) FROM journal a JOIN journal b ON a.ticket_id = "
        "b.ticket_id AND b.seq > a.seq WHERE a.tenant = $T AND a.name = 'settle' AND a.outcome IN "
        "('delivered', 'answered_by_person') AND b.name = 'message'"
    )
    assert (outcomes["wrong"]["hits"], outcomes["wrong"]["n"]) == (
        one("SELECT count(*) FROM corrections WHERE tenant = $T AND undone_at IS NULL"),
        one(
            "SELECT count(*) FROM journal WHERE tenant = $T AND name = 'settle' AND "
            "outcome = 'delivered'"
        ),
    )
    for reason in outcomes["reasons"]:
        count = f"SELECT count(*) FROM journal WHERE tenant = $T AND outcome = '{reason['reason']}'"
        assert reason["count"] == one(count)
    assert outcomes["first_response"]["n"] == one(
        "SELECT count(DISTINCT ticket_id) FROM messages JOIN tickets t ON t.id = ticket_id WHERE "
        "tenant = $T"
    )


def _compare_costs(costs: dict[str, Any], one: Count) -> None:
    assert costs["cost_micros"] == one("SELECT sum(cost_micros) FROM journal WHERE tenant = $T")
    assert costs["tokens"] == one(
        "SELECT sum(tokens_in + tokens_out) FROM journal WHERE tenant = $T"
    )
    assert {spent["name"] for spent in costs["by_tool"]} == {"search_knowledge", "model:write"}
    assert [(m["name"], m["cost_micros"]) for m in costs["by_model"]] == [
        ("m", one("SELECT sum(cost_micros) FROM journal WHERE tenant = $T AND name LIKE 'model:%'"))
    ]
    assert {intent["name"] for intent in costs["by_intent"]} == {"login", "billing", "none"}


def _compare_thresholds(thresholds: dict[str, Any], one: Count) -> None:
    assert thresholds["current"] == 0.6
    for point in thresholds["grid"]:
        assert point["covered"]["hits"] == one(
            "SELECT count(*) FROM journal WHERE tenant = $T AND name = 'confidence' AND "
            f"json_extract(numbers, '$.confidence') >= {point['threshold']}"
        )
    assert sum(thresholds["histogram"]) == point["covered"]["n"]


async def test_the_customers_last_word_counts(settings: Settings) -> None:
    """Saying it again replaces it; where nothing was answered there is nothing to judge."""
    async with Database(settings.ledger_url) as database, database.transaction() as session:
        for name, outcome in (("t1", "delivered"), ("t2", "clarifying")):
            session.add(
                Ticket(id=name, tenant=desks.TENANT, subject="", status="settled", outcome=outcome)
            )
    key = await desks.new_key(settings, "shop", ["intake", "agent"])
    stranger = await desks.new_key(settings, "x", ["intake"], tenant="other")
    async with desks.serving(settings) as client:
        url = "/v1/tickets/t1/feedback"
        for solved in (True, False, False):
            said = await client.post(url, json={"solved": solved}, headers=key)
            assert (said.status_code, said.json()["solved"]) == (200, solved)
        refused = await client.post("/v1/tickets/t2/feedback", json={"solved": True}, headers=key)
        assert (refused.status_code, refused.json()["title"]) == (409, "No answer to judge")
        foreign = await client.post(url, json={"solved": True}, headers=stranger)
        assert foreign.status_code == 404
        figures = (await client.get("/v1/insight", headers=key)).json()["outcomes"]
    assert (figures["unhelpful"]["hits"], figures["unhelpful"]["n"]) == (1, 1)
