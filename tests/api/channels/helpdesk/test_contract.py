"""What every helpdesk promises: in once, out once, in order, and never over a person."""

from collections.abc import Callable, Iterator

import httpx2
import pytest
from sqlalchemy import update

from api.channels.helpdesk.source import LONGEST_PAUSE_SECONDS
from evals.stack.helpdesks.faulty import ASKED_SECONDS, FAULTS, Fault
from evals.stack.helpdesks.world import Talk
from memory import enclosures
from memory.channels import pokes
from memory.files import uploads
from memory.files.incoming import NewFile, Room
from memory.tables import ChannelOutgoing, OutgoingStatus, now
from tests.helpdesks import Floor
from tests.memory.ledgers import TENANT
from tools.adapters.helpdesk.sender import HelpdeskSender


async def test_a_webhook_brings_a_message_once(floor: Floor) -> None:
    """However often it comes, also when the poll has brought it before."""
    talk = floor.server.world.opens("Where is my order?", subject="My order")
    for _ in range(3):
        await floor.hook(talk, talk.said[0])
        await floor.source.round()
    await floor.source.catch_up()
    (ticket,) = await floor.tickets()
    assert (ticket.channel, ticket.customer_email) == (floor.server.name, talk.email)
    assert await floor.said() == [("customer", "Where is my order?")]


async def test_events_out_of_order_and_a_day_late_change_nothing(floor: Floor) -> None:
    """The second message's event comes first, and the first one's long afterwards."""
    world = floor.server.world
    talk = world.opens("one")
    second = world.writes(talk, "two")
    await floor.hook(talk, second)
    await floor.source.round()
    await floor.hook(talk, talk.said[0])
    await floor.source.round()
    assert [text for _, text in await floor.said()] == ["one", "two"]


async def test_what_no_webhook_told_is_found_by_the_cursor(floor: Floor) -> None:
    """Also by another process, and what was there before it was connected is left alone."""
    world = floor.server.world
    for number in range(30):
        world.opens(f"question {number}", name=f"Ann {number}")
    floor.restart()
    await floor.source.catch_up()
    assert len(await floor.tickets()) == 30
    floor.restart()
    before = len(floor.transport.calls)
    await floor.source.catch_up()
    assert len(await floor.tickets()) == 30
    assert len(floor.transport.calls) - before < 100


async def test_a_reply_is_public_and_leaves_once(floor: Floor) -> None:
    """And the conversation is settled there, with its tags."""
    talk = floor.server.world.opens("How do I reset my password?")
    await floor.source.catch_up()
    await floor.drive("Under Settings.")
    await floor.until_quiet()
    assert talk.texts() == ["Under Settings."]
    assert (talk.stands, "deskhand" in talk.tags) == ("settled", True)
    await floor.until_quiet()
    assert await floor.said() == [("customer", "How do I reset my password?")]


async def test_a_question_waits_and_an_answer_opens_the_next_turn(floor: Floor) -> None:
    """State is kept over turns."""
    talk = floor.server.world.opens("It does not work")
    await floor.source.catch_up()
    await floor.drive("Which version?", "clarification")
    await floor.until_quiet()
    assert talk.stands == "waiting"
    await floor.hook(talk, floor.server.world.writes(talk, "Version 2"))
    await floor.source.round()
    (ticket,) = await floor.tickets()
    assert (ticket.turn, ticket.status) == (2, "queued")
    assert [text for _, text in await floor.said()] == ["It does not work", "Version 2"]


async def test_thanks_settle_the_conversation_again(floor: Floor) -> None:
    """The customer's word has opened it there, and nothing is said to it."""
    world = floor.server.world
    talk = world.opens("How?")
    await floor.source.catch_up()
    await floor.drive("So.")
    await floor.until_quiet()
    world.writes(talk, "Thanks!")
    await floor.source.catch_up()
    await floor.begin()
    await floor.settle("confirmed")
    assert talk.stands == "open"
    await floor.until_quiet()
    assert (talk.stands, talk.texts()) == ("settled", ["So."])


def always(
    faults: list[Fault], methods: tuple[str, ...]
) -> Callable[[httpx2.Request], Fault | None]:
    """The next requests of these methods go so."""
    plan: Iterator[Fault] = iter(faults)

    def next_fault(request: httpx2.Request) -> Fault | None:
        return next(plan, None) if request.method in methods else None

    return next_fault


@pytest.mark.parametrize("markers", [True, False], ids=["markers", "no markers"])
async def test_no_fault_loses_or_doubles_a_reply(floor: Floor, *, markers: bool) -> None:
    """Slow, 429, 500 before and after the effect, cut: each twice in a row, turn after turn."""
    world = floor.server.world
    world.drops_markers = not markers
    talk = world.opens("Turn slow?")
    for fault in FAULTS:
        if talk.texts():
            world.writes(talk, f"Turn {fault}?")
        await floor.source.catch_up()
        await floor.drive(f"An answer, {fault}.")
        floor.transport.next_fault = always([fault] * 2, ("POST", "PUT"))
        await floor.until_quiet()
        assert talk.stands == "settled", fault
    assert talk.texts() == [f"An answer, {fault}." for fault in FAULTS]
    assert {status for _, status in await floor.statuses()} == {"sent"}


@pytest.mark.parametrize("fault", ["slow", "error", "drop_after"])
async def test_files_leave_with_the_answer_and_once(floor: Floor, fault: Fault) -> None:
    """Also where a call that brings them goes wrong twice."""
    talk = floor.server.world.opens("Where is my label?")
    await floor.source.catch_up()
    ticket, given = await floor.begin(), {"label.pdf": b"%PDF-1.7 \x00\xff", "größe.txt": b"1 m"}
    async with floor.ledger.database.transaction() as session:
        ids = []
        for name, content in given.items():
            new = NewFile(name, "application/pdf", len(content), content)
            ids.append((await uploads.upload(session, TENANT, "by:Ann", new, Room())).id)
        found = await enclosures.enclose(session, TENANT, "by:Ann", ids, ticket.id)
    await floor.deliver("Here it is.", files=[dict(one) for one in found])
    await floor.settle()
    floor.transport.next_fault = always([fault] * 2, ("POST", "PUT"))
    await floor.until_quiet()
    [answer] = [one for one in talk.said if one.who == "own"]
    assert dict(zip(answer.files, answer.contents, strict=True)) == given
    assert {status for _, status in await floor.statuses()} == {"sent"}


async def test_no_fault_loses_or_doubles_a_message(floor: Floor) -> None:
    """A read that fails is done again, from where the cursor was."""
    world = floor.server.world
    talk = world.opens("0")
    for number, fault in enumerate(FAULTS, start=1):
        floor.transport.next_fault = always([fault] * 3, ("GET",))
        await floor.hook(talk, world.writes(talk, str(number)))
        await floor.until_quiet()
    await floor.until_quiet()  # a conversation that was put off is read by itself
    assert [text for _, text in await floor.said()] == [str(n) for n in range(len(FAULTS) + 1)]


class Died(BaseException):
    """Nothing of ours catches it: so a process ends."""


async def test_a_process_that_dies_while_it_sends_sends_once(floor: Floor) -> None:
    """Whether it died before or after the helpdesk had the reply, the next one finds out."""
    talk = floor.server.world.opens("How do I reset my password?")
    await floor.source.catch_up()
    await floor.drive("Under Settings.")
    died: list[Talk] = []

    def die(at: Talk) -> None:
        died.append(at)
        raise Died

    floor.server.world.before_write = die
    with pytest.raises(Died):
        await floor.dispatch.round()
    assert (await floor.statuses())[0] == ("reply", OutgoingStatus.INTENDED)
    floor.server.world.before_write = lambda _talk: None
    floor.restart()
    await floor.until_quiet()
    # And once more, after it had left.
    async with floor.ledger.database.transaction() as session:
        left = {"status": OutgoingStatus.INTENDED.value, "not_before": now()}
        await session.execute(update(ChannelOutgoing).values(**left))
    floor.restart()
    await floor.until_quiet()
    assert (len(died), talk.texts()) == (1, ["Under Settings."])


async def test_what_may_still_be_on_its_way_is_waited_for(floor: Floor) -> None:
    """A request can be carried out after whoever sent it has died: it is not sent again at once."""
    floor.server.world.opens("How?")
    await floor.source.catch_up()
    await floor.drive("So.")
    async with floor.ledger.database.transaction() as session:
        left = {"status": OutgoingStatus.INTENDED.value, "intended_at": now()}
        await session.execute(update(ChannelOutgoing).values(**left))
    floor.dispatch.sender = HelpdeskSender(floor.source.desk)
    await floor.dispatch.round()
    assert not [call for call in floor.transport.calls if not call.startswith("GET")]
    assert (await floor.statuses())[0] == ("reply", OutgoingStatus.INTENDED)


async def test_a_pause_that_is_asked_for_is_kept(floor: Floor) -> None:
    """No call leaves before it is over, not even for another conversation."""
    talk = floor.server.world.opens("one")
    floor.transport.next_fault = always(["throttle"], ("GET",))
    await floor.hook(talk)
    assert await floor.source.step() >= ASKED_SECONDS
    calls = len(floor.transport.calls)
    await floor.source.step()
    assert len(floor.transport.calls) == calls
    floor.clock += ASKED_SECONDS + 1
    await floor.source.step()
    assert await floor.said() == [("customer", "one")]


async def test_only_what_the_helpdesk_itself_vouches_for_is_verified(floor: Floor) -> None:
    """A name and an address in a message prove nothing."""
    world = floor.server.world
    world.opens("one", name="Ann Sure", verified=True)
    world.opens("two", name="Bea Unsure")
    await floor.source.catch_up()
    told = {one.customer_name: one.vouched_by for one in await floor.tickets()}
    assert told["Ann Sure"] is not None
    assert told["Bea Unsure"] is None


async def test_foreign_groups_and_programs_are_left_alone(floor: Floor) -> None:
    """Another inbox is not ours, and an automatic message goes to a person."""
    floor.channel = floor.channel.model_copy(update={"groups": (1,)})
    floor.restart()
    world = floor.server.world
    world.opens("not ours", name="Bob", group=2)
    talk = world.opens("out of office")
    talk.said[0].automatic = True
    await floor.source.catch_up()
    (ticket,) = await floor.tickets()
    assert ticket.headers == {"Auto-Submitted": "auto-replied"}


async def test_files_are_named_and_stay_there(floor: Floor) -> None:
    """What was attached is said in the conversation."""
    talk = floor.server.world.opens("See the picture")
    talk.said[0].files = ("photo.png",)
    await floor.source.catch_up()
    ((_, text),) = await floor.said()
    assert "[Attached: photo.png" in text
    assert "stays in the helpdesk" in text


async def test_a_helpdesk_that_allows_few_calls_is_read_bit_by_bit(floor: Floor) -> None:
    """However often it asks for a pause, what was read is not read again, and the end is reached."""
    names = {f"Customer {number}" for number in range(12)}
    calls = 0

    def next_fault(_request: httpx2.Request) -> Fault | None:
        nonlocal calls
        calls += 1
        return "throttle" if calls % 9 == 0 else None

    await floor.source.catch_up()
    for name in sorted(names):
        floor.server.world.opens("hello", name=name)
    floor.transport.next_fault = next_fault
    for _ in range(30):
        floor.clock += 10_000
        pause = await floor.source.step()
        if {one.customer_name for one in await floor.tickets()} == names:
            break
        assert pause < LONGEST_PAUSE_SECONDS
    assert {one.customer_name for one in await floor.tickets()} == names


async def test_one_conversation_that_cannot_be_read_holds_no_other_up(floor: Floor) -> None:
    """It is tried again later, and nothing of it is lost."""
    world = floor.server.world
    bad, good = world.opens("bad", name="Bad"), world.opens("good", name="Good")

    def next_fault(request: httpx2.Request) -> Fault | None:
        return "redirect" if str(bad.id) in request.url.path else None

    floor.transport.next_fault = next_fault
    await floor.source.catch_up()
    assert [one.customer_name for one in await floor.tickets()] == ["Good"]
    async with floor.ledger.database.reading() as session:
        assert str(bad.id) in (await pokes.waiting(session, TENANT, floor.server.name)).refs
    floor.transport.next_fault = lambda _request: None
    floor.restart()
    await floor.source.round()
    assert len(await floor.tickets()) == 2
    assert good.id
