"""What a person wrote in another customer's conversation goes with them, and the rest of it stays."""

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from memory.erasure import elsewhere, receipt
from memory.erasure.elsewhere import ERASED, SOMEBODY
from memory.storage.copies import without_words
from memory.tables import (
    ChannelMessage,
    Drive,
    Erasure,
    Handoff,
    StoredFile,
    Ticket,
)
from memory.tickets import fulltext as ticket_text
from memory.tickets import lifecycle
from tests.channels import intake_of, said, wrote
from tests.growth import fault
from tests.memory.erasure.person import (
    WORDS,
    conversation,
    erase,
    eraser_of,
    marked,
    other,
    thread,
    write,
)
from tests.memory.ledgers import TENANT, Ledger


async def found(ledger: Ledger, query: str) -> list[str]:
    """Ids of the tickets in which words stand, as they are spelt."""
    async with ledger.database.reading() as session:
        holding = ticket_text.matching(session, TENANT, query)
        assert holding is not None
        return list((await session.execute(holding)).scalars())


async def test_words_files_and_what_was_made_of_them_go(opened: Ledger, tmp_path: Path) -> None:
    """The conversation keeps its other messages and their numbers; no file holds a word of it."""
    eraser = eraser_of(opened, tmp_path)
    ticket_id = await conversation(opened)
    told = {"summary": f"It is about a clock.\n\n{WORDS}", "reply": "Mine was BLUE and *said* so"}
    await write(
        opened,
        Handoff(
            id="hnd_1",
            tenant=TENANT,
            ticket_id=ticket_id,
            turn=1,
            reason="x",
            explanation="",
            story=told,
        ),
    )
    asked = [
        {"seq": 1, "text": "Where is my clock?"},
        {"seq": 2, "text": f"{WORDS}\n\n[Attached: a]"},
    ]
    async with thread(eraser, ticket_id, conversation=asked):
        pass

    given = await erase(opened, eraser)

    assert [(one.seq, one.text, one.author) for one in await said(opened, ticket_id)] == [
        (1, "Where is my clock?", None),
        (2, ERASED, SOMEBODY),
        (3, "And when does it come?", None),
    ]
    counted = {name: n for name, n in given["removed"].items() if n}
    assert counted == {
        "messages_elsewhere": 1,
        "files_elsewhere": 1,
        "senders_elsewhere": 2,
        "copies_in_stories": 1,
        "copies_in_checkpoints": 1,
    }
    assert receipt.ASK_AGAIN not in given["not_reached"]
    async with opened.database.reading() as session:
        kept = await session.get_one(Handoff, "hnd_1")
        assert kept.story == {"summary": "It is about a clock.\n", "reply": ""}
        assert (await session.exec(select(StoredFile))).all() == []
        rows = await session.exec(select(ChannelMessage).order_by(col(ChannelMessage.id)))
        assert [(one.sender is None, one.note) for one in rows] == [
            (False, ""),
            (True, ""),
            (True, ""),
            (False, ""),
        ]
    held = await eraser.checkpoints.newest(ticket_id)
    assert held is not None
    (mine, _) = held.checkpoint["channel_values"]["conversation"]
    assert mine["text"] == "Where is my clock?"
    if opened.database.is_sqlite:
        assert marked(tmp_path) == []


async def test_the_search_of_tickets_finds_no_word_of_it(opened: Ledger, tmp_path: Path) -> None:
    """Not before its row is made anew either; what others said is found again."""
    ticket_id = await conversation(opened)
    await ticket_text.catch_up(opened.database.units)
    assert await found(opened, "blue") == [ticket_id]
    await erase(opened, eraser_of(opened, tmp_path))
    assert await found(opened, "blue") == []
    await ticket_text.catch_up(opened.database.units)
    assert await found(opened, "blue") == []
    assert await found(opened, "clock erased") == [ticket_id]


async def test_what_others_said_stays(ledger: Ledger, tmp_path: Path) -> None:
    """Common words and codes are nobody's: the customer's own message and the states of work stay whole."""
    eraser = eraser_of(ledger, tmp_path)
    intake = intake_of(ledger)
    mine = "I would like to know where my clock is."
    first = await intake.receive(wrote("m1", mine))
    theirs = "ok\nI would like to hear that, too, said zwiebelfisch."
    await intake.receive(other("m2", theirs))
    assert first.ticket_id is not None
    values: dict[str, Any] = {
        "conversation": [{"seq": 1, "text": mine}, {"seq": 2, "text": theirs}],
        "gathered": {"s1": {"status": "ok", "answer": "Hear that, too, said zwiebelfisch"}},
    }
    async with thread(eraser, first.ticket_id, **values):
        pass
    await erase(ledger, eraser)
    held = await eraser.checkpoints.newest(first.ticket_id)
    assert held is not None
    kept = held.checkpoint["channel_values"]
    assert [one["text"] for one in kept["conversation"]] == [mine, ""]
    assert kept["gathered"] == {"s1": {"status": "ok", "answer": ""}}


async def test_what_others_were_shown_of_it_goes(ledger: Ledger, tmp_path: Path) -> None:
    """A third ticket's person saw what was like it: the copy goes as what was remembered does."""
    eraser = eraser_of(ledger, tmp_path)
    ticket_id = await conversation(ledger)
    third = await ledger.accept("Something else")
    shown = Handoff(
        id="hnd_3", ticket_id=third.id, tenant=TENANT, turn=1, reason="x", explanation="",
        story={"similar": [{"ticket_id": ticket_id, "question": WORDS}]},
    )  # fmt: skip
    await write(ledger, shown)
    await erase(ledger, eraser)
    async with ledger.database.reading() as session:
        assert (await session.get_one(Handoff, "hnd_3")).story == {"similar": []}
    if ledger.database.is_sqlite:
        assert marked(tmp_path) == []


def test_taking_words_out_is_linear() -> None:
    """Many lines beside many texts: each text is read once, not once a line."""
    lines = "\n".join(f"alpha beta gamma w{number:04}" for number in range(6_000))
    data = [{"text": lines}, {"text": lines.replace("\n", " ")}, *({"text": "a b c d e"},) * 300]
    cleaned = without_words(data, [lines])
    assert {one["text"].strip() for one in cleaned} == {"", "a b c d e"}

    def read(text: str) -> object:
        return without_words([{"text": text}, *({"text": "a b c d e"},) * 300], [text])

    assert fault(read, "lines", lambda size: lines[:size], 0.5) is None


async def under_way(ledger: Ledger) -> str:
    """A conversation on which an agent works; gives its ticket."""
    ticket_id = await conversation(ledger)
    async with ledger.database.transaction() as session:
        begun = lifecycle.made(await lifecycle.begin(session, ticket_id, run=1))
        session.add(Drive(ticket_id=ticket_id, worker="w", epoch=begun.epoch))
    return ticket_id


async def test_an_agent_that_ends_behind_the_thread_is_waited_for_too(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is at work when the waiting ends, and writes the thread before its row goes: nothing is closed."""
    monkeypatch.setattr("memory.erasure.erasing.DRIVE_SECONDS", 0.2)
    eraser = eraser_of(ledger, tmp_path)
    await under_way(ledger)
    forget = elsewhere.forget

    async def after_it_ended(session: Any, *given: Any) -> Any:
        for drive in await session.exec(select(Drive)):
            await session.delete(drive)
        await session.flush()
        return await forget(session, *given)

    monkeypatch.setattr(elsewhere, "forget", after_it_ended)
    assert await erase(ledger, eraser) == {}


async def test_an_agent_at_work_is_waited_for(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it has read it would write down again: no receipt is given before it has ended."""
    monkeypatch.setattr("memory.erasure.erasing.DRIVE_SECONDS", 0.2)
    eraser = eraser_of(ledger, tmp_path)
    ticket_id = await under_way(ledger)

    assert await erase(ledger, eraser) == {}
    assert WORDS in [one.text.partition("\n\n")[0] for one in await said(ledger, ticket_id)]

    async with ledger.database.transaction() as session:
        await session.delete(await session.get_one(Drive, ticket_id))
        assert (await session.get_one(Ticket, ticket_id)).status == "running"
    await eraser.run_pending()
    async with ledger.database.reading() as session:
        (erasure,) = await session.exec(select(Erasure))
        assert erasure.receipt is not None
    assert ERASED in [one.text for one in await said(ledger, ticket_id)]


async def test_one_that_broke_off_is_gone_on_with(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A death behind the thread leaves everything else, and the next worker finds it by that."""
    eraser = eraser_of(ledger, tmp_path)
    ticket_id = await conversation(ledger)
    with monkeypatch.context() as dying:
        dying.setattr(elsewhere, "forget", _dies)
        with pytest.raises(RuntimeError):
            await erase(ledger, eraser)
    await eraser.run_pending()
    assert ERASED in [one.text for one in await said(ledger, ticket_id)]
    if ledger.database.is_sqlite:
        assert marked(tmp_path) == []


async def _dies(*_: Any) -> None:
    raise RuntimeError
