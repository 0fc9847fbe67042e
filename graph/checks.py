"""The validation chain: what may be wrong with a draft. Each check is one pure function.

A check that cannot run raises, and the draft goes to a person: it never counts as passed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from graph.desk.locale import language_name
from graph.desk.model import Desk
from graph.facts.rule import harmed_claims
from graph.minds.contract import Judge, Screener
from graph.not_helped import sent_before
from graph.state import Claim, Drafted, Evidence, Finding, TicketState
from graph.text.personal_data import personal_data
from graph.text.repeated import repeats
from graph.text.words import words
from memory.knowledge.orders import orders_in
from memory.patterns import linear

MAX_REPLY_CHARS = 6_000
"""A longer reply is not sent."""
MIN_REPLY_CHARS = 20
"""A shorter one is no answer."""
MAX_COPIED_WORDS = 12
"""So many words of an injected instruction in a row may not come back in a reply."""


@dataclass(frozen=True)
class Review:
    """What the checks may look at."""

    desk: Desk
    drafted: Drafted
    evidence: Mapping[str, Evidence]
    state: TicketState
    known: frozenset[str]
    """Personal data the customer gave or we know of the customer: it may be repeated."""


Check = Callable[[Review], list[Finding]]


def citations(review: Review) -> list[Finding]:
    """Every claim names evidence, and that evidence was gathered in this turn."""
    if review.drafted["kind"] == "clarification":
        return []
    if not review.drafted["claims"]:
        return [_finding("citations", "the reply makes no claim that could be checked")]
    return [
        _finding("citations", "the claim names no evidence of this ticket", claim["text"])
        for claim in review.drafted["claims"]
        if not claim["evidence"] or not set(claim["evidence"]) <= set(review.evidence)
    ]


def promises(review: Review) -> list[Finding]:
    """Nothing that the desk never promises; the sentences to drop are named."""
    found: list[Finding] = []
    for pattern in review.desk.never_promise:
        matcher = linear(pattern, ignore_case=True)
        if matcher.search(review.drafted["text"]) is None:
            continue
        guilty = [c["text"] for c in review.drafted["claims"] if matcher.search(c["text"])]
        found += [
            _finding("promises", f"matches the forbidden promise {pattern!r}", text)
            for text in guilty or [""]
        ]
    return found


def instructions(review: Review) -> list[Finding]:
    """Nothing of an injected instruction is carried out into the reply, whoever injected it."""
    triaged, text = review.state.get("triaged"), review.drafted["text"]
    reply = _words(text)
    injected = [] if triaged is None else triaged["screening"]["injected"]
    found = [
        _finding("instructions", "repeats an instruction from the customer's text", revisable=False)
        for sentence in injected
        if _shares_run(_words(sentence), reply)
    ]
    if not found and orders_in(text):
        found = [
            _finding(
                "instructions", "contains a sentence that reads like an instruction to the agent"
            )
        ]
    return found


def length(review: Review) -> list[Finding]:
    """Neither empty nor endless."""
    size = len(review.drafted["text"])
    if size < MIN_REPLY_CHARS:
        return [_finding("length", f"{size} characters are no answer", revisable=False)]
    if size > MAX_REPLY_CHARS:
        return [_finding("length", f"{size} characters, at most {MAX_REPLY_CHARS}")]
    return []


def facts(review: Review) -> list[Finding]:
    """Every fact of a claim stands so in what it cites; `citations` objects where that is nothing."""
    drafted = review.drafted
    cited = [one for one in drafted["claims"] if set(one["evidence"]) & set(review.evidence)]
    return [
        _finding("facts", one.what, one.claim)
        for one in harmed_claims(drafted["text"], cited, review.evidence)
    ]


def repetition(review: Review) -> list[Finding]:
    """No ask is answered from articles with what the customer has been sent, unless they want it again."""
    sent = sent_before(review.state)
    records = {name for name, one in review.evidence.items() if one["kind"] == "tool"}
    answers: dict[str, list[Claim]] = {}
    for claim in review.drafted["claims"]:
        answers.setdefault(claim["ask_id"], []).append(claim)
    return [
        _finding("repetition", "says what the customer has been sent", revisable=False)
        for claims in answers.values()
        if not any(records & set(one["evidence"]) for one in claims)
        and repeats([one["text"] for one in claims], sent)
    ][:1]


async def grounding(review: Review, judge: Judge) -> tuple[list[Finding], float]:
    """Findings for the claims that their evidence does not state; and the lowest score."""
    found: list[Finding] = []
    lowest, limit = 1.0, review.desk.thresholds.grounding
    for claim in review.drafted["claims"]:
        passages = [review.evidence[name] for name in claim["evidence"] if name in review.evidence]
        score = await judge.grounding(claim, passages) if passages else 0.0
        lowest = min(lowest, score)
        if score < limit:
            detail = f"grounding {score:.2f} is under {limit:.2f}"
            finding = _finding("grounding", detail, claim["text"])
            found.append({**finding, "score": score, "needed": limit})
    return found, lowest


def personal_data_of_others(review: Review) -> list[Finding]:
    """No personal data but the customer's own and what the tenant published."""
    text = review.drafted["text"]
    values = [(datum["kind"], text[datum["start"] : datum["end"]]) for datum in personal_data(text)]
    return [
        _finding("personal_data", f"holds {kind} data that is not the customer's", claim)
        for kind, value in values
        if value not in review.known and not _public(value, review.evidence)
        for claim in _claims_with(value, review.drafted) or [""]
    ]


async def language(review: Review, screener: Screener) -> list[Finding]:
    """The reply is in the customer's language where the desk has articles in it, else in the desk's."""
    found = (await screener.screen("", review.drafted["text"], {}))["language"]
    if found in {other_language(review.state, review.desk) or review.desk.language, "und"}:
        return []
    return [_finding("language", f"reads as {language_name(found)}", revisable=False)]


CHAIN: tuple[Check, ...] = (
    citations,
    promises,
    instructions,
    personal_data_of_others,
    length,
    facts,
    repetition,
)


def other_language(state: TicketState, desk: Desk) -> str:
    """The language in which the message is written, if it is none of the desk's; else empty, as before it is read."""
    triaged = state.get("triaged")
    return "" if triaged is None else desk.other_language(triaged["screening"]["language"])


def _public(value: str, evidence: Mapping[str, Evidence]) -> bool:
    # An address that stands in an article was published by the tenant itself.
    return any(item["kind"] == "article" and value in item["text"] for item in evidence.values())


def _claims_with(value: str, drafted: Drafted) -> list[str]:
    return [claim["text"] for claim in drafted["claims"] if value in claim["text"]]


def _words(text: str) -> list[str]:
    return [word for piece in words(text) for word in piece.split("'")]


def _shares_run(sentence: list[str], reply: list[str]) -> bool:
    size = min(MAX_COPIED_WORDS, len(sentence))
    if size < MAX_COPIED_WORDS // 2:
        return False
    runs = {tuple(reply[at : at + size]) for at in range(len(reply) - size + 1)}
    return any(tuple(sentence[at : at + size]) in runs for at in range(len(sentence) - size + 1))


def _finding(check: str, detail: str, claim: str = "", *, revisable: bool = True) -> Finding:
    return {
        "check": check,
        "detail": detail,
        "claim": claim,
        "revisable": revisable and bool(claim),
    }
