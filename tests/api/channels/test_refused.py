"""While our token is refused, what is to leave waits for a new one."""

from datetime import timedelta

import pytest

from api.channels import dispatch as ways_out
from api.channels.dispatch import OUT
from memory import sending
from memory.channels import states
from memory.tables import now
from tests.api.channels.test_dispatch import (
    LIMITS,
    deliver,
    dispatch_of,
    intended,
    no_more_waiting,
    rows,
    ticket,
    until_quiet,
)
from tests.channels import OtherSide
from tests.memory.ledgers import TENANT, Ledger
from tools.faults import NotLetIn, Rejected, Unreachable


async def test_a_refused_token_is_tried_by_one_message_and_uses_up_no_attempt(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server may lock out who tries too often; once it lets us in, all leave."""
    side = OtherSide(before=[NotLetIn("the token is refused")] * 100)
    for number in range(1, 5):
        await deliver(ledger, await ticket(ledger, number), f"{number}")
    dispatch = dispatch_of(ledger, side)
    tries = [await dispatch.round() for _ in range(3)]
    assert tries == [LIMITS.at_once, 0, 0]
    monkeypatch.setattr(ways_out, "REFUSED_PAUSE_SECONDS", 0.0)
    dispatch = dispatch_of(ledger, side)
    await dispatch.round()
    tried = len(side.before)
    await dispatch.round()
    assert (tried - len(side.before), side.got) == (1, [])
    async with ledger.database.reading() as session:
        [out] = [one for one in await states.all_rows(session) if one.part == OUT]
    assert out.trouble == "the token is refused"
    side.before.clear()
    await until_quiet(ledger, dispatch)
    assert sorted(side.texts) == ["1", "2", "3", "4"]


async def test_whoever_refuses_one_message_has_let_us_in(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The channel says no longer that its token is refused, though nothing has left since."""
    monkeypatch.setattr(ways_out, "REFUSED_PAUSE_SECONDS", 0.0)
    side = OtherSide(before=[NotLetIn("the token is refused"), Rejected("no such conversation")])
    await deliver(ledger, await ticket(ledger), "1")
    dispatch = dispatch_of(ledger, side)
    await dispatch.round()
    await dispatch.round()
    async with ledger.database.reading() as session:
        [out] = [one for one in await states.all_rows(session) if one.part == OUT]
    assert (side.before, out.trouble) == ([], None)


async def test_a_message_in_doubt_waits_for_the_token_as_well(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it left can only be looked up by somebody who is let in."""
    monkeypatch.setattr(ways_out, "REFUSED_PAUSE_SECONDS", 0.0)
    side, one = OtherSide(after=[Unreachable("cut")]), await ticket(ledger)
    await deliver(ledger, one, "Tomorrow.")
    side.blind = [NotLetIn("refused")] * (2 * LIMITS.attempts)
    dispatch = dispatch_of(ledger, side)
    for _ in range(LIMITS.attempts + 2):
        await no_more_waiting(ledger.database)
        await dispatch.round()
    assert await rows(ledger, one) == [("intended", "refused")]
    side.blind.clear()
    await until_quiet(ledger, dispatch)
    assert (side.texts, await rows(ledger, one)) == (["Tomorrow."], [("sent", None)])


@pytest.mark.parametrize("why", ["down", "refused", "stopped"])
async def test_time_in_which_nobody_could_ask_is_no_doubt(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    """After three such days one bad moment of the other side hands no message to a person; after a week it does."""
    monkeypatch.setattr(ways_out, "REFUSED_PAUSE_SECONDS", 0.0)
    side = OtherSide(after=[Unreachable("broke")], blind=[Unreachable("a bad moment")])
    one = await ticket(ledger)
    await deliver(ledger, one, "Tomorrow.")
    dispatch = dispatch_of(ledger, side)
    await dispatch.round()
    dispatch.asking_since = now() - timedelta(hours=72)
    await intended(ledger.database, dispatch.asking_since)
    if why == "down":
        dispatch = dispatch_of(ledger, side)
    elif why == "refused":
        side.blind.insert(0, NotLetIn("refused"))
        await dispatch.round()
    else:
        async with ledger.database.transaction() as session:
            await sending.stop(session, TENANT, by="Ann")
        await dispatch.round()
        async with ledger.database.transaction() as session:
            await sending.start(session, TENANT)
    await no_more_waiting(ledger.database)
    await dispatch.round()
    assert (await rows(ledger, one), side.blind) == ([("intended", "a bad moment")], [])
    side.blind.append(Unreachable("another"))
    await intended(ledger.database, now() - timedelta(days=8))
    await dispatch.round()
    assert [status for status, _ in await rows(ledger, one)] == ["unknown"]
