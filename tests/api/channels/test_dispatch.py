"""What leaves by a channel leaves once, in order, and is never lost in silence."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from api.channels.contract import RateLimits
from api.channels.dispatch import OUT, Dispatch
from memory import effects, enclosures, sending
from memory.channels import outgoing, states
from memory.channels.door import OutgoingLedger
from memory.effects import Intent
from memory.files import message_files, uploads
from memory.files.incoming import NewFile, Room
from memory.storage.database import Database
from memory.tables import ChannelOutgoing, OutgoingStatus, now
from memory.tool_names import DELIVER
from tests.channels import CHANNEL, OtherSide, intake_of, said, wrote
from tests.memory.ledgers import TENANT, Ledger
from tools.adapters.channels import ChannelPost
from tools.adapters.delivery import Outbox
from tools.contract import Json
from tools.faults import RateLimited, Rejected, ToolFault, UnknownEffect, Unreachable

LIMITS = RateLimits(sends_per_minute=100_000, attempts=3)


async def ticket(ledger: Ledger, number: int = 1) -> str:
    """A ticket that came by the channel."""
    got = await intake_of(ledger).receive(wrote(f"m{number}", f"Question {number}"))
    assert got.ticket_id is not None
    return got.ticket_id


async def deliver(
    ledger: Ledger, ticket_id: str, text: str, kind: str = "reply", **more: Any
) -> Json:
    """What the graph's `deliver` does."""
    post = ChannelPost(OutgoingLedger(ledger.database, TENANT), lambda: "desk.example", Outbox())
    body = {"ticket_id": ticket_id, "turn": 1, "kind": kind, "text": text, "citations": [], **more}
    return await post.send(body, f"key {ticket_id} {text}")


def dispatch_of(ledger: Ledger, side: OtherSide, limits: RateLimits = LIMITS) -> Dispatch:
    """The way out."""
    return Dispatch(ledger.database, ledger.queue, TENANT, CHANNEL, side, limits)


async def no_more_waiting(database: Database) -> None:
    """As if the pause after a failed attempt were over."""
    async with database.transaction() as session:
        await session.execute(update(ChannelOutgoing).values(not_before=now()))


async def rows(ledger: Ledger, ticket_id: str) -> list[tuple[str, str | None]]:
    """How far the messages of a ticket have come."""
    async with ledger.database.reading() as session:
        return [(one.status, one.error) for one in await outgoing.of_ticket(session, ticket_id)]


async def until_quiet(ledger: Ledger, dispatch: Dispatch) -> None:
    """Rounds until nothing is due, however long one would wait."""
    for _ in range(20):
        await no_more_waiting(ledger.database)
        if not await dispatch.round():
            return


async def test_a_reply_leaves_once_however_often_it_is_wanted(ledger: Ledger) -> None:
    """The effect's key makes the row, the row makes the message."""
    side, one = OtherSide(), await ticket(ledger)
    first, again = await deliver(ledger, one, "Tomorrow."), await deliver(ledger, one, "Tomorrow.")
    assert first == again == {"channel": CHANNEL}
    dispatch = dispatch_of(ledger, side)
    assert [await dispatch.round(), await dispatch.round()] == [1, 0]
    assert side.texts == ["Tomorrow."]
    assert await rows(ledger, one) == [("sent", None)]


async def enclosed(ledger: Ledger, ticket_id: str) -> Json:
    """A file that a person sends with an answer."""
    new = NewFile("label.pdf", "application/pdf", 3, b"abc")
    async with ledger.database.transaction() as session:
        one = await uploads.upload(session, TENANT, "by:Ann", new, Room())
        [found] = await enclosures.enclose(session, TENANT, "by:Ann", [one.id], ticket_id)
    return dict(found)


async def test_a_file_leaves_with_its_message_each_time_it_is_tried(ledger: Ledger) -> None:
    """Its bytes are read when it is sent, not before."""
    side, one = OtherSide(before=[Unreachable("away", certain=True)]), await ticket(ledger)
    await deliver(ledger, one, "See this.", files=[await enclosed(ledger, one)])
    await until_quiet(ledger, dispatch_of(ledger, side))
    [got] = side.got
    assert [(it.name, it.media_type, it.content) for it in got.files] == [
        ("label.pdf", "application/pdf", b"abc")
    ]
    assert await rows(ledger, one) == [("sent", None)]


async def test_a_file_that_is_gone_keeps_its_message_here_and_a_person_sees_it(
    ledger: Ledger,
) -> None:
    """The answer does not leave without it."""
    side, one = OtherSide(), await ticket(ledger)
    await deliver(ledger, one, "See this.", files=[await enclosed(ledger, one)])
    async with ledger.database.transaction() as session:
        await message_files.forget(session, one)
    await until_quiet(ledger, dispatch_of(ledger, side))
    assert side.got == []
    [(status, error)] = await rows(ledger, one)
    assert (status, "no longer here" in str(error)) == ("failed", True)
    assert "no longer here" in (await said(ledger, one))[-1].text


async def test_a_ticket_without_a_channel_goes_the_other_way(ledger: Ledger) -> None:
    """The desk's usual delivery has what came by the API."""
    api = await ledger.accept("by the API")
    assert await deliver(ledger, api.id, "Tomorrow.") == {"channel": "status_url"}
    assert await rows(ledger, api.id) == []


async def test_the_messages_of_one_ticket_keep_their_order(ledger: Ledger) -> None:
    """What comes later waits for what came before, and other tickets do not wait."""
    side = OtherSide(before=[Unreachable("no connection", certain=True)])
    first, second = await ticket(ledger, 1), await ticket(ledger, 2)
    await deliver(ledger, first, "1a")
    await deliver(ledger, first, "1b")
    dispatch = dispatch_of(ledger, side)
    await dispatch.round()
    await deliver(ledger, second, "2a")
    await dispatch.round()
    assert side.texts == ["2a"]
    await until_quiet(ledger, dispatch)
    assert side.texts == ["2a", "1a", "1b"]


async def test_an_answer_that_broke_after_the_effect_is_not_sent_again(ledger: Ledger) -> None:
    """The other side is asked, and has it."""
    side, one = OtherSide(after=[Unreachable("the connection broke")]), await ticket(ledger)
    await deliver(ledger, one, "Tomorrow.")
    await until_quiet(ledger, dispatch_of(ledger, side))
    assert (side.texts, side.asked) == (["Tomorrow."], 1)
    assert await rows(ledger, one) == [("sent", None)]


async def test_a_process_that_died_before_the_effect_loses_nothing(ledger: Ledger) -> None:
    """What it left `intended` is asked for, is not there, and is sent."""
    side, one = OtherSide(), await ticket(ledger)
    await deliver(ledger, one, "Tomorrow.")
    async with ledger.database.transaction() as session:
        (row,) = await outgoing.due(session, TENANT, CHANNEL, 1)
        await outgoing.intend(session, row)
    await until_quiet(ledger, dispatch_of(ledger, side))
    assert (side.texts, side.asked) == (["Tomorrow."], 1)


async def test_after_a_restore_the_other_side_is_asked_before_anything_leaves(
    ledger: Ledger,
) -> None:
    """What waited in the backup may have left since."""
    side, one = OtherSide(), await ticket(ledger)
    await deliver(ledger, one, "Left since.")
    await dispatch_of(ledger, side).round()
    async with ledger.database.transaction() as session:
        back = {"status": OutgoingStatus.WANTED, "settled_at": None}
        await session.execute(update(ChannelOutgoing).values(**back))
        await outgoing.doubt_all(session)
    await deliver(ledger, one, "Wanted since.")
    await until_quiet(ledger, dispatch_of(ledger, side))
    assert (side.texts, side.asked) == (["Left since.", "Wanted since."], 1)


async def test_what_nobody_can_tell_is_left_to_a_person(ledger: Ledger) -> None:
    """It is never sent a second time on chance, and the ticket says so."""
    side = OtherSide(after=[Unreachable("broke")], blind=[UnknownEffect("no copy is kept")])
    one = await ticket(ledger)
    await deliver(ledger, one, "Tomorrow.")
    await until_quiet(ledger, dispatch_of(ledger, side))
    assert side.texts == ["Tomorrow."]
    assert [status for status, _ in await rows(ledger, one)] == ["unknown"]
    last = (await said(ledger, one))[-1]
    assert (last.kind, "nobody can tell" in last.text) == ("bounce", True)


async def test_a_question_that_cannot_be_asked_now_is_asked_later(ledger: Ledger) -> None:
    """While the other side is away nothing is sent on chance."""
    side = OtherSide(after=[Unreachable("broke")], blind=[Unreachable("away")] * 3)
    one = await ticket(ledger)
    await deliver(ledger, one, "Tomorrow.")
    await until_quiet(ledger, dispatch_of(ledger, side))
    assert (side.texts, side.asked) == (["Tomorrow."], 4)
    assert await rows(ledger, one) == [("sent", None)]


async def test_after_two_days_of_doubt_a_person_decides(ledger: Ledger) -> None:
    """A question is not asked for ever."""
    side, one = OtherSide(after=[Unreachable("x")], blind=[Unreachable("y")]), await ticket(ledger)
    await deliver(ledger, one, "Tomorrow.")
    dispatch = dispatch_of(ledger, side)
    await dispatch.round()
    past = dispatch.asking_since = now() - timedelta(hours=49)
    await intended(ledger.database, past)
    await dispatch.round()
    assert [status for status, _ in await rows(ledger, one)] == ["unknown"]


async def intended(database: Database, past: datetime) -> None:
    """As if what is under way had begun to leave then."""
    async with database.transaction() as session:
        await session.execute(update(ChannelOutgoing).values(intended_at=past, not_before=past))


async def test_a_side_that_asks_for_a_pause_costs_a_message_no_attempt(ledger: Ledger) -> None:
    """However often it does: the message leaves when it may, not after hours, and is never given up."""
    pauses = [RateLimited("429", retry_after=3.0) for _ in range(3 * LIMITS.attempts)]
    side, one = OtherSide(before=[*pauses]), await ticket(ledger)
    await deliver(ledger, one, "Tomorrow.")
    dispatch = dispatch_of(ledger, side)
    for _ in pauses:
        await no_more_waiting(ledger.database)
        await dispatch.round()
        async with ledger.database.reading() as session:
            (row,) = await outgoing.of_ticket(session, one)
        assert (row.status, row.attempts) == ("wanted", 0)
    await until_quiet(ledger, dispatch)
    assert side.texts == ["Tomorrow."]


@pytest.mark.parametrize(
    "faults", [[Rejected("no such mailbox")], [Unreachable("x", certain=True)] * 9]
)
async def test_what_cannot_be_sent_brings_the_ticket_to_a_person(
    ledger: Ledger, faults: list[ToolFault]
) -> None:
    """At once where the other side refuses for good, after the last attempt otherwise."""
    side, one = OtherSide(before=list(faults)), await ticket(ledger)
    await deliver(ledger, one, "Tomorrow.")
    await until_quiet(ledger, dispatch_of(ledger, side))
    assert side.texts == []
    assert [status for status, _ in await rows(ledger, one)] == [OutgoingStatus.FAILED]
    assert (await said(ledger, one))[-1].kind == "bounce"


async def test_people_see_that_sending_does_not_work(ledger: Ledger) -> None:
    """The trouble stands in the channel's state until a message has left."""
    fault = Unreachable("no route to mx", certain=True)
    side, one = OtherSide(before=[fault]), await ticket(ledger)
    await deliver(ledger, one, "Tomorrow.")
    dispatch = dispatch_of(ledger, side)
    await dispatch.round()

    async def trouble() -> str | None:
        async with ledger.database.reading() as session:
            (row,) = [one for one in await states.all_rows(session) if one.part == OUT]
            return row.trouble

    assert await trouble() == "no route to mx"
    await until_quiet(ledger, dispatch)
    assert await trouble() is None


async def test_nothing_leaves_while_sending_is_stopped(ledger: Ledger) -> None:
    """A switch holds everything up; afterwards it leaves."""
    side, one = OtherSide(), await ticket(ledger)
    await deliver(ledger, one, "Tomorrow.")
    dispatch = dispatch_of(ledger, side)
    async with ledger.database.transaction() as session:
        await sending.stop(session, TENANT, by="Ann")
    assert (await dispatch.round(), side.texts) == (0, [])
    async with ledger.database.transaction() as session:
        await sending.start(session, TENANT)
    assert (await dispatch.round(), side.texts) == (1, ["Tomorrow."])


async def test_a_one_time_code_is_not_kept_once_it_has_left(ledger: Ledger) -> None:
    """Whoever reads the table later finds no code in it."""
    side, one = OtherSide(), await ticket(ledger)
    await deliver(ledger, one, "Your code is 12345678.", kind="code")
    await dispatch_of(ledger, side).round()
    async with ledger.database.reading() as session:
        (row,) = await outgoing.of_ticket(session, one)
    assert (side.texts, row.body) == (["Your code is 12345678."], {})


async def test_a_message_that_nobody_stored_has_not_left(ledger: Ledger) -> None:
    """Its process died between the intention and the row; the status page, which "has" all, is not asked."""
    by_channel, by_api = await ticket(ledger), (await ledger.accept()).id
    post = ChannelPost(OutgoingLedger(ledger.database, TENANT), lambda: "desk.example", Outbox())
    for one in (by_channel, by_api):
        intent = Intent(f"key {one} hello", one, TENANT, 1, DELIVER, "f", 0)
        async with ledger.database.transaction() as session:
            assert (await effects.begin(session, intent)).proceed
    assert await post.sent(f"key {by_channel} hello") is None
    assert await post.sent(f"key {by_api} hello") == {"channel": "status_url"}
    await deliver(ledger, by_channel, "hello")
    assert await post.sent(f"key {by_channel} hello") == {"channel": CHANNEL}
