"""What the words of an expectation mean. What nobody here understands is said, never passed.

    "delivered; then thanks must settle without a person or another answer"

`;` separates clauses: where a customer writes on, the first of several is about the first turn, the
others about the last. Within a clause `,` means and, `or` and `/` mean or; what stands in brackets
or behind a colon explains.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from evals.trials import checks
from evals.trials.checks import Check
from evals.trials.outcome import CameTurn, Scene

MAX_CHARS = 1_000
"""Of an expectation: a longer one is a text, not an expectation."""


@dataclass(frozen=True)
class Clause:
    """Terms of which at least one of each group must hold."""

    first: bool
    """About the first turn; about the last one otherwise."""
    groups: tuple[tuple[Check, ...], ...]


@dataclass(frozen=True)
class Expectation:
    """An expectation that was understood as far as `unknown` is empty."""

    clauses: tuple[Clause, ...]
    unknown: tuple[str, ...] = ()

    def holds(self, text: str, turns: tuple[CameTurn, ...], follow: tuple[str, ...]) -> bool:
        """Whether a conversation came so. One that crashed never did."""
        if self.unknown or not turns or any(turn.crashed for turn in turns):
            return False
        return all(_holds(clause, text, turns, follow) for clause in self.clauses)


def _holds(clause: Clause, text: str, turns: tuple[CameTurn, ...], follow: tuple[str, ...]) -> bool:
    turn, said = (turns[0], ()) if clause.first else (turns[-1], follow)
    scene = Scene(text, turns, turn, said)
    return all(any(check(scene) for check in group) for group in clause.groups)


@dataclass(frozen=True)
class Known:
    """Names that an expectation may use."""

    articles: Collection[str] = ()
    tools: Collection[str] = ()


_NEGATED = re.compile(r"\b(?:no|not|never|without)\b")

Meaning = Callable[[re.Match[str], str, Known], Check]


def _is(check: Check) -> Meaning:
    return lambda _match, _term, _known: check


def _all(*those: Check) -> Check:
    return lambda scene: all(check(scene) for check in those)


def _number(text: str) -> float:
    return float(text.replace(",", ""))


def _answered(_match: re.Match[str], term: str, known: Known) -> Check:
    """`delivered`, perhaps with the articles that it must stand on, perhaps `only` on those."""
    parts = term.split()
    slugs = [one for one in parts if "-" in one and one in known.articles]
    if "only" in parts and parts.index("only") > 0:
        return checks.cites_only(parts[parts.index("only") - 1])
    return _all(checks.answered, checks.cites(*slugs)) if slugs else checks.answered


def _only(match: re.Match[str], _term: str, _known: Known) -> Check:
    return checks.cites_only(match[1])


_PERSON = checks.ended_as("with_person")
_NOT_PERSON: Check = lambda scene: scene.turn.outcome != "with_person"  # noqa: E731
_NOT_SENT: Check = lambda scene: scene.turn.outcome != "delivered"  # noqa: E731
_ASKED = checks.ended_as("clarifying")
_NOT: Callable[[Check], Check] = lambda check: lambda scene: not check(scene)  # noqa: E731
_AUTOMATIC = checks.reason_has("automatic", "bounce", "out_of_office")
_INJECTION = checks.reason_has("injection")
_CODE: Check = lambda scene: scene.turn.verify  # noqa: E731

MEANINGS: tuple[tuple[str, Meaning], ...] = (
    (r"no crash|not crash|no hang|fast$", _is(lambda _scene: True)),
    (r"greeting (?:is )?not (?:broken|wrong)|greeting", lambda _m, term, _k: _greeting(term)),
    (r"not the steps to (\w+)", lambda m, _t, _k: checks.without_steps_to(m[1])),
    (r"without a person or another answer", _is(_all(_NOT_PERSON, checks.quiet))),
    (r"\bboth\b|all asks", _is(checks.both)),
    (r"own words", _is(checks.own_words)),
    (r"partial", _is(checks.not_partial)),
    (r"only the (\w+) (?:ask|question)", _only),
    (r"is not a signature|\b(?:read|seen|survive|lost|dropped|kept)\b", _is(checks.all_read)),
    (
        r"no urgent (?:handoff|person)|not open (?:an? )?urgent handoff",
        _is(checks.no_urgent_person),
    ),
    (
        r"no handoff|not open (?:an? )?handoff|no person|without a (?:person|handoff)",
        _is(_NOT_PERSON),
    ),
    (r"no question|not ask", _is(checks.no_question)),
    (
        r"(?:no|without an?) (?:second |other |further )+(?:answer|reply)|(?:no|not) another (?:answer|reply)",
        _is(checks.quiet),
    ),
    (r"no notice", _is(checks.no_notice)),
    (r"no reply at all|nothing at all|never answered", _is(checks.always_silent)),
    (r"never an? .*(?:answer|article|reply)|no article|not an (?:answer|article)", _is(_NOT_SENT)),
    (r"not (?:wrong|misleading)|no wrong answer", _is(checks.is_to_the_point)),
    (r"nothing|no (?:answer|reply)|not answered", _is(_all(checks.quiet, _NOT_SENT))),
    (r"not automatic", _is(_NOT(_AUTOMATIC))),
    (r"automatic|bounce|out of office", _is(_all(_AUTOMATIC, checks.silent))),
    (r"(?:not|no) (?:an )?injection|injection .*ignored", _is(_NOT(_INJECTION))),
    (r"injection", _is(_INJECTION)),
    (r"spam|set aside", _is(_all(checks.reason_has("spam", "unwanted"), checks.silent))),
    (r"not (?:shown|told)", _is(_NOT(checks.answered))),
    (r"not low priority", _is(checks.not_low)),
    (r"normal[- ]priority person", _is(_all(_PERSON, checks.not_low))),
    (r"person with (?:heat|urgency)", _is(_all(_PERSON, checks.raised))),
    (r"(?:raised|high|urgent) priority|urgen(?:t|cy)$", _is(checks.raised)),
    (r"not found|no such", _is(checks.told_not_found)),
    (r"(\w+) looked up", lambda m, _t, known: _tool(f"lookup_{m[1]}", known)),
    (r"(lookup_\w+)", lambda m, _t, known: _tool(m[1], known)),
    (r"^status (\w+)", lambda m, _t, _k: checks.says(m[1])),
    (r"(?:proposal|refund) of ([\d.,]*\d)|^([\d.,]*\d)$", lambda m, _t, _k: _proposal(m)),
    (r"(?:not|never) ([\d.,]*\d)", lambda m, _t, _k: checks.never_proposed(_number(m[1]))),
    (r"^(?:none|no proposal)", _is(checks.proposed(None))),
    (r"^code\b", _is(_CODE)),
    (r"low_confidence", _is(checks.reason_has("low_confidence"))),
    (r"language", _is(checks.reason_has("language"))),
    (r"clarif|\bask|question back", _is(_ASKED)),
    (r"same as plain", _is(checks.answered)),
    (r"(?:not|never|no)\b.*\b(?:delivered|answer)", _is(_NOT_SENT)),
    (r"delivered|answer", _answered),
    (r"person|human", _is(_PERSON)),
    (r"confirmed|settle", _is(_all(_NOT_PERSON, checks.quiet))),
)
"""In order: the first whose words stand in a term is meant."""


def _greeting(term: str) -> Check:
    return checks.greeted_well(*(one.rstrip(", ") for one in re.findall(r'"([^"]+)"', term)))


def _tool(name: str, known: Known) -> Check:
    return checks.called(name if name in known.tools or not known.tools else "?")


def _proposal(match: re.Match[str]) -> Check:
    return checks.proposed(_number(match[1] or match[2]))


def understood(text: str, known: Known, *, follows: bool) -> Expectation:
    """The expectation that a text tells."""
    clauses, unknown = [], []
    parts = [part for part in _plain(text[:MAX_CHARS]).split(";") if part.strip()]
    for place, part in enumerate(parts):
        groups, odd = _clause(part, known)
        first = follows and len(parts) > 1 and place == 0
        clauses.append(Clause(first, groups))
        unknown += odd
    return Expectation(tuple(clauses), tuple(unknown) if parts else ("nothing is expected",))


def _plain(text: str) -> str:
    bare = re.sub(r"\([^()]*\)", " ", text.lower())
    if "greeting" not in bare:
        bare = re.sub(r"(?<!\w)['\"][^'\"]*['\"](?!\w)", " ", bare)
    return " ".join(bare.split())


def _clause(part: str, known: Known) -> tuple[tuple[tuple[Check, ...], ...], list[str]]:
    head, colon, tail = part.partition(": ")
    head = head.partition("?")[0]
    groups, odd = _groups(head, known)
    if not colon:
        return groups, odd
    if odd:
        return _groups(tail, known)
    slugs = [word for word in re.split(r"[\s,]+", tail) if word in known.articles]
    return (*groups, *(((checks.cites(*slugs),),) if slugs else ())), []


def _groups(part: str, known: Known) -> tuple[tuple[tuple[Check, ...], ...], list[str]]:
    groups: list[tuple[Check, ...]] = []
    odd: list[str] = []
    for terms in _terms(part):
        meant = [(term, _meaning(term, known)) for term in terms]
        odd += [term for term, check in meant if check is None]
        groups.append(tuple(check for _, check in meant if check is not None))
    return tuple(groups), odd


def _terms(part: str) -> Iterator[list[str]]:
    """The terms of each group: all groups must hold, one term of each is enough."""
    if "greeting" in part:  # what is quoted of one may hold commas
        yield [part.strip()]
        return
    for conjunct in re.split(r",(?!\d)", re.sub(r", or\b", " or", part)):
        whole = "without" in conjunct and "or another answer" in conjunct
        terms = [conjunct] if whole else re.split(r"\bor\b|/", conjunct)
        found = [term.strip() for term in terms if term.strip()]
        if all(_NEGATED.search(term) for term in found):
            yield from ([term] for term in found)  # "no this / no that": neither
        elif found:
            yield found


def _meaning(term: str, known: Known) -> Check | None:
    named = next((tool for tool in known.tools if tool in term.split()), None)
    if named is not None:
        return checks.called(named)
    for pattern, meaning in MEANINGS:
        if match := re.search(pattern, term):
            return meaning(match, term, known)
    if any(term in slug.split("-") or term == slug for slug in known.articles):
        return _all(checks.answered, checks.cites(term))
    return None
