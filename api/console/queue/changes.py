"""The changes of the queue page: what is written, and sent to the API."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from api.console.parts import attaching, words
from api.console.parts.attaching import FILES
from api.console.parts.remote import ApiRefused
from api.console.queue.state import Json, State
from api.console.queue.work import Work
from api.console.shell.visit import sentence

CONFLICT = 409
DRAFTED = frozenset({"edit", "reply", "return", "redraft", "ask", "note"})


class Changes:
    """What acts and dialogs change by."""

    def __init__(self, state: State, work: Work) -> None:
        self.state = state
        self.work = work

    async def keep_filters(self, filters: list[Json]) -> None:
        """Replace the person's saved filters."""
        me = self.state.visit.me
        me["preferences"] = {**me["preferences"], "filters": filters}
        await self.state.visit.remote.put("/v1/session/preferences", me["preferences"])
        self.work.draw_queue()

    def forget(self, mode: str) -> None:
        """Drop what was written in a mode, here and in the browser's tab."""
        self.state.draft.texts.pop(mode, None)
        ui.run_javascript(f"deskForget({f'{self.state.selected}:{mode}'!r})")

    def leave_out(self, file_id: str) -> None:
        """Send no such file."""
        draft = self.state.draft
        name = f"{self.state.selected}:{FILES}"
        draft.texts[FILES] = attaching.leave_out(name, draft.files, file_id)
        self.work.composer.draw_files()

    async def begin(self, name: str) -> None:
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

    async def decide(self, kind: str, mode: str, **fields: str | bool) -> None:
        """Decide the selected handoff; where somebody was first, what was written stays."""
        state = self.state
        whole, draft = state.whole, state.draft
        if whole is None:
            return
        body: Json = {"kind": kind, "version": whole["version"], **fields}
        if kind in {"approve", "reply"}:
            body |= self._verdicts(whole)
            body["files"] = [one["id"] for one in draft.files]
        if await self._try(f"/v1/handoffs/{whole['id']}/decide", body):
            state.held.discard(whole["id"])
            self.forget(mode)
            self.forget(FILES)
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

    async def write(
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
            self.forget(mode)
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

    async def put(self, text: str) -> None:
        """Add a text to what is being written, and begin a reply where nothing is."""
        if self.state.draft.mode not in {"edit", "reply"}:
            await self.begin("reply")
        draft = self.state.draft
        written = draft.texts.get(draft.mode, "").rstrip()
        draft.texts[draft.mode] = f"{written}\n\n{text}".lstrip()
        self.work.composer.draw(anew=True)
