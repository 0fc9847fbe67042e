"""`deskhand why`, `journal` and `replay` on a ticket that was really worked on."""

import asyncio
import json
from pathlib import Path

import pytest

from memory.tables import Ticket
from tests.bench import opened
from tests.commands import DESK, Command, finds

QUESTION = "How do I reset my password? #person"


async def worked(home: Path, template: Path) -> tuple[Ticket, str]:
    """A ticket that went to a person, and where its ledger is."""
    async with opened(home, template) as bench:
        await bench.answer("How do I reset my password?")
        return await bench.answer(QUESTION), bench.wiring.settings.ledger_url


@pytest.fixture
def ticket(workplace: Path, template: Path, monkeypatch: pytest.MonkeyPatch) -> Ticket:
    """The ticket, in the folder's own data."""
    told, address = asyncio.run(worked(workplace / ".deskhand", template))
    finds(monkeypatch, address)
    return told


ASKED = {
    "story": ([], "The ask a1 is not supported by its evidence: 0.20 is under 0.60, from reset."),
    "tool": (
        ["--tool", "search_knowledge"],
        "Besides, 1 left out, since the planner repeated itself",
    ),
    "tools": (["--tool", "all"], "notify was called once: to reach the customer."),
    "cost": (["--cost"], "It cost nothing: none of its"),
    "retries": (["--retries"], "search_knowledge: 1 left out, since the planner repeated itself"),
    "time": (["--time"], "in our own steps"),
    "route": (
        ["--route"],
        "With the threshold at 0.20 instead of 0.60 it would have been answered from the article",
    ),
}


@pytest.mark.parametrize("question", ASKED)
def test_each_question_is_answered(question: str, ticket: Ticket, deskhand: Command) -> None:
    """In sentences, after the line that says where the ticket stands."""
    options, expected = ASKED[question]
    ran = deskhand("why", ticket.id, *options)
    assert ran.status == 0, ran.err
    assert ran.out.startswith(f"Ticket {ticket.id} of acme: waiting, with person, the evidence")
    assert expected in ran.out


def test_answers_are_data_on_request(ticket: Ticket, deskhand: Command) -> None:
    """Sentences with the figures behind them; several questions at once."""
    told = json.loads(deskhand("why", ticket.id, "--time", "--route", "--json").out)
    assert [answer["about"] for answer in told["answers"]] == ["time", "route"]
    assert told["answers"][0]["figures"]["seconds"]
    story = json.loads(deskhand("why", ticket.id, "--json").out)
    assert story["totals"]["calls"] == 2


@pytest.mark.parametrize("by", ["cause", "tool", "reason", "intent"])
def test_many_tickets_are_told_at_once(by: str, ticket: Ticket, deskhand: Command) -> None:
    """As a table and as data."""
    told = json.loads(deskhand("why", "--all", "--since", "1d", "--group-by", by, "--json").out)
    assert (told["by"], told["tickets"], told["whole"]) == (by, 2, True)
    assert deskhand("why", "--all", "--group-by", by).out.startswith(told["sentence"][:40])


def test_the_journal_exports_as_json(ticket: Ticket, deskhand: Command) -> None:
    """Every row, and as a table for people."""
    told = json.loads(deskhand("journal", ticket.id, "--json").out)
    assert [row["seq"] for row in told["rows"]] == list(range(1, len(told["rows"]) + 1))
    assert "low_confidence" in deskhand("journal", ticket.id).out


def test_a_replay_shows_where_the_path_differs(ticket: Ticket, deskhand: Command) -> None:
    """The same with the same desk; another way with another threshold or desk file."""
    assert "The path is the same as it was." in deskhand("replay", ticket.id).out
    other = deskhand("replay", ticket.id, "--threshold", "0.05").out
    assert "It would be answered from reset. Nothing was sent." in other
    Path("other.yaml").write_text(f"{DESK}thresholds:\n  answer: 0.05\n")
    assert deskhand("replay", ticket.id, "--desk", "other.yaml").out == other


MISTAKES = {
    "no ticket": (["why"], "name a ticket (tkt_...), or ask about many with --all --since 1d"),
    "no span": (["why", "--all", "--since", "soon"], "--since soon: write a number and m, h, d"),
    "no such ticket": (["replay", "tkt_x"], "there is no ticket 'tkt_x'"),
    "no such journal": (["journal", "tkt_x"], "there is no ticket 'tkt_x'"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_says_what_to_write(mistake: str, ticket: Ticket, deskhand: Command) -> None:
    """On one line, with the status of a wrong call."""
    arguments, expected = MISTAKES[mistake]
    ran = deskhand(*arguments)
    assert ran.status == 2
    assert expected in ran.err


def test_another_companys_desk_is_refused(ticket: Ticket, deskhand: Command) -> None:
    """A replay with it would mean nothing."""
    Path("other.yaml").write_text("tenant: bolt\ncompany: Bolt\n")
    ran = deskhand("replay", ticket.id, "--desk", "other.yaml")
    assert (ran.status, "other.yaml is not the desk of acme" in ran.err) == (2, True)
