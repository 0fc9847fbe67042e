"""What would have changed the outcome of a turn? Pure, and silent where the journal is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeVar, assert_never

from api.explain.words.errors import error_words
from api.explain.words.phrases import ask_name, plain
from memory.journal import events
from memory.journal.codes import ErrorKind, Reason, Verdict
from memory.journal.events import AskWeighed, Event, HandOffRan, Waiting

FAR = 0.5
"""Part of the threshold below which a lower threshold is no sensible way."""
Turn = Sequence[Event]
E = TypeVar("E", bound=events.Base)


def otherwise(turn: Turn) -> list[str]:
    """Sentences about one turn's outcome."""
    handed = [event for event in turn if isinstance(event, HandOffRan | Waiting)]
    return [_changed(handed[-1].outcome, turn)] if handed else _answered(turn)


def _changed(reason: Reason, turn: Turn) -> str:
    """What would have changed that a person got it."""
    handed = _last(turn, HandOffRan) or HandOffRan(outcome=reason)
    match reason:
        case Reason.LOW_CONFIDENCE:
            return _low_confidence(turn)
        case Reason.ALWAYS_PERSON:
            return _always_person(turn)
        case Reason.INJECTION:
            return _injection(turn)
        case Reason.TOO_MUCH:
            return _too_much(turn)
        case Reason.NEEDS_APPROVAL:
            return _needs_approval(handed)
        case Reason.TOOL_FAILED:
            return _tool_failed(handed, turn)
        case Reason.CHECK_FAILED:
            return _check_failed(handed)
        case Reason.LIMIT_REACHED:
            return _limit_reached(handed)
        case Reason.NOT_YOUR_RECORD:
            address = "Had the ticket come from the address that the record belongs to,"
            return f"{address} the agent would have answered from it."
        case Reason.AUTOMATIC_MAIL:
            return "No setting changes that: answering a robot could start a loop."
        case Reason.SPAM:
            return "No setting changes that: a person can see it and take it up."
        case Reason.WANTS_PERSON:
            return "Had the customer not asked for a person, the agent would have gone on."
        case Reason.SERIOUS:
            return "Complaints, threats and matters of law are a person's, whatever the settings."
        case Reason.OPT_OUT:
            return "Wishes for no more mail are a person's, whatever the settings."
        case Reason.NOT_HELPED:
            return "Had another passage been sure enough, the agent would have gone on with it."
        case Reason.LANGUAGE:
            return "With an article in that language, named in the desk's `languages`, it would have been searched."
        case Reason.DELIVERY_FAILED:
            return "Had the delivery worked, the checked reply would be out."
        case Reason.ACTION_FAILED:
            return "Had the action certainly happened, the reply would be out."
        case Reason.NODE_FAILED:
            return "Without that failure the agent would have gone on."
        case Reason.OTHER_SENDER:
            return "Had the customer written it, the agent would have gone on."
        case Reason.TAKEN_OVER:
            return "Had nobody taken it over, the agent would have gone on."
        case Reason.SUGGEST_ONLY:
            return "With autonomy `auto` for its channel and intent the draft would have been sent."
        case Reason.AGENT_OFF:
            return "With autonomy `suggest` or `auto` the agent would have looked for an answer."
        case Reason.SENDING_STOPPED:
            return "Had sending not been stopped, the reply would be out."
        case Reason.STOPPED_PROGRAM:
            return "Had handling it not stopped the program twice, the agent would have gone on."
        case Reason.RUN_FAILED:
            return "Had one of its runs come to an end, the agent would have ended it."
        case _:
            assert_never(reason)


def _last(turn: Turn, kind: type[E]) -> E | None:
    found = [event for event in turn if isinstance(event, kind)]
    return found[-1] if found else None


def weighed(turn: Turn) -> list[AskWeighed]:
    """The turn's last look at its evidence, one for each ask."""
    last: dict[str, AskWeighed] = {}
    for event in turn:
        match event:
            case events.AssessRan() | events.StepFailed(node=events.AssessRan.name):
                last = {}
            case AskWeighed(ask=ask):
                last[ask] = event
    return list(last.values())


def _answered(turn: Turn) -> list[str]:
    assessed = (event for event in turn if isinstance(event, events.TicketAssessed))
    if any(event.outcome == Verdict.CLARIFY for event in assessed):
        return _asked_back(turn)
    asks = [ask for ask in weighed(turn) if ask.supported and ask.confidence < 1]
    if not asks:
        return []
    lowest = min(asks, key=lambda ask: ask.confidence)
    above = round(lowest.confidence + 0.01, 2)
    if above >= 1:
        return []
    stands = lowest.threshold
    return [f"With the threshold at {above:.2f} instead of {stands:.2f} a person would have it."]


def _asked_back(turn: Turn) -> list[str]:
    """The customer was asked: for who they are, or for what they mean."""
    calls = (event for event in turn if isinstance(event, events.ToolCalled))
    if any(call.error and call.error.kind == ErrorKind.NOT_VERIFIED for call in calls):
        return ["Had the sender shown that the record is theirs, it would have been answered."]
    weak = any(not ask.supported for ask in weighed(turn))
    return [_low_confidence(turn)] if weak else []


def _low_confidence(turn: Turn) -> str:
    asks = weighed(turn)
    weak = [ask for ask in asks if not ask.supported]
    if not weak:
        return "No threshold would have changed it: nothing that is asked was found in it."
    if empty := [ask for ask in weak if ask.sources == ()]:
        names = ", ".join(ask_name(ask.ask) for ask in empty)
        return (
            f"No threshold would have changed it: the search found nothing for the ask {names}."
            " An article on it would have."
        )
    lowest = min(weak, key=lambda ask: ask.confidence)
    needed, stands = math.floor(lowest.confidence * 100) / 100, lowest.threshold
    sources = list(dict.fromkeys(ask.sources[0] for ask in asks if ask.sources))
    noun = "article" if len(sources) == 1 else "articles"
    stood = f" from the {noun} {' and '.join(sources)}" if sources else ""
    text = (
        f"With the threshold at {needed:.2f} instead of {stands:.2f} it would have been answered"
        f"{stood}, had the draft passed its checks."
    )
    if needed >= FAR * stands:
        return text
    return f"{text} That low a threshold lets much through: rather, an article on it is missing."


def _always_person(turn: Turn) -> str:
    named = _last(turn, events.IntentNamed)
    intent = "it has" if named is None else plain(named.outcome)
    return (
        f"With `handling: answer` for the intent {intent} in desk.yaml the agent would have looked"
        " for an answer."
    )


def _injection(turn: Turn) -> str:
    screened = _last(turn, events.Screened)
    if screened is None or screened.injection is None:
        return "A lower probability of injected instructions would have let it pass."
    above = min(1.0, round(screened.injection + 0.01, 2))
    return f"With `thresholds.injection` at {above:.2f} it would have been read like any other."


def _too_much(turn: Turn) -> str:
    plan = _last(turn, events.PlanMade)
    if plan is not None and plan.left_out:
        wanted = plan.steps + plan.left_out
        return f"With `limits.steps` (and `limits.tool_calls`) at {wanted} or more it would fit."
    return "With a higher `limits.asks` all of it would have been planned."


def _needs_approval(handed: HandOffRan) -> str:
    if handed.lacking:
        tools = ", ".join(handed.lacking)
        return f"Had the customer given all that {tools} needs, a person would only approve it."
    tools = ", ".join(handed.subject) or "the action"
    return f"Only a person may approve {tools}: no threshold changes that."


def _tool_failed(handed: HandOffRan, turn: Turn) -> str:
    calls = (event for event in turn if isinstance(event, events.ToolCalled))
    failed = [call for call in calls if call.tool in handed.subject and call.error]
    if not failed:
        return "Had the tool answered, the agent would have gone on."
    tool, error = failed[-1].tool, failed[-1].error
    why = error_words(error) if error else "it failed"
    return f"Had {tool} answered, the agent would have gone on; as it was, {why}."


def _check_failed(handed: HandOffRan) -> str:
    if handed.grounding is None or handed.grounding_needed is None:
        return "A draft without these findings would have been sent."
    return (
        f"With `thresholds.grounding` at {handed.grounding:.2f} instead of"
        f" {handed.grounding_needed:.2f} this finding would not have been made; better is an"
        " article that states it."
    )


def _limit_reached(handed: HandOffRan) -> str:
    if handed.limit is None:
        return "With a higher limit in desk.yaml it would have gone on."
    return f"With a higher `limits.{handed.limit}` in desk.yaml it would have gone on."
