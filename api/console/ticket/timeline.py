"""Steps, attempts and waits under each other, each with its time and length."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from api.console.parts import charts, words
from api.console.parts.widgets import Tag
from api.explain.words.phrases import count, span
from memory.budgets.amounts import MICROS

Json = dict[str, Any]
TROUBLE = frozenset({"failed", "refused", "timeout", "unknown", "fenced", "finding"})
MINOR = frozenset({"attempt", "call"})
WIDEST = 100.0
"""Percent: the bar of the longest row."""


def draw(rows: list[Json], story: list[str]) -> None:
    """A row each. A bar shows how long it took beside the longest."""
    if not rows:
        Tag("p", "muted", "Nothing has happened yet.")
        return
    began = datetime.fromisoformat(rows[0]["at"])
    longest = max((row["duration_ms"] or 0.0) for row in rows) or 1.0
    with Tag("ol", "steps"):
        for row, sentence in zip(rows, story, strict=True):
            with Tag("li", f"step {_look(row)}".strip()):
                after = (datetime.fromisoformat(row["at"]) - began).total_seconds()
                Tag("time", "", f"+{span(max(0.0, after))}", datetime=row["at"])
                Tag("span", "rail", aria_hidden="true")
                with Tag("div"):
                    Tag("p", "", words.readable(sentence))
                    if row["duration_ms"] and row["kind"] in {"step", "call"}:
                        width = max(0.5, WIDEST * row["duration_ms"] / longest)
                        Tag("span", "bar", style=f"width:{width:.1f}%", aria_hidden="true")


def _look(row: Json) -> str:
    if row["error"] or row["outcome"] in TROUBLE:
        return "trouble"
    if row["kind"] == "wait" or row["outcome"] == "waiting":
        return "wait"
    if row["kind"] in {"step", "ticket"}:
        return "main-step"
    return "minor" if row["kind"] in MINOR else ""


def costs(rows: list[Json]) -> None:
    """Totals, and what each call cost where any cost something."""
    tokens = sum(row["tokens_in"] + row["tokens_out"] for row in rows)
    micros = sum(row["cost_micros"] for row in rows)
    spent = {
        "Steps": str(sum(row["kind"] == "step" for row in rows)),
        "Tool calls": str(_calls(rows)),
        "Repeated attempts": str(sum(row["cause"] == "retry" for row in rows)),
        "Left out as made before": str(sum(row["outcome"] == "suppressed" for row in rows)),
        "Tokens": f"{tokens:,}",
        "Cost": f"{micros / MICROS:.4f}",
    }
    with Tag("dl", "figures"):
        for name, value in spent.items():
            with Tag("div", "figure"):
                Tag("dt", "", name)
                Tag("dd", "", value)
    _by_name(rows)


def _calls(rows: list[Json]) -> int:
    return sum(row["kind"] == "call" and row["outcome"] != "suppressed" for row in rows)


def _by_name(rows: list[Json]) -> None:
    spent: dict[str, list[float]] = {}
    for row in rows:
        if row["kind"] == "call":
            one = spent.setdefault(row["name"], [0, 0, 0, 0])
            one[0] += 1
            one[1] += row["duration_ms"] or 0
            one[2] += row["tokens_in"] + row["tokens_out"]
            one[3] += row["cost_micros"]
    if not spent:
        return
    lines = [
        (
            words.plain(name),
            f"{calls:.0f}",
            span(ms / 1000),
            f"{tokens:,.0f}",
            f"{micros / MICROS:.4f}",
        )
        for name, (calls, ms, tokens, micros) in sorted(spent.items())
    ]
    heads = ("Tool or model", "Calls", "Time", "Tokens", "Cost")
    charts.table(heads, lines, numbers=(1, 2, 3, 4))


def summary(rows: list[Json]) -> str:
    """How long the story is."""
    return count(len(rows), "row")
