"""Going on from an answer that did not help: what was asked, what was sent, what is left to say. Pure.

Nobody is sent the same twice in one ticket, unless they ask for it once more. Who says what is wrong
("the button is grey") is searched for again with that. A passage that was quoted does
not count any more, and what is left has to be surer than a first answer, since the likeliest one has failed.
After `ROUNDS` such answers, where nothing reaches that, or where nothing new is said, a person takes it with
all that was tried.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from graph.conversation import is_answered, last_stretch
from graph.state import Evidence, MessageRecord, StepResult, TicketState
from graph.text.language import UNDETERMINED, language_of
from graph.text.mail.marks import folded
from graph.text.repeated import plain
from graph.text.requests import WISHED, strength
from graph.text.speech.acts import NOTHING_MEANT, did_not_help
from graph.text.speech.confirming import confirms
from graph.text.words import content_words
from memory.sentences import sentences

ROUNDS = 2
"""Further answers that a question may get after the first one."""
STRICTER = 0.5
"""How far the threshold moves from its place towards certainty."""
FEWEST_WORDS = 2
"""Of substance in a clause that adds something to a complaint."""
_OF_COMPLAINTS = frozenset(
    content_words(
        "tried try trying did done went followed following steps step instructions advice suggestion everything anything"
        " nothing already again still same twice thrice times time before result error errors luck joy use help helped answer"
        " answered reply replied question read message wrote asked problem issue fault change changed difference better worse"
        " word letter exactly happens happened happening works worked working afraid unfortunately sadly sorry really"
        " further closer solution point far stuck something else entirely completely totally different topic subject matter article"
    )
)
"""Stems by which somebody says that something was tried in vain, and nothing of what is wrong."""
FEWEST_CHARS = 20
"""Of a sentence by which a passage is recognised in what was sent."""

Quoted = Callable[[Evidence], bool]
"""Whether a passage was quoted in what was sent."""


@dataclass(frozen=True)
class Failed:
    """An answer, or several, after which the customer says that it did not help."""

    question: str
    """What was asked before the first of them."""
    sent: tuple[str, ...]
    """The answers, oldest first."""
    first: bool = False
    """Whether the conversation began with it, so that its subject belongs to it."""

    @property
    def may_go_on(self) -> bool:
        """Whether the agent may answer once more."""
        return len(self.sent) <= ROUNDS


def failed(conversation: Sequence[MessageRecord], says_so: Callable[[str], bool]) -> Failed | None:
    """What the last message complains of; None where a person answered, or nobody did.

    `says_so` tells of an earlier message whether it, too, said that an answer did not help.
    """
    left = list(conversation)
    last_stretch(left, customer=True)
    sent: list[str] = []
    while answers := last_stretch(left, customer=False):
        if any(one["role"] == "person" for one in answers):
            return None
        sent = [one["text"] for one in answers if one["kind"] == "reply"] + sent
        stretch = last_stretch(left, customer=True)
        asked = "\n\n".join(one["text"] for one in stretch)
        if not stretch or not says_so(asked):
            return Failed(asked, tuple(sent), first=not left) if stretch and sent else None
    return None


def still_open(follow_up: str, meant: Mapping[str, str] = NOTHING_MEANT) -> str:
    """What a follow-up says beside that it did not help: "the button is grey"."""
    kept: list[str] = []
    for one in sentences(follow_up):
        if confirms(one.text, answered=True, meant=meant):
            continue
        if did_not_help(folded(one.text), [meant.get(one.text, "")]):
            kept += [] if _is_foreign(one.text) else filter(_adds, _clauses(one.text))
        else:
            kept.append(one.text)
    return " ".join(kept)


def _clauses(sentence: str) -> list[str]:
    return [piece.strip() for piece in sentence.replace(";", ",").replace(":", ",").split(",")]


def _adds(clause: str) -> bool:
    """Whether a clause says something of its own, rather than that something failed."""
    if confirms(clause, answered=True):  # "worked yesterday": what was is no news
        return False
    named = [word for word in content_words(clause) if word not in _OF_COMPLAINTS]
    return len(named) >= FEWEST_WORDS and not did_not_help(folded(clause), [])


def _is_foreign(sentence: str) -> bool:
    """Whether no word of it is known here: a complaint that only its meaning shows tells nothing further."""
    return language_of(sentence) not in {"en", UNDETERMINED}


def threshold(usual: float) -> float:
    """What a further answer has to reach."""
    return usual + STRICTER * (1.0 - usual)


def left_to_say(state: TicketState, results: Sequence[StepResult]) -> tuple[list[StepResult], bool]:
    """The results that were not sent yet, and whether a further answer is what is wanted."""
    triaged = state.get("triaged")
    failed_with = None if triaged is None else triaged.get("failed")
    if failed_with:
        return unsaid(results, quoted_in(failed_with)), True
    quoted = quoted_in(sent_before(state))
    if not _complains_without_saying_so(state, results, quoted):
        return list(results), False
    return unsaid(of_the_same(results, quoted), quoted), True


def unsaid(results: Sequence[StepResult], quoted: Quoted) -> list[StepResult]:
    """The results without the passages that were quoted."""
    return [
        {**one, "evidence": [item for item in one["evidence"] if not quoted(item)]}
        for one in results
    ]


def sent_before(state: TicketState) -> list[str]:
    """What the customer has been sent in this ticket; nothing where they want it once more."""
    triaged = state.get("triaged")
    if triaged is not None and triaged.get("again"):
        return []
    return [one["text"] for one in state.get("conversation", []) if one["kind"] == "reply"]


def _complains_without_saying_so(
    state: TicketState, results: Sequence[StepResult], quoted: Quoted
) -> bool:
    """Whether the customer asks for nothing, and what is found first is what they were sent.

    "It says locked still, waited an hour" is a complaint in words that no list holds. What finds
    another passage first is another matter.
    """
    triaged = state.get("triaged")
    if triaged is None or not is_answered(state["conversation"]):
        return False
    said = sentences(triaged["screening"]["text"])
    if any(strength(one.text) >= WISHED for one in said):
        return False
    found = [item for one in results for item in one["evidence"]]
    if not found or any(item["kind"] == "tool" for item in found):
        return False
    return quoted(max(found, key=lambda item: item["score"]))


def of_the_same(results: Sequence[StepResult], quoted: Quoted) -> list[StepResult]:
    """The results without what is of no article that was quoted: words that ask nothing find anything."""
    kept = {item["source"] for one in results for item in one["evidence"] if quoted(item)}
    return [
        {**one, "evidence": [item for item in one["evidence"] if item["source"] in kept]}
        for one in results
    ]


def quoted_in(sent: Sequence[str]) -> Quoted:
    """Tells of a passage whether one of its sentences stands in what was sent."""
    told = [plain(one) for one in sent]

    def quoted(item: Evidence) -> bool:
        pieces = [plain(one.text) for one in sentences(item["text"])]
        return any(
            len(piece) >= FEWEST_CHARS and any(piece in text for text in told) for piece in pieces
        )

    return quoted
