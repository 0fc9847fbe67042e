"""The journal and the answers over HTTP: bounded, in pages, and within one tenant."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import get_args

import httpx2
import pytest

from api.explain.answers import About
from memory.tables import Ticket
from tests import desks
from tests.bench import Bench, opened

QUESTION = "How do I reset my password? #person"


@pytest.fixture
async def bench(tmp_path: Path, template: Path) -> AsyncIterator[Bench]:
    """A worker in this process."""
    async with opened(tmp_path / "bench", template) as found:
        yield found


@pytest.fixture
async def ticket(bench: Bench) -> Ticket:
    """A ticket that went to a person."""
    return await bench.answer(QUESTION)


@pytest.fixture
async def api(bench: Bench, ticket: Ticket) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the application on the same ledger, as a person of the tenant."""
    key = await desks.new_key(bench.wiring.settings, "Ann", ["agent"])
    async with desks.serving(bench.wiring.settings) as client:
        client.headers.update(key)
        yield client


@pytest.mark.parametrize("about", get_args(About))
async def test_each_question_is_answered(
    about: str, api: httpx2.AsyncClient, ticket: Ticket
) -> None:
    """With sentences and the figures behind them."""
    answer = await api.get(f"/v1/tickets/{ticket.id}/why", params={"about": about})
    assert answer.status_code == 200
    told = answer.json()
    assert (told["ticket_id"], told["about"]) == (ticket.id, about)
    assert all(line.endswith(".") for line in told["sentences"])
    assert told["sentences"]
    assert told["figures"]


async def test_one_tool_may_be_asked_about(api: httpx2.AsyncClient, ticket: Ticket) -> None:
    """The others are left out."""
    params = {"about": "tool", "tool": "search_knowledge"}
    told = (await api.get(f"/v1/tickets/{ticket.id}/why", params=params)).json()
    assert told["sentences"] == [
        "search_knowledge was called once: planned for the ask a1.",
        ("Besides, 1 left out, since the planner repeated itself: the same step had been planned."),
    ]


async def test_an_unknown_question_is_refused(api: httpx2.AsyncClient, ticket: Ticket) -> None:
    """It says which there are."""
    answer = await api.get(f"/v1/tickets/{ticket.id}/why", params={"about": "weather"})
    assert answer.status_code == 422
    assert "retries" in answer.text


@pytest.mark.parametrize("path", ["why", "journal"])
async def test_another_tenants_ticket_does_not_exist(
    path: str, bench: Bench, ticket: Ticket, api: httpx2.AsyncClient
) -> None:
    """Nor is there anything for a key that only posts tickets."""
    settings = bench.wiring.settings
    other = await desks.new_key(settings, "Eve", ["agent"], tenant="bolt")
    url = f"/v1/tickets/{ticket.id}/{path}"
    assert (await api.get(url, headers=other)).status_code == 404
    intake = await desks.new_key(settings, "shop", ["intake"])
    assert (await api.get(url, headers=intake)).status_code == 403


async def test_the_journal_comes_in_pages(api: httpx2.AsyncClient, ticket: Ticket) -> None:
    """Each row once, in order; a page is bounded."""
    url, after, seen = f"/v1/tickets/{ticket.id}/journal", 0, []
    while page := (await api.get(url, params={"after": after, "limit": 7})).json()["rows"]:
        assert len(page) <= 7
        seen += [row["seq"] for row in page]
        after = seen[-1]
    assert seen == list(range(1, len(seen) + 1))
    assert (await api.get(url, params={"limit": 1_001})).status_code == 422
