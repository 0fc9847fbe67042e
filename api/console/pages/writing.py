"""Writing an article, beside what customers asked and what they were answered."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from api.console.articles.gaps import WRITTEN_FROM
from api.console.parts import charts, widgets
from api.console.parts.remote import ApiRefused, SessionOver
from api.console.parts.widgets import Tag
from api.console.shell.visit import Act, Visit
from memory.knowledge.desk_articles import MAX_TEXT_CHARS, MAX_TITLE_CHARS

TYPED_SECONDS = 0.4
ROWS = 18
VISIBILITY = {
    "draft": "Nobody yet: a draft",
    "public": "Customers: the agent answers from it",
    "internal": "Colleagues: the agent does not see it",
}


class Writing:
    """The form, for a new article or one that was written here before."""

    def __init__(self, visit: Visit, article: dict[str, Any]) -> None:
        self._visit = visit
        self._doc_id: str | None = article.get("doc_id")
        self._fields = {
            "title": article.get("title") or "",
            "text": article.get("text") or "",
            "visibility": article.get("visibility") or "draft",
        }

    def acts(self) -> dict[str, Act]:
        """What its controls do."""
        return {"save": self.save}

    async def save(self, _: str) -> None:
        """Store it, and show the articles. Raises `ApiRefused`, `SessionOver`."""
        if self._doc_id is None:
            await self._visit.remote.post("/v1/articles", self._fields)
        else:
            there = quote(self._doc_id, safe="")
            await self._visit.remote.put(f"/v1/articles/{there}", self._fields)
        self._visit.go("/knowledge")

    def draw(self) -> None:
        """Title, text, who may see it, and the button."""
        with widgets.field("Title, as a customer would ask"):
            self._box("title", "input", type="text", maxlength=MAX_TITLE_CHARS)
        with widgets.field("Text: headings begin with #, lists with -"):
            self._box("text", "textarea", rows=ROWS, maxlength=MAX_TEXT_CHARS)
        with widgets.field("Who may see it"):
            box = widgets.choice(VISIBILITY, self._fields["visibility"])
            self._keep(box, "visibility", "change")
        with Tag("p", "tool-row"):
            widgets.button("Save it", "save", look="primary", symbol="save")
            widgets.link("Back to the articles", "/console/knowledge", "btn quiet")

    def _box(self, name: str, tag: str, **props: Any) -> None:
        box = Tag(tag, "box", **props)
        box._props["defaultValue"] = self._fields[name]  # noqa: SLF001
        self._keep(box, name, "input", throttle=TYPED_SECONDS)
        self._keep(box, name, "change")  # before a click on the button

    def _keep(self, box: Tag, name: str, event: str, throttle: float = 0.0) -> None:
        def keep(told: Any) -> None:
            self._fields[name] = str(told.args or "")

        emit = "(e) => emit(e.target.value)"
        box.on(event, keep, js_handler=emit, throttle=throttle, leading_events=False)


async def build(visit: Visit) -> None:
    """Draw the form, filled with the article or the gap that the address names."""
    charts.styles()
    article: dict[str, Any] = {"title": visit.params.get("title", "")[:MAX_TITLE_CHARS]}
    if doc_id := visit.params.get("doc_id"):
        article = await visit.remote.get(f"/v1/articles/{quote(doc_id, safe='')}")
    charts.page_head(
        "Change an article" if doc_id else "Write an article",
        "It can be found a few seconds after it was saved.",
    )
    form = Writing(visit, article)
    with Tag("div", "cards pair"):
        with Tag("section", "card form", aria_label="Article"):
            form.draw()
        await _asked(visit)
    visit.acts |= form.acts()


async def _asked(visit: Visit) -> None:
    """The tickets of the gap, each with what was asked and answered."""
    tickets = [one for one in visit.params.get("tickets", "").split(",") if one][:WRITTEN_FROM]
    found = [one for one in [await _ticket(visit, ticket) for ticket in tickets] if one]
    if not found:
        return
    with charts.card("What customers asked, and were answered"):
        for ticket in found:
            with Tag("article", "hit"):
                href = f"/console/tickets/{ticket['id']}"
                widgets.link(ticket["title"], href, "strong")
                for message in ticket["messages"]:
                    if message["kind"] in {"message", "reply"}:
                        Tag(
                            "p",
                            "text" + " muted" * (message["role"] == "customer"),
                            message["text"],
                        )


async def _ticket(visit: Visit, ticket_id: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = await visit.remote.get(f"/v1/tickets/{quote(ticket_id, safe='')}")
    except SessionOver:
        raise
    except ApiRefused:  # it has been erased since
        return None
    return found
