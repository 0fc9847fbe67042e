"""A decision of the journal as a clause. Pure."""

from __future__ import annotations

from typing import assert_never

from api.explain.words.causes import cause_words
from api.explain.words.people import correction_words, decision_words
from api.explain.words.phrases import ask_name, joined, plain
from api.explain.words.reasons import reason_words
from api.explain.words.steps import check_words, doing_words, verdict_words, wants_words
from memory.journal import events
from memory.journal.codes import Cause, Reason, StepKind
from memory.journal.events import Decision


def decided(event: Decision) -> str:
    """What was decided, without its figures."""
    match event:
        case events.IntentNamed(outcome=intent):
            none = intent == "none"
            return "No configured intent applies" if none else f"The intent is {plain(intent)}"
        case events.Screened(outcome=Reason() as reason):
            return f"The screening gives it to a person, since {reason_words(reason)}"
        case events.Screened():
            return "The screening let it pass"
        case events.PlanMade(outcome=how, lacking=lacking):
            missing = f", arguments are missing for {', '.join(lacking)}" if lacking else ""
            return f"The plan ({how}){missing}"
        case events.StepPlanned():
            return _planned(event)
        case events.AskWeighed(threshold_source=source):
            text = joined("The ask", ask_name(event.ask), f"is {event.outcome} by its evidence")
            return f"{text}, by a threshold {source}" if source else text
        case events.TicketAssessed(outcome=verdict, reason=why):
            since = f", since {reason_words(why)}" if why else ""
            return f"Decided to {verdict_words(verdict)}{since}"
        case events.Objected(check=check):
            return f"The check of {check_words(check)} objected"
        case events.GuidanceFollowed(outcome=outcome):
            what = "looked again" if outcome == "used" else "found nothing new"
            return f"The agent {what} following a person's guidance"
        case events.PersonDecided(cause=kind, refused=refused):
            return f"A person {decision_words(kind, refused)}"
        case events.LedToPerson(outcome=reason):
            return f"A person takes over, since {reason_words(reason)}"
        case events.RunGivenUp(outcome=reason):
            return f"The run was given up, since {reason_words(reason)}"
        case events.FoundDelivered():
            return "The run was over, but the reply had left already: the turn ends as delivered"
        case events.StepForgone(outcome=node):
            return f"{doing_words(node)} was left undone: the reply is out"
        case events.Corrected(outcome=kind):
            return joined(f"A person said that {correction_words(kind)}", cause_words(event.cause))
        case _:
            assert_never(event)


def _planned(event: events.StepPlanned) -> str:
    tool, ask = event.tool or "a tool", joined("for the ask", ask_name(event.ask))
    if event.outcome == StepKind.ALREADY_DONE:
        return f"The planner repeated itself: {tool} {ask} was left out as planned before"
    # What the plan's own row has said goes without saying.
    cause = "" if event.cause == Cause.REPLAN else cause_words(event.cause)
    text = joined(f"The plan {wants_words(event.outcome)} {tool} {ask}", cause)
    may = event.intent and event.outcome != StepKind.SEARCH
    return f"{text}, which the intent {plain(str(event.intent))} may use" if may else text
