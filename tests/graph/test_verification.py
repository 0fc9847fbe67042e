"""Whose record it is: shown by a code that was sent to the address on file."""

import json
import re
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from sqlalchemy import update
from typing_extensions import override

from evals.stack.journal_gaps import gaps
from graph.conversation import unanswered
from graph.state import MessageRecord
from graph.verification import VerificationPolicy
from memory.journal.codes import Reason
from memory.tables import IdentityChallenge, Outcome, TicketStatus, now
from memory.verification.challenges import Verification
from tests.bench import Bench, Opened
from tests.graph.minded import ORDER, Knows, Plans, step
from tools.adapters.fakes import ListedPost, ScriptedTool
from tools.faults import Unreachable

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
        @override
        async def send(self, message: dict[str, Any], key: str) -> dict[str, Any]:
            if message["kind"] == "code":
                raise Unreachable("no way there")
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

    class Dead(BaseException):
        """The process is gone."""

    left, died = Verification.left, list[str]()

    async def dying(self: Verification, key: str) -> None:
        if not died:
            died.append(key)
            raise Dead
        await left(self, key)

    monkeypatch.setattr(Verification, "left", dying)
    async with open_bench(tools=[orders()], desk=CODES) as bench:
        ticket = await asking(bench).accept(QUESTION)
        with pytest.raises(Dead):
            await bench.run(ticket)
        ticket = await bench.run(ticket)
        assert bench.sent == ["code", "clarification"]
        await bench.write(ticket, code(bench))
        assert (await bench.run(ticket)).outcome == Outcome.DELIVERED


def said(*texts: str) -> list[MessageRecord]:
    """A conversation: `>` begins a reply, `~` a question of the desk, `#` an answer with a code."""
    kinds: dict[str, tuple[Literal["agent", "customer"], str]] = {
        ">": ("agent", "reply"),
        "~": ("agent", "clarification"),
        "#": ("customer", "code"),
    }
    customer: tuple[Literal["agent", "customer"], str] = ("customer", "message")
    return [
        {"seq": n, "role": role, "kind": kind, "text": text.lstrip(">~#")}
        for n, text in enumerate(texts, start=1)
        for role, kind in [kinds.get(text[0], customer)]
    ]


@pytest.mark.parametrize(
    ("texts", "ask"),
    [
        (("Where is A1?", "~code?", "#[code]"), "Where is A1?"),
        (("Where is A1?", "~code?", "#Hi, it is [code] Ann"), "Where is A1?"),
        (("Where is A1?", "~code?", "#it is 1234 5678", "~wrong", "#[code]"), "Where is A1?"),
        (("a?", ">answer", "b?", "~code?", "#[code]"), "b?"),
        (("a?", "~code?", "#[code] And when do you open?"), "a?\n\nAnd when do you open?"),
        (("a?", "~code?", "b?", "#[code]"), "a?\n\nb?"),
        (("a?", ">answer", "Delete it and the [code] gadget"), "Delete it and the [code] gadget"),
        (("a?", "~which?", "The [code] gadget"), "The [code] gadget"),
        (("a?", "~code?", "#[code]", ">answer", "#[code] again"), "[code] again"),
        (("a?", ">answer", "b?"), "b?"),
        (("a?", ">answer"), ""),
    ],
)
def test_a_code_is_no_ask(texts: tuple[str, ...], ask: str) -> None:
    """What was asked before it is, and what is asked beside it."""
    assert unanswered(said(*texts)) == ask


async def test_a_mark_in_the_customers_words_is_no_code(bench: Bench) -> None:
    """A desk without codes answers what was written, and not the question before it again."""
    ticket = await bench.answer("How do I reset it?")
    await bench.write(ticket, "How do I clean the [code] gadget")
    await bench.run(ticket)
    assert bench.knowledge.queries[-1] == "How do I clean the [code] gadget"


async def test_a_number_in_a_request_is_not_told_to_be_wrong(open_bench: Opened) -> None:
    """It costs a try, since it may be a guess, but the words around it are taken as they are."""
    words = "And where is my other order with the number 8765 4321?"
    async with open_bench(tools=[orders()], desk=CODES) as bench:
        ticket = await asking(bench).answer(QUESTION)
        await bench.write(ticket, words)
        ticket = await bench.run(ticket)
        asked, told = (await bench.messages(ticket))[-2:]
        assert (asked.kind, asked.text) == ("message", words)
        assert ticket.outcome == Outcome.CLARIFYING
        assert "not the right one" not in told.text
        await bench.write(ticket, code(bench))
        assert (await bench.run(ticket)).outcome == Outcome.DELIVERED


async def test_numbers_after_the_code_stay_in_the_text(open_bench: Opened) -> None:
    """Once it was verified, no number is awaited."""
    async with open_bench(tools=[orders()], desk=CODES) as bench:
        ticket = await asking(bench).answer(QUESTION)
        await bench.write(ticket, code(bench))
        await bench.run(ticket)
        await bench.write(ticket, "Please cancel my other order 87654321, thanks")
        last = (await bench.messages(ticket))[-1]
        assert (last.kind, "87654321" in last.text) == ("message", True)


async def age(bench: Bench) -> None:
    """Every code's time is over."""
    late = update(IdentityChallenge).values(expires_at=now() - timedelta(minutes=1))
    async with bench.wiring.database.transaction() as session:
        await session.execute(late)


async def test_a_code_that_waited_long_to_leave_still_leaves(
    open_bench: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that comes back late sends it before the customer is told that it was sent."""
    async with open_bench(tools=[orders()], desk=CODES) as bench:
        unsent = Verification.unsent

        async def late(self: Verification, ticket_id: str) -> list[str]:
            await age(bench)
            return await unsent(self, ticket_id)

        monkeypatch.setattr(Verification, "unsent", late)
        ticket = await asking(bench).answer(QUESTION)
        assert bench.sent == ["code", "clarification"]
        await bench.write(ticket, code(bench))
        assert (await bench.run(ticket)).outcome == Outcome.DELIVERED


async def test_without_a_code_on_its_way_none_is_asked_for(
    open_bench: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person takes over."""

    async def none(_: Verification, __: str) -> list[str]:
        return []

    monkeypatch.setattr(Verification, "unsent", none)
    async with open_bench(tools=[orders()], desk=CODES) as bench:
        ticket = await asking(bench).answer(QUESTION)
        assert (ticket.reason, bench.sent) == (Reason.DELIVERY_FAILED, ["notice"])


async def test_a_late_right_code_brings_a_new_one(open_bench: Opened) -> None:
    """It is taken out of the text all the same, and the customer is asked again."""
    async with open_bench(tools=[orders()], desk=CODES) as bench:
        ticket = await asking(bench).answer(QUESTION)
        await age(bench)
        await bench.write(ticket, code(bench))
        ticket = await bench.run(ticket)
        assert (ticket.outcome, bench.sent.count("code")) == (Outcome.CLARIFYING, 2)
        assert [one.text for one in await bench.messages(ticket)].count("[code]") == 1


def test_the_words_of_a_desk_must_carry_the_code() -> None:
    """Or the customer would wait for it for ever."""
    with pytest.raises(ValueError, match="sends no code"):
        VerificationPolicy(letter="Hello")
    with pytest.raises(ValueError, match="placeholder"):
        VerificationPolicy(ask="{who}?")
    assert asdict(VerificationPolicy(minutes=2).rules)["valid_seconds"] == 120
