"""Where a person answers: the suggested reply, or a field for what they write themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from nicegui import ui
from nicegui.element import Element
from nicegui.events import GenericEventArguments

from api.console.parts import attaching, live, widgets, words
from api.console.parts.attaching import FILES
from api.console.parts.widgets import Tag
from api.console.queue.findings import findings, lead, left_out
from api.console.queue.state import Json, State

MOST_CHARS = 50_000


@dataclass(frozen=True)
class Mode:
    """One thing that a person writes."""

    title: str
    verb: str
    symbol: str
    act: str
    help: str
    articles: bool = False
    """Whether articles can be put into it."""
    files: bool = False
    """Whether files go with it."""


MODES: Mapping[str, Mode] = MappingProxyType(
    {
        "edit": Mode(
            "Edit the suggested reply",
            "Send",
            "send",
            "send",
            "Goes to the customer. What you change is kept, so that the next one is better.",
            articles=True,
            files=True,
        ),
        "reply": Mode(
            "Your reply",
            "Send",
            "send",
            "send",
            "Goes to the customer.",
            articles=True,
            files=True,
        ),
        "return": Mode(
            "Back to the agent",
            "Give back",
            "reply_all",
            "return",
            "Tell the agent what to do differently. It works on the ticket again, and says what it did.",
        ),
        "redraft": Mode(
            "Draft it again",
            "Draft anew",
            "autorenew",
            "redraft",
            "What to look up: the refund, the article on returns. Tone and length change only where a chat model writes. The new draft comes to you, and nothing is sent.",
        ),
        "ask": Mode(
            "Ask the customer",
            "Ask",
            "help",
            "ask",
            "Goes to the customer. The ticket waits, and comes back to you with the answer.",
            files=True,
        ),
        "note": Mode(
            "Note",
            "Keep it",
            "sticky_note_2",
            "note",
            "For colleagues. The customer never sees it.",
        ),
    }
)


class Composer:
    """The lower part of the middle."""

    def __init__(self, state: State, parent: Element) -> None:
        self._state = state
        self._parent = parent
        self._drawn: tuple[object, ...] = ()
        self._files: Tag | None = None
        self._drawings = 0
        """Told by each field, so that what was written in one that is gone is shown again."""
        ui.on("typed", self._typed, args=None)

    def _typed(self, event: GenericEventArguments) -> None:
        """Keep what somebody writes; `event.args` is the draft's name, its text, and its drawing.

        It comes by the page and not by the field: a field that a colleague's decision has taken
        away meanwhile tells its last words too.
        """
        name, text, drawing = event.args
        handoff, _, mode = str(name).rpartition(":")
        draft = self._state.drafts.get(handoff)
        if draft is None or mode not in {*MODES, FILES}:
            return
        draft.texts[mode] = str(text)[:MOST_CHARS]
        if mode == FILES:
            self.draw_files()
        elif handoff == self._state.selected and drawing != str(self._drawings):
            self.draw(anew=True)

    def draw_files(self) -> None:
        """What goes with the answer; the field beside it stays as it is."""
        if self._files is not None and not self._files.is_deleted:
            attaching.draw(self._files, self._state.draft.files)

    def draw(self, *, anew: bool = False) -> None:
        """Draw it where something changed; a field somebody writes in stays as it is."""
        state = self._state
        whole, draft = state.whole, state.draft
        shown = (
            state.selected,
            draft.mode,
            draft.conflict,
            state.workable,
            state.mine,
            _drafting(state),
            str(draft.verdicts) if draft.mode == "suggestion" else "",
            None if whole is None else (whole["status"], whole.get("claimed_by")),
            None if whole is None or draft.mode != "suggestion" else str(whole.get("suggestion")),
        )
        if shown == self._drawn and not anew:
            return
        self._drawn = shown
        self._drawings += 1
        self._parent.clear()
        with self._parent:
            if whole is not None:
                self._fill(whole)

    def _fill(self, whole: Json) -> None:
        state, draft = self._state, self._state.draft
        writable = state.workable or draft.mode == "note"
        written = draft.mode in MODES and draft.texts.get(draft.mode, "").strip()
        first = draft.conflict or ("" if writable or not written else _first(whole, state))
        if first:
            _conflict(first)
        if draft.mode in MODES and (writable or written):
            self._field(MODES[draft.mode], draft.mode, sendable=writable)
        elif _drafting(state):
            live.drafting(state.visit.remote, whole["ticket_id"])
        elif whole["status"] in {"decided", "closed"}:
            _decided(whole, state)
        elif whole["status"] == "opening":
            widgets.empty("hourglass_top", "The agent is still writing", "A moment, please.")
        else:
            _suggestion(whole, state)

    def _field(self, mode: Mode, name: str, *, sendable: bool) -> None:
        state, draft = self._state, self._state.draft
        handoff = state.selected or ""
        with Tag("div", "composer writing", data_mode=name):
            with Tag("div", "composer-head"):
                Tag("h3", "", mode.title)
                Tag("span", "muted", mode.help)
            box = Tag(
                "textarea",
                "box",
                aria_label=mode.title,
                data_draft=f"{handoff}:{name}",
                data_drawing=str(self._drawings),
                rows=7,
                maxlength=MOST_CHARS,
            )
            box._props["defaultValue"] = draft.texts.get(name, "")  # noqa: SLF001
            if mode.files:
                self._files = Tag("div")
                self.draw_files()
            with Tag("div", "composer-acts"):
                if sendable:
                    with widgets.button(
                        mode.verb, mode.act, look="primary", symbol=mode.symbol, data_send="1"
                    ):
                        Tag("kbd", "", "Ctrl ⏎", aria_hidden="true")
                if mode.articles:
                    widgets.button("Article", "article", key="i", symbol="menu_book")
                    widgets.button("Macro", "macro", symbol="quickreply")
                if mode.files:
                    attaching.control(f"{handoff}:{FILES}")
                widgets.button("Discard", "discard", look="quiet")


def _drafting(state: State) -> bool:
    """Whether the agent still works on the new draft of the selected handoff."""
    whole = state.whole
    return (
        whole is not None
        and whole["id"] in state.redrafted
        and whole["ticket"]["status"] != "settled"
    )


def _first(whole: Json, state: State) -> str:
    """Who came first, where somebody else settles what this person is writing about."""
    if whole.get("decided_by"):
        when = words.clock(whole["decided_at"], state.where)
        return f"{whole['decided_by']} decided this first, {when}."
    if whole["status"] == "claimed":
        return f"{whole['claimed_by']} has it now."
    return f"It is {words.plain(whole['status'])} now."


def _conflict(words_: str) -> None:
    with Tag("div", "banner warn", role="alert"):
        widgets.icon("warning")
        with Tag("div"):
            Tag("strong", "", words_)
            Tag("p", "", "What you wrote is kept below: copy it where you need it, or discard it.")


def _suggestion(whole: Json, state: State) -> None:
    found = whole.get("suggestion")
    with Tag("div", "composer"):
        with Tag("div", "composer-head"):
            Tag("h3", "", "Suggested reply")
            if found is not None and _is_weighed(found, whole):
                tone = words.sureness(found["confidence"])
                tone = "warn" if tone == "good" and found.get("findings") else tone
                widgets.badge(f"{words.percent(found['confidence'])} sure", tone)
        if found is None:
            Tag("p", "muted", lead(whole))
            for line in findings(whole):
                Tag("p", "finding-line", line)
        else:
            Tag("div", "text suggestion", found["text"])
            _sources(found)
            for line in left_out(whole):
                Tag("p", "finding-line", line)
            for finding in found.get("findings") or ():
                with Tag("p", "finding"):
                    widgets.icon("report")
                    label = f"{words.capital(words.plain(finding['check']))}: {finding['detail']}"
                    Tag("span", "", label)
        if state.workable:
            _acts(found is not None)
        elif whole["status"] == "claimed":
            Tag("p", "muted", f"{whole['claimed_by']} works on it.")


def _is_weighed(found: Json, whole: Json) -> bool:
    """Whether a share of sureness says something: of what waits for a decision the record is sure, not the reply."""
    return found.get("confidence") is not None and not whole.get("actions")


def _sources(found: Json) -> None:
    if found.get("citations"):
        with Tag("div", "sources"):
            for source in found["citations"]:
                Tag("span", "source", source.get("title") or source.get("source") or "")


def _acts(suggested: bool) -> None:
    with Tag("div", "composer-acts"):
        if suggested:
            widgets.button("Approve", "approve", key="a", look="primary", symbol="check")
            widgets.button("Edit", "mode", arg="edit", key="e", symbol="edit")
        look = "" if suggested else "primary"
        widgets.button("Write", "mode", arg="reply", key="r", symbol="reply", look=look)  # type: ignore[arg-type]
        widgets.button("Redraft", "mode", arg="redraft", key="d", symbol="autorenew", look="quiet")
        widgets.button("To agent", "mode", arg="return", key="b", symbol="smart_toy", look="quiet")


def _decided(whole: Json, state: State) -> None:
    decision = whole.get("decision") or {}
    kinds = {
        "approve": "approved the suggested reply",
        "reply": "replied",
        "return": "gave it back to the agent",
        "close": "closed it without a reply",
        "merge": "merged it into another",
    }
    what = kinds.get(str(decision.get("kind")), "settled it")
    if decision.get("redraft"):
        what = "asked the agent for another draft"
    when = words.clock(whole.get("decided_at"), state.where)
    with Tag("div", "composer done"):
        widgets.icon("task_alt")
        with Tag("div"):
            Tag("strong", "", f"{whole.get('decided_by') or 'Somebody'} {what}, {when}")
            status, _ = words.standing(whole["ticket"])
            Tag("p", "muted", f"The ticket: {status}.")
