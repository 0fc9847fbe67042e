"""An event of the journal as a sentence. Pure, and content with any event."""

from __future__ import annotations

from typing import assert_never

from api.explain.decisions import decided
from api.explain.figures import figures
from api.explain.words.causes import cause_words, end_of_run, run_words
from api.explain.words.errors import error_words
from api.explain.words.people import (
    act_words,
    carried_words,
    code_words,
    end_words,
    said_words,
    status_words,
    undelivered_words,
)
from api.explain.words.phrases import count, joined, money, plain, span
from api.explain.words.reasons import reason_words
from api.explain.words.steps import doing_words, done_words
from graph.reasons import brief_words, death_words
from memory.journal import events
from memory.journal.codes import CallStatus, Cause, CheckVerdict, DraftKind, Node
from memory.journal.events import Event, StepRan


def sentence(event: Event, *, came: bool = True) -> str:
    """What happened, why, with which numbers, how long it took. Never raises.

    `came`: whether nothing is known of the turn's answer that speaks against its arrival.
    """
    text = _told(event, came=came)
    if reasons := figures(event):
        text += f": {reasons}"
    if event.error:
        text += f": {error_words(event.error)}"
    if cost := _cost(event):
        text += f" ({cost})"
    return f"{text}."


def _told(event: Event, *, came: bool) -> str:
    match event:
        case events.Accepted(opened_by=person) if person:
            return f"{person} opened the ticket for the customer, and it was queued"
        case events.Accepted(vouched_by=who, beside=first):
            vouched = f"; {who} vouched for the sender's address" if who else ""
            other = (
                f"; it came from another address in the thread of ticket {first}" if first else ""
            )
            return f"The ticket was accepted and queued{vouched}{other}"
        case events.CustomerWrote(outcome=status):
            return f"The customer wrote again while the ticket was {status_words(status)}"
        case events.TurnSettled(outcome=outcome):
            return f"The turn ended: {end_words(outcome, came=came)}"
        case events.Undelivered(outcome=became):
            return f"The answer {undelivered_words(became)}"
        case events.AnswerJudged(outcome=said):
            return f"The customer said of the answer {said_words(said)}"
        case events.RunBegan(cause=cause, outcome=state):
            return joined(run_words(cause), end_of_run(state))
        case events.RunLost():
            return (
                "No run was left that would finish the ticket, so it was put into the queue again"
            )
        case events.WorkerDied(outcome=cause, node=node):
            where = f"; begun was: {doing_words(Node(node)).lower()}" if node in list(Node) else ""
            return f"The worker that had the ticket stopped, since {death_words(cause)}{where}"
        case events.Waiting(outcome=reason):
            return f"It waits for a person ({brief_words(reason)})"
        case events.PersonActed(act=act):
            return act_words(act)
        case events.BudgetCharged():
            return "A call ended without saying what it took, so all that it held was charged"
        case events.CodeAnswered(outcome=result):
            return f"The customer answered with a code, {code_words(result)}"
        case events.StepFailed(node=node, cause=cause):
            return joined(doing_words(node), cause_words(cause), "failed")
        case events.DeliverRan() if not came:
            return "The reply was ready to leave"
        case events.StepBase():
            return _ran(event)
        case events.Attempted():
            return _attempt(event)
        case events.ToolCalled() | events.ModelAsked() | events.LocalAsked():
            return _call(event)
        case events.Other():
            text = f"{plain(event.kind).capitalize()} {plain(event.name)}"
            return text if event.outcome in {"ok", ""} else f"{text}: {plain(event.outcome)}"
        case _:
            return decided(event)


def _ran(event: StepRan) -> str:
    text = joined(done_words(Node(event.name)), cause_words(event.cause))
    match event:
        case events.CheckRan(outcome=verdict):
            return text + _checked(verdict)
        case events.DraftRan(outcome=DraftKind.CLARIFICATION):
            return f"{text}: a question to the customer"
        case events.GatherRan(outcome=status):
            return text + _gathered(status)
        case events.HandOffRan(outcome=reason):
            return f"{text}, since {reason_words(reason)}"
        case events.PersonAwaited(outcome=kind):
            return f"{text}: {carried_words(kind)}"
        case events.ActRan(approved=0):
            return joined(
                "No action was approved, so none was carried out", cause_words(event.cause)
            )
        case events.ActRan(outcome="failed"):
            return f"{text}, and not all of them certainly happened"
        case events.RememberRan(outcome="nothing to keep"):
            return f"{text}: nothing to keep"
    return text  # of triage and assess the decision that follows says what came of it


def _checked(verdict: CheckVerdict | str) -> str:
    match verdict:
        case CheckVerdict.PASS:
            return ", and it passed"
        case CheckVerdict.SUGGEST:
            return ", and it passed: a person sends it"
        case CheckVerdict.REVISE:
            return ", and it goes back to be revised"
        case CheckVerdict.HAND_OFF:
            return ", and it may not be sent"
    return ""


def _gathered(status: CallStatus) -> str:
    match status:
        case CallStatus.PROPOSED:
            return ": an action was proposed, which a person must approve"
        case CallStatus.FAILED | CallStatus.NOT_FOUND | CallStatus.CANCELLED:
            return ", and it brought nothing"
        case CallStatus.REFUSED:
            return ", and it was refused"
        case CallStatus.UNKNOWN:
            return ", and nobody can tell whether it happened"
        case CallStatus.SUPPRESSED:
            return " with an earlier result"
        case CallStatus.OK:
            return ""
        case _:
            assert_never(status)


def _call(event: events.Call) -> str:
    if event.outcome == CallStatus.SUPPRESSED or event.cause == Cause.DUPLICATE_SUPPRESSED:
        return f"The same call of {_named(event)} had been made, so its result was used again"
    what, cause = f"The {_kind(event)} {_named(event)}", cause_words(event.cause)
    if event.outcome == CallStatus.OK:
        return joined(f"{what} answered", cause)
    return f"{joined(f'{what} was called', cause)} and {plain(event.outcome)}"


def _kind(event: events.Call) -> str:
    match event:
        case events.ToolCalled():
            return "tool"
        case events.ModelAsked():
            return "model"
        case events.LocalAsked():
            return "local mind"
        case _:
            assert_never(event)


def _named(event: events.Call) -> str:
    return event.tool if isinstance(event, events.ToolCalled) else f"for {event.decision}"


def _attempt(event: events.Attempted) -> str:
    number = "" if event.attempt is None else str(event.attempt)
    cause = "" if event.cause == Cause.RETRY else cause_words(event.cause)
    ended = "succeeded" if event.outcome == CallStatus.OK else plain(event.outcome)
    text = joined("Attempt", number, f"of {event.tool}", cause, ended)
    wait = event.next_wait_seconds
    return text if wait is None else f"{text}, the next comes in {span(wait)}"


def _cost(event: Event) -> str:
    parts = []
    if event.duration_ms is not None:
        parts.append(span(event.duration_ms / 1000))
    if event.all_tokens:
        parts.append(count(event.all_tokens, "token"))
    if event.cost_micros:
        parts.append(f"cost {money(event.cost_micros)}")
    return ", ".join(parts)
