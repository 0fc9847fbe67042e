"""The conversation in the middle. What customers write is text, whatever it looks like."""

from __future__ import annotations

from nicegui.element import Element

from api.console.parts import attached, said, threads, widgets, words
from api.console.parts.widgets import Tag, Tone
from api.console.queue.state import Json, State


def draw(state: State, parent: Element) -> None:
    """The head of the selected handoff and its messages, oldest first."""
    parent.clear()
    with parent:
        whole = state.whole
        if whole is None:
            if state.items:
                widgets.empty(
                    "forum",
                    "Nothing is selected",
                    "Choose one from the list, or go through it with j and k.",
                )
            else:
                widgets.empty(
                    "done_all",
                    "Nothing waits for a person",
                    "What the agent cannot answer safely appears here by itself.",
                )
            return
        _head(state, whole)
        with Tag("div", "messages"):
            for entry in _entries(whole):
                _message(entry, whole, state, whole["subject"])
            for merged in whole.get("merged") or ():
                _merged(merged, whole, state)


def _head(state: State, whole: Json) -> None:
    with Tag("header", "talk-head"):
        widgets.button(
            "",
            "show-queue",
            look="icon",
            symbol="arrow_back",
            label="Back to the queue",
            data_show="queue",
        ).classes("only-narrow")
        with Tag("div", "talk-title"):
            Tag("h2", "", whole["title"])
            with Tag("p", "muted"):
                customer = whole["customer"]
                known = [customer.get("name"), customer.get("email")]
                Tag("span", "", " · ".join(part for part in known if part) or "unknown sender")
                widgets.link("Ticket", f"/console/tickets/{whole['ticket_id']}", "inline")
        with Tag("div", "talk-state"):
            for text, tone in _state(state, whole):
                widgets.badge(text, tone)
            _claim(state, whole)
            menu(state, whole)


def _state(state: State, whole: Json) -> list[tuple[str, Tone]]:
    text, tone, _ = words.time_left(whole)
    found: list[tuple[str, Tone]] = [(text, tone)] if text else []
    who, until = whole.get("claimed_by"), words.clock(whole.get("claimed_until"), state.where)
    match whole["status"]:
        case "claimed" if who != state.visit.name:
            found.append((f"{who} has it until {until}", "info"))
        case "claimed":
            found.append(("Yours", "good"))
        case "snoozed":
            found.append((f"asleep until {words.clock(whole['snoozed_until'], state.where)}", ""))
        case "waiting_customer":
            found.append(("waits for the customer", ""))
        case "decided" | "closed" if whole.get("decided_by"):
            found.append((f"decided by {whole['decided_by']}", "good"))
        case "open":
            pass
        case other:
            found.append((words.plain(other), ""))
    return found


def _claim(state: State, whole: Json) -> None:
    if state.mine:
        widgets.button("Give back", "release", key="c", symbol="undo")
    elif whole["status"] == "open":
        widgets.button("Claim", "claim", key="c", symbol="back_hand")
    elif whole["status"] in {"snoozed", "waiting_customer"}:
        widgets.button("Take it now", "wake", key="c", symbol="alarm")


def menu(state: State, whole: Json) -> None:
    """Everything that is done less often."""
    with Tag("details", "menu right"):
        with Tag("summary", "btn icon", aria_label="More", title="More (m)", data_key="m"):
            widgets.icon("more_horiz")
        with Tag("div", "menu-body"):
            waiting = whole["status"] not in {"decided", "closed", "opening"}
            if waiting:
                widgets.button("Snooze …", "snooze", look="quiet", symbol="snooze")
                widgets.button("Ask the customer …", "mode", arg="ask", look="quiet", symbol="help")
                widgets.button("Transfer …", "transfer", look="quiet", symbol="move_up")
                if state.visit.may("lead"):
                    widgets.button("Assign …", "assign", look="quiet", symbol="person_add")
                widgets.button("Merge …", "merge", look="quiet", symbol="merge")
            widgets.button("Add a note …", "mode", arg="note", look="quiet", symbol="sticky_note_2")
            widgets.button(
                "The intent is wrong …", "wrong-intent", look="quiet", symbol="label_off"
            )
            widgets.button(
                "An article is missing …", "missing-article", look="quiet", symbol="post_add"
            )
            if waiting:
                widgets.button("Close without a reply …", "close", look="quiet", symbol="archive")


def _entries(whole: Json) -> list[Json]:
    """Messages, notes of colleagues, and questions on their way, in the order of time."""
    found = [{**one, "sort": one["at"]} for one in whole["messages"]]
    found += [
        {**note, "role": "note", "at": note["created_at"], "sort": note["created_at"]}
        for note in whole.get("notes") or ()
    ]
    for letter in whole.get("letters") or ():
        if letter["status"] != "sent":
            entry = {**letter, "role": "letter", "at": letter["created_at"]}
            found.append({**entry, "sort": letter["created_at"]})
    return sorted(found, key=lambda one: str(one["sort"]))


def _message(entry: Json, whole: Json, state: State, subject: str) -> None:
    role = entry["role"]
    with Tag("article", f"message {role} {entry.get('kind', '')}".strip()):
        with Tag("header", "message-head"):
            Tag("strong", "", _author(entry, whole))
            label = _label(entry)
            if label:
                widgets.badge(*label)
            threads.delivery(entry)
            Tag("time", "", words.clock(entry["at"], state.where), datetime=entry["at"])
        said.draw(entry, subject)
        attached.draw(entry.get("files") or ())
        if entry.get("citations"):
            with Tag("footer", "sources"):
                for source in entry["citations"]:
                    Tag("span", "source", source.get("title") or source.get("source") or "")


def _author(entry: Json, whole: Json) -> str:
    if entry["kind"] == words.REPORTS:
        return words.REPORTER
    if entry["role"] == "customer" and not entry.get("author"):
        return whole["customer"].get("name") or whole["customer"].get("email") or "Customer"
    return entry.get("author") or words.WHO.get(entry["role"], words.capital(entry["role"]))


def _label(entry: Json) -> tuple[str, Tone] | None:
    if entry["role"] == "note":
        return (f"{words.plain(entry['kind'])}, not for the customer", "warn")
    if entry["role"] == "letter":
        tone: Tone = "bad" if entry["status"] in {"failed", "unknown"} else "info"
        late = "could not be sent yet, is tried again" if entry.get("error") else "on its way"
        return ({"wanted": late}.get(entry["status"], words.plain(entry["status"])), tone)
    known = words.KINDS.get(entry.get("kind", ""))
    return None if known is None else (known, "")


def _merged(merged: Json, whole: Json, state: State) -> None:
    with Tag("div", "merged"):
        Tag("h3", "part-title", f"Merged: {merged['subject'] or merged['ticket_id']}")
        for one in merged["messages"]:
            _message(one, whole, state, merged["subject"])
