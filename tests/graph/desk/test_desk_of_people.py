"""Letters, the clock of the queue, priorities and corrections, over the real graph and ledger."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from api.http.handoffs.story import followed
from api.worker import assembly, deadlines
from evals.stack.journal_gaps import gaps
from graph.desk.people import CustomerRule, HandoffPolicy, Hours, Target, Team
from graph.guidance import statements
from graph.minds.local.intent.classifier import LocalClassifier
from graph.minds.scripted import scripted_minds
from graph.targets import due_at, resolve_by
from graph.urgency import heat, route, urgency
from memory import handoffs
from memory.encoder.encoder import Encoder
from memory.handoffs import corrections, outbox
from memory.handoffs import log as handoff_log
from memory.handoffs.corrections import New
from memory.journal import codec
from memory.journal.events import GuidanceFollowed
from memory.knowledge.ingest import index_pending
from memory.knowledge.reading import ArticleDraft
from memory.knowledge.staging import stage
from memory.tables import (
    CorrectionKind,
    Handoff,
    HandoffStatus,
    Letter,
    OutboxStatus,
    Outcome,
    Ticket,
    TicketStatus,
    now,
)
from tests.bench import TENANT, Bench, desk_of
from tools.adapters.fakes import ListedPost
from tools.contract import Json, Rejected

Opened = Callable[..., AbstractAsyncContextManager[Bench]]
HANDED = "How do I reset it? #person"
ANN = "ann@example.com"


async def ask(bench: Bench, ticket: Ticket, text: str = "Which one?") -> Handoff:
    """Ann asks the customer."""
    handoff = await bench.handoff(ticket)
    async with bench.wiring.database.transaction() as session:
        return await handoffs.ask(
            session,
            bench.wiring.queue,
            tenant=TENANT,
            handoff_id=handoff.id,
            who="Ann",
            text=text,
        )


async def deliver(bench: Bench) -> list[str]:
    """Send every letter that is wanted, twice over; what became of them."""
    async with bench.wiring.database.reading() as session:
        wanted = (await session.exec(select(Letter.id))).all()
    for one in [*wanted, *wanted]:
        await assembly.outbox_worker(bench.wiring).send(one)
    async with bench.wiring.database.reading() as session:
        return list((await session.exec(select(Letter.status))).all())


async def change(bench: Bench, ticket: Ticket, **values: Any) -> None:
    """Change the newest handoff's row."""
    handoff = await bench.handoff(ticket)
    async with bench.wiring.database.transaction() as session:
        row = await session.get_one(Handoff, handoff.id)
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)


# --- letters ------------------------------------------------------------------------------


async def test_a_question_goes_out_once_in_the_persons_name(bench: Bench) -> None:
    """However often its job runs; the answer comes back to the person, whose reply ends it."""
    ticket = await bench.answer(HANDED)
    await ask(bench, ticket)
    assert await deliver(bench) == [OutboxStatus.SENT]
    assert bench.sent == ["notice", "clarification"]
    asked = (await bench.messages(ticket))[-1]
    assert (asked.role, asked.author, asked.kind) == ("person", "Ann", "clarification")
    assert not await bench.write(ticket, "The blue one.")
    back = await bench.handoff(ticket)
    assert (back.status, back.claimed_by) == ("claimed", "Ann")
    done = await bench.settled_by(ticket, "reply", text="Press it.", version=back.version)
    assert (done.outcome, done.turn) == (Outcome.ANSWERED_BY_PERSON, 1)
    assert bench.sent == ["notice", "clarification", "reply"]
    assert gaps(await bench.rows(ticket)) == []


class Refusing(ListedPost):
    """A post that refuses questions."""

    async def send(self, message: Json, key: str) -> Json:
        """See `Post.send`."""
        if message["kind"] == "clarification":
            msg = "no such mailbox"
            raise Rejected(msg)
        return await super().send(message, key)


async def test_a_question_that_did_not_go_out_comes_back(open_bench: Opened) -> None:
    """Nobody waits for an answer to what the customer never got."""
    async with open_bench(post=Refusing()) as bench:
        ticket = await bench.answer(HANDED)
        await ask(bench, ticket)
        assert await deliver(bench) == [OutboxStatus.FAILED]
        back = await bench.handoff(ticket)
        assert (back.status, back.claimed_by, back.responded_at) == ("claimed", "Ann", None)


async def test_a_letter_is_withdrawn_where_the_ticket_went_on(bench: Bench) -> None:
    """A question after the answer would be odd: the newer run fences it off."""
    ticket = await bench.answer(HANDED)
    await ask(bench, ticket)
    await bench.settled_by(ticket, "reply", text="Press it.")
    assert await deliver(bench) == [OutboxStatus.WITHDRAWN]
    assert bench.sent == ["notice", "reply"]


async def test_a_letter_that_lost_its_job_gets_another(bench: Bench) -> None:
    """A bounded number of times; then it is said that nobody knows."""
    ticket = await bench.answer(HANDED)
    await ask(bench, ticket)
    for _ in range(outbox.ATTEMPTS):
        async with bench.wiring.database.transaction() as session:
            [letter] = (await session.exec(select(Letter))).all()
            letter.not_before = now() - timedelta(minutes=5)
            session.add(letter)
            connection = await session.connection()
            await connection.exec_driver_sql("DELETE FROM workflow_status")
        await assembly.deadlines(bench.wiring).tick()
    async with bench.wiring.database.reading() as session:
        [letter] = (await session.exec(select(Letter))).all()
    assert (letter.status, letter.attempts) == (OutboxStatus.UNKNOWN, outbox.ATTEMPTS - 1)
    assert (await bench.handoff(ticket)).status == "claimed"


# --- the clock ----------------------------------------------------------------------------


async def test_what_nobody_answers_in_time_is_escalated_once(open_bench: Opened) -> None:
    """The priority rises, the lead is named, and the customer is told honestly, once."""
    policy = HandoffPolicy(
        late_message="We are late.", teams=(Team(name="floor", skills=("all",), lead="Lea"),)
    )
    async with open_bench(desk={"handoff": policy}) as bench:
        ticket = await bench.answer(HANDED)
        await change(bench, ticket, due_at=now() - timedelta(minutes=1), team="floor")
        for _ in range(3):
            await assembly.deadlines(bench.wiring).tick()
            await deliver(bench)
        late = await bench.handoff(ticket)
        assert (late.priority, late.escalated_to) == (1, "Lea")
        assert late.escalated_at is not None
        assert bench.sent == ["notice", "notice"]
        assert (await bench.messages(ticket))[-1].text == "We are late."
        assert (await bench.ticket(ticket)).status == TicketStatus.WAITING
        await bench.settled_by(ticket, "reply", text="Sorry. Press it.")
        assert bench.sent == ["notice", "notice", "reply"]


async def test_who_has_heard_from_a_person_is_not_told_again(bench: Bench) -> None:
    """A late resolution is the desk's own affair."""
    ticket = await bench.answer(HANDED)
    past = now() - timedelta(minutes=1)
    await change(bench, ticket, responded_at=past, resolve_by=past)
    await assembly.deadlines(bench.wiring).tick()
    assert (await bench.handoff(ticket)).escalated_at is not None
    assert await deliver(bench) == []


async def test_leases_end_and_sleepers_wake(bench: Bench) -> None:
    """A browser that died leaves an open handoff; what was put aside comes back to its person."""
    ticket = await bench.answer(HANDED)
    past = now() - timedelta(seconds=1)
    await change(bench, ticket, status="claimed", claimed_by="Ann", lease_expires_at=past)
    assert await assembly.deadlines(bench.wiring).tick() == 1
    opened = await bench.handoff(ticket)
    assert (opened.status, opened.claimed_by) == ("open", None)
    await change(bench, ticket, status="snoozed", claimed_by="Bob", snoozed_until=past)
    await assembly.deadlines(bench.wiring).tick()
    woken = await bench.handoff(ticket)
    assert (woken.status, woken.claimed_by) == ("claimed", "Bob")


async def test_an_answered_question_gets_a_new_target(bench: Bench) -> None:
    """Counted from the customer's answer, by the desk's hours."""
    ticket = await bench.answer(HANDED)
    await ask(bench, ticket)
    await bench.write(ticket, "The blue one.")
    assert (await bench.handoff(ticket)).due_at is None
    await assembly.deadlines(bench.wiring).tick()
    back = await bench.handoff(ticket)
    assert back.due_at == due_at(bench.runtime.desk.hours, back.updated_at).astimezone(UTC)


async def test_tickets_without_a_desk_keep_no_others_from_their_targets(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of a tenant whose desk is not loaded never get one, however many come first."""
    monkeypatch.setattr(deadlines, "BATCH", 2)
    ticket = await bench.answer(HANDED)
    await change(bench, ticket, due_at=None, resolve_by=None)
    async with bench.wiring.database.transaction() as session:
        for number in range(3):
            session.add(
                Handoff(
                    id=f"hnd_0{number}",
                    ticket_id=ticket.id,
                    tenant="gone",
                    turn=1,
                    status=HandoffStatus.OPEN,
                    reason="low_confidence",
                    explanation="",
                    created_at=now() - timedelta(days=1),
                )
            )
    await assembly.deadlines(bench.wiring).tick()
    handoff = await bench.handoff(ticket)
    assert handoff.due_at is not None
    assert handoff.resolve_by is not None


async def test_old_events_are_forgotten_hourly_and_in_batches(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pass removes a bounded number; only where none are left does an hour go by."""
    monkeypatch.setattr(deadlines, "FORGOTTEN_AT_ONCE", 2)
    ticket, young = await bench.answer(HANDED), await bench.answer(HANDED)
    handoff, kept = await bench.handoff(ticket), await bench.handoff(young)

    async def left(name: str) -> int:
        async with bench.wiring.database.reading() as session:
            return len(await handoff_log.of_handoff(session, name))

    async def grow(number: int) -> None:
        async with bench.wiring.database.transaction() as session:
            row = await session.get_one(Handoff, handoff.id)
            row.status, row.closed_at = HandoffStatus.CLOSED, now() - timedelta(days=181)
            for _ in range(number):
                await handoff_log.record(session, row, "Ann", "noted")

    await grow(2)
    clock, before = assembly.deadlines(bench.wiring), await left(kept.id)
    await clock.tick()
    assert await left(handoff.id) == 1
    await clock.tick()
    assert (await left(handoff.id), await left(kept.id)) == (0, before)
    await grow(1)
    await clock.tick()
    assert await left(handoff.id) == 1
    monkeypatch.setattr(deadlines, "FORGET_EVERY", timedelta(0))
    await clock.tick()
    assert await left(handoff.id) == 0


def test_targets_count_working_time_only() -> None:
    """Nights, weekends and holidays do not count; a day on which clocks change has its length."""
    hours = Hours(
        timezone="Europe/Dublin",
        first_response_minutes=120,
        resolution_minutes=960,
        holidays=(date(2026, 12, 25),),
        targets={"urgent": Target(first_response_minutes=15)},
    )
    eve = datetime(2026, 12, 24, 16, 0, tzinfo=UTC)
    assert due_at(hours, eve).isoformat() == "2026-12-28T10:00:00+00:00"
    assert due_at(hours, eve, "urgent").isoformat() == "2026-12-24T16:15:00+00:00"
    assert resolve_by(hours, eve, "urgent").isoformat() == "2026-12-29T16:00:00+00:00"
    spring = Hours(timezone="Europe/Dublin", days=("sun",), start="00:00", end="04:00")
    short = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)  # 01:00 to 02:00 is left out that night
    assert due_at(spring, short).isoformat() == "2026-04-05T01:00:00+01:00"


# --- priority and routing -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("How do I reset my password?", 0.0, 0.1),
        ("Thanks! That worked!", 0.0, 0.2),
        ("When I press Save in the court calendar, Sue gets two mails", 0.0, 0.1),
        ("We shall go to the press", 0.5, 1.0),
        ("I am going to sue you in court", 0.5, 1.0),
        ("This is the third time I write and it is unacceptable!!", 0.5, 1.0),
        ("I will speak to my lawyer", 0.5, 1.0),
        ("WHERE IS MY ORDER I AM STILL WAITING", 0.5, 1.0),
    ],
)
def test_heat_tells_anger_from_a_plain_question(text: str, least: float, most: float) -> None:
    """It only orders the queue."""
    assert least <= heat(text) <= most


def test_priority_says_why() -> None:
    """Intent, customer, tone and how often a person was needed, each in words."""
    policy = HandoffPolicy(customers=(CustomerRule(match="@big.example", priority="high"),))
    desk = desk_of(handoff=policy)
    plain = urgency(desk, "normal", intent="orders", email="x@y.z", text="Hello", earlier=0)
    assert (plain.priority, plain.because) == ("normal", ("The priority of orders is normal.",))
    raised = urgency(
        desk, "low", intent=None, email="Jo@Big.example", text="a scam, a joke", earlier=2
    )
    assert raised.priority == "urgent"
    assert len(raised.because) == 4


def test_a_handoff_goes_to_the_team_that_knows() -> None:
    """By the intent's own team, or the first with one of its skills; else everybody's."""
    teams = (Team(name="money", skills=("refunds",)), Team(name="floor"))
    desk = desk_of(handoff=HandoffPolicy(teams=teams))
    [orders] = desk.intents
    desk = desk.model_copy(
        update={
            "intents": (
                orders.model_copy(update={"skills": ("refunds",)}),
                orders.model_copy(update={"name": "door", "team": "floor"}),
                orders.model_copy(update={"name": "other"}),
            )
        }
    )
    assert route(desk, ["orders"]).team == "money"
    assert route(desk, ["door", "orders"]).team == "floor"
    assert (route(desk, ["other"]).team, route(desk, []).team) == ("", "")


async def test_the_second_handoff_of_a_customer_is_more_urgent(bench: Bench) -> None:
    """They have needed a person before."""
    first = await bench.answer(HANDED, customer_email=ANN)
    second = await bench.answer(HANDED, customer_email=ANN.upper())
    assert [(await bench.handoff(one)).priority for one in (first, second)] == [2, 1]
    because = (await bench.handoff(second)).story["priority"]["because"]
    assert because[-1] == "Other tickets of the customer needed a person lately: 1."


# --- corrections --------------------------------------------------------------------------


async def correct(bench: Bench, ticket: Ticket, kind: CorrectionKind, **parts: Any) -> str:
    """Ann corrects; the correction's id."""
    async with bench.wiring.database.transaction() as session:
        made = await corrections.make(
            session, tenant=TENANT, ticket=ticket, who="Ann", new=New(kind, **parts)
        )
    return made.id


async def undo(bench: Bench, correction: str) -> None:
    """Ann takes it back."""
    async with bench.wiring.database.transaction() as session:
        await corrections.undo(session, TENANT, correction, "Ann")


async def found(bench: Bench) -> list[str]:
    """Articles that a search brings."""
    hits = await bench.wiring.search.search(TENANT, "reset the password", 5)
    return list(dict.fromkeys(hit.doc_id for hit in hits))


async def write_article(bench: Bench, doc_id: str, text: str) -> None:
    """Store an article and make it searchable."""
    draft = ArticleDraft(doc_id, doc_id.title(), text, None, "test")
    await stage(bench.wiring.database, TENANT, [draft])
    wiring = bench.wiring
    await index_pending(wiring.database, wiring.index, wiring.encoder, TENANT)


async def test_an_article_marked_wrong_is_left_out_until_it_changes(bench: Bench) -> None:
    """Or until the correction is undone; the next search shows each."""
    ticket = await bench.answer(HANDED)
    await write_article(bench, "reset", "To reset the password, open the settings.")
    assert await found(bench) == ["reset"]
    wrong = await correct(bench, ticket, CorrectionKind.ARTICLE_WRONG, article="reset")
    assert await found(bench) == []
    await undo(bench, wrong)
    assert await found(bench) == ["reset"]
    await correct(bench, ticket, CorrectionKind.ARTICLE_WRONG, article="reset")
    assert await found(bench) == []
    await write_article(bench, "reset", "To reset the password, press the new button.")
    assert await found(bench) == ["reset"]


async def test_a_wrong_answer_is_no_settled_case(bench: Bench) -> None:
    """It is not shown beside the next ticket like it, until the correction is undone."""
    ticket = await bench.answer("How do I reset it?")
    similar = bench.wiring.recall.similar
    assert len(await similar(TENANT, "How do I reset it?", 3)) == 1
    wrong = await correct(bench, ticket, CorrectionKind.ANSWER_WRONG)
    assert await similar(TENANT, "How do I reset it?", 3) == []
    await undo(bench, wrong)
    assert len(await similar(TENANT, "How do I reset it?", 3)) == 1


async def test_a_corrected_intent_is_learnt_and_unlearnt(open_bench: Opened) -> None:
    """A worker fits its classifier anew on its next look; the next ticket shows the effect."""
    async with open_bench() as bench:
        orders = bench.runtime.desk.intents[0]
        other = orders.model_copy(
            update={"name": "billing", "examples": ("send me the invoice", "pay by card")}
        )
        bench.change(desk=bench.runtime.desk.model_copy(update={"intents": (orders, other)}))
        text = "where is it, the paper for the tax office #person"

        def minds(desk: Any, encoder: Encoder) -> Any:
            fitted = LocalClassifier(encoder, desk.intents, threshold=0.0)
            return replace(scripted_minds(), classifier=fitted)

        bench.change(minds=minds(bench.runtime.desk, bench.wiring.encoder))
        refit = assembly.refit(bench.wiring, minds)
        assert await refit.look() == 0
        ticket = await bench.answer(text)
        assert ticket.intent == "orders"
        wrong = await correct(bench, ticket, CorrectionKind.INTENT_WRONG, intent="billing")
        assert await refit.look() == 1
        assert await refit.look() == 0
        assert (await bench.answer(text)).intent == "billing"
        await undo(bench, wrong)
        assert await refit.look() == 1
        assert (await bench.answer(text)).intent == "orders"


async def test_of_conflicting_corrections_the_newest_counts(bench: Bench) -> None:
    """Said again, it is the newest once more; none ends what was taught; each turn has its own."""

    async def taught() -> dict[str, int]:
        async with bench.wiring.database.reading() as session:
            found = await corrections.examples(session, TENANT)
        return {name: len(texts) for name, texts in found.items()}

    ticket, wrong = await bench.answer(HANDED), CorrectionKind.INTENT_WRONG
    await correct(bench, ticket, wrong, intent="orders")
    await correct(bench, ticket, wrong, intent="billing")
    assert await taught() == {"billing": 1}
    again = await correct(bench, ticket, wrong, intent="orders")
    assert await correct(bench, ticket, wrong, intent="orders") == again
    assert await taught() == {"orders": 1}
    none = await correct(bench, ticket, wrong, intent=None)
    assert await taught() == {}
    await undo(bench, none)
    assert await taught() == {"orders": 1}
    await bench.settled_by(ticket, "close")
    await bench.write(ticket, "Where is it? #person")
    ticket = await bench.run(ticket)
    await correct(bench, ticket, wrong, intent="orders")
    assert await taught() == {"orders": 2}


async def test_a_missing_article_is_kept_as_a_gap(bench: Bench) -> None:
    """With the question, masked, for whoever writes articles."""
    ticket = await bench.answer(HANDED)
    handoff = await bench.handoff(ticket)
    async with bench.wiring.database.transaction() as session:
        await corrections.make(
            session,
            tenant=TENANT,
            ticket=ticket,
            who="Ann",
            new=New(CorrectionKind.ARTICLE_MISSING),
            handoff=handoff,
        )
    async with bench.wiring.database.reading() as session:
        [gap] = await corrections.listed(session, TENANT, kind="article_missing", counting=True)
    assert gap.question == HANDED


# --- guidance -----------------------------------------------------------------------------


async def test_a_returned_ticket_says_what_it_did_with_the_guidance(bench: Bench) -> None:
    """A quoted statement is evidence, the rest steers the search; the numbers are told in words."""
    ticket = await bench.answer(HANDED)
    hint = 'Look under sign in. Tell them: "The link is valid for one hour only."'
    ticket = await bench.settled_by(ticket, "return", guidance=hint)
    row = [row for row in await bench.rows(ticket) if row.name == "guidance"][-1]
    event = codec.event(row)
    assert isinstance(event, GuidanceFollowed)
    assert (event.outcome, event.statements, event.searches) == ("used", 1, 1)
    assert followed(event) == (
        "It took 1 quoted statement as evidence and made 1 search and found 1 passage in reset;"
        " the weakest ask's confidence 0.10 is under 0.60."
    )
    kinds = [
        item["kind"]
        for one in (await bench.handoff(ticket)).story["tried"]
        for item in one["evidence"]
    ]
    assert sorted(kinds) == ["article", "guidance"]


def test_only_what_is_quoted_may_be_said_to_the_customer() -> None:
    """Hints are meant for the agent; a quoted name is no statement."""
    assert statements("Be nice, it is a big customer. Look at “Billing”.") == []
    assert statements('Say "We pay it back within five days." and smile') == [
        "We pay it back within five days."
    ]
