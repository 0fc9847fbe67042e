"""What the controls of the queue page do: each act is a call of the API."""

from __future__ import annotations

import time
from dataclasses import replace

from api.console.parts.attaching import FILES
from api.console.queue import dialogs, sending
from api.console.queue.changes import Changes
from api.console.queue.state import PAGE_SIZE, VIEWS, Filter, Json, State
from api.console.queue.work import Work
from api.console.shell.visit import Act


class Actions:
    """The acts of one page."""

    def __init__(self, state: State, work: Work) -> None:
        self.state = state
        self.work = work
        self.changes = Changes(state, work)

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
            "mode": self.changes.begin,
            "discard": self.discard,
            "detach": self.detach,
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
        asked = dialogs.table(self.changes)
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
        await self.changes.keep_filters([one for one in self._filters() if one["name"] != name])

    def _filters(self) -> list[Json]:
        return list(self.state.visit.me["preferences"].get("filters", []))

    async def more(self, _: str) -> None:
        """Show more rows."""
        self.work.shown += PAGE_SIZE
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
        await self.changes.change("release")

    async def wake(self, _: str) -> None:
        """Take it out of its sleep."""
        await self.changes.change("wake")
        await self.work.claim()
        await self.work.read()

    async def discard(self, _: str) -> None:
        """Forget what was written."""
        draft = self.state.draft
        self.changes.forget(draft.mode)
        self.changes.forget(FILES)
        draft.mode, draft.conflict = "suggestion", ""
        self.work.composer.draw(anew=True)

    async def detach(self, file_id: str) -> None:
        """Leave a file out that was chosen."""
        self.changes.leave_out(file_id)

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
        await sending.approve(self.changes)

    async def send(self, _: str) -> None:
        """Send what was written; ask first where an action is undecided."""
        await sending.reply(self.changes)

    async def give_back(self, _: str) -> None:
        """Give the ticket back to the agent."""
        await self.changes.decide(
            "return", "return", guidance=self.state.draft.texts.get("return", "")
        )

    async def redraft(self, _: str) -> None:
        """Have the suggestion made anew."""
        hint = self.state.draft.texts.get("redraft", "")
        whole = self.state.whole
        if whole is None:
            return
        body = {"hint": hint}
        if await self.changes.write("redraft", body, "redraft", "The agent drafts it again"):
            self.state.held.discard(whole["id"])
            self.state.redrafted[whole["id"]] = whole["ticket_id"]
            await self.work.take_redrafts()
            self.work.composer.draw()

    async def ask(self, _: str) -> None:
        """Ask the customer."""
        draft = self.state.draft
        body = {"text": draft.texts.get("ask", ""), "files": [one["id"] for one in draft.files]}
        if await self.changes.write("ask", body, "ask", "Asked: it comes back with the answer"):
            self.changes.forget(FILES)

    async def note(self, _: str) -> None:
        """Keep a note for colleagues."""
        text = self.state.draft.texts.get("note", "")
        await self.changes.write("notes", {"text": text}, "note", "Kept", versioned=False)

    async def insert(self, passage_id: str) -> None:
        """Put a passage into what is being written."""
        asks = (self.state.whole or {}).get("asks") or []
        found = next(
            (
                one
                for ask in asks
                for one in (*(ask.get("evidence") or ()), *(ask.get("nearest") or ()))
                if one["id"] == passage_id
            ),
            None,
        )
        if found is not None:
            await self.changes.put(found["text"])

    async def undo_correction(self, correction: str) -> None:
        """The correction was a mistake."""
        await self.state.visit.remote.post(f"/v1/corrections/{correction}/undo")
        await self.work.refresh()
