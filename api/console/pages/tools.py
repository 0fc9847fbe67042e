"""Tools: how each one is, over all workers: breaker, errors, latency, schema changes."""

from __future__ import annotations

from typing import Any

from api.console.parts import charts, widgets, words
from api.console.parts.widgets import Tag, Tone
from api.console.shell.visit import Visit

BREAKERS: dict[str, tuple[str, Tone]] = {
    "closed": ("in order", "good"),
    "half_open": ("being tried again", "warn"),
    "open": ("cut off", "bad"),
}


async def build(visit: Visit) -> None:
    """Draw a card for each tool."""
    charts.styles()
    found = (await visit.remote.get("/v1/tools"))["items"]
    with charts.page_head(
        "Tools", "Counted since each worker started. A failed tool never ends a ticket."
    ):
        widgets.button("Read again", "reload", symbol="refresh")
    if not found:
        widgets.empty(
            "handyman",
            "No worker is at work",
            "Tools are listed some seconds after a worker has started. If this stays, ask whoever runs "
            "Deskhand: without a worker no ticket is answered.",
        )
        return
    with Tag("div", "cards flow"):
        for tool in sorted(found, key=lambda one: (one["breaker"] == "closed", one["tool"])):
            _tool(tool)


def _tool(tool: dict[str, Any]) -> None:
    with Tag("section", "card"):
        with Tag("div", "gap-head"):
            Tag("h2", "", words.capital(words.plain(tool["tool"])))
            word, tone = BREAKERS[tool["breaker"]]
            widgets.badge(word, tone, f"The breaker is {tool['breaker'].replace('_', ' ')}.")
        with Tag("dl", "figures"):
            charts.figure("Attempts", str(tool["attempts"]), f"{tool['succeeded']} succeeded")
            charts.figure("Median", _ms(tool["p50_ms"], tool), "95 %: " + _ms(tool["p95_ms"], tool))
            charts.figure("Cut off", str(tool["opened"]), "times")
        _errors(tool)
        _workers(tool["workers"])


def _errors(tool: dict[str, Any]) -> None:
    if tool["errors"]:
        with Tag("p", "tool-row"):
            for kind, count in sorted(tool["errors"].items(), key=lambda one: -one[1]):
                widgets.badge(f"{kind.replace('_', ' ')} {count}", "warn")
    if tool["schema_changes"]:
        with Tag("div", "banner warn"):
            widgets.icon("schema")
            with Tag("div"):
                Tag("p", "", f"It answered in another schema {tool['schema_changes']} times:")
                for line in tool["difference"]:
                    Tag("p", "", line)


def _workers(workers: list[dict[str, Any]]) -> None:
    rows = [
        (
            one["worker"],
            BREAKERS[one["breaker"]][0],
            f"{one['in_use']} of {one['slots']}",
            str(one["waiting"]),
        )
        for one in workers
    ]
    charts.table(("Worker", "Breaker", "Calls at once", "Waiting"), rows, numbers=(2, 3))


def _ms(value: int | None, tool: dict[str, Any]) -> str:
    if value is None:
        return "over the bounds" if tool["attempts"] else charts.NOTHING
    return f"≤ {value} ms"
