"""Nobody is sent the same text twice in one ticket, whatever the words by which they write again."""

from dataclasses import replace
from pathlib import Path

import pytest

from graph.not_helped import of_the_same, quoted_in
from graph.text.repeated import repeats
from memory.journal.codes import Reason
from memory.tables import Outcome
from tests.bench import HIT, opened
from tests.graph.found import evidence_of, result_of

BESIDE = replace(HIT, chunk_id="c2", text="The owner of the account may have blocked it.")
ELSEWHERE = replace(HIT, chunk_id="c3", doc_id="trips", text="Trips are booked a week before.")


@pytest.mark.parametrize(
    "follow_up",
    ["it says locked still, waited an hour", "Light blinks red over here", "how do I reset it?"],
)
async def test_what_finds_the_same_passage_goes_to_a_person(
    tmp_path: Path, template: Path, follow_up: str
) -> None:
    """Whether it complains in words of its own, or asks the very same again."""
    async with opened(tmp_path, template, hits=(HIT,)) as bench:
        ticket = await bench.answer("How do I reset it?")
        assert ticket.outcome == Outcome.DELIVERED
        await bench.write(ticket, follow_up)
        ticket = await bench.run(ticket)
        assert ticket.outcome == Outcome.WITH_PERSON
        assert len([one for one in bench.post.messages.values() if one["kind"] == "reply"]) == 1


async def test_a_complaint_in_words_of_its_own_is_told_as_one(
    tmp_path: Path, template: Path
) -> None:
    """The person reads that an answer did not help, and no other article is tried."""
    async with opened(tmp_path, template, hits=(HIT, ELSEWHERE)) as bench:
        ticket = await bench.answer("How do I reset it?")
        await bench.write(ticket, "it says locked still, waited an hour")
        ticket = await bench.run(ticket)
        assert (ticket.outcome, ticket.reason) == (Outcome.WITH_PERSON, Reason.NOT_HELPED)


async def test_who_wants_it_once_more_gets_it_once_more(tmp_path: Path, template: Path) -> None:
    """A lost mail is no complaint."""
    async with opened(tmp_path, template, hits=(HIT,)) as bench:
        ticket = await bench.answer("How do I reset it?")
        await bench.write(ticket, "I deleted your mail, could you send your answer again?")
        ticket = await bench.run(ticket)
        assert ticket.outcome == Outcome.DELIVERED


def test_only_what_was_quoted_is_gone_on_from() -> None:
    """Other passages of the same article stay."""
    items = [evidence_of(text=one.text, source=one.doc_id) for one in (HIT, BESIDE, ELSEWHERE)]
    kept = of_the_same([result_of(*items)], quoted_in([f"Hello,\n\n{HIT.text}"]))
    assert [one["text"] for one in kept[0]["evidence"]] == [HIT.text, BESIDE.text]


def test_two_answers_of_which_each_was_sent_are_no_new_one() -> None:
    """Nor are they where each stands in another answer."""
    sent = ["Press the red button.", "Wait for ten minutes."]
    assert repeats(["Press the red button.", "Wait for ten minutes."], sent)
    assert not repeats(["Press the red button.", "Call us."], sent)
