"""What stands beside the conversation: why it came, actions, evidence, the customer, the past."""

from __future__ import annotations

from nicegui.element import Element

from api.console.parts import threads, widgets, words
from api.console.parts.widgets import Tag, Tone
from api.console.queue.findings import MOST_ASK_CHARS
from api.console.queue.state import Json, State

MOST_EVENTS = 30
STATUS_TONES: dict[str, Tone] = {"ok": "good", "failed": "bad", "refused": "warn", "unknown": "bad"}


def draw(state: State, parent: Element) -> None:
    """All of it; nothing where nothing is selected."""
    parent.clear()
    whole = state.whole
    if whole is None:
        return
    with parent:
        _why(whole)
        _actions(whole, state)
        _asks(whole)
        _customer(whole, state)
        _similar(whole)
        _tried(whole)
        _corrections(whole, state)
        _events(whole, state)


def _why(whole: Json) -> None:
    with widgets.section("Why a person"), Tag("div", "why"):
        Tag("p", "why-text", whole["explanation"])
        for line in _reasons(whole):
            Tag("p", "muted", line)
        if not _answered_by_person(whole) and whole.get("agent_answer") in {"sent", "maybe_sent"}:
            known = {"sent": "An answer of the agent reached the customer in this turn."}
            doubt = "An answer of the agent may have reached the customer: that is being checked."
            Tag("p", "finding", known.get(whole["agent_answer"], doubt))
        widgets.facts(
            {
                "Intent": words.plain(whole.get("intent")),
                "Priority": whole["priority"],
                "Skills": ", ".join(whole.get("skills") or ()),
            }
        )


def _reasons(whole: Json) -> list[str]:
    """What else led to it, each sentence once, and none that the explanation says already."""
    found = [words.capital(because) for because in whole.get("priority_because") or ()]
    found += whole.get("guidance") or ()
    return [line for line in dict.fromkeys(found) if line not in whole["explanation"]]


def _answered_by_person(whole: Json) -> bool:
    """Whether the turn's reply was sent by a person's decision: then it is not the agent's."""
    return (whole.get("decision") or {}).get("kind") in {"approve", "reply"}


def _actions(whole: Json, state: State) -> None:
    actions = whole.get("actions") or []
    if not actions:
        return
    with widgets.section("Proposed actions", count=len(actions)):
        first = True
        for action in actions:
            first = not _action(action, state, whole, first=first)


def _action(action: Json, state: State, whole: Json, *, first: bool) -> bool:
    """Draw one; whether it still waits, so that y and n mean the first that does."""
    print_ = action["fingerprint"]
    verdict = state.draft.verdicts.get(print_)
    stored = action.get("verdict")
    with Tag("div", "action", data_fingerprint=print_):
        with Tag("div", "action-head"):
            widgets.icon("bolt")
            Tag("strong", "", words.capital(words.plain(action["tool"])))
            if stored:
                widgets.badge(stored, "good" if stored == "approved" else "warn")
        widgets.facts(
            {
                words.plain(name): words.argument(value, action["units"].get(name, ""))
                for name, value in action["arguments"].items()
            }
        )
        if whole["status"] in {"decided", "closed"} or not state.workable:
            return False
        waits = verdict is None
        with Tag("div", "verdict", role="group", aria_label=f"Decide: {words.action(action)}"):
            widgets.button(
                "Approve",
                "verdict-yes",
                arg=print_,
                key="y" if first and waits else "",
                symbol="check",
                aria_pressed="true" if verdict is True else "false",
            ).classes("yes")
            widgets.button(
                "Refuse",
                "verdict-no",
                arg=print_,
                key="n" if first and waits else "",
                symbol="block",
                aria_pressed="true" if verdict is False else "false",
            ).classes("no")
        return waits and first


def _asks(whole: Json) -> None:
    asks = whole.get("asks") or []
    if not asks:
        return
    with widgets.section("What was asked", count=len(asks)):
        for ask in asks:
            with Tag("div", "ask"):
                Tag("p", "ask-text", words.cut(ask["text"], MOST_ASK_CHARS))
                if ask.get("confidence") is not None:
                    with Tag("div", "ask-numbers"):
                        sure, need = ask["confidence"], ask.get("threshold")
                        label = f"{words.percent(sure)} sure"
                        label += "" if need is None else f", {words.percent(need)} needed"
                        widgets.meter(sure, need, label)
                        Tag("span", "muted", label)
                for passage in ask.get("evidence") or ():
                    _passage(passage)
                if nearest := ask.get("nearest"):
                    Tag("p", "muted", "Nearest articles")
                for passage in nearest or ():
                    _passage(passage)


def _passage(passage: Json) -> None:
    symbols = {"article": "menu_book", "tool": "build", "memory": "history", "guidance": "person"}
    with Tag("details", "passage"):
        with Tag("summary", ""):
            widgets.icon(symbols.get(passage["kind"], "notes"))
            Tag("span", "passage-title", passage["title"] or passage["source"])
        if passage.get("heading"):
            Tag("p", "muted", passage["heading"])
        Tag("div", "text", words.unmarked(passage["text"]))
        if passage["kind"] == "article":
            with Tag("div", "passage-acts"):
                widgets.button("Insert", "insert", arg=passage["id"], look="quiet", symbol="add")
                widgets.button(
                    "This is wrong",
                    "wrong-article",
                    arg=passage["source"],
                    look="quiet",
                    symbol="flag",
                )


def _customer(whole: Json, state: State) -> None:
    history, memories = whole.get("history") or [], whole.get("memories") or []
    with widgets.section("Customer"):
        customer = whole["customer"]
        widgets.facts(
            {
                "Name": customer.get("name"),
                "Address": customer.get("email"),
                "Vouched by": whole.get("vouched_by") or "nobody: the address is unverified",
            }
        )
        threads.draw(whole.get("thread") or (), state.where)
        if not history and not memories:
            Tag("p", "muted", "No earlier tickets.")
        for past in history:
            with Tag("a", "past", href=f"/console/tickets/{past['id']}"):
                Tag("span", "", past["title"])
                outcome, _ = words.standing(past)
                Tag("span", "muted", f"{outcome}, {words.clock(past['created_at'], state.where)}")
        for memory in memories:
            _remembered(memory, f"from {', '.join(memory['sources']) or memory['origin']}")


def _similar(whole: Json) -> None:
    found = whole.get("similar") or []
    if found:
        with widgets.section("Similar, settled", count=len(found), opened=False):
            for one in found:
                _remembered(one, f"by a {one.get('origin', 'person')}")


def _remembered(one: Json, source: str) -> None:
    with Tag("details", "passage"):
        with Tag("summary"):
            widgets.icon("history")
            Tag("span", "passage-title", one.get("question") or "")
        Tag("div", "text", one.get("answer") or "")
        Tag("p", "muted", source)


def _tried(whole: Json) -> None:
    tried = whole.get("tried") or []
    if not tried and not whole.get("missing"):
        return
    with widgets.section("What was tried", count=len(tried), opened=False):
        for step in tried:
            with Tag("div", "tried"):
                Tag("span", "", words.capital(words.plain(step["tool"])))
                widgets.badge(words.plain(step["status"]), STATUS_TONES.get(step["status"], ""))
                error = step.get("error")
                text = error if isinstance(error, str) else (error or {}).get("message", "")
                if text:
                    Tag("p", "muted", text)
        for line in whole.get("missing") or ():
            Tag("p", "finding", line)


def _corrections(whole: Json, state: State) -> None:
    found = whole.get("corrections") or []
    if not found:
        return
    with widgets.section("Corrections", count=len(found)):
        for one in found:
            with Tag("div", "tried"):
                about = one.get("article") or one.get("intent") or ""
                Tag("span", "", f"{words.capital(words.plain(one['kind']))} {about}".strip())
                if one.get("undone_at"):
                    widgets.badge("undone")
                else:
                    widgets.button("Undo", "undo-correction", arg=one["id"], look="quiet")
                Tag("p", "muted", f"{one['by']}, {words.clock(one['created_at'], state.where)}")


def _events(whole: Json, state: State) -> None:
    events = whole.get("events") or []
    if not events:
        return
    with widgets.section("Activity", count=len(events), opened=False), Tag("ul", "events"):
        for event in reversed(events[-MOST_EVENTS:]):
            with Tag("li"):
                Tag("time", "num", words.clock(event["at"], state.where))
                Tag("span", "", f"{event['who']} {words.plain(event['what'])}")
