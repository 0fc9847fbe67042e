"""Settings: goal, threshold with its evidence, limits, budgets of today, intents, keys."""

from __future__ import annotations

from typing import Any

from nicegui.element import Element

from api.console.pages import autonomy
from api.console.parts import charts, widgets
from api.console.parts.widgets import Tag
from api.console.shell.visit import Visit

RESOURCES = {
    "money_micros": "Money",
    "tokens": "Tokens",
    "model_calls": "Model calls",
    "tool_calls": "Tool calls",
}

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
        "They stand in desk.yaml and are changed there; workers read it when they begin.",
    )
    if desk["problem"]:
        with Tag("div", "banner bad"):
            widgets.icon("error")
            Tag("p", "text", f"The file as it is now cannot be read: {desk['problem']}")
    with Tag("div", "cards"):
        _goal(desk)
        await autonomy.cards(visit)
        _budgets(desk["today"])
        _evidence(desk["calibrations"])
        _pairs("Limits of one turn", desk["limits"])
        _pairs("Who decides", desk["minds"])
        _pairs("Kept for so many days", desk["kept_days"])
        _intents(desk["intents"])
        if visit.may():
            await _keys(visit)


def _goal(desk: dict[str, Any]) -> None:
    goal, thresholds = desk["goal"], desk["thresholds"]
    answer = thresholds["answer"]
    with charts.card("The promise", "half"):
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
        _listed({**rest, "quiet hours": goal["quiet_hours"], **desk["hours"]})


def _evidence(known: list[dict[str, Any]]) -> None:
    with charts.card(
        "What the threshold stands on",
        note="Chosen on labelled cases for the stated share of wrong answers. A threshold written in "
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
        heads = ("From", "Date", "Goal", "Threshold", "Cases", "Answered", "Wrong of these")
        charts.table(heads, rows, numbers=(2, 3, 4, 5, 6))
        Tag("p", "muted", known[0]["note"])


def _budgets(today: list[dict[str, Any]]) -> None:
    with charts.card("Spent today", "half", "The day runs by UTC. Held is for calls under way."):
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


def _pairs(title: str, values: dict[str, Any]) -> None:
    with charts.card(title, "half"):
        _listed(values)


def _listed(values: dict[str, Any]) -> None:
    with Tag("dl", "kv"):
        for name, value in values.items():
            Tag("dt", "", name.replace("_", " "))
            Tag("dd", "", _plain(value))


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_plain, value)) or charts.NOTHING
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(one)}" for name, one in value.items()) or charts.NOTHING
    return charts.NOTHING if value is None else str(value)


def _intents(intents: list[dict[str, Any]]) -> None:
    with charts.card("Intents"):
        rows = [
            (
                one["name"],
                "always a person" if one["handling"] == "person" else "the agent answers",
                one["priority"],
                ", ".join(one["tools"]) or charts.NOTHING,
            )
            for one in intents
        ]
        charts.table(("Intent", "Who", "Priority", "Tools"), rows)


async def _keys(visit: Visit) -> None:
    with charts.card("Keys", note="For programs. A key is shown once, when it is made.") as card:
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
        with Tag("div", "table-wrap", tabindex="0"), Tag("table", "table stacked"), Tag("tbody"):
            for one in found:
                _key(one, asked=one["id"] == asked)
        widgets.button(
            "Make a key that posts tickets", "key-make", arg="intake", symbol="key", look="primary"
        )


def _key(one: dict[str, Any], *, asked: bool) -> None:
    """A row; `asked` is the one of which the reader wants to be rid: it cannot be undone."""
    with Tag("tr"):
        Tag("td", "", one["name"])
        Tag("td", "", ", ".join(one["scopes"]))
        Tag("td", "num muted", one["id"])
        with Tag("td", "right"):
            if one["revoked_at"]:
                widgets.badge("ended")
            elif asked:
                Tag("p", "", "Whatever uses it is refused from then on, for good.", role="alert")
                label = f"End the key {one['name']} for good"
                widgets.button(
                    "End it for good", "key-end", arg=one["id"], look="danger", label=label
                )
                widgets.button("Keep it", "key-ask", look="quiet")
            else:
                label = f"End the key {one['name']}"
                widgets.button("End it", "key-ask", arg=one["id"], look="quiet", label=label)
