"""How surely the evidence answers."""

from collections.abc import Sequence

import pytest

from graph.minds.local.confidence.assessor import (
    APPROVED,
    LocalAssessor,
    search_features,
)
from graph.minds.local.planning.vagueness import WHAT, clarifying_question, points_at, what_of_it
from graph.state import Ask, Evidence, StepResult
from memory.encoder.encoder import HashEncoder
from memory.knowledge.approved import FEATURE
from tests.graph.found import EvidenceKind, evidence_of, result_of

STRONG = {"doubt": 0.1, "dense": 0.85, "telling": 0.9}
WEAK = {"doubt": 2.4, "dense": 0.2, "telling": 0.5}


def _ask(text: str) -> Ask:
    return {"id": "a1", "text": text, "query": text, "intent": None}


def _evidence(
    name: str,
    score: float,
    features: dict[str, float] | None = None,
    kind: EvidenceKind = "article",
) -> Evidence:
    return evidence_of(name, score=score, features=features or WEAK, kind=kind)


def _result(evidence: Sequence[Evidence], ask: Ask | None = None) -> StepResult:
    return result_of(*evidence, arguments={} if ask is None else {"query": ask["query"]})


async def test_strong_evidence_is_surer_than_weak() -> None:
    """The shipped model tells a near match with every word from a distant one."""
    ask, assessor = _ask("How do I download an invoice?"), LocalAssessor()
    strong = await assessor.confidence(ask, [_result([_evidence("a", 1.0, STRONG)])])
    weak = await assessor.confidence(ask, [_result([_evidence("a", 0.4, WEAK)])])
    assert strong.value > 0.75
    assert weak.value < 0.35
    assert strong.features["doubt"] == STRONG["doubt"]


async def test_what_a_person_sent_to_a_like_question_is_sure() -> None:
    """Where it is found first, and tells of what is asked for, in so many words; what is surer stays so."""
    known, assessor = _evidence("a", 0.4, WEAK | {FEATURE: 0.9}), LocalAssessor()

    async def value(text: str, *found: Evidence, query: str = "") -> float:
        result = await assessor.confidence(_ask(text), [_result(found, _ask(query or text))])
        assert (FEATURE in result.features) == (result.value == APPROVED)
        return result.value

    assert await value(bill := "How do I download an invoice?", known) == APPROVED
    assert await value(bill, _evidence("b", 0.5), known) < APPROVED
    assert await value(bill, known, query=f"{bill} Title a") < APPROVED
    assert await value("How long does that take?", known) < APPROVED
    assert await value("Please help me", known) < APPROVED
    cancels = known | {"text": "Cancel the membership."}
    assert await value("Can I pause the membership?", cancels) == 0.0


async def test_nothing_found_is_no_confidence() -> None:
    """Without evidence there is nothing to be sure of and nothing to cite."""
    found = await LocalAssessor().confidence(_ask("How do I download an invoice?"), [_result([])])
    assert (found.value, found.evidence, found.question) == (0.0, [], None)


async def test_the_best_passages_are_cited_once() -> None:
    """Over all steps, best first; what scores far less is left out."""
    first = _result([_evidence("a", 0.9), _evidence("b", 0.85)])
    second = _result([_evidence("c", 0.95), _evidence("a", 0.9), _evidence("d", 0.4)])
    found = await LocalAssessor().confidence(_ask("How do I see all invoices?"), [first, second])
    assert found.evidence == ["c", "a", "b"]


@pytest.mark.parametrize("kind", ["tool", "guidance"])
async def test_records_and_guidance_are_certain(kind: EvidenceKind) -> None:
    """A tool's record, or what a person said, answers whatever the articles say."""
    given = [_evidence("a", 0.9), _evidence("t", 1.0, kind=kind)]
    found = await LocalAssessor().confidence(_ask("Where is my order?"), [_result(given)])
    assert found.value > 0.9
    assert found.evidence == ["t"]


def test_a_short_ask_with_rivals_is_asked_about() -> None:
    """The question offers the titles that are equally near."""
    near = [_evidence("a", 0.9), _evidence("b", 0.89), _evidence("c", 0.5)]
    assert clarifying_question("-- [...] q", near) == WHAT
    question = clarifying_question("Invoice?", near)
    assert question is not None
    assert "Title a" in question
    assert "Title b" in question
    assert "Title c" not in question


async def test_nobody_is_asked_what_the_sentence_before_told() -> None:
    """A question may say nothing by itself; what was told beside it does."""
    ask: Ask = {**_ask("Where is that?"), "query": "I would like another password. Where is that?"}
    found = await LocalAssessor().confidence(ask, [_result([_evidence("a", 0.2)])])
    assert found.question is None
    alone = await LocalAssessor().confidence(
        _ask("Where is that?"), [_result([_evidence("a", 0.2)])]
    )
    assert alone.question == WHAT


async def test_nobody_is_asked_what_a_short_question_rests_on() -> None:
    """A few words and what was told before them say enough to look at, and so does a rare word."""
    rivals = [_result([_evidence("a", 0.9), _evidence("b", 0.89)])]
    story: Ask = {
        **_ask("Can you pay?"),
        "query": "My spaniel broke a tooth on holiday. Can you pay?",
    }
    assert (await LocalAssessor().confidence(story, rivals)).question is None
    one: Evidence = {**_evidence("a", 0.9), "text": "An invoice for a spaniel."}
    assert clarifying_question("Spaniel invoice?", [one, _evidence("b", 0.89)]) is None


async def test_what_names_not_what_is_asked_for_does_not_answer() -> None:
    """However near it is."""
    given = [_result([{**_evidence("a", 0.9), "text": "We print invoices."}])]
    assert not (await LocalAssessor().confidence(_ask("Do you print posters?"), given)).value


@pytest.mark.parametrize("ask", ["Help please", ""])
def test_an_ask_without_a_topic_is_asked_about(ask: str) -> None:
    """Nothing is offered where nothing was said."""
    question = clarifying_question(ask, [_evidence("a", 0.9)])
    assert question is None or "Title" not in question


def test_a_clear_ask_is_not_asked_about() -> None:
    """Rivals alone do not make an ask vague, and a short one may have a single answer."""
    rivals = [_evidence("a", 0.9), _evidence("b", 0.89)]
    assert clarifying_question("How do I download the invoice of last May?", rivals) is None
    assert clarifying_question("Invoice?", [_evidence("a", 0.9), _evidence("b", 0.5)]) is None


@pytest.mark.parametrize(
    "said",
    [
        "Super, that did it, greetings to your whole team!",
        "Do you offer gift vouchers?",
        "Is there a student discount?",
        "Do you do alterations?",
    ],
)
def test_thanks_and_a_thing_that_is_named_are_not_vague(said: str) -> None:
    """Who asks nothing is asked nothing back; who names a thing is not asked which one."""
    rivals = [_evidence("a", 0.9), _evidence("b", 0.88)]
    assert clarifying_question(said, rivals) is None


def test_numbers_that_a_search_did_not_bring_count_as_average() -> None:
    """Evidence of an older release in a checkpoint is still judged."""
    assert search_features([_evidence("a", 1.0, {"dense": 0.5, "dense_lead": 0.1})]) == {
        "dense": 0.5
    }


def test_the_lead_is_over_the_next_article() -> None:
    """Another passage of the same article is no rival; without any rival there is no lead."""
    best, again = _evidence("a", 1.0, STRONG), _evidence("b", 0.9, {"telling": 0.85})
    again["source"] = best["source"]
    other = _evidence("c", 0.8, {"telling": 0.6})
    assert search_features([best, again, other])["lead"] == pytest.approx(0.3)
    assert search_features([best, again])["lead"] == 0.0


def _telling(name: str, text: str, features: dict[str, float]) -> Evidence:
    return {**_evidence(name, 1.0, features), "title": name, "text": text}


async def test_an_answer_to_something_else_is_less_sure() -> None:
    """The same search, but what would be written holds none of the ask's words."""
    assessor = LocalAssessor(HashEncoder())
    ask = _ask("How long does the blue lamp burn?")
    said = _telling("Lamps", "The blue lamp does burn for 7 hours, however long the night.", STRONG)
    beside = _telling("Lamps", "Chairs are sold in pairs. A table has four legs.", STRONG)
    right = await assessor.confidence(ask, [_result([said])])
    wrong = await assessor.confidence(ask, [_result([beside])])
    assert right.features["addressed"] > wrong.features["addressed"] == 0.0
    assert right.value > wrong.value


async def test_an_answer_from_another_article_than_the_best_does_not_agree() -> None:
    """The search trusts one article, the sentence that answers stands in another."""
    first = _telling("Chairs", "Chairs are sold in pairs.", STRONG)
    second = _telling("Lamps", "The blue lamp does burn for 7 hours.", STRONG)
    second["score"] = 0.99
    ask = _ask("How long does the blue lamp burn?")
    found = await LocalAssessor(HashEncoder()).confidence(ask, [_result([first, second])])
    alone = await LocalAssessor(HashEncoder()).confidence(ask, [_result([second])])
    assert (found.features["agrees"], alone.features["agrees"]) == (0.0, 1.0)


@pytest.mark.parametrize("ask", ["overtime rules", "printer", "🔑 lost"])
async def test_a_thing_of_which_nothing_is_asked_is_asked_about(ask: str) -> None:
    """However near an article is, no answer can be right."""
    found = await LocalAssessor().confidence(_ask(ask), [_result([_evidence("a", 1.0, STRONG)])])
    assert found.evidence == []
    assert found.question is not None
    assert ask in found.question


@pytest.mark.parametrize(
    ("ask", "before"),
    [
        ("Is it possible?", "We breed llamas in Peru and film them from drones with a licence."),
        ("Can I undo it?", "Yesterday our trainee moved the whole plan of May to another branch."),
    ],
)
async def test_what_was_named_before_the_ask_is_not_asked_for(ask: str, before: str) -> None:
    """Whoever said plainly what it is about is not asked which product they mean."""
    asked = _ask(ask)
    near = _result([_evidence("a", 0.4), _evidence("b", 0.4)])
    assert (await LocalAssessor().confidence(asked, [near])).question is not None
    asked["query"] = f"{before} {ask}"
    assert (await LocalAssessor().confidence(asked, [near])).question is None


@pytest.mark.parametrize(
    ("ask", "pointer"),
    [
        ("How much does it cost?", "it"),
        ("What are the rewards of this card?", "this"),
        ("Do they deliver large parcels?", "they"),
        ("Is it possible to download an invoice?", None),
        ("How much is it to print an invoice?", None),
        ("How do I download an invoice?", None),
    ],
)
def test_an_ask_that_points_at_something_unnamed_is_asked_about(
    ask: str, pointer: str | None
) -> None:
    """The question names the word; an `it` that stands for nothing does not count."""
    assert points_at(ask) == pointer
    question = clarifying_question(ask, [_evidence("a", 0.9), _evidence("b", 0.5)])
    assert (question is None) == (pointer is None)
    assert question is None or f"“{pointer}”" in question


def test_nothing_is_asked_where_one_article_alone_is_near() -> None:
    """Whatever the customer said, the same article would be looked at: "How often does it run?"."""
    found = [_evidence("a", 0.9), _evidence("b", 0.5)]
    assert clarifying_question("Do they deliver?", found) is None


def test_a_long_ask_has_named_what_it_points_at() -> None:
    """As most messages of several lines have."""
    ask = "The invoice of last May has another company's name, can you correct it before Friday?"
    assert clarifying_question(ask, [_evidence("a", 0.9)]) is None


async def test_an_article_about_another_deed_is_no_answer() -> None:
    """The way to cancel is not the way to pause; nor does an article that merely comes next tell it."""
    ask = _ask("Can I pause the membership?")
    near, far = _evidence("a", 2.0, STRONG), _evidence("b", 1.0, WEAK)
    near["text"], far["text"] = "Cancel the membership.", "Members may take a pause of a month."
    found = await LocalAssessor(None).confidence(ask, [_result([near, far])])
    assert (found.value, found.evidence) == (0.0, [])
    near["text"] = "A membership can be cancelled, and it can be put on hold."
    found = await LocalAssessor(None).confidence(ask, [_result([near, far])])
    assert found.evidence[0] == "a"


async def test_what_comes_next_does_not_answer_in_place_of_another_thing() -> None:
    """The nearest article is about another version than the ask names: the next is no better."""
    ask = _ask("How do I install release 7.4 of the viewer?")
    near, far = _evidence("a", 2.0, STRONG), _evidence("b", 1.0, WEAK)
    near |= {"title": "Install release 6.1 of the viewer", "text": "Run setup."}
    far |= {"title": "Colours", "text": "The viewer has a dark look."}
    found = await LocalAssessor(None).confidence(ask, [_result([near, far])])
    assert (found.value, found.evidence) == (0.0, [])


def test_a_question_back_offers_what_has_to_do_with_it_and_repeats_no_junk() -> None:
    """Titles that share no word with the ask are odd choices; symbols are no words."""
    rivals = [_evidence("a", 0.9), _evidence("b", 0.89)]
    assert clarifying_question("can we paddle at 4", rivals) is None
    assert what_of_it("xk%%3## qq-$$$ kiosk", rivals) == WHAT
    assert "“kiosk”" in what_of_it("kiosk", rivals)
