"""Whether a sentence or a cell of a table says yes or no to what was asked, by itself."""

from __future__ import annotations

from collections.abc import Sequence

from graph.minds.local.writing.asked import form_of
from graph.minds.local.writing.statements import allowed, denied
from graph.text.synonyms import other_names
from graph.text.words import NEGATIONS, content_words, words
from memory.patterns import linear
from memory.sentences import sentences

SAME_MATTER = 0.75
"""Share of a question's words of substance that a sentence must hold to say yes or no to it."""
OTHER_MATTER = 0.5
"""Share of a question's words of substance below which a sentence is about something else."""
FEWEST = 2
"""Words of substance that such a question must have."""

_BOUND = linear(
    r"\b(?:only|unless|until|except|if|when|while|as long as|within|after|before|at least|at most|up to|once|provided|but|other than)\b|\d",
    ignore_case=True,
)
"""What makes an answer depend on something."""
_ANYBODY = linear(
    r"\b(?P<way>to|with) (?:(?:an)?other (?:person|people)|others|(?:any|some)(?:body|one)(?: else)?)\b",
    ignore_case=True,
)
"""Whom a sentence names that means each of them. What may not be done "by another person" may be by oneself."""
_OR = linear(r",? (?:or|nor) |, ", ignore_case=True)
"""Between things of which each is denied: "not to Iceland or Malta"."""
_THING = linear(
    r"^(?:(?:to|in|the|an?|my|your|our|any) )*(?:\p{L}[\p{L}'’-]*|\p{Lu}[\p{L}'’-]*(?: \p{Lu}[\p{L}'’-]*)+)\.?$"
)
"""One of them, and no more: "Malta on Sundays" or "by guests" bounds them all."""
_POINTS = frozenset({"it", "them", "they", "this", "these"})
"""By which a sentence names what its title names."""
_BUT = linear(
    r"\b(?:except(?: for)?|apart from|other than|but (?:not|for)|excluding)\b(?P<what>[^.;:]{3,80})",
    ignore_case=True,
)
_STANDS_FOR = frozenset({"one"})
"""Words of a question that name no thing by themselves."""
_CELL = linear(r"^[^;:]{1,80} – (?:[^;:]{1,60}: )?(?P<said>yes|no)\.$", ignore_case=True)
_TURNED = linear(
    r"\b(?:los(?:e|es|ing|t)|without|stop\w*|remov\w*|end(?:s|ed|ing)?|needs?|needed|requir\w+|must|have to|has to|pay|costs?|charg\w+|extra|restrict\w*|limit\w*|prevent\w*"
    r"|forbid\w*|prohibit\w*|bann?(?:s|ed)?|impossible|illegal|miss(?:es|ing)?|lack\w*|disabl\w+|block\w*|exclud\w+|drop\w*|giv(?:e|ing) up|more|less|or|same|only|instead|problem\w*|trouble)\b",
    ignore_case=True,
)
"""Asks for something else than whether there is what a cell says: "Do I lose the sauna on Basic?"."""


_CASE = linear(r"^(?:once|when|if|after|as soon as) (?P<case>[^,]{3,80}), ", ignore_case=True)
_MAY = linear(r"^(?:(?:so|and|but|then),? )?(?:can|could|may) (?:i|we|my|our)\b", ignore_case=True)
_AVOIDS = linear(
    r"\b(?:avoid|lose|skip|stop|cancel|prevent|get out of|opt out|refuse)\b", ignore_case=True
)
"""Asks whether something may be left undone, so that "it cannot be done" is no plain no."""
_RULED_OUT = linear(r"\b(?:excluded|forbidden|prohibited|impossible)\b", ignore_case=True)
"""Denies a thing, and affirms that it is denied."""


def turns(question: str) -> bool:
    """Whether it denies something, or asks for something else than whether it is so."""
    return bool(NEGATIONS & set(words(question))) or _TURNED.search(question) is not None


def answers_another(asked: str, question: str, answer: str) -> bool:
    """Whether a yes or no below `question` may be the opposite of that to what is asked, or is about something else.

    "Do I have to take one?" is not "May I refuse one?". `answer`: what it says, with its title: what it names of the
    ask is asked, too.
    """
    said = " ".join(one.text for one in sentences(asked) if one.text.endswith("?")) or asked
    wanted, told = (set(content_words(one)) - _STANDS_FOR for one in (said, question))
    names = {word: {word, *content_words(" ".join(other_names(word)))} for word in wanted}
    known = told | set(content_words(answer))
    met = sum(not known.isdisjoint(names[word]) for word in wanted)
    same = told & set().union(*names.values())
    if (found := _BUT.search(answer)) and wanted & set(content_words(found["what"])) - told:
        return True  # "Yes, but for the pool", asked about the pool
    less = met < SAME_MATTER * len(wanted) or len(same) < OTHER_MATTER * len(told)
    return less or _turned(said) != _turned(question)


def _turned(question: str) -> bool:
    return turns(question) or _AVOIDS.search(question) is not None


def opening_of_a_cell(question: str, row: str) -> str:
    """`Yes.` or `No.` where a row that was brought down to one cell says just that: "Phone – Team: no."."""
    found = None if turns(question) else _CELL.match(row)
    return f"{found['said'].capitalize()}." if found and form_of(question) == "yes_no" else ""


def opening_by_case(question: str, told: str, sentence: str) -> str:
    """`No.` where a sentence denies it for just the case that was told: "Once it is sent, it cannot be changed"."""
    found = _CASE.match(sentence)
    if found is None or not _MAY.search(question) or _AVOIDS.search(question):
        return ""
    case, rest = set(content_words(found["case"])), sentence[found.end() :]
    told = told.replace(question, " ")
    plain = not NEGATIONS & {*words(found["case"]), *words(told), *words(question)}
    met = len(case) >= FEWEST and case <= set(content_words(told))
    return "No." if plain and met and denied(rest) is not None else ""


def settled_at(question: str, told: Sequence[str], above: str = "") -> int:
    """Place of the sentence that says yes or no where all before it are about something else, or about less; else 0."""
    wanted = set(content_words(question))
    own = [wanted & set(content_words(one)) for one in told]
    for at, sentence in enumerate(told):
        if opening(question, sentence, above):
            same = [one for one in own[:at] if len(one) >= OTHER_MATTER * len(wanted)]
            return at if all(one < own[at] for one in same) else 0
    return 0


def _bounded(behind: str, question: str, wanted: set[str]) -> bool:
    """Whether a no holds only in a case that nobody asked about: "may not swim overnight", "not without an adult"."""
    anybody = _ANYBODY.search(behind)
    if anybody and anybody["way"].lower() in words(question):  # "to a friend"
        behind = behind.replace(anybody.group(), "")
    _, _, case = behind.strip().partition(" ")  # behind the verb
    if "without" in words(behind) or not set(content_words(case)) - wanted:
        return "without" in words(behind)
    parts, joints = _OR.split(case), _OR.findall(case)
    listed = bool(joints) and joints[-1].strip(" ,").lower() in {"or", "nor"}
    listed = listed and all(_THING.match(one) for one in parts[1:])
    return not listed or all(set(content_words(one)) - wanted for one in parts)


def opening(question: str, sentence: str, above: str = "") -> str:
    """`Yes.`, `No.`, or nothing if the sentence does not settle the question.

    `above`: the titles under which it stands, which say what "it" is.
    """
    if form_of(question) != "yes_no" or _BOUND.search(question) or _BOUND.search(sentence):
        return ""
    wanted = set(content_words(question))
    if len(wanted) < FEWEST or NEGATIONS & set(words(question)):
        return ""
    if sentence.lower().startswith(("yes", "no,", "no.", "no ")):
        return ""
    if (parts := denied(sentence)) is not None:
        once = sentence.count(" not ") + sentence.count("cannot") <= 1
        return "No." if once and _denies(question, sentence, parts, above) else ""
    alone = len(wanted & set(content_words(sentence))) >= SAME_MATTER * len(wanted)
    plain = not NEGATIONS & set(words(sentence))
    return "Yes." if plain and alone and _allows(sentence, wanted, above) else ""


def _allows(sentence: str, wanted: set[str], above: str) -> bool:
    """Whether it says that something can be, and of nobody else than who asks: "Gold members may"."""
    who = allowed(sentence)
    return who is not None and not set(content_words(who)) - wanted - set(content_words(above))


def _denies(question: str, sentence: str, parts: tuple[str, str], above: str) -> bool:
    """Whether a sentence that denies something, with what stands before and behind, denies just what is asked."""
    wanted, titles = set(content_words(question)), set(content_words(above))
    own, (before, behind) = wanted & set(content_words(sentence)), parts
    if set(content_words(before)) - wanted - titles:  # of "trial plans", asked about plans
        return False
    if _RULED_OUT.search(sentence) and turns(question):
        return False
    held = own | (titles & wanted)
    leans = bool(own) and not _POINTS.isdisjoint(words(sentence))
    same = len(held) >= SAME_MATTER * len(wanted)
    theirs = leans or len(own) >= OTHER_MATTER * len(held)
    return same and theirs and not _bounded(behind, question, wanted)
