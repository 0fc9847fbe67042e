"""The desk that is measured, and the figures that suites make of their cases."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from evals.harness.desk_runtime import open_desk
from evals.harness.rows import Label, TicketRow, Turn
from evals.harness.setup import EXAMPLE_ADDRESS, EXAMPLE_DESK, NOWHERE, Setup, cut_off, settings_in
from evals.harness.suites.faults import pass_hat
from graph.desk.file import load_desk
from tests.evals.harness.conftest import Wise, minds_with


def test_a_measured_desk_has_no_way_out() -> None:
    """Its services are nowhere, its replies stay inside, its decisions are local."""
    desk = cut_off(load_desk(EXAMPLE_DESK, {EXAMPLE_ADDRESS: "http://127.0.0.1:1"}))
    assert {one.base_url for one in desk.services.values()} == {NOWHERE}
    assert desk.delivery is None
    assert not desk.minds.use_models


def test_settings_of_production_are_not_taken_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database or an index that the environment names is never touched."""
    monkeypatch.setenv("DESKHAND_DATABASE_URL", "sqlite:///production.db")
    monkeypatch.setenv("DESKHAND_CHROMA_URL", "production:8000")
    settings = settings_in(tmp_path, Setup())
    assert settings.database_url is None
    assert settings.chroma_url is None
    assert str(tmp_path) in settings.ledger_url


def test_a_ticket_is_driven_once_and_with_its_history(setup: Setup) -> None:
    """What was said before is in the conversation; a second suite gets the same drive."""
    row = TicketRow(
        id="t",
        body="reset forgotten password login",
        history=(Turn(role="customer", text="hello"), Turn(role="agent", text="How can I help?")),
        label=Label(outcome="answer", articles=("password",)),
    )

    async def driven() -> None:
        async with open_desk(replace(setup, minds=minds_with(Wise()))) as desk:
            first, second = await desk.drive(row), await desk.drive(row)
            assert first is second
            roles = [one["role"] for one in first.state["conversation"]]
            assert roles == ["customer", "agent", "customer"]
            assert first.ticket.outcome == "delivered"
            assert first.reply is not None
            assert first.reply.citations[0]["source"] == "password"
            assert any("accepted" in line for line in first.trace)

    asyncio.run(driven())


@pytest.mark.parametrize(("k", "value"), [(1, 0.75), (2, 7 / 12), (3, 0.5)])
def test_pass_hat_is_the_chance_of_k_passes_in_a_row(k: int, value: float) -> None:
    """One case passed 4 of 4, one 2 of 4: C(2,k)/C(4,k) is 1/2, 1/6 and 0."""
    assert pass_hat([(4, 4), (4, 2)], k).value == pytest.approx(value)
    assert pass_hat([], k).value is None
