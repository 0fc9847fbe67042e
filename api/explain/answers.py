"""The way in: one question about one ticket, answered in sentences with their figures. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from api.explain.cost import Usual, about_cost, by_step, by_what, shares
from api.explain.counterfactuals import weighed
from api.explain.durations import about_time, parts
from api.explain.requests import requests
from api.explain.retries import about_retries
from api.explain.route import about_route
from api.explain.tool import about_tools
from memory.tables import JournalRow

About = Literal["tool", "cost", "retries", "time", "route"]
ABOUT: tuple[About, ...] = ("tool", "cost", "retries", "time", "route")


@dataclass(frozen=True)
class Answer:
    """The answer to one question about one ticket."""

    about: About
    sentences: list[str]
    """Plain text, each complete, in order."""
    figures: dict[str, Any]
    """The numbers behind them, as plain data."""


def answer(
    rows: Sequence[JournalRow],
    about: About,
    *,
    tool: str | None = None,
    usual: Usual | None = None,
) -> Answer:
    """The answer from a ticket's journal rows in order.

    `tool` narrows `about="tool"` to one tool or `model:decision`; `usual` lets `about="cost"` say
    whether the ticket was dearer than others (`memory.journal.journal.usual_cost`).
    """
    return Answer(about, _sentences(rows, about, tool, usual), _figures(rows, about))


def _sentences(
    rows: Sequence[JournalRow], about: About, tool: str | None, usual: Usual | None
) -> list[str]:
    match about:
        case "tool":
            return about_tools(rows, tool)
        case "cost":
            return about_cost(rows, usual)
        case "retries":
            return about_retries(rows)
        case "time":
            return about_time(rows)
        case "route":
            return about_route(rows)


def _figures(rows: Sequence[JournalRow], about: About) -> dict[str, Any]:
    match about:
        case "tool" | "retries":
            return {"requests": _requests(rows)}
        case "cost":
            calls = [row for row in rows if row.kind == "call"]
            return {
                "by_model_and_tool": [vars(one) for one in shares(calls, by_what)],
                "by_step": [vars(one) for one in shares(calls, by_step)],
            }
        case "time":
            return {"seconds": {name: round(part, 3) for name, part in parts(rows).items()}}
        case "route":
            return {"asks": weighed(rows)}


def _requests(rows: Sequence[JournalRow]) -> list[dict[str, Any]]:
    return [
        {
            "seq": one.row.seq,
            "name": one.name,
            "cause": one.cause,
            "why": one.why,
            "made": one.made,
            "needed": one.needed,
        }
        for one in requests(rows)
    ]
