"""Insight: what the tickets came to, how sure the agent was, what it cost. Each share has its n."""

from __future__ import annotations

from typing import Any

from api.console.parts import charts, widgets, words
from api.console.parts.widgets import Tag
from api.console.shell.visit import Visit

PERIODS = {"7": "7 days", "30": "30 days", "90": "90 days", "365": "A year"}
DEFAULT = "30"
FATES: tuple[tuple[str, str, str], ...] = (
    ("confirmed", "Solved, the customer says", "good"),
    ("assumed", "Solved, by their silence", "calm"),
    ("answered", "Answered, too early to tell", "run"),
    ("asked", "Asked the customer back", "ask"),
    ("with_person", "With a person", "person"),
    ("running", "The agent is at work", "wait"),
    ("unsolved", "Not solved, the customer says", "bad"),
    ("abandoned", "Never answered our question", "off"),
    ("closed", "Closed without a reply", "soft"),
)
STEPS = tuple(f"{step / 10:.1f}" for step in range(10))


async def build(visit: Visit) -> None:
    """Draw the figures of the chosen period."""
    charts.styles()
    days = visit.params.get("days", DEFAULT)
    days = days if days in PERIODS else DEFAULT
    found = await visit.remote.get("/v1/insight", days=days)
    _head(found, days)
    if found["outcomes"]["tickets"] == 0:
        widgets.empty(
            "insights",
            "No ticket in this period",
            "Choose a longer one. Figures appear with the first ticket.",
        )
        return
    with Tag("div", "cards flow"):
        _outcomes(found)
        _reasons(found["outcomes"])
        _times(found["outcomes"])
        _confidence(found["thresholds"])
        _coverage(found["thresholds"])
        _suggestions(found["suggestions"])
        _costs(found["costs"])


def _head(found: dict[str, Any], days: str) -> None:
    about = (
        "Tickets accepted in the period. Each share is shown with its cases and its 95 % interval."
    )
    if found["truncated"]:
        about += " Some of them are still to be counted: the newest are in the figures."
    with (
        charts.page_head("Insight", about),
        Tag("nav", "periods", aria_label="Period"),
    ):
        for value, name in PERIODS.items():
            widgets.link(name, f"/console/insight?days={value}", f"chip{' here' * (value == days)}")


def _outcomes(found: dict[str, Any]) -> None:
    outcomes, hours = found["outcomes"], f"{found['quiet_hours']:g}"
    with charts.card("What became of them", whole=True):
        with Tag("dl", "figures big"):
            charts.figure("Tickets", str(outcomes["tickets"]), f"{outcomes['messages']} follow-ups")
            charts.share(
                "Automated", outcomes["automated"], "Answered, and never in a person's hands."
            )
            charts.share("With a person", outcomes["handed_off"], "Ever in a person's hands.")
            _resolved(outcomes, hours)
            charts.share(
                "Marked wrong",
                outcomes["wrong"],
                "Of the agent's own answers: a person marked it as wrong.",
            )
            charts.share(
                "Reopened", outcomes["reopened"], "The customer wrote again after an answer."
            )
            charts.share(
                "Did not help",
                outcomes["unhelpful"],
                "Of the answers that customers judged.",
            )
        fates = [(name, outcomes["fates"][fate], colour) for fate, name, colour in FATES]
        charts.stack(fates, "Tickets by how they stand now")


def _resolved(outcomes: dict[str, Any], hours: str) -> None:
    """The share that is solved; where answers are too fresh to have solved any, no figure yet."""
    name, rate, fresh = "Resolved", outcomes["resolved"], outcomes["fates"]["answered"]
    about = f"Confirmed by the customer, or silent for {hours} hours after an answer."
    if rate["hits"] == 0 and fresh > 0:
        charts.figure(name, charts.NOTHING, f"too early to tell for {fresh} answered", about)
    else:
        charts.share(name, rate, about)


def _reasons(outcomes: dict[str, Any]) -> None:
    with charts.card("Why people got them"):
        if not outcomes["reasons"]:
            Tag("p", "muted", "Nothing was handed to a person.")
        rows = [(one["text"], one["count"]) for one in outcomes["reasons"]]
        charts.bars(rows, "Handoffs by reason")
        with Tag("p", "card-foot"):
            widgets.link("What no article answers", "/console/knowledge")


def _times(outcomes: dict[str, Any]) -> None:
    with charts.card("How long it took"), Tag("dl", "figures"):
        for name, span in (
            ("First response", outcomes["first_response"]),
            ("Resolution", outcomes["resolution"]),
        ):
            slow = f"9 of 10 within {charts.duration(span['p90'])} (n {span['n']})"
            charts.figure(
                name, charts.duration(span["p50"]), slow if span["n"] else "no case yet", "Median"
            )


def _confidence(thresholds: dict[str, Any]) -> None:
    current = thresholds["current"]
    note = (
        "No ask has been judged yet."
        if current is None
        else f"Asks by the probability that their evidence answers them. At or above the "
        f"threshold of {current:.2f}: {charts.interval(thresholds['covered'])}."
    )
    with charts.card("How sure the agent was", note):
        if current is not None:
            charts.columns(thresholds["histogram"], STEPS, current, "Asks by confidence")


def _coverage(thresholds: dict[str, Any]) -> None:
    with charts.card(
        "What another threshold would do",
        "The share of asks that would be answered. How many of those would be wrong is what the "
        "calibration says: see Settings.",
    ):
        current = thresholds["current"]
        points = thresholds["grid"]
        # The present threshold is between two points of the grid, or at one of every second.
        present = min(points, key=lambda one: abs(one["threshold"] - (current or 0.0)))
        rows = [
            (_named(one, present, current), charts.percent(one["covered"]["value"]), _hits(one))
            for place, one in enumerate(points)
            if place in range(6, 20, 2) or (one is present and current is not None)
        ]
        charts.table(("Threshold", "Answered", "Asks"), rows, numbers=(0, 1, 2))


def _named(point: dict[str, Any], present: dict[str, Any], current: float | None) -> str:
    value = f"{point['threshold']:.2f}"
    if point is not present or current is None:
        return value
    return f"{value}, now" if f"{current:.2f}" == value else f"{value}, close to the present one"


def _hits(point: dict[str, Any]) -> str:
    return f"{point['covered']['hits']} of {point['covered']['n']}"


def _suggestions(parts: list[dict[str, Any]]) -> None:
    if not parts:
        return
    note = (
        "Drafts that passed every check and waited, since their channel or intent only suggests. "
        f"With auto, {parts[0]['drafts']} more answers would have left without a person."
    )
    with charts.card("What auto would have done", note=note):
        rows = [
            (
                f"{one['channel']}, {one['intent'] or 'no intent'}" if one["channel"] else "All",
                str(one["drafts"]),
                charts.interval(one["as_is"]),
                charts.interval(one["edited"]),
                charts.interval(one["thrown_away"]),
                str(one["waiting"]),
                charts.interval(one["auto_sends"]),
            )
            for one in parts
        ]
        heads = ("Where", "Auto sends", "Sent as is", "Edited", "Thrown away", "Waiting")
        charts.table((*heads, "Of its handoffs"), rows, numbers=(1, 5), stacked=True)


def _costs(costs: dict[str, Any]) -> None:
    total = f"{charts.money(costs['cost_micros'])} in all, {costs['tokens']:,} tokens."
    with charts.card("What it cost", total):
        _spending("Tool or decision", costs["by_tool"])
        if costs["by_model"]:
            _spending("Model", costs["by_model"])
        else:
            Tag("p", "muted", "No model was called: the local minds decided.")
    with charts.card("Cost by intent"):
        _spending("Intent", costs["by_intent"])


def _spending(head: str, spent: list[dict[str, Any]]) -> None:
    rows = [
        (
            words.plain(one["name"]),
            f"{one['calls']:,}",
            f"{one['tokens']:,}",
            charts.money(one["cost_micros"]),
        )
        for one in spent
    ]
    charts.table((head, "Calls", "Tokens", "Cost"), rows, numbers=(1, 2, 3))
