"""The help centre as the desk sees it: articles, searches with scores, gaps, contradictions."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.http.deps import AgentKey, ContextDep
from api.http.knowledge.schemas import (
    ArticleOut,
    ArticlePage,
    ArticleRef,
    ArticleSummary,
    ConflictOut,
    GapAskOut,
    GapOut,
    HitOut,
    SearchOut,
    SurveyOut,
)
from api.http.responses import problems
from api.http.text import Line
from api.http.worker_requests import ask_worker
from memory.handoffs.model import Story
from memory.knowledge import articles
from memory.storage.queue import SEARCH_ARTICLES, SURVEY_ARTICLES
from memory.tables import Article, Correction, CorrectionKind, Handoff, now

STALE_AFTER = timedelta(days=365)
SEARCH_SECONDS = 10.0
SURVEY_SECONDS = 60.0
DEFAULT_PAGE = 50
MAX_PAGE = 200
MAX_OFFSET = 100_000
EXAMPLES = 3
"""Asks of a gap that are shown."""

router = APIRouter(prefix="/v1", tags=["knowledge"])


@router.get("/articles", summary="List articles", responses=problems(401, 403, 422, 503))
async def list_articles(
    *,
    key: AgentKey,
    context: ContextDep,
    q: Annotated[Line | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = DEFAULT_PAGE,
    offset: Annotated[int, Query(ge=0, le=MAX_OFFSET)] = 0,
) -> ArticlePage:
    """By title, with how often each is cited and whether a person marked it as wrong."""
    async with context.database.reading() as session:
        page = await articles.listed(session, key.tenant, words=q, limit=limit, offset=offset)
        shown = await _Shown.of(session, key.tenant)
    following = None
    if offset + limit < page.total:
        query = {"limit": limit, "offset": offset + limit} | ({"q": q} if q else {})
        following = f"/v1/articles?{urlencode(query)}"
    return ArticlePage(
        items=[ArticleSummary(**shown.fields(one)) for one in page.articles],
        total=page.total,
        stale_after_days=STALE_AFTER.days,
        next=following,
    )


@router.get(
    "/articles/{doc_id:path}", summary="Read an article", responses=problems(401, 403, 404, 503)
)
async def get_article(
    doc_id: Annotated[str, Path(max_length=500)], key: AgentKey, context: ContextDep
) -> ArticleOut:
    """One article with its text."""
    async with context.database.reading() as session:
        article = await articles.get(session, key.tenant, doc_id)
        shown = await _Shown.of(session, key.tenant)
    return ArticleOut(**shown.fields(article), text=article.text)


@router.get("/knowledge/search", summary="Try a search", responses=problems(401, 403, 422, 503))
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
    responses=problems(401, 403, 503),
)
async def survey(key: AgentKey, context: ContextDep) -> SurveyOut:
    """Asks of 90 days that no article answered, by topic, and articles that disagree."""
    found = await ask_worker(context.queue, SURVEY_ARTICLES, key.tenant, seconds=SURVEY_SECONDS)
    async with context.database.reading() as session:
        gaps = [await _gap(session, key.tenant, gap) for gap in found["gaps"]]
        named = {doc for one in found["conflicts"] for doc in (one["first"], one["second"])}
        titles = await articles.titles(session, key.tenant, sorted(named))
    return SurveyOut(
        gaps=gaps,
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
            "searchable": article.indexed_hash == article.content_hash,
            "stale": now() - article.updated_at > STALE_AFTER,
            "cited": self._cited.get(article.doc_id, 0),
            "marked_wrong": (article.doc_id, article.content_hash) in self._wrong,
        }


async def _gap(session: AsyncSession, tenant: str, gap: dict[str, Any]) -> GapOut:
    examples = [await _ask(session, tenant, *one) for one in gap["asks"][:EXAMPLES]]
    return GapOut(
        count=len(gap["asks"]),
        confidence=gap["confidence"],
        examples=[one for one in examples if one is not None],
    )


async def _ask(session: AsyncSession, tenant: str, ticket: str, ask: str) -> GapAskOut | None:
    """The ask's words; None where they have been erased since."""
    if not ask:
        named = select(Correction.question).where(
            Correction.tenant == tenant,
            Correction.ticket_id == ticket,
            Correction.kind == CorrectionKind.ARTICLE_MISSING,
        )
        text = (await session.exec(named)).first()
        return None if text is None else GapAskOut(ticket_id=ticket, text=text)
    stories = (
        select(Handoff.story)
        .where(Handoff.tenant == tenant, Handoff.ticket_id == ticket)
        .order_by(col(Handoff.created_at).desc())
    )
    for story in await session.exec(stories):
        for one in Story.model_validate(story).asks:
            if one.id == ask:
                return GapAskOut(ticket_id=ticket, text=one.text)
    return None
