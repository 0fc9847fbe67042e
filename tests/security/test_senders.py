"""A sender is who they say only where somebody vouches, and only at exactly that address."""

from pathlib import Path
from typing import Any

import pytest

from memory.addresses import canonical
from memory.journal.codes import Reason
from memory.people import logins
from memory.tables import Outcome
from memory.verification.challenges import CodeRules, Verification
from tests import desks
from tests.bench import opened
from tests.graph.minded import ORDER, Knows, Plans, step
from tools.adapters.fakes import ScriptedTool
from tools.checks.permission import not_yours
from tools.contract import CallContext

VOUCHES, PLAIN, ADMIN = ("intake", "vouch"), ("intake",), ("admin",)
ANN = {"email": "ann@example.com"}
LOOKALIKES = (
    ("mar\N{KELVIN SIGN}@example.com", "mark@example.com"),
    ("ro\N{LATIN SMALL LETTER LONG S}e@example.com", "rose@example.com"),
    ("ann@straße.example", "ann@strasse.example"),
    ("ann@strasse.example", "ann@straße.example"),
    ("ann@\N{KELVIN SIGN}ale.example", "ann@kale.example"),
)


def _caller(address: str | None) -> CallContext:
    return {
        "tenant": "acme",
        "ticket_id": "t1",
        "turn": 1,
        "epoch": 1,
        "intent": None,
        "customer": address,
        "approved": [],
    }


@pytest.mark.parametrize(("sender", "holder"), LOOKALIKES)
def test_a_look_alike_opens_no_record(sender: str, holder: str) -> None:
    """The identity gate takes the addresses for two."""
    assert not_yours("email", holder, _caller(sender)) is not None
    assert not_yours("email", holder, _caller(None)) is not None
    assert not_yours("email", holder, _caller(holder)) is None


@pytest.mark.parametrize(("sender", "holder"), LOOKALIKES)
def test_a_look_alike_is_another_account(sender: str, holder: str) -> None:
    """Logins and accounts compare in the same way."""
    assert canonical(sender) != canonical(holder)
    assert logins.account_key(sender) != logins.account_key(holder)


@pytest.mark.parametrize(("sender", "holder"), LOOKALIKES)
def test_a_code_for_one_is_no_code_for_the_other(sender: str, holder: str) -> None:
    """What was verified for one address holds for no other."""
    nothing: Any = None
    codes = Verification(nothing, b"key", "acme", CodeRules(60, 3, 3, 60))
    assert codes._holder(sender) != codes._holder(holder)


@pytest.mark.parametrize(("scopes", "status"), [(VOUCHES, 202), (PLAIN, 403), (ADMIN, 403)])
async def test_only_a_key_that_may_vouch_vouches(
    tmp_path: Path, template: Path, scopes: tuple[str, ...], status: int
) -> None:
    """Not even an admin's key does so unless it was made for it; a plain one is told what to do."""
    settings = desks.settings_in(tmp_path, template)
    headers = await desks.new_key(settings, "shop", scopes)
    body = {"text": "where is A1?", "customer": {**ANN, "verified": True}}
    async with desks.serving(settings) as client:
        answer = await client.post("/v1/tickets", json=body, headers=headers)
        unsaid = await client.post(
            "/v1/tickets", json={"text": "x", "customer": ANN}, headers=headers
        )
    assert (answer.status_code, unsaid.status_code) == (status, 202)
    if status == 403:
        assert "--vouch" in answer.json()["detail"]


async def test_nobody_is_vouched_for_without_an_address(tmp_path: Path, template: Path) -> None:
    """There is nothing to verify."""
    settings = desks.settings_in(tmp_path, template)
    headers = await desks.new_key(settings, "shop", VOUCHES)
    body = {"text": "where is A1?", "customer": {"name": "Ann", "verified": True}}
    async with desks.serving(settings) as client:
        answer = await client.post("/v1/tickets", json=body, headers=headers)
    assert answer.status_code == 422


async def test_a_key_that_submits_reads_nothing(tmp_path: Path, template: Path) -> None:
    """A mail gateway's key posts tickets and messages, and every read is refused."""
    settings = desks.settings_in(tmp_path, template)
    headers = await desks.new_key(settings, "gateway", ["submit"])
    async with desks.serving(settings) as client:
        made = (await client.post("/v1/tickets", json={"text": "hello"}, headers=headers)).json()
        more = await client.post(
            f"/v1/tickets/{made['id']}/messages", json={"text": "more"}, headers=headers
        )
        paths = ("/v1/tickets", made["status_url"], made["events_url"], "/v1/handoffs")
        reads = [(await client.get(path, headers=headers)).status_code for path in paths]
    assert more.status_code == 202
    assert reads == [403, 403, 403, 403]


ASKED = (
    ("mark@example.com", "the shop", "mark@example.com", Outcome.DELIVERED),
    ("Mark@EXAMPLE.com", "the shop", "mark@example.com", Outcome.DELIVERED),
    ("mark@example.com", None, "mark@example.com", Outcome.WITH_PERSON),
    *((sender, "the shop", holder, Outcome.WITH_PERSON) for sender, holder in LOOKALIKES),
)


@pytest.mark.parametrize("asked", ASKED)
async def test_a_record_goes_to_its_vouched_holder_alone(
    tmp_path: Path, template: Path, asked: tuple[str, str | None, str, Outcome]
) -> None:
    """Whole tickets: a claimed address and a look-alike end with a person, without the record."""
    sender, vouched_by, holder, outcome = asked
    record = {"order_id": "A1", "status": "shipped", "email": holder}
    tool = ScriptedTool(ORDER, lambda _: record)
    async with opened(tmp_path / "home", template, tools=[tool]) as bench:
        plans = Plans([[step("lookup_order", "tool", {"order_id": "A1"})]])
        bench.think(classifier=Knows(), planner=plans)
        ticket = await bench.answer("where is A1?", customer_email=sender, vouched_by=vouched_by)
        said = [one.text for one in await bench.messages(ticket) if one.role != "customer"]
    assert ticket.outcome == outcome
    assert any("left our house" in text for text in said) == (outcome == Outcome.DELIVERED)
    if outcome == Outcome.WITH_PERSON:
        assert ticket.reason == Reason.NOT_YOUR_RECORD
