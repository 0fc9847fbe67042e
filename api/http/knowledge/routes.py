"""The help centre as the desk sees it: articles, searches with scores, gaps, contradictions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from sqlmodel.ext.asyncio.session import AsyncSession

from api.http.deps import AgentKey, ApiContext, ContextDep, LeadKey, takes_json
from api.http.knowledge.schemas import (
    ArticleIn,
    ArticleOut,
    ArticlePage,
    ArticleRef,
    ArticleSummary,
    ClearIn,
    ConflictOut,
    GapAskOut,
    GapOut,
    HitOut,
    SearchOut,
    SurveyOut,
)
from api.http.paging import DEFAULT_PAGE, Limit, Offset, following
from api.http.responses import problems
from api.http.text import Line
from api.http.worker_requests import ask_worker
from memory.handoffs import asks
from memory.handoffs.asks import AskId
from memory.knowledge import articles, desk_articles
from memory.knowledge.article_draft import DESK
from memory.storage.queue import INDEX_ARTICLES, SEARCH_ARTICLES, SURVEY_ARTICLES
from memory.tables import Article, now
from memory.tickets.tickets import new_id

STALE_AFTER = timedelta(days=365)
SEARCH_SECONDS = 10.0
SURVEY_SECONDS = 60.0
EXAMPLES = 20
"""Asks of a gap that are shown."""

router = APIRouter(prefix="/v1", tags=["knowledge"])


@router.get("/articles", summary="List articles")
async def list_articles(
    *,
    key: AgentKey,
    context: ContextDep,
    q: Annotated[Line | None, Query(max_length=200)] = None,
    request: Request,
    limit: Limit = DEFAULT_PAGE,
    offset: Offset = 0,
) -> ArticlePage:
    """By title, with how often each is cited and whether a person marked it as wrong."""
    async with context.database.reading() as session:
        page = await articles.listed(session, key.tenant, words=q, limit=limit, offset=offset)
        shown = await _Shown.of(session, key.tenant)
    end = offset + limit
    more = following(request, limit=limit, offset=end) if end < page.total else None
    return ArticlePage(
        items=[ArticleSummary(**shown.fields(one)) for one in page.articles],
        total=page.total,
        stale_after_days=STALE_AFTER.days,
        next=more,
    )


@router.get("/articles/{doc_id:path}", summary="Read an article", responses=problems(404))
async def get_article(
    doc_id: Annotated[str, Path(max_length=500)], key: AgentKey, context: ContextDep
) -> ArticleOut:
    """One article with its text."""
    async with context.database.reading() as session:
        article = await articles.get(session, key.tenant, doc_id)
        shown = await _Shown.of(session, key.tenant)
    return _whole(article, shown)


@router.post(
    "/knowledge/cleared",
    summary="Clear an article that reads as orders to the agent",
    **takes_json(404, 409),
)
async def clear_article(body: ClearIn, key: LeadKey, context: ContextDep) -> ArticleOut:
    """From now on the agent answers from it, until its text changes.

    A sentence that reads as an order still leaves in no reply that a person has not seen.
    """
    async with context.database.transaction() as session:
        article = await articles.clear(
            session, key.tenant, body.doc_id, by=key.name, version=body.version
        )
        shown = await _Shown.of(session, key.tenant)
    return _whole(article, shown)


@router.post("/articles", status_code=201, summary="Write an article", **takes_json())
async def write_article(body: ArticleIn, key: LeadKey, context: ContextDep) -> ArticleOut:
    """A draft unless you say otherwise; a worker makes it searchable some seconds later."""
    async with context.database.transaction() as session:
        article = await desk_articles.write(session, key.tenant, _written(body), key.name)
        return await _indexing(session, context, key.tenant, article)


@router.put("/articles/{doc_id:path}", summary="Change an article", **takes_json(404, 409))
async def change_article(
    doc_id: Annotated[str, Path(max_length=500)],
    body: ArticleIn,
    key: LeadKey,
    context: ContextDep,
) -> ArticleOut:
    """Replace one that was written here; those that come from files are changed there."""
    async with context.database.transaction() as session:
        article = await desk_articles.rewrite(session, key.tenant, doc_id, _written(body), key.name)
        return await _indexing(session, context, key.tenant, article)


@router.get("/knowledge/search", summary="Try a search")
async def try_search(
    q: Annotated[Line, Query(min_length=1, max_length=2_000)], key: AgentKey, context: ContextDep
) -> SearchOut:
    """What a search for these words finds, with every figure behind the order.

    Internal articles are among the hits, marked as such: the agent does not see them.
    """
    found = await ask_worker(context.queue, SEARCH_ARTICLES, key.tenant, q, seconds=SEARCH_SECONDS)
    return SearchOut(query=q, hits=[HitOut.model_validate(hit) for hit in found])


@router.get(
    "/knowledge/survey",
    summary="Find gaps and contradictions",
)
async def survey(key: AgentKey, context: ContextDep) -> SurveyOut:
    """Asks of 90 days that no article answered, by topic, and articles that disagree."""
    found = await ask_worker(context.queue, SURVEY_ARTICLES, key.tenant, seconds=SURVEY_SECONDS)
    async with context.database.reading() as session:
        shown = [(gap, [(*one,) for one in gap["asks"][:EXAMPLES]]) for gap in found["gaps"]]
        texts = await asks.texts(session, key.tenant, [one for _, some in shown for one in some])
        named = {doc for one in found["conflicts"] for doc in (one["first"], one["second"])}
        titles = await articles.titles(session, key.tenant, sorted(named))
    return SurveyOut(
        gaps=[_gap(gap, some, texts) for gap, some in shown],
        conflicts=[
            ConflictOut(
                first=ArticleRef(doc_id=one["first"], title=titles.get(one["first"], "")),
                second=ArticleRef(doc_id=one["second"], title=titles.get(one["second"], "")),
                similarity=one["similarity"],
                figures=one["figures"],
            )
            for one in found["conflicts"]
        ],
        passages=found["passages"],
    )


def _whole(article: Article, shown: _Shown) -> ArticleOut:
    cleared = article.cleared_hash == article.content_hash
    return ArticleOut(
        **shown.fields(article),
        text=article.text,
        version=article.content_hash,
        orders=article.orders,
        cleared_by=article.cleared_by if cleared else None,
    )


class _Shown:
    """What the list says of an article beyond its row."""

    def __init__(self, cited: dict[str, int], wrong: set[tuple[str, str | None]]) -> None:
        self._cited, self._wrong = cited, wrong

    @classmethod
    async def of(cls, session: AsyncSession, tenant: str) -> _Shown:
        return cls(
            await articles.citations(session, tenant), await articles.marked_wrong(session, tenant)
        )

    def fields(self, article: Article) -> dict[str, Any]:
        return {
            "doc_id": article.doc_id,
            "title": article.title,
            "url": article.url,
            "source": article.source,
            "updated_at": article.updated_at,
            "visibility": article.visibility,
            "written_here": article.source.startswith(DESK),
            "searchable": article.indexed_hash == article.content_hash,
            "stale": now() - article.updated_at > STALE_AFTER,
            "cited": self._cited.get(article.doc_id, 0),
            "held": article.held,
            "marked_wrong": (article.doc_id, article.content_hash) in self._wrong,
        }


def _written(body: ArticleIn) -> desk_articles.Written:
    return desk_articles.Written(body.title, body.text, body.visibility)


async def _indexing(
    session: AsyncSession, context: ApiContext, tenant: str, article: Article
) -> ArticleOut:
    """The article as it is stored; a worker is asked to index it."""
    await context.queue.chore(session, new_id("index"), INDEX_ARTICLES, tenant)
    return _whole(article, await _Shown.of(session, tenant))


def _gap(gap: dict[str, Any], some: list[AskId], texts: Mapping[AskId, str]) -> GapOut:
    """A gap with the words of some of its asks, as far as they have not been erased."""
    return GapOut(
        count=len(gap["asks"]),
        confidence=gap["confidence"],
        examples=[
            GapAskOut(ticket_id=one[0], ask=one[1] or None, text=texts[one])
            for one in some
            if one in texts
        ],
        dismissed=gap["dismissed"],
    )
