"""What the controls of the queue page do: each act is a call of the API."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from nicegui import ui

from api.console.parts import words
from api.console.parts.remote import ApiRefused
from api.console.queue import dialogs
from api.console.queue.state import VIEWS, Filter, Json, State
from api.console.queue.work import Work
from api.console.shell.shell import Act, sentence

CONFLICT = 409
DRAFTED = frozenset({"edit", "reply", "return", "redraft", "ask", "note"})


class Actions:
    """The acts of one page."""

    def __init__(self, state: State, work: Work) -> None:
        self.state = state
        self.work = work

    def table(self) -> dict[str, Act]:
        """Acts by the name that controls carry."""
        simple = {
            "select": self.select,
            "move": self.move,
            "view": self.view,
            "narrow": self.narrow,
            "widen": self.widen,
            "saved": self.saved,
            "unsave": self.unsave,
            "more": self.more,
            "mark": self.mark,
            "unmark": self.unmark,
            "claim": self.claim,
            "release": self.release,
            "wake": self.wake,
            "mode": self.mode,
            "discard": self.discard,
            "approve": self.approve,
            "send": self.send,
            "return": self.give_back,
            "redraft": self.redraft,
            "ask": self.ask,
            "note": self.note,
            "verdict-yes": self.verdict_yes,
            "verdict-no": self.verdict_no,
            "insert": self.insert,
            "undo-correction": self.undo_correction,
        }
        asked = dialogs.table(self)
        return {name: self._noting(act) for name, act in (simple | asked).items()}

    def _noting(self, act: Act) -> Act:
        async def noted(arg: str) -> None:
            self.work.active_at = time.monotonic()
            await act(arg)

        return noted

    async def search(self, text: str) -> None:
        """Show what fits the text."""
        self.work.active_at = time.monotonic()
        await self._show(replace(self.state.filter, q=text.strip()))

    async def select(self, handoff: str) -> None:
        """Show a handoff."""
        await self.work.select(handoff)

    async def move(self, step: str) -> None:
        """Show the next or the previous one."""
        await self.work.select(self.state.at(int(step)))

    async def view(self, name: str) -> None:
        """Show another view."""
        if name in VIEWS:
            await self._show(replace(self.state.filter, view=name))

    async def narrow(self, choice: str) -> None:
        """Keep to one intent, reason or team: `name=value`."""
        name, _, value = choice.partition("=")
        others = tuple(pair for pair in self.state.filter.narrow if pair[0] != name)
        wanted = (*others, (name, value)) if value else others
        await self._show(replace(self.state.filter, narrow=wanted))

    async def widen(self, name: str) -> None:
        """No longer keep to one value of this."""
        await self.narrow(f"{name}=")

    async def saved(self, line: str) -> None:
        """Show what a saved filter shows."""
        await self._show(Filter.restored(line))

    async def unsave(self, name: str) -> None:
        """Forget a saved filter."""
        await self.keep_filters([one for one in self._filters() if one["name"] != name])

    async def keep_filters(self, filters: list[Json]) -> None:
        """Replace the person's saved filters."""
        me = self.state.visit.me
        me["preferences"] = {**me["preferences"], "filters": filters}
        await self.state.visit.remote.put("/v1/session/preferences", me["preferences"])
        self.work.draw_queue()

    def _filters(self) -> list[Json]:
        return list(self.state.visit.me["preferences"].get("filters", []))

    async def more(self, _: str) -> None:
        """Show more rows."""
        self.work.shown += 50
        await self.work.read()

    async def mark(self, handoff: str) -> None:
        """Mark a handoff for a change of several, or no longer."""
        self.state.marked ^= {handoff or self.state.selected or ""} - {""}
        self.work.draw_queue()

    async def unmark(self, _: str) -> None:
        """Mark none."""
        self.state.marked.clear()
        self.work.draw_queue()

    async def _show(self, wanted: Filter) -> None:
        self.state.filter = wanted
        await self.work.read()

    async def claim(self, _: str) -> None:
        """Take it."""
        await self.work.claim()
        await self.work.read()

    async def release(self, _: str) -> None:
        """Give it back."""
        self.state.held.discard(self.state.selected or "")
        await self.change("release")

    async def wake(self, _: str) -> None:
        """Take it out of its sleep."""
        await self.change("wake")
        await self.work.claim()
        await self.work.read()

    async def mode(self, name: str) -> None:
        """Begin to write something: that takes the handoff, so that nobody else does the same."""
        state = self.state
        if state.whole is None or name not in DRAFTED:
            return
        if name != "note":
            await self.work.claim()
        draft = state.draft
        suggestion = (state.whole.get("suggestion") or {}).get("text", "")
        if name == "edit" and not draft.texts.get("edit"):
            draft.texts["edit"] = suggestion
        draft.mode = name
        self.work.composer.draw()
        ui.run_javascript(
            "deskShow('talk'); requestAnimationFrame(() => "
            "document.querySelector('.writing textarea')?.focus())"
        )

    async def discard(self, _: str) -> None:
        """Forget what was written."""
        draft = self.state.draft
        self._forget(draft.mode)
        draft.mode, draft.conflict = "suggestion", ""
        self.work.composer.draw(anew=True)

    def _forget(self, mode: str) -> None:
        self.state.draft.texts.pop(mode, None)
        ui.run_javascript(f"deskForget({f'{self.state.selected}:{mode}'!r})")

    async def verdict_yes(self, fingerprint: str) -> None:
        """Approve one action."""
        await self._verdict(fingerprint, approved=True)

    async def verdict_no(self, fingerprint: str) -> None:
        """Refuse one action."""
        await self._verdict(fingerprint, approved=False)

    async def _verdict(self, fingerprint: str, *, approved: bool) -> None:
        await self.work.claim()
        verdicts = self.state.draft.verdicts
        if verdicts.get(fingerprint) is approved:
            del verdicts[fingerprint]  # pressed again: undecided
        else:
            verdicts[fingerprint] = approved
        self.work.side()
        self.work.composer.draw()

    async def approve(self, _: str) -> None:
        """Ask once more, then send the suggested reply."""
        await dialogs.confirm_approval(self)

    async def send(self, _: str) -> None:
        """Send what was written."""
        mode = self.state.draft.mode
        await self.decide("reply", mode, text=self.state.draft.texts.get(mode, ""))

    async def give_back(self, _: str) -> None:
        """Give the ticket back to the agent."""
        await self.decide("return", "return", guidance=self.state.draft.texts.get("return", ""))

    async def decide(self, kind: str, mode: str, **fields: str) -> None:
        """Decide the selected handoff; where somebody was first, what was written stays."""
        state = self.state
        whole, draft = state.whole, state.draft
        if whole is None:
            return
        body: Json = {"kind": kind, "version": whole["version"], **fields}
        if kind in {"approve", "reply"}:
            body |= self._verdicts(whole)
        if await self._try(f"/v1/handoffs/{whole['id']}/decide", body):
            state.held.discard(whole["id"])
            self._forget(mode)
            draft.mode, draft.conflict = "suggestion", ""
            done = {"approve": "Sent", "reply": "Sent", "return": "Given back to the agent"}
            state.visit.notify(done.get(kind, "Closed"), "good")
        await self.work.read()
        await self.work.refresh()

    def _verdicts(self, whole: Json) -> Json:
        proposed = {action["fingerprint"] for action in whole.get("actions") or ()}
        chosen = {key: said for key, said in self.state.draft.verdicts.items() if key in proposed}
        return {
            "actions": [key for key, approved in chosen.items() if approved],
            "refused": [key for key, approved in chosen.items() if not approved],
        }

    async def redraft(self, _: str) -> None:
        """Have the suggestion made anew."""
        hint = self.state.draft.texts.get("redraft", "")
        whole = self.state.whole
        if whole is None:
            return
        body = {"hint": hint}
        if await self._write("redraft", body, "redraft", "The agent drafts it anew"):
            self.state.held.discard(whole["id"])
            self.state.redrafted[whole["id"]] = whole["ticket_id"]
            await self.work.take_redrafts()
            self.work.composer.draw()

    async def ask(self, _: str) -> None:
        """Ask the customer."""
        text = self.state.draft.texts.get("ask", "")
        await self._write("ask", {"text": text}, "ask", "Asked: it comes back with the answer")

    async def note(self, _: str) -> None:
        """Keep a note for colleagues."""
        text = self.state.draft.texts.get("note", "")
        await self._write("notes", {"text": text}, "note", "Kept", versioned=False)

    async def _write(
        self, path: str, body: Json, mode: str, done: str, *, versioned: bool = True
    ) -> bool:
        """Write to the selected handoff; whether it was taken."""
        whole = self.state.whole
        if whole is None:
            return False
        if versioned:
            body = {**body, "version": whole["version"]}
        taken = await self._try(f"/v1/handoffs/{whole['id']}/{path}", body)
        if taken:
            self._forget(mode)
            self.state.draft.mode, self.state.draft.conflict = "suggestion", ""
            self.state.visit.notify(done, "good")
        await self.work.read()
        await self.work.refresh()
        self.work.composer.draw()
        return taken

    async def _try(self, path: str, body: Json) -> bool:
        """Make a change that others may have come before; False with the conflict kept."""
        try:
            await self.state.visit.remote.post(path, body)
        except ApiRefused as refused:
            if refused.status != CONFLICT:
                raise
            self.state.draft.conflict = self._first(refused)
            return False
        return True

    def _first(self, refused: ApiRefused) -> str:
        """Who was first, and when, in words."""
        problem, where = refused.problem, self.state.where
        by = problem.get("by")
        if refused.name == "already-decided" and by:
            return f"{by} decided this first, {words.clock(problem.get('at'), where)}."
        if by:
            return f"{by} has it until {words.clock(problem.get('until'), where)}."
        return sentence(str(refused))

    async def change(self, path: str, body: Any = None, done: str = "") -> None:
        """Make a change of the selected handoff and show what it is now."""
        whole = self.state.whole
        if whole is None:
            return
        await self.state.visit.remote.post(f"/v1/handoffs/{whole['id']}/{path}", body)
        if done:
            self.state.visit.notify(done, "good")
        await self.work.read()
        await self.work.refresh()

    async def insert(self, passage_id: str) -> None:
        """Put a passage into what is being written."""
        asks = (self.state.whole or {}).get("asks") or []
        found = next(
            (one for ask in asks for one in ask.get("evidence") or () if one["id"] == passage_id),
            None,
        )
        if found is not None:
            await self.put(found["text"])

    async def put(self, text: str) -> None:
        """Add a text to what is being written, and begin a reply where nothing is."""
        if self.state.draft.mode not in {"edit", "reply"}:
            await self.mode("reply")
        draft = self.state.draft
        written = draft.texts.get(draft.mode, "").rstrip()
        draft.texts[draft.mode] = f"{written}\n\n{text}".lstrip()
        self.work.composer.draw(anew=True)

    async def undo_correction(self, correction: str) -> None:
        """The correction was a mistake."""
        await self.state.visit.remote.post(f"/v1/corrections/{correction}/undo")
        await self.work.refresh()
