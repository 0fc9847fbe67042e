"""Articles: try a search, see what no article answers, what is stale or wrong; write one."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import quote

from api.console.articles import gaps
from api.console.parts import charts, widgets, words
from api.console.parts.remote import ApiRefused
from api.console.parts.widgets import Tag
from api.console.queue.sheet import Sheet
from api.console.shell.visit import Visit, sentence

FIGURES = {
    "dense": ("meaning", "How near its meaning is to that of the question, up to 1."),
    "lexical": ("words", "How many of the question's words it has, and how rare they are here."),
    "aligned": ("word by word", "How near the nearest word is to each of the question's, up to 1."),
    "telling": ("rare words", "The same, where rare words count more."),
    "covered": ("told", "The share of the question's words that it has."),
}
"""What the score of a hit is made of, by its name in the search."""


async def build(visit: Visit) -> None:
    """Draw the search, the articles, and on request the survey."""
    charts.styles()
    query, page = visit.params.get("q", ""), visit.params.get("page", "0")
    about = "What the agent answers from, and where it has nothing to say."
    with charts.page_head("Articles", about):
        if visit.may("lead"):
            widgets.link("Write an article", "/console/articles/write", "btn primary")
    with Tag("div", "cards pair"):
        with charts.card("Try a search", "What the agent would find, best first.", whole=True):
            await _search(visit, query)
        with charts.card("Gaps and contradictions") as survey:
            gaps.invite()
        await _articles(visit, int(page) if page.isdigit() else 0)
    visit.acts |= gaps.Gaps(visit, survey).acts()
    visit.acts["review"] = partial(_review, visit)


async def _search(visit: Visit, query: str) -> None:
    with Tag("form", "search-line", method="get", action="/console/knowledge", role="search"):
        Tag(
            "input",
            type="search",
            name="q",
            value=query,
            placeholder="As a customer would ask it",
            aria_label="Search as a customer would ask",
            maxlength="2000",
        )
        Tag("button", "btn primary", "Search", type="submit")
    if not query.strip():
        return
    try:
        found = await visit.remote.get("/v1/knowledge/search", q=query)
    except ApiRefused as refused:
        Tag("p", "muted", sentence(str(refused)))
        return
    if not found["hits"]:
        widgets.empty("search_off", "Nothing found", "No article matches these words.")
    with Tag("div", "hits"):
        for hit in found["hits"]:
            _hit(hit)


def _hit(hit: dict[str, Any]) -> None:
    with Tag("article", "hit"):
        with Tag("div", "hit-head"):
            Tag("strong", "", hit["title"])
            Tag("span", "muted", words.unmarked(hit["heading"]))
        Tag("p", "text", words.unmarked(hit["text"]))
        with Tag("div", "scores"):
            _visibility(hit["visibility"])
            _held(hit)
            widgets.badge(
                f"score {hit['score']:.2f}", "info", "How well it fits: the order of the hits."
            )
            for name, (word, about) in FIGURES.items():
                if name in hit["features"]:
                    widgets.badge(f"{word} {hit['features'][name]:.2f}", title=about)


def _visibility(kind: str) -> None:
    """A badge on what the agent does not answer from."""
    if kind == "internal":
        widgets.badge("internal", "info", "People may quote it; the agent does not see it.")
    elif kind == "draft":
        widgets.badge("draft", "warn", "Nobody answers from it before it is published.")


def _held(one: dict[str, Any]) -> None:
    """A badge on what waits for a person."""
    if one["held"]:
        widgets.badge("held back", "bad", "It reads as if it gave the agent instructions.")


async def _articles(visit: Visit, page: int) -> None:
    size = 25
    found = await visit.remote.get("/v1/articles", limit=size, offset=max(page, 0) * size)
    with charts.card(f"Articles ({found['total']})"):
        if not found["items"]:
            widgets.empty("menu_book", "No article yet", _first(visit))
            return
        with charts.body("Title", "Cited", "State", numbers=(1,)):
            for one in found["items"]:
                _article(visit, one, found["stale_after_days"])
        with Tag("nav", "tool-row", aria_label="Pages of articles"):
            if page > 0:
                widgets.link("Earlier", f"/console/knowledge?page={page - 1}", "btn")
            if found["next"]:
                widgets.link("More", f"/console/knowledge?page={page + 1}", "btn")


def _first(visit: Visit) -> str:
    """What to do where there is no article; only a lead may write one."""
    if visit.may("lead"):
        return "Write the first one, or ask whoever runs Deskhand to load your help centre."
    return "Ask a lead to write the first one, or whoever runs Deskhand to load your help centre."


def _article(visit: Visit, one: dict[str, Any], stale_after: int) -> None:
    with Tag("tr"):
        with Tag("td", "", title=one["doc_id"]):
            if one["written_here"] and visit.may("lead"):
                there = quote(one["doc_id"], safe="")
                widgets.link(one["title"], f"/console/articles/write?doc_id={there}")
            else:
                Tag("span", "", one["title"])
        Tag("td", "right", str(one["cited"]))
        with Tag("td"), Tag("span", "tool-row"):
            _visibility(one["visibility"])
            _held(one)
            if one["held"] and visit.may("lead"):
                label = f"Review {one['title'] or one['doc_id']}"
                widgets.button("Review", "review", arg=one["doc_id"], look="quiet", label=label)
            if one["marked_wrong"]:
                widgets.badge("marked wrong", "bad", "It is not cited until it changes.")
            if not one["searchable"]:
                widgets.badge("not indexed yet", "warn")
            if one["stale"]:
                widgets.badge("stale", "warn", f"Not changed for {stale_after} days.")


async def _review(visit: Visit, doc_id: str) -> None:
    """Show what reads as orders to the agent, and let it be cleared."""
    found = await visit.remote.get(f"/v1/articles/{quote(doc_id)}")
    about = "The agent does not answer from it. Clear it if these sentences are harmless."
    with Sheet(visit, found["title"] or doc_id, about) as sheet:
        for order in found["orders"]:
            Tag("p", "text quoted", order)

    async def done(_: dict[str, str]) -> None:
        body = {"doc_id": doc_id, "version": found["version"]}
        await visit.remote.post("/v1/knowledge/cleared", body)
        visit.notify("The agent answers from it now", "good")
        visit.go("/knowledge")

    sheet.open("Clear it", done, symbol="check")
