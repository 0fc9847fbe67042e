"""Articles: try a search, see what no article answers, what disagrees, what is stale or wrong."""

from __future__ import annotations

from functools import partial
from typing import Any

from api.console.parts import charts, widgets, words
from api.console.parts.remote import ApiRefused
from api.console.parts.widgets import Tag
from api.console.shell.visit import Visit, sentence

SHOWN_FEATURES = 6
"""Figures of a hit that are shown beside its score."""


async def build(visit: Visit) -> None:
    """Draw the search, the articles, and on request the survey."""
    charts.styles()
    query, page = visit.params.get("q", ""), visit.params.get("page", "0")
    charts.page_head("Articles", "What the agent answers from, and where it has nothing to say.")
    with Tag("div", "cards top"):
        with charts.card("Try a search", note="What the agent would find, best first."):
            await _search(visit, query)
        with charts.card("Gaps and contradictions", "half") as survey:
            _invite()
        await _articles(visit, int(page) if page.isdigit() else 0)
    visit.acts["survey"] = partial(_survey, visit, survey)


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
        widgets.empty("search_off", "Nothing found", "No article has anything near these words.")
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
            widgets.badge(
                f"score {hit['score']:.3f}", "info", "How well it fits: the order of the hits."
            )
            for name, value in list(hit["features"].items())[:SHOWN_FEATURES]:
                about = f"The search's figure {name}, one of those that its score is made of."
                widgets.badge(f"{words.plain(name)} {value:.3g}", title=about)


def _visibility(kind: str) -> None:
    """A badge on what the agent does not answer from."""
    if kind == "internal":
        widgets.badge("internal", "info", "People may quote it; the agent does not see it.")
    elif kind == "draft":
        widgets.badge("draft", "warn", "Nobody answers from it before it is published.")


def _invite() -> None:
    Tag(
        "p",
        "muted card-note",
        "Groups the asks of 90 days that no article answered, and looks for articles that say "
        "different figures of one thing. A worker does it; it takes some seconds.",
    )
    widgets.button("Look now", "survey", look="primary", symbol="travel_explore")


async def _survey(visit: Visit, card: Tag, _: str) -> None:
    found = await visit.remote.get("/v1/knowledge/survey")
    card.clear()
    with card:
        Tag("h2", "", "Gaps")
        if not found["gaps"]:
            Tag("p", "muted", "Every ask of the last 90 days found an article.")
        for gap in found["gaps"]:
            _gap(gap)
        Tag("h2", "", "Contradictions")
        if not found["conflicts"]:
            Tag("p", "muted", f"None among {found['passages']} passages.")
        for one in found["conflicts"]:
            _conflict(one)


def _gap(gap: dict[str, Any]) -> None:
    with Tag("div", "gap"):
        with Tag("div", "gap-head"):
            asks = "1 ask" if gap["count"] == 1 else f"{gap['count']} asks"
            widgets.badge(asks, "warn" if gap["count"] > 1 else "")
            if gap["confidence"] is not None:
                Tag("span", "muted num", f"at best {gap['confidence']:.2f}")
        with Tag("ul"):
            for ask in gap["examples"]:
                with Tag("li"):
                    widgets.link(ask["text"], f"/console/tickets/{ask['ticket_id']}", "text")


def _conflict(conflict: dict[str, Any]) -> None:
    with Tag("div", "gap"):
        for place, side in enumerate(("first", "second")):
            with Tag("div", "gap-head"):
                Tag("span", "", conflict[side]["title"] or conflict[side]["doc_id"])
                with Tag("span", "tool-row"):
                    for pair in conflict["figures"]:
                        widgets.badge(pair[place], "warn")


async def _articles(visit: Visit, page: int) -> None:
    size = 25
    found = await visit.remote.get("/v1/articles", limit=size, offset=max(page, 0) * size)
    with charts.card(f"Articles ({found['total']})", "half"):
        if not found["items"]:
            widgets.empty("menu_book", "No article yet", "Add some: deskhand kb add FOLDER")
            return
        with Tag("div", "table-wrap", tabindex="0"), Tag("table", "table"):
            with Tag("thead"), Tag("tr"):
                Tag("th", "", "Title", scope="col")
                Tag("th", "right", "Cited", scope="col")
                Tag("th", "", "State", scope="col")
            with Tag("tbody"):
                for one in found["items"]:
                    _article(one, found["stale_after_days"])
        with Tag("nav", "tool-row", aria_label="Pages of articles"):
            if page > 0:
                widgets.link("Earlier", f"/console/knowledge?page={page - 1}", "btn")
            if found["next"]:
                widgets.link("More", f"/console/knowledge?page={page + 1}", "btn")


def _article(one: dict[str, Any], stale_after: int) -> None:
    with Tag("tr"):
        Tag("td", "", one["title"], title=one["doc_id"])
        Tag("td", "right", str(one["cited"]))
        with Tag("td"), Tag("span", "tool-row"):
            _visibility(one["visibility"])
            if one["marked_wrong"]:
                widgets.badge("marked wrong", "bad", "It is not cited until it changes.")
            if not one["searchable"]:
                widgets.badge("not indexed yet", "warn")
            if one["stale"]:
                widgets.badge("stale", "warn", f"Not changed for {stale_after} days.")
