"""Which act a message is, before anything is searched for it. Pure functions of its own words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from graph.text.mail.marks import asks, folded
from graph.text.requests import PROBLEM, requests, strength
from graph.text.speech import praise, thanks
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
from memory.patterns import LEFT, RIGHT, Pattern, linear
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
MOST_THANKS_CHARS = 500
MOST_ALONE_WORDS = 5
MOST_NOT_HELPED_WORDS = 25
MOST_NAME_WORDS = 3
FEWEST_STEM = 5
PATTERNS_KEPT = 128
"""Patterns that a process keeps, compiled when they are first needed: there are some sixty."""
LAST_LATIN = "\u0590"
"""Scripts before it part their words by blanks."""
_FILLERS = frozenset(
    """
    please pls plz svp bitte hi hello hey hallo thanks now the a an un une ein eine por favor
    per favore s'il vous plaît i want need speak to with talk ich will je veux quiero voglio
    quero ik wil
    """.split()
)
_THANKED_FOR = linear(
    r"\bfor (?:the|your|this|that|my|our) (?:(?:very |so )?(?:quick|fast|prompt|speedy|swift|recent|full|great|nice|kind|new|generous|immediate|smooth) )*"
    r"(?:refund|update|order|change|check|booking|book|confirmation|explanation|cancellation)\b"
)
"""Names what was done, in words by which one might want it done: "thank you for the refund"."""
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
        if not _asks_about(sentence, name)
        and not (name == Act.NOT_HELPED and _is_fine(sentence, answered=answered))
    ]
    if is_a_scheme(said):
        return Act.SPAM
    tests: dict[Act, Callable[[], bool]] = {
        Act.WANTS_PERSON: lambda: (
            _wants_person(said, answered=answered) or Act.WANTS_PERSON in acts
        ),
        Act.SERIOUS: lambda: (
            _any(SERIOUS, _of_others(said, acts)) or (Act.SERIOUS in acts and Act.SPAM not in acts)
        ),
        Act.CONFIRMS: lambda: (
            confirms(text, answered=answered, meant=meant) and not complains(said, acts)
        ),
        Act.SPAM: lambda: Act.SPAM in acts and not answered,  # who was answered is a customer
        Act.OPT_OUT: lambda: _any(OPT_OUT, said) or Act.OPT_OUT in acts,
        Act.NOT_HELPED: lambda: answered and did_not_help(said, acts, _besides(text, meant)),
    }
    return next((act for act, holds in tests.items() if holds()), None)


def _of_others(said: str, acts: Sequence[str]) -> str:
    """Without what somebody is by trade: a lure may come from a "barrister", too."""
    said = _compiled(TRADE).sub(" ", said)
    return _LAWYER.sub(" ", said) if Act.SPAM in acts else said


def _is_fine(sentence: str, *, answered: bool) -> bool:
    """Whether its words say that all is well, whatever its meaning seems to be."""
    return answered and (_succeeded(sentence) or _kind(sentence, answered=True) == "thanks")


def _asks_about(sentence: str, name: str) -> bool:
    """Whether it asks about that instead of wishing for it, as "When can I call you?" does."""
    return name == Act.WANTS_PERSON and folded(sentence).startswith(_ASKING)


def _wants_person(said: str, *, answered: bool) -> bool:
    if (answered and _any(DO_IT, said)) or (not asks(said) and _any(AGREED_ELSEWHERE, said)):
        return True
    bare = said.strip(" .!?。！")
    if bare in PERSON_ALONE:
        return True
    words = [word.strip(".,!?") for word in bare.split()]
    if len(words) <= MOST_ALONE_WORDS:
        core = " ".join(word for word in words if word not in _FILLERS)
        if core in PERSON_ALONE:
            return True
    return _any(PERSON, _OTHERS_TALK.sub(" ", _CAPTCHA.sub(" ", said)))


def confirms(text: str, *, answered: bool, meant: Mapping[str, str] = NOTHING_MEANT) -> bool:
    """Whether every sentence thanks, praises or says that it worked, and one of them says so."""
    if len(text) > MOST_THANKS_CHARS or asks(text):
        return False
    every = [praise.parted(one.text) for one in sentences(_below_the_subject(text))]
    kinds = [
        "thanks"
        if meant.get(part) == Act.CONFIRMS
        else _kind(part, answered=answered)
        or ("pleasant" if opening and praise.managed(told) else None)
        for opening, told in every
        for part in filter(None, (opening, told))
    ]
    return bool(kinds) and all(kinds) and "thanks" in kinds


def _below_the_subject(text: str) -> str:
    """The text without a subject that merely names a matter, where what stands below it calls that off."""
    subject, gap, body = text.partition("\n\n")
    settled = any(one in folded(body) for one in thanks.SETTLED)
    return body if gap and settled and not strength(subject) else text


def _kind(sentence: str, *, answered: bool) -> str | None:
    """thanks, pleasant, or None for a sentence that says something else."""
    said = " ".join(word for word in folded(sentence).split() if "://" not in word)
    reacts = answered and (said.startswith(thanks.LIKED) or _reacts(sentence, said))
    settled = any(one in said for one in thanks.SETTLED)
    for one in thanks.SETTLED:  # "never mind" denies nothing
        said = said.replace(one, " ")
    if answered and _found(thanks.MISSENT, said):
        settled, said = True, _compiled(thanks.MISSENT).sub(" ", said)
    words = [word.strip(".,!;:-–()\"'") for word in _THANKED_FOR.sub(" ", said).split()]
    plain = [word for word in words if any(map(str.isalnum, word))]
    against = (thanks.AGAINST | thanks.QUESTIONING | thanks.WANTING) & set(plain)
    if reacts or (settled and not against) or (answered and _found(thanks.ENOUGH, said)):
        return "thanks"
    if not plain:
        return "thanks" if answered and not thanks.SIGNS.isdisjoint(sentence) else "pleasant"
    if not thanks.WANTING.isdisjoint(plain) or any(map(str.isdigit, said)):
        return None
    closes = _found(thanks.CLOSES, said)
    if not thanks.AGAINST.isdisjoint(plain) or not thanks.QUESTIONING.isdisjoint(plain):
        return "pleasant" if closes else None
    if _says_thanks(sentence, said, answered=answered) or (
        answered and (set(plain) <= thanks.AGREED or _succeeded(sentence))
    ):
        return "thanks"
    alone = len(plain) == 1 or all(word[:1].isupper() for word in sentence.split())
    named = len(plain) <= MOST_NAME_WORDS and sentence[:1].isupper() and alone
    pleasant = named or closes or any(one in said for one in thanks.PLEASANT)
    return "pleasant" if pleasant else None


def _reacts(sentence: str, said: str) -> bool:
    """Whether a mail program tells that somebody put a happy sign below our answer."""
    return not thanks.SIGNS.isdisjoint(sentence) and any(one in said for one in thanks.PLEASANT)


def _succeeded(sentence: str) -> bool:
    """Whether it tells that something was found or done, and of no trouble: "Found the button."."""
    said = folded(sentence)
    plain = {word.strip(".,!;:-–()\"'") for word in said.split()}
    against = plain & (thanks.AGAINST | thanks.QUESTIONING | thanks.WANTING | thanks.TELLING)
    return not against and not PROBLEM.search(sentence) and _any(thanks.SUCCEEDED, said)


def _says_thanks(sentence: str, said: str, *, answered: bool) -> bool:
    thanking = _thanks(said)
    happy = any(one in said for one in (*thanks.SOLVED, *thanks.PRAISE))
    smiles = not thanks.SIGNS.isdisjoint(sentence) and not requests(sentence)
    return (happy and (answered or thanking or smiles)) or (
        thanking and not requests(sentence) and thanks.SAYING.isdisjoint(said.split())
    )


def _thanks(said: str) -> bool:
    words = [word.strip(".,!;:()") for word in said.split()]
    return any(
        _begins(words, one) if one.isalpha() and one < LAST_LATIN else one in said
        for one in thanks.THANKS
    )


def _begins(words: list[str], one: str) -> bool:
    """Whether a word is that word, or begins with it where it is long enough to be no other."""
    return any(word == one or (len(one) >= FEWEST_STEM and word.startswith(one)) for word in words)


def is_a_scheme(said: str) -> bool:
    """Whether it wants money sent astray, whoever it says it is from; `said` is folded."""
    own = _found(OWN_MONEY, said) or _found(DOUBTS, said)
    if all(_found(one, said) for one in NEW_ACCOUNTS) and not own:
        return True
    if _found(HOW, said):
        return False
    wages = all(_found(one, said) for one in WAGES) and not own and not PROBLEM.search(said)
    return wages or any(all(_found(one, said) for one in parts) for parts in SCHEMES)


def did_not_help(said: str, acts: Sequence[str], besides: str | None = None) -> bool:
    """Whether it says that the last answer failed, and little else.

    `besides`: what it says beside sentences that mean so; "How is that meant to help?" asks for nothing.
    """
    asked = asks(_compiled(WHAT_NOW).sub(" ", said if besides is None else besides))
    if len(said.split()) > MOST_NOT_HELPED_WORDS or asked:
        return False
    return complains(said, acts)


def _besides(text: str, meant: Mapping[str, str]) -> str:
    every = (one.text for one in sentences(text[:READ_CHARS]))
    return folded(" ".join(one for one in every if meant.get(one) != Act.NOT_HELPED))


def complains(said: str, acts: Iterable[str]) -> bool:
    """Whether it says somewhere that something failed, whatever else it says; `said` is folded."""
    return _any(thanks.NOT_HELPED, said) or Act.NOT_HELPED in acts


def _any(patterns: tuple[str, ...], said: str) -> bool:
    return any(_found(one, said) for one in patterns)


def _found(pattern: str, said: str) -> bool:
    return _compiled(pattern).search(said) is not None


@lru_cache(maxsize=PATTERNS_KEPT)
def _compiled(pattern: str) -> Pattern:
    # RE2 knows the edges of ASCII words only; for a yes or no the character beside may be taken in.
    ends = pattern.replace(r"\b|", f"{RIGHT}|").replace(r"|\b", f"|{LEFT}")
    if ends.startswith(r"\b"):
        ends = LEFT + ends.removeprefix(r"\b")
    if ends.endswith(r"\b"):
        ends = ends.removesuffix(r"\b") + RIGHT
    return linear(ends)
