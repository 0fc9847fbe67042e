"""What people correct takes effect: articles, answers, intents, gaps."""

from dataclasses import replace
from typing import Any

from api.worker import assembly
from graph.minds.local.intent.classifier import LocalClassifier
from graph.minds.scripted import scripted_minds
from memory.encoder.encoder import Encoder
from memory.handoffs import corrections
from memory.handoffs.corrections import New
from memory.knowledge.article_draft import ArticleDraft
from memory.knowledge.ingest import index_pending
from memory.knowledge.staging import stage
from memory.tables import (
    CorrectionKind,
    Ticket,
)
from tests.bench import TENANT, Bench, Opened
from tests.people import HANDED


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
