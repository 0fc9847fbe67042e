"""The way in: one question about one ticket, answered in sentences with their figures. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from api.explain.cost import about_cost, by_step, by_what, calls_of, shares
from api.explain.counterfactuals import weighed
from api.explain.durations import about_time, parts
from api.explain.requests import requests
from api.explain.retries import about_retries
from api.explain.route import about_route
from api.explain.tool import about_tools
from memory.journal.events import Record
from memory.journal.journal import UsualCost

About = Literal["tool", "cost", "retries", "time", "route"]


@dataclass(frozen=True)
class Answer:
    """The answer to one question about one ticket."""

    about: About
    sentences: list[str]
    """Plain text, each complete, in order."""
    figures: dict[str, Any]
    """The numbers behind them, as plain data."""


def answer(
    records: Sequence[Record],
    about: About,
    *,
    tool: str | None = None,
    usual: UsualCost | None = None,
) -> Answer:
    """The answer from a ticket's journal in order.

    `tool` narrows `about="tool"` to one tool or `model:decision`; `usual` lets `about="cost"` say
    whether the ticket was dearer than others (`memory.journal.journal.usual_cost`).
    """
    return Answer(about, _sentences(records, about, tool, usual), _figures(records, about))


def _sentences(
    records: Sequence[Record], about: About, tool: str | None, usual: UsualCost | None
) -> list[str]:
    match about:
        case "tool":
            return about_tools(records, tool)
        case "cost":
            return about_cost(records, usual)
        case "retries":
            return about_retries(records)
        case "time":
            return about_time(records)
        case "route":
            return about_route(records)


def _figures(records: Sequence[Record], about: About) -> dict[str, Any]:
    match about:
        case "tool" | "retries":
            return {"requests": _requests(records)}
        case "cost":
            calls = calls_of(records)
            return {
                "by_model_and_tool": [vars(one) for one in shares(calls, by_what)],
                "by_step": [vars(one) for one in shares(calls, by_step)],
            }
        case "time":
            return {"seconds": {name: round(part, 3) for name, part in parts(records).items()}}
        case "route":
            return {"asks": _asks(records)}


def _requests(records: Sequence[Record]) -> list[dict[str, Any]]:
    return [
        {
            "seq": one.record.seq,
            "name": one.name,
            "cause": one.cause.value,
            "why": one.why,
            "made": one.made,
            "needed": one.needed,
        }
        for one in requests(records)
    ]


def _asks(records: Sequence[Record]) -> list[dict[str, Any]]:
    """The last look at the evidence, one for each ask."""
    return [
        {
            "ask": one.ask,
            "confidence": one.confidence,
            "threshold": one.threshold,
            "threshold_source": one.threshold_source,
            "sources": list(one.sources or ()),
            "supported": one.supported,
        }
        for one in weighed([one.event for one in records])
    ]
