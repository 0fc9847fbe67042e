"""Settings: goal, threshold with its evidence, limits, budgets of today, intents, keys."""

from __future__ import annotations

from typing import Any

from nicegui.element import Element

from api.console.pages import autonomy, channels, webhooks
from api.console.parts import charts, widgets, words
from api.console.parts.widgets import Tag
from api.console.shell.visit import Visit

RESOURCES = {
    "money_micros": "Money",
    "tokens": "Tokens",
    "model_calls": "Model calls",
    "tool_calls": "Tool calls",
}

THRESHOLDS = {
    "suggest": "Confidence to show a draft to a person",
    "intent": "Confidence to accept an intent",
    "grounding": "Score to count a sentence as covered",
    "injection": "Score to treat a text as an attack",
    "quiet_hours": "Hours of silence that count as solved",
}
HOURS = {
    "timezone": "Time zone",
    "days": "Days",
    "start": "From",
    "end": "To",
    "holidays": "Holidays",
    "first_response_minutes": "Working time to the first answer",
    "resolution_minutes": "Working time to the resolution",
}
MINUTES = "_minutes"
"""How the names of targets end."""
HOUR = 60
LIMITS = {
    "replans": "Further plans",
    "revisions": "Further drafts",
    "asks": "Asks that are answered",
    "steps": "Steps of a plan",
    "tool_calls": "Tool calls, searches included",
    "model_calls": "Model calls",
    "tokens": "Tokens",
    "money": "Money",
    "returns": "Times a person may give it back",
    "evidence": "Passages kept for an ask",
    "text_chars": "Characters of a message that are read",
    "node_seconds": "Seconds for a step",
    "run_seconds": "Seconds for a turn",
    "node_attempts": "Attempts at a step",
    "redrives": "Times a lost ticket is started again",
}
MINDS = {
    "classifier": "What a message is about",
    "planner": "What is looked up",
    "writer": "What is written",
    "judge": "Whether a draft is covered",
    "models": "Chat models",
}
KEPT = {
    "checkpoints": "Working state of ended tickets",
    "journal": "What happened, step by step",
    "stories": "What was found for a person",
    "texts": "What customers wrote, and replies",
    "memories": "Settled answers",
    "audit": "Who did what",
    "engine": "Records of the engine",
}
"""What a desk's settings are called here, by their names in desk.yaml."""
ON_DISK = {"texts": "Texts, stories and memories"}
AT_REST = {True: "encrypted with a key of this installation", False: "not encrypted"}
SOURCES = {
    "import": "Your own labelled cases",
    "decisions": "What people decided on handoffs",
    "default": "Other companies' cases",
}


async def build(visit: Visit) -> None:
    """Draw what desk.yaml says, and for admins the keys."""
    charts.styles()
    desk = await visit.remote.get("/v1/desk")
    charts.page_head(
        f"Settings of {desk['company']}",
        "Most of them are in desk.yaml and are changed there; a change takes effect within seconds. What has a button is changed here.",
    )
    if desk["problem"]:
        with Tag("div", "banner bad"):
            widgets.icon("error")
            Tag("p", "text", f"The file as it is now cannot be read: {desk['problem']}")
    with Tag("div", "cards flow"):
        _goal(desk)
        await channels.card(visit)
        await autonomy.cards(visit)
        _budgets(desk["today"])
        _evidence(desk["calibrations"])
        _pairs("Working hours", _hours(desk["hours"]), HOURS)
        _pairs("At most in one turn", _limits(desk["limits"]), LIMITS)
        _pairs("Who decides", desk["minds"], MINDS)
        _pairs("Days that data is kept", desk["kept_days"], KEPT)
        _pairs("On the disk", {"texts": AT_REST[desk["encrypted_at_rest"]]}, ON_DISK)
        _intents(desk["intents"])
        if visit.may():
            await _keys(visit)
            await webhooks.card(visit)


def _goal(desk: dict[str, Any]) -> None:
    goal, thresholds = desk["goal"], desk["thresholds"]
    answer = thresholds["answer"]
    with charts.card("The promise"):
        with Tag("dl", "figures big"):
            charts.figure(
                "Wrong answers at most", charts.percent(goal["max_wrong_answers"]), "goal"
            )
            charts.figure(
                "Answers from",
                "calibrated" if answer is None else f"{answer:.2f}",
                "confidence" if answer is None else "written in desk.yaml",
            )
        rest = {name: value for name, value in thresholds.items() if name != "answer"}
        _listed({**rest, "quiet_hours": goal["quiet_hours"]}, THRESHOLDS)


def _evidence(known: list[dict[str, Any]]) -> None:
    with charts.card(
        "Where the threshold comes from",
        "Chosen on labelled cases for the stated share of wrong answers. A threshold written in "
        "desk.yaml comes before all of them, then the newest of your own.",
    ):
        rows = [
            (
                SOURCES.get(one["source"], one["source"]),
                one["date"],
                charts.percent(one["max_error"]),
                f"{one['threshold']:.2f}",
                f"{one['n']:,}",
                charts.percent(one["coverage"]),
                charts.percent(one["realised_error"]),
            )
            for one in known
        ]
        heads = ("From", "Date", "Goal", "Threshold", "Cases", "Answered", "Wrong")
        charts.table(heads, rows, numbers=(1, 2, 3, 4, 5, 6), stacked=True)
        Tag("p", "muted", known[0]["note"])


def _budgets(today: list[dict[str, Any]]) -> None:
    with charts.card("Spent today", "The day runs by UTC. What is held is for calls under way."):
        rows = [
            (
                RESOURCES.get(one["resource"], one["resource"]),
                _amount(one["resource"], one["spent"]),
                _amount(one["resource"], one["held"]),
                "no limit" if one["limit"] is None else _amount(one["resource"], one["limit"]),
            )
            for one in today
        ]
        charts.table(("What", "Spent", "Held", "Limit"), rows, numbers=(1, 2, 3))


def _amount(resource: str, value: int) -> str:
    return charts.money(value) if resource == "money_micros" else f"{value:,}"


def _limits(limits: dict[str, Any]) -> dict[str, Any]:
    """The limits with money as people count it."""
    named = {"money" if name == "cost_micros" else name: limits[name] for name in limits}
    return {**named, "money": charts.money(limits["cost_micros"])}


def _hours(hours: dict[str, Any]) -> dict[str, Any]:
    """The hours with each target in hours of work, and those of a priority on lines of their own."""
    found = {
        name: _working_time(value) if name.endswith(MINUTES) else value
        for name, value in hours.items()
        if name != "targets"
    }
    for priority, targets in hours["targets"].items():
        found |= {
            f"{priority}: {HOURS[name]}": _working_time(value)
            for name, value in targets.items()
            if value is not None
        }
    return found


def _working_time(minutes: int) -> str:
    """Not days: a working day has other hours than 24."""
    hours, rest = divmod(minutes, HOUR)
    return " ".join([f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest))


def _pairs(title: str, values: dict[str, Any], names: dict[str, str]) -> None:
    with charts.card(title):
        _listed(values, names)


def _listed(values: dict[str, Any], names: dict[str, str]) -> None:
    """Values by their names; a name that has no words yet is shown as desk.yaml says it."""
    with Tag("dl", "kv"):
        for name, value in values.items():
            Tag("dt", "", names.get(name) or words.capital(words.plain(name)))
            Tag("dd", "", _plain(value))


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_plain, value)) or charts.NOTHING
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(one)}" for name, one in value.items()) or charts.NOTHING
    if value is None:
        return charts.NOTHING
    return f"{value:g}" if isinstance(value, float) else str(value)


def _intents(intents: list[dict[str, Any]]) -> None:
    with charts.card("Intents"):
        rows = [
            (
                one["name"],
                "a person" if one["handling"] == "person" else "the agent",
                one["priority"],
                ", ".join(one["tools"]) or charts.NOTHING,
            )
            for one in intents
        ]
        charts.table(("Intent", "Answered by", "Priority", "Tools"), rows, stacked=True)


async def _keys(visit: Visit) -> None:
    with charts.card("Keys", "For programs. A key is shown once, when it is made.") as card:
        await _draw_keys(visit, card)

    async def make(name: str) -> None:
        made = await visit.remote.post("/v1/keys", {"name": name, "scopes": ["intake"]})
        await _draw_keys(visit, card, made["token"])

    async def ask(key_id: str) -> None:
        await _draw_keys(visit, card, asked=key_id)

    async def end(key_id: str) -> None:
        await visit.remote.post(f"/v1/keys/{key_id}/revoke")
        await _draw_keys(visit, card)

    visit.acts |= {"key-make": make, "key-ask": ask, "key-end": end}


async def _draw_keys(visit: Visit, card: Element, token: str = "", asked: str = "") -> None:
    found = await visit.remote.get("/v1/keys")
    card.clear()
    with card:
        Tag("h2", "", "Keys")
        Tag("p", "muted card-note", "For programs. A key is shown once, when it is made.")
        if token:
            Tag("p", "new-token", token)
        with charts.body():
            for one in found:
                _key(one, asked=one["id"] == asked)
        widgets.button(
            "Make a key that posts tickets", "key-make", arg="intake", symbol="key", look="primary"
        )


def _key(one: dict[str, Any], *, asked: bool) -> None:
    """A row; `asked` is the one of which the reader wants to be rid: it cannot be undone."""
    with Tag("tr"):
        Tag("td", "", one["name"], title=one["id"])
        Tag("td", "", ", ".join(one["scopes"]))
        with Tag("td", "right"):
            if one["revoked_at"]:
                widgets.badge("ended")
            elif asked:
                Tag(
                    "p",
                    "",
                    "From then on, whatever uses it is refused. This cannot be undone.",
                    role="alert",
                )
                label = f"End the key {one['name']} for good"
                widgets.button(
                    "End it for good", "key-end", arg=one["id"], look="danger", label=label
                )
                widgets.button("Keep it", "key-ask", look="quiet")
            else:
                label = f"End the key {one['name']}"
                widgets.button("End it", "key-ask", arg=one["id"], look="quiet", label=label)
