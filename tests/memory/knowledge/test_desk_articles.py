"""Articles that people write at the desk."""

import pytest

from memory.knowledge import articles, desk_articles
from memory.knowledge.article_draft import ArticleDraft
from memory.knowledge.desk_articles import FromAFile, NothingToRead, Written
from memory.knowledge.staging import stage
from memory.storage.database import Database
from memory.tables.knowledge import Visibility

FIRST = Written("Is there a dark mode?", "# Dark mode\n\nThere is none **yet**.")


async def test_a_written_article_is_a_draft_under_a_name_that_can_be_read(
    database: Database,
) -> None:
    """Two of one title are two articles, and a title in another script has a name as well."""
    async with database.transaction() as session:
        one = await desk_articles.write(session, "acme", FIRST, "Ann")
        other = await desk_articles.write(session, "acme", FIRST, "Bob")
        third = await desk_articles.write(session, "acme", Written("Тёмная тема", "Скоро."), "Ann")
        told = [(row.doc_id, row.visibility, row.source) for row in (one, other, third)]
    assert told[0] == ("is-there-a-dark-mode", Visibility.DRAFT, "desk:Ann")
    assert told[1][0].startswith("is-there-a-dark-mode-")
    assert told[2][0].startswith("article-")
    assert one.text == "## Dark mode\n\nThere is none yet."


async def test_what_it_says_of_itself_is_not_believed(database: Database) -> None:
    """Front matter belongs to files: here it would name another article or publish a draft."""
    text = "---\ndoc_id: refunds\nvisibility: public\n---\n\nThere is none."
    async with database.transaction() as session:
        made = await desk_articles.write(session, "acme", Written("Dark mode", text), "Ann")
        assert (made.doc_id, made.visibility) == ("dark-mode", Visibility.DRAFT)


@pytest.mark.parametrize("text", [" ", "<!-- nothing -->", "---"])
async def test_a_text_that_shows_nothing_is_refused(database: Database, text: str) -> None:
    """Whatever it is made of."""
    async with database.transaction() as session:
        with pytest.raises(NothingToRead, match="write what customers should read"):
            await desk_articles.write(session, "acme", Written("Dark mode", text), "Ann")


async def test_it_is_changed_where_it_comes_from(database: Database) -> None:
    """What was written here is changed here; what came from a file is not."""
    await stage(database, "acme", [ArticleDraft("refunds", "Refunds", "Soon.", None, "refunds.md")])
    public = Written("Dark mode", "From May on.", Visibility.PUBLIC)
    async with database.transaction() as session:
        made = await desk_articles.write(session, "acme", FIRST, "Ann")
        changed = await desk_articles.rewrite(session, "acme", made.doc_id, public, "Bob")
        assert (changed.id, changed.text, changed.source) == (made.id, "From May on.", "desk:Bob")
        with pytest.raises(FromAFile, match=r"refunds\.md"):
            await desk_articles.rewrite(session, "acme", "refunds", public, "Bob")
        with pytest.raises(articles.NoSuchArticle):
            await desk_articles.rewrite(session, "bolt", made.doc_id, public, "Bob")


async def test_pruning_the_files_keeps_what_was_written_here(database: Database) -> None:
    """It stands in no file, so its absence there says nothing."""
    async with database.transaction() as session:
        await desk_articles.write(session, "acme", FIRST, "Ann")
    draft = ArticleDraft("refunds", "Refunds", "Soon.", None, "refunds.md")
    assert (await stage(database, "acme", [draft], prune=True)).removed == 0
    assert (await stage(database, "acme", [], prune=True)).removed == 1
