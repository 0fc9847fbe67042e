"""Before an answer leaves: what goes out, what runs, and what is still to be decided."""

from __future__ import annotations

from api.console.parts import attached, widgets, words
from api.console.parts.widgets import Tag
from api.console.queue.changes import Changes
from api.console.queue.sheet import Sheet
from api.console.queue.state import Json

TELL = "tell_results"
TOLD = {"yes": "Begin with it, once it is done", "no": "Send only what I wrote"}
CHOICES = {"": "Choose ...", "yes": "Approve: it runs", "no": "Refuse: it does not run"}


UNTOLD = "The suggested reply says nothing of what you refused: tell it, then send."


async def approve(changes: Changes) -> None:
    """Approving sends: say what goes out and what runs, then do it. What was refused is told first."""
    whole = changes.state.whole
    if whole is None or not whole.get("suggestion") or not changes.state.workable:
        return
    if False in changes.state.draft.verdicts.values():
        changes.state.visit.notify(UNTOLD, "warn")
        await changes.begin("edit")
        return
    _ask(changes, "Send the suggested reply?", "approve", whole["suggestion"]["text"])


async def reply(changes: Changes) -> None:
    """Send what was written; where an action is proposed, ask first what runs and what is told of it."""
    mode = changes.state.draft.mode
    text = changes.state.draft.texts.get(mode, "")
    if text.strip() and _unsettled(changes):
        _ask(changes, "Decide before it is sent", "reply", text)
    else:
        await changes.decide("reply", mode, text=text)


def _unsettled(changes: Changes) -> list[Json]:
    """The actions that are undecided, or approved so that there will be something to tell."""
    verdicts = changes.state.draft.verdicts
    actions = (changes.state.whole or {}).get("actions") or ()
    return [one for one in actions if verdicts.get(one["fingerprint"]) is not False]


def _ask(changes: Changes, title: str, kind: str, text: str) -> None:
    state = changes.state
    mode = "suggestion" if kind == "approve" else state.draft.mode
    with Sheet(state.visit, title) as sheet:
        Tag("div", "text quoted", text)
        attached.told(state.draft.files)
        for action in (state.whole or {}).get("actions") or ():
            said = state.draft.verdicts.get(action["fingerprint"])
            _action(sheet, action, said)
            if said is not False:
                _told(action, text if kind == "approve" else "")
        if kind == "reply":
            sheet.choice(TELL, "What an approved action came to", TOLD)

    async def done(fields: dict[str, str]) -> None:
        tells = fields.pop(TELL, "") == "yes"
        state.draft.verdicts |= {name: said == "yes" for name, said in fields.items()}
        changes.work.side()
        own: dict[str, str | bool] = {"text": text, TELL: tells} if kind == "reply" else {}
        await changes.decide(kind, mode, **own)

    sheet.open("Send", done, lacking=_lacking, symbol="send")


def _told(action: Json, suggested: str) -> None:
    """What the reply says of the action once it has run, and what of `suggested` it says instead of."""
    if not action.get("told"):
        return
    Tag("p", "muted", "Once it has run, the reply begins with:")
    Tag("div", "text quoted", action["told"])
    if left_out := [one for one in action.get("replaces") or () if one in suggested]:
        Tag("p", "muted", f"and no longer says: {' '.join(left_out)}")


def _lacking(fields: dict[str, str]) -> str:
    return "" if all(fields.values()) else "Approve or refuse each proposed action first"


def _action(sheet: Sheet, action: Json, said: bool | None) -> None:
    """What becomes of an action; the choice where nobody has made it yet."""
    name = words.action(action)
    if said is None:
        sheet.choice(action["fingerprint"], f"{name}: run it?", CHOICES)
        return
    with Tag("p", "becomes"):
        widgets.icon("check" if said else "block")
        Tag("span", "", f"{name}: {'runs' if said else 'refused'}")
