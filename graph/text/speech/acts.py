"""Which act a message is, before anything is searched for it. Pure functions of its own words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

from graph.text.mail.lists import leads_off_a_list
from graph.text.mail.marks import asks, folded
from graph.text.mail.notices import TO_US
from graph.text.requests import PROBLEM, is_polite
from graph.text.speech import thanks
from graph.text.speech.confirming import confirms, kind_of, succeeded
from graph.text.speech.patterns import any_found, compiled, found
from graph.text.speech.spam import DOUBTS, HOW, NEW_ACCOUNTS, OWN_MONEY, SCHEMES, WAGES
from graph.text.speech.wishes import (
    AGREED_ELSEWHERE,
    DO_IT,
    OPT_OUT,
    PERSON,
    PERSON_ALONE,
    SERIOUS,
    TRADE,
)
from memory.patterns import linear
from memory.sentences import sentences


class Act(StrEnum):
    """What a message does."""

    WANTS_PERSON = "wants_person"
    SERIOUS = "serious"
    """It complains formally, threatens, insults, speaks of law or of danger."""
    OPT_OUT = "opt_out"
    """It wishes for no more mail."""
    SPAM = "spam"
    CONFIRMS = "confirms"
    """It thanks, or says that it worked, and nothing else."""
    NOT_HELPED = "not_helped"
    """It says that the last answer did not help, and no more."""


NOTHING_MEANT: Mapping[str, str] = MappingProxyType({})
READ_CHARS = 4_000
"""Beginning of a message in which an act is looked for."""
MOST_ALONE_WORDS = 5
MOST_NOT_HELPED_WORDS = 25
_FILLERS = frozenset(
    """
    please pls plz svp bitte hi hello hey hallo thanks now the a an un une ein eine por favor
    per favore s'il vous plaît i want need speak to with talk ich will je veux quiero voglio
    quero ik wil
    """.split()
)
WHAT_NOW = r"\b(?:and |so )?(?:now what|what (?:now|next|else)|what (?:do|should|can|shall) (?:i|we) do(?: now| next)?|any (?:other |more )?(?:ideas?|suggestions?))\?"
"""Asks for no more than another way."""
_CAPTCHA = linear(r"\b(?:i am|i'm|you are|you're|we are|are) (?:really )?not an? (?:ro)?bots?\b")
_LAWYER = linear(
    r"\b(?:i am|i'm|my name is|this is) (?:\S+ ){0,2}?(?:barrister|attorney|lawyer|solicitor|advocate)\b"
)
_OTHERS_TALK = linear(
    r"\b(?:can|could|may|do|does|should|must|would) (?:an?|the|my|our|your|every|each) (?:\w+ ){1,2}?(?:talk|speak|chat|write) (?:to|with) (?:the|our|your|each|other|an?other|all|every)\b"
)
"""A question about others, as "Can a guest talk to the staff?" is."""
_ASKING = ("when ", "where ", "how ", "what ", "which ", "why ")


def speech_act(
    text: str, *, answered: bool, meant: Mapping[str, str] = NOTHING_MEANT
) -> Act | None:
    """The act, None for a message that asks or tells something.

    `answered`: the last word was an answer of the desk, so that "ok" and "it did not help" mean it.
    `meant`: the acts of single sentences by their meaning, where somebody has read them so.
    """
    said = folded(text[:READ_CHARS])
    acts = [
        name
        for sentence, name in meant.items()
        if not _means_less(sentence, name)
        and not (name == Act.NOT_HELPED and _is_fine(sentence, answered=answered))
    ]
    if is_a_scheme(said):
        return Act.SPAM
    tests: dict[Act, Callable[[], bool]] = {
        Act.WANTS_PERSON: lambda: (
            _wants_person(said, answered=answered) or Act.WANTS_PERSON in acts
        ),
        Act.SERIOUS: lambda: (
            any_found(SERIOUS, _of_others(said, acts))
            or (Act.SERIOUS in acts and Act.SPAM not in acts)
        ),
        Act.CONFIRMS: lambda: (
            confirms(text, answered=answered, meant=meant) and not complains(said, acts)
        ),
        Act.SPAM: lambda: Act.SPAM in acts and not answered,  # who was answered is a customer
        Act.OPT_OUT: lambda: any_found(OPT_OUT, _of_the_writer(text)) or Act.OPT_OUT in acts,
        Act.NOT_HELPED: lambda: answered and did_not_help(said, acts, _besides(text, meant)),
    }
    return next((act for act, holds in tests.items() if holds()), None)


def _of_others(said: str, acts: Sequence[str]) -> str:
    """Without what somebody is by trade: a lure may come from a "barrister", too."""
    said = compiled(TRADE).sub(" ", said)
    return _LAWYER.sub(" ", said) if Act.SPAM in acts else said


def _is_fine(sentence: str, *, answered: bool) -> bool:
    """Whether its words say that all is well, whatever its meaning seems to be."""
    return answered and (succeeded(sentence) or kind_of(sentence, answered=True) == "thanks")


def _means_less(sentence: str, name: str) -> bool:
    """Whether its words say less than its meaning: "When can I call you?", "Is it safe?", "Leave our list: https://..."."""
    said = folded(sentence)
    if name == Act.WANTS_PERSON:
        return said.startswith(_ASKING) or is_polite(sentence)
    if name == Act.SERIOUS:  # who threatens by a question asks the one who reads it
        return asks(sentence) and TO_US.isdisjoint(
            word.strip(".,;:!?()\"'") for word in said.split()
        )
    return name == Act.OPT_OUT and leads_off_a_list(sentence)


def _of_the_writer(text: str) -> str:
    """The text, folded, without lines that tell how to leave a list of the writer's own."""
    lines = text[:READ_CHARS].splitlines()
    return folded(" ".join(line for line in lines if not leads_off_a_list(line)))


def _wants_person(said: str, *, answered: bool) -> bool:
    if (answered and any_found(DO_IT, said)) or (
        not asks(said) and any_found(AGREED_ELSEWHERE, said)
    ):
        return True
    bare = said.strip(" .!?。！")
    if bare in PERSON_ALONE:
        return True
    words = [word.strip(".,!?") for word in bare.split()]
    if len(words) <= MOST_ALONE_WORDS:
        core = " ".join(word for word in words if word not in _FILLERS)
        if core in PERSON_ALONE:
            return True
    return any_found(PERSON, _OTHERS_TALK.sub(" ", _CAPTCHA.sub(" ", said)))


def is_a_scheme(said: str) -> bool:
    """Whether it wants money sent astray, whoever it says it is from; `said` is folded."""
    own = found(OWN_MONEY, said) or found(DOUBTS, said)
    if all(found(one, said) for one in NEW_ACCOUNTS) and not own:
        return True
    if found(HOW, said):
        return False
    wages = all(found(one, said) for one in WAGES) and not own and not PROBLEM.search(said)
    return wages or any(all(found(one, said) for one in parts) for parts in SCHEMES)


def did_not_help(said: str, acts: Sequence[str], besides: str | None = None) -> bool:
    """Whether it says that the last answer failed, and little else.

    `besides`: what it says beside sentences that mean so; "How is that meant to help?" asks for nothing.
    """
    asked = asks(compiled(WHAT_NOW).sub(" ", said if besides is None else besides))
    if len(said.split()) > MOST_NOT_HELPED_WORDS or asked:
        return False
    return complains(said, acts)


def _besides(text: str, meant: Mapping[str, str]) -> str:
    every = (one.text for one in sentences(text[:READ_CHARS]))
    return folded(" ".join(one for one in every if meant.get(one) != Act.NOT_HELPED))


def complains(said: str, acts: Iterable[str]) -> bool:
    """Whether it says somewhere that something failed, whatever else it says; `said` is folded."""
    return any_found(thanks.NOT_HELPED, said) or Act.NOT_HELPED in acts
