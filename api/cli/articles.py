"""`deskhand kb`: the knowledge base, loaded, listed, cleared, removed and searched."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from api.cli import article_files, indexing, screen
from api.cli.database import changing, open_database, reading, tenant_of, there_is_one
from api.cli.failures import FAILED, PARTLY, USAGE, CommandFault
from api.cli.numbers import MOST_LISTED
from api.settings import Settings, read_settings

if TYPE_CHECKING:
    from sqlmodel.ext.asyncio.session import AsyncSession

    from memory.knowledge.contract import Hit
    from memory.storage.database import Database
    from memory.tables import Article

app = typer.Typer(help="The knowledge base: your articles.", no_args_is_help=True)
Tenant = Annotated[
    str | None, typer.Option(help="Whose articles (default: the only tenant there is).")
]


@app.command()
def add(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="Folders or files: Markdown, HTML, PDF, DOCX, XLSX, EPUB; CSV, JSON or JSON Lines "
            "with title, text and an id of your own (doc_id)."
        ),
    ],
    tenant: Tenant = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove the articles that are not among these.")
    ] = False,
) -> None:
    """Load articles; a second run changes nothing, a changed article replaces the old one.

    Exit status 3: all that could be read is loaded, and something could not be read.
    """
    from memory.knowledge.staging import stage

    settings = read_settings()
    owner = tenant_of(settings, tenant)
    there_is_one(settings)  # told before thousands of files are read
    drafts, skipped = article_files.read(paths)
    if not drafts:
        for one in skipped[: article_files.SHOWN_SKIPPED]:
            screen.notes().print(f"{one.source}: {one.why}", markup=False)
        names = ", ".join(str(path) for path in paths)
        msg = f"no article found in {names}: give Markdown, HTML, office or JSON Lines files"
        raise CommandFault(msg, USAGE)
    partly = any(one.is_article for one in skipped)
    change = partial(stage, tenant=owner, drafts=drafts, prune=prune and not partly)
    staged = asyncio.run(_indexed(settings, owner, change))
    article_files.report(owner, staged, drafts, skipped)
    if partly and prune:
        screen.notes().print("Nothing is removed while something cannot be read: see above.")
    if partly:
        raise typer.Exit(PARTLY)


@app.command("list")
def list_articles(
    tenant: Tenant = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST_LISTED, help="At most this many.")] = 100,
) -> None:
    """List the articles, and whether they can be found yet."""
    from memory.knowledge import articles

    settings = read_settings()
    owner = tenant_of(settings, tenant)
    page = reading(
        settings, lambda session: articles.listed(session, owner, words=None, limit=limit, offset=0)
    )
    if not page.articles:
        screen.notes().print(f"{owner} has no articles: load some with `deskhand kb add`.")
        return
    rows = [
        (
            article.doc_id,
            article.title,
            article.visibility,
            _state(article),
            screen.moment(article.updated_at),
        )
        for article in page.articles
    ]
    screen.out().print(screen.table(("Article", "Title", "Visibility", "State", "Changed"), rows))
    if page.total > len(rows):
        screen.notes().print(f"{len(rows)} of {page.total} are shown: raise --limit.")


def _state(article: Article) -> str:
    if article.held:
        return "waits for a person: see `deskhand kb clear`"
    return "searchable" if article.indexed_hash == article.content_hash else "waits for indexing"


@app.command()
def clear(
    doc_id: Annotated[str, typer.Argument(help="The article, as `deskhand kb list` names it.")],
    tenant: Tenant = None,
    yes: Annotated[bool, typer.Option("--yes", help="Clear it without asking.")] = False,
) -> None:
    """Let the agent answer from an article with sentences that read as orders to it.

    They are shown first. Once the article's text changes, it waits for a person again.
    """
    settings = read_settings()
    owner = tenant_of(settings, tenant)
    article = reading(settings, partial(_article, owner, doc_id))
    if not article.held:
        screen.notes().print(f"{doc_id} is not held back: there is nothing to clear.", markup=False)
        return
    for sentence in article.orders:
        screen.out().print(f"  {sentence}", markup=False)
    if not yes and not typer.confirm(f"May the agent answer from {doc_id!r}?"):
        raise typer.Exit(PARTLY)
    changing(settings, partial(_clear, owner, doc_id, article.content_hash))
    screen.out().print(f"The agent answers from {doc_id} now.", markup=False)


@app.command()
def remove(
    doc_id: Annotated[str, typer.Argument(help="The article, as `deskhand kb list` names it.")],
    tenant: Tenant = None,
    yes: Annotated[bool, typer.Option("--yes", help="Remove it without asking.")] = False,
) -> None:
    """Remove an article: from then on nobody finds it, and no answer comes from it."""
    from memory.knowledge import staging

    settings = read_settings()
    owner = tenant_of(settings, tenant)
    article = reading(settings, partial(_article, owner, doc_id))
    if not yes and not typer.confirm(f"Remove {doc_id!r} ({article.title})?"):
        raise typer.Exit(PARTLY)
    asyncio.run(_indexed(settings, owner, partial(staging.remove, tenant=owner, doc_ids=[doc_id])))
    words = f"{doc_id} was removed. Loading {article.source} again brings it back."
    screen.out().print(words, markup=False)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="What a customer might ask.")],
    tenant: Tenant = None,
    limit: Annotated[int, typer.Option(min=1, max=10, help="At most this many.")] = 5,
) -> None:
    """Search as the agent does, and show the passages with their scores."""
    settings = read_settings()
    owner = tenant_of(settings, tenant)
    hits = asyncio.run(_search(settings, owner, query, limit))
    if not hits:
        screen.notes().print("Nothing was found: is anything loaded? See `deskhand kb list`.")
        return
    out = screen.out()
    for number, hit in enumerate(hits, start=1):
        place = f"{hit.title} > {hit.heading}" if hit.heading else hit.title
        figures = [f"score {hit.score:.4f}"]
        figures += [f"{n} {hit.features[n]:.2f}" for n in ("dense", "lexical") if n in hit.features]
        if hit.held:
            place += " (waits for a person: the agent does not see it)"
        elif hit.visibility != "public":
            place += f" ({hit.visibility}: the agent does not see it)"
        out.print(Text(f"{number}. {place}", style="bold"))
        out.print(Text(f"   {hit.doc_id}  ({', '.join(figures)})", style="cyan"))
        out.print(Text(f"   {' '.join(hit.text.split())}"))


async def _indexed(settings: Settings, tenant: str, change: Callable[[Database], Any]) -> Any:
    """What a change of the articles came to, once they are indexed."""
    async with open_database(settings) as database:
        done = await change(database)
        await indexing.index(settings, database, tenant)
    return done


async def _article(tenant: str, doc_id: str, session: AsyncSession) -> Article:
    from memory.knowledge import articles

    try:
        return await articles.get(session, tenant, doc_id)
    except articles.NoSuchArticle as error:
        msg = f"{error}: `deskhand kb list` names those of {tenant}"
        raise CommandFault(msg, FAILED) from error


async def _clear(tenant: str, doc_id: str, version: str, session: AsyncSession) -> None:
    from memory.knowledge import articles

    try:
        await articles.clear(session, tenant, doc_id, by="the command line", version=version)
    except articles.ArticleChanged as error:
        raise CommandFault(str(error), FAILED) from error


async def _search(settings: Settings, tenant: str, query: str, limit: int) -> list[Hit]:
    async with open_database(settings) as database:
        try:
            return await indexing.search(settings, database, tenant, query, limit)
        except TimeoutError as error:
            msg = "the worker did not answer in time: look at its log, or stop it and search again"
            raise CommandFault(msg, FAILED) from error
