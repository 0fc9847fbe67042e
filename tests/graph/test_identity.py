"""Whose record it is: shown by a code that was sent to the address on file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from evals.gaps import gaps
from graph.identity import IdentityPolicy
from graph.nodes.triage import unanswered
from graph.policies import Reason
from graph.state import MessageRecord
from memory.tables import Outcome, TicketStatus
from tests.bench import Bench
from tests.graph.minded import ORDER, Knows, Plans, step
from tools.adapters.fakes import ListedPost, ScriptedTool
from tools.contract import Unreachable

Opened = Callable[..., AbstractAsyncContextManager[Bench]]
ON_FILE = "ann@example.com"
SERVICES = {"mail": {"base_url": "http://127.0.0.1:1"}}
CODES: dict[str, Any] = {
    "identity": {"codes": True, "tries": 2},
    "services": SERVICES,
    "delivery": {"service": "mail"},
}
QUESTION = "Where is my order A1?"


def orders(email: str | None = ON_FILE) -> ScriptedTool:
    """A service that knows one order and whose it is."""
    return ScriptedTool(ORDER, lambda _: {"order_id": "A1", "status": "shipped", "email": email})


def asking(bench: Bench) -> Bench:
    """With minds that look the order up."""
    lookup = step("lookup_order", "tool", {"order_id": "A1"})
    bench.think(classifier=Knows(), planner=Plans([[lookup]]))
    return bench


def code(bench: Bench) -> str:
    """The code that arrived last at the address on file."""
    letters = [one for one in bench.post.messages.values() if one["kind"] == "code"]
    assert {one["to"] for one in letters} == {ON_FILE}
    found = re.search(r"\d{8}", letters[-1]["text"])
    assert found is not None
    return found[0]


@pytest.mark.parametrize("sender", [None, "ann.private@example.org"])
async def test_the_holder_of_the_address_on_file_sees_the_record(
    open_bench: Opened, sender: str | None
) -> None:
    """A code, a question for it, and with the answer what was asked before it."""
    async with open_bench(tools=[orders()], desk=CODES) as bench:
        ticket = await asking(bench).answer(QUESTION, customer_email=sender)
        assert (ticket.status, ticket.outcome) == (TicketStatus.SETTLED, Outcome.CLARIFYING)
        assert bench.sent == ["code", "clarification"]
        await bench.write(ticket, f"Hello, my code is {code(bench)}, thanks, Ann")
        ticket = await bench.run(ticket)
        assert ticket.outcome == Outcome.DELIVERED
        assert "A1 is shipped" in (await bench.messages(ticket))[-1].text
        assert gaps(await bench.rows(ticket)) == []


async def test_a_wrong_code_is_told_and_the_last_one_brings_a_person(open_bench: Opened) -> None:
    """No second code is sent meanwhile, and nothing of the record is said."""
    async with open_bench(tools=[orders()], desk=CODES) as bench:
        ticket = await asking(bench).answer(QUESTION)
        await bench.write(ticket, "00000001")
        ticket = await bench.run(ticket)
        said = (await bench.messages(ticket))[-1].text
        assert (ticket.outcome, bench.sent.count("code")) == (Outcome.CLARIFYING, 1)
        assert "not the right one" in said
        assert "1 more" in said
        await bench.write(ticket, "00000002")
        ticket = await bench.run(ticket)
        assert (ticket.status, ticket.reason) == (TicketStatus.WAITING, Reason.NOT_YOUR_RECORD)
        assert bench.sent.count("code") == 1
        assert "shipped" not in json.dumps((await bench.handoff(ticket)).story)


async def test_the_code_stands_nowhere_but_in_the_letter(
    open_bench: Opened, tmp_path: Path
) -> None:
    """Not in the journal, the effects, the conversation, the checkpoints; nor does the address."""
    async with open_bench(tools=[orders()], desk=CODES) as bench:
        ticket = await asking(bench).answer(QUESTION)
        secret = code(bench)
        written = [str(one.model_dump()) for one in await bench.rows(ticket)]
        written += [str(one.model_dump()) for one in await bench.effects(ticket)]
        await bench.write(ticket, f"{secret[:4]} {secret[4:]}")
        await bench.run(ticket)
        written += [one.text for one in await bench.messages(ticket)]
        assert not any(secret in text or ON_FILE in text for text in written)
    for file in (tmp_path / "home").rglob("*.db*"):
        raw = file.read_bytes()
        assert secret.encode() not in raw
        assert f"{secret[:4]} {secret[4:]}".encode() not in raw


async def test_a_letter_that_cannot_leave_brings_a_person(open_bench: Opened) -> None:
    """The customer is not asked for a code that nobody has."""

    class NoLetters(ListedPost):
        async def send(self, message: dict[str, Any], key: str) -> dict[str, Any]:
            """See `Post.send`."""
            if message["kind"] == "code":
                msg = "no way there"
                raise Unreachable(msg)
            return await super().send(message, key)

    async with open_bench(tools=[orders()], desk=CODES, post=NoLetters()) as bench:
        ticket = await asking(bench).answer(QUESTION)
        assert (ticket.reason, bench.sent) == (Reason.DELIVERY_FAILED, ["notice"])


@pytest.mark.parametrize("email", [None, "", "not an address"])
async def test_without_an_address_on_file_a_person_takes_it(
    open_bench: Opened, email: str | None
) -> None:
    """There is nobody to send a code to."""
    async with open_bench(tools=[orders(email)], desk=CODES) as bench:
        ticket = await asking(bench).answer(QUESTION)
        assert (ticket.reason, bench.sent) == (Reason.NOT_YOUR_RECORD, ["notice"])


async def test_without_codes_only_the_sender_is_believed(open_bench: Opened) -> None:
    """The desk has to want them."""
    async with open_bench(tools=[orders()]) as bench:
        ticket = await asking(bench).answer(QUESTION, customer_email="bob@example.com")
        assert (ticket.reason, bench.sent) == (Reason.NOT_YOUR_RECORD, ["notice"])


async def test_a_drive_that_dies_behind_the_letter_sends_no_second_one(
    open_bench: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The effect ledger knows that it left; the code in it is the one that counts."""
    from memory.identity import Identity

    class Dead(BaseException):
        """The process is gone."""

    left, died = Identity.left, list[str]()

    async def dying(self: Identity, key: str) -> None:
        if not died:
            died.append(key)
            raise Dead
        await left(self, key)

    monkeypatch.setattr(Identity, "left", dying)
    async with open_bench(tools=[orders()], desk=CODES) as bench:
        ticket = await asking(bench).accept(QUESTION)
        with pytest.raises(Dead):
            await bench.run(ticket)
        ticket = await bench.run(ticket)
        assert bench.sent == ["code", "clarification"]
        await bench.write(ticket, code(bench))
        assert (await bench.run(ticket)).outcome == Outcome.DELIVERED


def said(*texts: str) -> list[MessageRecord]:
    """A conversation; what begins with `>` is the desk's."""
    return [
        {"seq": n, "role": "agent", "kind": "reply", "text": text[1:]}
        if text.startswith(">")
        else {"seq": n, "role": "customer", "kind": "message", "text": text}
        for n, text in enumerate(texts, start=1)
    ]


@pytest.mark.parametrize(
    ("texts", "ask"),
    [
        (("Where is A1?", ">code?", "[code]"), "Where is A1?"),
        (("Where is A1?", ">code?", "Hi, it is [code] Ann"), "Where is A1?"),
        (("Where is A1?", ">code?", "[code]", ">wrong", "[code]"), "Where is A1?"),
        (("a?", ">answer", "b?", ">code?", "[code]"), "b?"),
        (("a?", ">code?", "[code] And when do you open?"), "a?\n\nAnd when do you open?"),
        (("a?", ">answer", "b?"), "b?"),
        (("a?", ">answer"), ""),
    ],
)
def test_a_code_is_no_ask(texts: tuple[str, ...], ask: str) -> None:
    """What was asked before it is, and what is asked beside it."""
    assert unanswered(said(*texts)) == ask


def test_the_words_of_a_desk_must_carry_the_code() -> None:
    """Or the customer would wait for it for ever."""
    with pytest.raises(ValueError, match="sends no code"):
        IdentityPolicy(letter="Hello")
    with pytest.raises(ValueError, match="placeholder"):
        IdentityPolicy(ask="{who}?")
    assert asdict(IdentityPolicy(minutes=2).rules)["valid_seconds"] == 120
