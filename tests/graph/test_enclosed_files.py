"""Files that a person sends with an answer: part of its effect, once, whatever happens on the way."""

import asyncio

import pytest
from typing_extensions import override

from graph.ledger import TicketLedger
from memory import enclosures
from memory.files import message_files, uploads
from memory.files.incoming import API, PERSON, FileRefused, FileUnknown, NewFile, Room
from memory.tables import Outcome, StoredFile, Ticket
from memory.tickets.messages import Said
from tests.bench import TENANT, Bench, Opened
from tools.adapters.fakes import ListedPost
from tools.contract import Json
from tools.faults import Rejected

ANN = f"{PERSON}Ann"


async def upload(bench: Bench, name: str = "label.pdf", owner: str = ANN, size: int = 500) -> str:
    """A file that waits for a person's answer; its id."""
    new = NewFile(name, "application/pdf", size, name.encode() + bytes(size - len(name)))
    async with bench.wiring.database.transaction() as session:
        return (await uploads.upload(session, TENANT, owner, new, Room(file_bytes=size))).id


async def attached(bench: Bench, ticket: Ticket) -> dict[int, list[str]]:
    """Names of the files of each message."""
    async with bench.wiring.database.reading() as session:
        found = (await message_files.of_tickets(session, [ticket.id]))[ticket.id]
    return {seq: [one.name for one in some] for seq, some in found.items()}


async def stored(bench: Bench, file_id: str) -> StoredFile:
    """The file's row."""
    async with bench.wiring.database.reading() as session:
        return await session.get_one(StoredFile, file_id)


def replied(bench: Bench) -> list[Json]:
    """The replies that left."""
    return [one for one in bench.post.messages.values() if one["kind"] == "reply"]


async def test_files_leave_with_the_answer_and_stand_beside_it(open_bench: Opened) -> None:
    """The message names them and where their bytes are; the conversation has them with the reply."""
    async with open_bench() as bench:
        ticket = await bench.answer("How? #person")
        ids = [await upload(bench, "label.pdf"), await upload(bench, "form.pdf")]
        parts = {"files": tuple(ids), "uploader": ANN}
        ticket = await bench.settled_by(ticket, "reply", text="See both.", **parts)
        assert ticket.outcome == Outcome.ANSWERED_BY_PERSON
        [reply] = replied(bench)
        assert [(one["name"], one["url"]) for one in reply["files"]] == [
            ("label.pdf", f"/v1/files/{ids[0]}"),
            ("form.pdf", f"/v1/files/{ids[1]}"),
        ]
        [message] = [one for one in await bench.messages(ticket) if one.kind == "reply"]
        assert await attached(bench, ticket) == {message.seq: ["label.pdf", "form.pdf"]}


async def test_the_same_words_with_another_file_are_another_effect(open_bench: Opened) -> None:
    """So a ledger that knows the one does not take the other for sent."""
    async with open_bench() as bench:
        keys = []
        for name in ("one.pdf", "two.pdf"):
            ticket = await bench.answer("How? #person")
            parts = {"files": (await upload(bench, name),), "uploader": ANN}
            await bench.settled_by(ticket, "reply", text="See this.", **parts)
            keys += [
                one.fingerprint
                for one in await bench.effects(ticket)
                if one.tool == "deliver_reply"
            ]
        assert len(set(keys)) == 2


class Refusing(ListedPost):
    """Refuses the first reply for good."""

    refused: bool = False

    @override
    async def send(self, message: Json, key: str) -> Json:
        if message["kind"] == "reply" and not self.refused:
            self.refused = True
            raise Rejected("not this one")
        return await super().send(message, key)


async def test_what_could_not_be_sent_can_be_sent_again_with_its_files(open_bench: Opened) -> None:
    """A refused reply comes back to the person, whose files are still theirs, also a day later."""
    async with open_bench(post=Refusing()) as bench:
        ticket = await bench.answer("How? #person")
        one = await upload(bench)
        parts = {"files": (one,), "uploader": ANN}
        ticket = await bench.settled_by(ticket, "reply", text="First.", **parts)
        assert (len(await bench.handoffs(ticket)), replied(bench)) == (2, [])
        kept = await stored(bench, one)
        assert (kept.ticket_id, kept.seq) == (ticket.id, None)
        # They are told in the order of the answer, whenever each was uploaded.
        parts["files"] = (await upload(bench, "later.pdf"), one)
        ticket = await bench.settled_by(ticket, "reply", text="Second.", **parts)
        assert [len(said["files"]) for said in replied(bench)] == [2]
        assert list((await attached(bench, ticket)).values()) == [["later.pdf", "label.pdf"]]


async def test_a_run_that_dies_behind_the_sending_sends_the_files_once(
    open_bench: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next run finds the effect done, and the files come to stand beside the message."""
    sent, reached = TicketLedger.sent, asyncio.Event()

    async def hangs(self: TicketLedger, said: Said) -> None:
        if said.kind == "reply" and not reached.is_set():
            reached.set()
            await asyncio.Event().wait()
        await sent(self, said)

    monkeypatch.setattr(TicketLedger, "sent", hangs)
    async with open_bench() as bench:
        ticket = await bench.answer("How? #person")
        files = (await upload(bench),)
        await bench.decide(ticket, "reply", text="See this.", files=files, uploader=ANN)
        dying = asyncio.create_task(bench.run(ticket))
        await reached.wait()
        dying.cancel()
        await asyncio.wait([dying])
        ticket = await bench.run(ticket)
        assert ticket.outcome == Outcome.ANSWERED_BY_PERSON
        assert len(replied(bench)) == 1
        assert list((await attached(bench, ticket)).values()) == [["label.pdf"]]


async def test_only_ones_own_uploads_leave_once_and_within_bounds(open_bench: Opened) -> None:
    """A colleague's, a system's, one that was sent, and too much together are refused, and nothing is decided."""
    async with open_bench() as bench:
        ticket = await bench.answer("How? #person")
        half = enclosures.MOST_BYTES // 2 + 1
        large = [await upload(bench, name, size=half) for name in ("a", "b")]
        for owner in (f"{PERSON}Bob", API):
            other = await upload(bench, owner=owner)
            with pytest.raises(FileUnknown):
                await bench.decide(ticket, "reply", text="x", files=(other,), uploader=ANN)
        with pytest.raises(FileRefused, match="send fewer"):
            await bench.decide(ticket, "reply", text="x", files=tuple(large), uploader=ANN)
        mine = await upload(bench)
        await bench.settled_by(ticket, "reply", text="x", files=(mine,), uploader=ANN)
        again = await bench.answer("How? #person")
        with pytest.raises(FileUnknown, match="sent with another message"):
            await bench.decide(again, "reply", text="x", files=(mine,), uploader=ANN)
        with pytest.raises(FileUnknown):
            async with bench.wiring.database.transaction() as session:
                await enclosures.enclose(session, "bolt", ANN, large[:1], again.id)
