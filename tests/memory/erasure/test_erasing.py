"""A person is removed from every layer of the ledger, and from nobody else's."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import select

from memory.effects import EffectLedger, Intent
from memory.erasure import receipt, requests
from memory.erasure.erasing import Eraser
from memory.erasure.person import person_digest
from memory.handoffs import fulltext
from memory.knowledge.index import Entry
from memory.knowledge.settled_tickets import collection_of
from memory.storage.errors import Fenced
from memory.storage.readiness import head_revision
from memory.tables import (
    Correction,
    CorrectionKind,
    Drive,
    Handoff,
    JournalRow,
    Message,
    Ticket,
)
from memory.tickets import fulltext as ticket_text
from memory.tickets import lifecycle
from tests.memory.erasure.person import (
    ADDRESS,
    KEY,
    MARK,
    erase,
    eraser_of,
    everywhere,
    marked,
    of_person,
    thread,
    write,
)
from tests.memory.ledgers import TENANT, Ledger


async def test_no_file_holds_a_word_of_an_erased_person(ledger: Ledger, tmp_path: Path) -> None:
    """Rows, full text, checkpoints, free pages and the log: the mark is gone from all of them."""
    eraser = eraser_of(ledger, tmp_path)
    ticket = await of_person(ledger, ADDRESS)
    await write(ledger, *everywhere(ticket))
    async with ledger.database.transaction() as session:
        await fulltext.add(
            session, tenant=TENANT, handoff_id=f"hnd_{ticket.id}", ticket_id=ticket.id,
            subject=MARK, explanation=MARK, customer=ADDRESS,
        )  # fmt: skip
    await ticket_text.catch_up(ledger.database.units)
    async with thread(eraser, ticket.id, masked=MARK):
        pass
    if ledger.database.is_sqlite:
        assert marked(tmp_path)

    given = await erase(ledger, eraser)

    removed = {name: count for name, count in given["removed"].items() if count}
    assert removed == {
        "tickets": 1, "messages": 1, "handoffs": 1, "handoff_notes": 1, "handoff_text": 1,
        "ticket_text": 1,
        "letters": 1, "memories": 1, "vectors": 1, "effects": 1, "corrections": 1, "feedback": 1,
        "files": 1, "identity_challenges": 1, "journal": 1, "checkpoints": 1, "jobs": 4,
    }  # fmt: skip
    assert await eraser.checkpoints.newest(ticket.id) is None
    assert await ledger.jobs() == []
    if ledger.database.is_sqlite:
        assert marked(tmp_path) == []
    assert MARK not in str(given)


async def test_the_receipt_is_signed_and_shows_a_change(ledger: Ledger, tmp_path: Path) -> None:
    """It names the person by a keyed digest, and one number changed makes it a forgery."""
    ticket = await of_person(ledger, ADDRESS)
    given = await erase(ledger, eraser_of(ledger, tmp_path))

    assert given["tickets"] == [ticket.id]
    assert "found" not in given
    assert given["person"] == person_digest(KEY, TENANT, ADDRESS.upper())
    assert receipt.is_genuine(KEY, given)
    assert not receipt.is_genuine(KEY, {**given, "tickets": []})
    assert not receipt.is_genuine(b"another" * 5, given)


@pytest.mark.parametrize("ended", [False, True])
async def test_copies_in_other_tickets_go_and_the_rest_stays(
    ledger: Ledger, tmp_path: Path, *, ended: bool
) -> None:
    """Another customer's story and thread, waiting or ended, lose what was copied, and nothing else."""
    eraser = eraser_of(ledger, tmp_path)
    ticket, other = await of_person(ledger, ADDRESS), await of_person(ledger, "b@example.com")
    mine = {"ticket_id": ticket.id, "question": "copied"}
    theirs = {"ticket_id": "tkt_other", "question": "kept"}
    story = {"summary": "s", "similar": [mine, theirs]}
    handoff = Handoff(
        id="hnd_b",
        ticket_id=other.id,
        tenant=TENANT,
        turn=1,
        reason="x",
        explanation="",
        story=story,
    )
    await write(ledger, handoff)
    async with thread(eraser, other.id, found={"similar": [mine, theirs]}) as saver:
        if ended:
            saver.end()

    given = await erase(ledger, eraser)

    assert given["removed"]["copies_in_stories"] == 1
    assert given["removed"]["copies_in_checkpoints"] == 1
    async with ledger.database.reading() as session:
        kept = await session.get_one(Handoff, "hnd_b")
        assert kept.story == {"summary": "s", "similar": [theirs]}
        assert (await session.exec(select(Message.ticket_id))).all() == [other.id]
    held = await eraser.checkpoints.newest(other.id)
    assert held is not None
    assert held.checkpoint["channel_values"] == {"found": {"similar": [theirs]}}


async def test_another_tenant_keeps_its_customer(ledger: Ledger, tmp_path: Path) -> None:
    """The same address with another tenant is another person."""
    kept = await of_person(ledger, ADDRESS, tenant="other")
    given = await erase(ledger, eraser_of(ledger, tmp_path))
    assert given["tickets"] == []
    async with ledger.database.reading() as session:
        assert await session.get(Ticket, kept.id) is not None


async def test_what_was_wrong_with_an_article_stays_without_a_word(
    ledger: Ledger, tmp_path: Path
) -> None:
    """The article is not cited again because a customer was erased."""
    ticket = await of_person(ledger, ADDRESS)
    wrong = Correction(
        id="c", tenant=TENANT, kind=CorrectionKind.ARTICLE_WRONG, ticket_id=ticket.id, turn=1,
        article="faq", question=MARK, note=MARK, by="ann",
    )  # fmt: skip
    await write(ledger, wrong)
    await erase(ledger, eraser_of(ledger, tmp_path))
    async with ledger.database.reading() as session:
        kept = await session.get_one(Correction, "c")
        assert (kept.article, kept.question, kept.note) == ("faq", "", "")


async def test_a_run_under_way_is_ended_first_and_can_do_nothing_more(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its drive is fenced off, also after the row has gone, and its queue entry is void."""
    monkeypatch.setattr("memory.erasure.erasing.DRIVE_SECONDS", 0.0)
    eraser = eraser_of(ledger, tmp_path)
    ticket = await of_person(ledger, ADDRESS)
    async with ledger.database.transaction() as session:
        begun = await lifecycle.begin(session, ticket.id, run=1)
        session.add(Drive(ticket_id=ticket.id, worker="w", epoch=1))
    assert isinstance(begun, lifecycle.Begun)

    async with thread(eraser, ticket.id, masked=MARK):
        await erase(ledger, eraser)
        zombie = eraser.checkpoints.saver(ticket.id, begun.ticket.epoch)
        with pytest.raises(Fenced):
            await zombie.__aenter__()
        assert await eraser.checkpoints.newest(ticket.id) is None
    reply = Intent(
        key="k",
        ticket_id=ticket.id,
        tenant=TENANT,
        turn=1,
        epoch=1,
        tool="deliver",
        fingerprint="f",
    )
    with pytest.raises(Fenced):
        await EffectLedger(ledger.database).begin(reply)


async def test_an_erasure_that_broke_off_is_gone_on_with(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker dies after each part in turn; the next one ends with every row counted once."""
    eraser = eraser_of(ledger, tmp_path)
    ticket = await of_person(ledger, ADDRESS)
    await write(ledger, *everywhere(ticket))
    for part in ("_end", "_forget_vectors", "_forget_thread", "_remove"):
        whole = getattr(Eraser, part)

        async def then_die(*given: Any, whole: Any = whole) -> None:
            await whole(*given)
            raise ConnectionError("the worker died")

        with monkeypatch.context() as patch:
            patch.setattr(Eraser, part, then_die)
            with pytest.raises(ConnectionError):
                await erase(ledger, eraser)
    given = await erase(ledger, eraser)
    assert given["removed"]["messages"] == 1
    assert given["removed"]["handoffs"] == 1
    assert await eraser.run_pending() == 0
    assert await eraser.run(given["erasure"]) == given


async def test_a_worker_of_an_older_version_leaves_an_erasure_to_a_newer_one(
    ledger: Ledger, tmp_path: Path
) -> None:
    """It may not know every table that the newer one keeps a person in."""
    eraser = eraser_of(ledger, tmp_path)

    async def at(revision: str) -> None:
        async with ledger.database.transaction() as session:
            newer = text("UPDATE alembic_version SET version_num = :it").bindparams(it=revision)
            await session.execute(newer)

    async with ledger.database.transaction() as session:
        await requests.ask(session, KEY, tenant=TENANT, address=ADDRESS, by="ann")
    await at("0999")
    assert await eraser.run_pending() == 0
    await at(head_revision())
    assert await eraser.run_pending() == 1


async def test_erasing_again_finds_nothing(ledger: Ledger, tmp_path: Path) -> None:
    """A second request is answered with a receipt of its own, without a row removed."""
    eraser = eraser_of(ledger, tmp_path)
    await of_person(ledger, ADDRESS)
    await erase(ledger, eraser)
    again = await erase(ledger, eraser)
    assert [name for name, count in again["removed"].items() if count] == []
    assert (again["found"], receipt.is_genuine(KEY, again)) == (receipt.NOTHING_HELD, True)
    assert len(eraser.sidecar.entries()) == 2


async def test_nothing_of_the_person_stands_in_the_request(ledger: Ledger, tmp_path: Path) -> None:
    """Neither the row nor the list beside the data holds the address."""
    eraser = eraser_of(ledger, tmp_path)
    await erase(ledger, eraser)
    assert MARK not in eraser.sidecar.path.read_text()
    assert eraser.sidecar.path.stat().st_mode & 0o777 == 0o600
    async with ledger.database.reading() as session:
        assert (await session.exec(select(JournalRow))).all() == []


async def test_vectors_of_the_memories_go(ledger: Ledger, tmp_path: Path) -> None:
    """What finds a memory goes with it."""
    import numpy as np

    eraser = eraser_of(ledger, tmp_path)
    ticket = await of_person(ledger, ADDRESS)
    await write(ledger, *everywhere(ticket))
    vector = np.ones(2, dtype=np.float32)
    eraser.index.upsert(
        collection_of(TENANT),
        [Entry(f"m{ticket.id}", ticket.id, vector), Entry("kept", "tkt", vector)],
    )
    await erase(ledger, eraser)
    assert set(eraser.index.written(collection_of(TENANT))) == {"kept"}
