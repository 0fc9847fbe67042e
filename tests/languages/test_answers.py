"""A desk with articles in four languages answers in each from its own, or a person does."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from evals.harness.desk_runtime import Driven, OpenDesk, open_desk
from evals.harness.rows import Label, Sender, TicketRow
from evals.harness.setup import Setup
from evals.stack.stack import PROJECT_CACHE
from graph.desk.letters import LETTERS
from graph.text.notices import NOTICES
from tests.languages.library import ARTICLES, ASKED, NOT_COVERED

DESK = """
tenant: riverside
company: Riverside Library
languages: [de, fr, es]
"""
ENGLISH = "# Get a library card\n\nA library card costs 12 euros a year.\n"
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[OpenDesk]:
    """The library over its articles in all languages."""
    home = tmp_path_factory.mktemp("library")
    (home / "desk.yaml").write_text(DESK)
    articles = home / "articles"
    articles.mkdir()
    (articles / "card.md").write_text(ENGLISH)
    for language, own in ARTICLES.items():
        for name, (title, text) in own.items():
            (articles / f"{language}-{name}.md").write_text(f"# {title}\n\n{text}\n")
    setup = Setup(desk=home / "desk.yaml", kb=(articles,), cache=PROJECT_CACHE)
    async with open_desk(setup) as opened:
        yield opened


async def _driven(desk: OpenDesk, name: str, text: str) -> Driven:
    sender = Sender(email="ada@example.org", name="Ada Lind")
    row = TicketRow(id=name, subject="", body=text, customer=sender, headers={}, label=Label())
    return (await desk.converse(row, []))[0]


async def test_a_covered_question_is_answered_in_its_language(desk: OpenDesk) -> None:
    """From the article in it, whole and in a letter of that language; never from a wrong article."""
    answered = 0
    for number, (language, question, article, fact) in enumerate(ASKED):
        came = await _driven(desk, f"asked-{number}", question)
        if came.ticket.outcome != "delivered":
            assert came.ticket.reason == "language", question
            assert came.sent[-1].text == NOTICES[language]
            continue
        answered += 1
        reply = came.sent[-1]
        assert {one["source"] for one in reply.citations} == {f"{language}-{article}"}, question
        assert fact in reply.text
        assert reply.text.startswith(LETTERS[language].greeting.split("{name}")[0])
        assert LETTERS[language].closing in reply.text
    assert answered >= len(ASKED) // 2


async def test_what_no_article_answers_is_a_persons(desk: OpenDesk) -> None:
    """And the customer is told so in the same language."""
    for number, (language, question) in enumerate(NOT_COVERED):
        came = await _driven(desk, f"open-{number}", question)
        assert (came.ticket.outcome, came.ticket.reason) == ("with_person", "language"), question
        assert came.sent[-1].text == NOTICES[language]
