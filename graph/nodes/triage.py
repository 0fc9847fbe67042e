"""triage: what kind of message is this, and may the agent go on at all?"""

from __future__ import annotations

from typing import Literal

from graph.context import NodeResult, TicketContext
from graph.conversation import (
    has_spoken,
    is_answered,
    last_stretch,
    stretches,
    unanswered,
    was_asked,
)
from graph.desk.locale import language_name
from graph.desk.model import Intent
from graph.not_helped import Failed, failed, still_open
from graph.reasons import sure
from graph.state import (
    Classification,
    MessageRecord,
    Priority,
    Screening,
    TicketState,
    Triaged,
)
from graph.text.mail.automatic import MEANT
from graph.text.mail.lists import listed
from graph.text.mail.program_headers import LISTED
from graph.text.speech.acts import Act, speech_act
from graph.text.speech.afterwards import asks_again, defers
from graph.text.words import content_words
from memory.journal.codes import Reason
from memory.journal.events import IntentNamed, Screened, TriageRan
from memory.sentences import sentences
from memory.tables import AutonomyLevel
from memory.tickets.messages import BOUNCE, LOOP, OTHER

_BY_ACT: dict[Act | None, Reason] = {
    Act.WANTS_PERSON: Reason.WANTS_PERSON,
    Act.SERIOUS: Reason.SERIOUS,
    Act.OPT_OUT: Reason.OPT_OUT,
    Act.SPAM: Reason.SPAM,
    Act.NOT_HELPED: Reason.NOT_HELPED,
}
"""What a message does that a person must see."""
_SURER = frozenset({Act.SPAM, Act.SERIOUS, Act.CONFIRMS})
"""Acts that are known by words, too: what merely reads as an automatic reply is one of them first."""
MOST_NOTES = 5
"""Messages of turns that are over that are looked at: the newest."""
OWN_BUSINESS = 0.9
"""Confidence of an intent from which a message is surely one of the desk's. Of 24 advertisements and lures
of our own none has more than .84."""
FEWEST_WORDS = 3
"""Words of substance that must be left of a message without its suspected sentences."""


async def run(state: TicketState, context: TicketContext) -> NodeResult:
    """Screen the customer's unanswered messages and name their intent."""
    written = await _written(state, context)
    before = await _failed(state, context, written)
    screening = await _question(state, context, before, written)
    again = before is None and screening is not written
    classification = await context.minds.classifier.classify(_wording(state, screening))
    answered = is_answered(state["conversation"])
    meant = _meant(screening, classification, context)
    act = speech_act(screening["text"], answered=before is None and answered, meant=meant)
    screening = {**screening, "automatic": _automatic(screening, act, context)}
    marked = _marked(state["conversation"])
    ends = None if marked else _ends(state, screening, act)
    waits = (None, "") if ends else _stop(context, screening, classification, act)
    stop, detail = marked or waits
    intent = context.desk.intent(classification["intent"])
    triaged: Triaged = {
        "screening": screening,
        "classification": classification,
        "priority": _priority(screening["automatic"], act, intent),
        "stop": None if stop is None else stop.value,
        "stop_detail": detail,
        "ends": ends,
    }
    if again:
        triaged["again"] = True
    if before is not None:
        triaged["failed"] = list(before.sent)
    ran = TriageRan(outcome=stop or "ok")
    return NodeResult({"triaged": triaged}, ran, _decisions(triaged, stop))


async def _written(state: TicketState, context: TicketContext) -> Screening:
    """The unanswered messages without mere notes, whose orders count all the same: the minds see them."""
    notes = await _notes(state, context)
    read = await context.minds.screener.screen(
        state["subject"] if _is_first(state) else "",
        unanswered([one for one in state["conversation"] if one["seq"] not in notes]),
        state["headers"],
    )
    orders = [one["injection"] for one in (read, *notes.values())]
    return {**read, "injection": max(orders)}


async def _question(
    state: TicketState, context: TicketContext, before: Failed | None, written: Screening
) -> Screening:
    """What is to be answered: what was written, or the question that it comes back to."""
    if before is not None:
        return await _of_the_question(state, context, before, written)
    if is_answered(state["conversation"]) and asks_again(written["text"]):
        return await _answered_before(state, context) or written
    return written


def _automatic(screening: Screening, act: Act | None, context: TicketContext) -> str | None:
    """Why it is a program's mail, if it is: what it does, or orders to a machine, may say more than how it reads."""
    automatic = screening["automatic"]
    less = {MEANT, LISTED} if act is Act.SPAM else {MEANT}
    if act in _SURER and automatic in less:
        return None
    orders = screening["injection"] >= context.desk.thresholds.injection
    return None if automatic == MEANT and orders else automatic


def _meant(
    screening: Screening, classification: Classification, context: TicketContext
) -> dict[str, str]:
    """The acts by their meaning; what is surely the desk's own business, or gives orders, advertises nothing."""
    acts = screening.get("acts") or {}
    certain = classification["intent"] is not None and classification["confidence"] >= OWN_BUSINESS
    known = certain and not listed(screening["text"])
    if not known and screening["injection"] < context.desk.thresholds.injection:
        return acts
    return {text: act for text, act in acts.items() if act != Act.SPAM}


async def _notes(state: TicketState, context: TicketContext) -> dict[int, Screening]:
    """Messages of turns that are over which nobody had to answer, automatic or putting it off, by number.

    A person who is back writes on where their absence was told, and must be heard. What came in one
    turn is read as a whole: half of a note may be meant for us.
    """
    new = last_stretch(list(state["conversation"]), customer=True)
    over = [one for one in new if one.get("turn", state["turn"]) < state["turn"]][-MOST_NOTES:]
    screen = context.minds.screener.screen
    read = {one["seq"]: await screen("", one["text"], {}) for one in over}
    return {seq: one for seq, one in read.items() if one["automatic"] or _defers(one)}


async def _failed(
    state: TicketState, context: TicketContext, screening: Screening
) -> Failed | None:
    """The answers that the new messages complain of, where the agent may go on from them."""
    conversation = state["conversation"]
    if not is_answered(conversation) or screening["automatic"]:
        return None
    meant = screening.get("acts") or {}
    if speech_act(screening["text"], answered=True, meant=meant) is not Act.NOT_HELPED:
        return None
    earlier = list(conversation)
    last_stretch(earlier, customer=True)
    complaints = {
        one["text"]
        for one in earlier[1:]
        if one["role"] == "customer" and await _complains(context, one["text"])
    }
    found = failed(conversation, lambda asked: asked in complaints)
    goes_on = found is not None and found.may_go_on and still_open(screening["text"], meant)
    return found if goes_on else None


async def _complains(context: TicketContext, text: str) -> bool:
    read = await context.minds.screener.screen("", text, {})
    act = speech_act(read["text"], answered=True, meant=read.get("acts") or {})
    return act is Act.NOT_HELPED


async def _of_the_question(
    state: TicketState, context: TicketContext, before: Failed, screening: Screening
) -> Screening:
    """The question that is still open, with what the follow-up adds to it."""
    more = still_open(screening["text"], screening.get("acts") or {})
    subject = state["subject"] if before.first else ""
    return await context.minds.screener.screen(subject, f"{before.question}\n\n{more}".strip(), {})


async def _answered_before(state: TicketState, context: TicketContext) -> Screening | None:
    """The question whose answer is wanted once more; None where a person answered it."""
    before = failed(state["conversation"], lambda _: False)
    if before is None:
        return None
    subject = state["subject"] if before.first else ""
    return await context.minds.screener.screen(subject, before.question, {})


def _marked(conversation: list[MessageRecord]) -> tuple[Reason, str] | None:
    """Why a person must see the unanswered messages, whatever they say; set by a channel."""
    new = last_stretch(list(conversation), customer=True)
    kinds = {one.get("kind") for one in new}
    if BOUNCE in kinds:
        return Reason.DELIVERY_FAILED, "The last message says why."
    if LOOP in kinds:
        return Reason.AUTOMATIC_MAIL, "The sender writes as often as a program would."
    if OTHER in kinds:
        return Reason.OTHER_SENDER, "The answer may not be meant for both: see who wrote."
    return None


def _ends(
    state: TicketState, screening: Screening, act: Act | None
) -> Literal["confirmed", "nothing_asked"] | None:
    """How the turn ends without a word of ours; None if there is something to do."""
    sure = screening["automatic"] not in {None, MEANT}
    if sure and is_answered(state["conversation"]):
        return "nothing_asked"
    if act is Act.CONFIRMS and not screening["automatic"]:
        return "confirmed"
    waits = act is None and _waits(state["conversation"], screening)
    return "nothing_asked" if waits else None


def _waits(conversation: list[MessageRecord], screening: Screening) -> bool:
    """Whether its writer sees to something; by mere meaning "on my phone" does, which answers a question."""
    asked = was_asked(conversation)
    return has_spoken(conversation) and (defers(screening["text"]) if asked else _defers(screening))


def _defers(screening: Screening) -> bool:
    return defers(screening["text"], screening.get("acts") or {})


def _priority(automatic: str | None, act: Act | None, intent: Intent | None) -> Priority:
    if automatic or act is Act.SPAM:
        return "low"
    own: Priority = intent.priority if intent else "normal"
    return "high" if act is Act.SERIOUS and own != "urgent" else own


def _is_first(state: TicketState) -> bool:
    """Whether the first message is among those to be answered, so that its subject counts."""
    conversation = state["conversation"]
    if state["turn"] == 1:
        return True
    return any(stretch[:1] == conversation[:1] for stretch, _ in stretches(conversation))


def _wording(state: TicketState, screening: Screening) -> str:
    """What names the intent: without the sentences that read as orders to the agent.

    They would water down what the rest asks for, and with it the tools that the ticket may use.
    """
    suspected, text = set(screening["injected"]), screening["text"]
    if not suspected:
        return text or state["subject"]
    rest = " ".join(one.text for one in sentences(text) if one.text not in suspected)
    return rest if len(content_words(rest)) >= FEWEST_WORDS else text


def _stop(
    context: TicketContext, screening: Screening, classification: Classification, act: Act | None
) -> tuple[Reason | None, str]:
    if screening["automatic"]:
        return Reason.AUTOMATIC_MAIL, screening["automatic"]
    for_people = context.desk.gives_to_person(classification["intent"])
    if act in _BY_ACT and not (act is Act.SERIOUS and for_people):
        return _BY_ACT[act], ""
    if screening["injection"] >= context.desk.thresholds.injection:
        limit = context.desk.thresholds.injection
        chance = sure(screening["injection"])
        return Reason.INJECTION, f"That is {chance} sure; from {sure(limit)} on a person reads it."
    if screening["language"] not in {context.desk.language, *context.desk.languages, "und"}:
        return Reason.LANGUAGE, f"It reads as {language_name(screening['language'])}."
    return _by_desk(context, classification)


def _by_desk(context: TicketContext, classification: Classification) -> tuple[Reason | None, str]:
    """What the desk keeps from the agent, whatever the message says."""
    intent, confidence = classification["intent"], classification["confidence"]
    if context.desk.gives_to_person(intent):
        named = str(intent).replace("_", " ")
        return Reason.ALWAYS_PERSON, f"It reads as {named} ({sure(confidence)} sure)."
    off = context.autonomy.of(intent) is AutonomyLevel.OFF
    return Reason.AGENT_OFF if off else None, ""


def _decisions(triaged: Triaged, stop: Reason | None) -> tuple[IntentNamed, Screened]:
    screening, guess = triaged["screening"], triaged["classification"]
    return (
        IntentNamed(
            outcome=guess["intent"] or "none",
            confidence=guess["confidence"],
            threshold=guess["threshold"],
        ),
        Screened(
            outcome=stop or "go on",
            injection=screening["injection"],
            language=screening["language"],
            personal_data=len(screening["personal_data"]),
            truncated=screening["truncated"],
        ),
    )
