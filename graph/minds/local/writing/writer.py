"""The local writer: a reply made of the evidence's own sentences, each with its source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from typing_extensions import override

from graph.desk.model import Desk
from graph.minds.contract import MindFault, Writer, WriteRequest
from graph.minds.local.writing.parts import Selection, whole_rows
from graph.minds.local.writing.scored import Passage
from graph.minds.local.writing.selection import Selector
from graph.record_kinds import in_words
from graph.state import Ask, AskAssessment, Claim, Drafted, Evidence
from graph.text.names import greeted
from graph.text.passages import blocks
from graph.text.repeated import repeats
from graph.text.words import words
from memory.admission import compute
from memory.encoder.encoder import SentenceEncoder

_BEFORE_A_STATE = frozenset(
    ("is", "are", "was", "be", "status", "while", "once", "says", "or", "still")
)


@dataclass(frozen=True)
class _Part:
    """The answer to one ask."""

    asks: list[Ask]
    """The asks that have this same answer; mostly one."""
    selections: list[Selection]


class LocalWriter(Writer):
    """Chooses sentences and steps by meaning and words; see `Writer`."""

    def __init__(
        self, encoder: SentenceEncoder, multilingual: SentenceEncoder | None = None
    ) -> None:
        self._selector = Selector(encoder)
        self._multilingual = None if multilingual is None else Selector(multilingual)

    @override
    async def write(self, request: WriteRequest) -> Drafted:
        """Raises `MindFault` if nothing is left to say."""
        return await compute(self._write, request)

    def _write(self, request: WriteRequest) -> Drafted:
        supported = {one["ask_id"]: one for one in request.assessments if one["supported"]}
        parts = _joined(
            [
                _Part([ask], _fresh(self._answer(request, ask, supported[ask["id"]]), request.sent))
                for ask in request.asks
                if ask["id"] in supported
            ]
        )
        question = next((one["question"] for one in request.assessments if one["question"]), None)
        if parts:
            return _reply(request, parts)
        if question and not supported:
            return _clarification(request, question)
        raise MindFault("no supported statement is left to answer with")

    def _answer(
        self, request: WriteRequest, ask: Ask, assessment: AskAssessment
    ) -> list[Selection]:
        evidence = [
            request.evidence[one] for one in assessment["evidence"] if one in request.evidence
        ]
        wording = [_worded(request, one) for one in evidence if one["kind"] == "tool"]
        passages = [
            Passage(one["id"], one["title"], one["text"], one["heading"], one["source"])
            for one in evidence
            if one["kind"] != "tool"
        ]
        banned = {finding["claim"] for finding in request.findings if finding["claim"]}
        told = [one for one in wording if one and not set(one.units) & banned]
        if told and not passages:
            return told
        said, kinds = in_words(ask, request.desk)
        if kinds:
            banned = banned | _meanings(passages, request.desk)
        selector = self._multilingual if request.language else self._selector
        found = (selector or self._selector).select(said, passages, banned)
        states = _states(request.desk)
        named = any(_names_a_state(unit, states) for one in found for unit in one.units)
        return [*told, *found] if named or not found else found


def _fresh(found: Sequence[Selection], sent: Sequence[str]) -> list[Selection]:
    """Without what the customer has been sent besides; alone where it is the answer itself, which is then objected to."""
    told = [repeats(one.units, sent) for one in found]
    if told and told[0]:
        return list(found[:1])
    return [one for one, known in zip(found, told, strict=True) if not known]


def _states(desk: Desk) -> set[str]:
    """What a field of a record may be: "shipped", "paid"."""
    return {
        str(state).casefold()
        for tool in desk.tools
        for schema in tool.returns.get("properties", {}).values()
        for state in schema.get("enum", ())
    }


def _names_a_state(sentence: str, states: set[str]) -> bool:
    """Whether what it says depends on one: "while its status is Placed", and not "Open the order"."""
    said = words(sentence)
    return any(
        word in states and not _BEFORE_A_STATE.isdisjoint(said[max(0, at - 3) : at])
        for at, word in enumerate(said)
    )


def _meanings(passages: Sequence[Passage], desk: Desk) -> set[str]:
    """Rows that explain the states of a record: beside one record each would be told as its own."""
    states = _states(desk)
    return {
        unit
        for one in passages
        for block in blocks(one.text, one.title, one.heading)
        if block.rows and all(row.key.casefold() in states for row in block.rows)
        for unit in block.units
    }


def _worded(request: WriteRequest, evidence: Evidence) -> Selection | None:
    text = request.answers.get(evidence["id"]) or evidence["text"]
    return Selection("text", evidence["id"], "", (text.strip(),)) if text.strip() else None


def _reply(request: WriteRequest, parts: Sequence[_Part]) -> Drafted:
    sources = _sources(request, parts)
    paragraphs = [_greeting(request)]
    claims: list[Claim] = []
    for part in parts:
        for selection in part.selections:
            paragraphs.append(_paragraph(selection, sources))
            claims += _claims(part.asks[0], selection)
    paragraphs.append(request.letter.closing)
    if sources:
        paragraphs.append(_listing(request, sources))
    return Drafted(
        attempt=request.attempt,
        kind="reply",
        text="\n\n".join(paragraphs),
        claims=claims,
        writer="local",
    )


def _clarification(request: WriteRequest, question: str) -> Drafted:
    tone = request.desk.tone
    text = f"{_greeting(request)}\n\n{tone.clarify}\n{question}\n\n{tone.closing}"
    return Drafted(
        attempt=request.attempt, kind="clarification", text=text, claims=[], writer="local"
    )


def _greeting(request: WriteRequest) -> str:
    name = greeted(request.customer_name or "")
    shown = f" {name}" if name else ""
    return request.letter.greeting.replace("{name}", shown)


def _joined(parts: Sequence[_Part]) -> list[_Part]:
    """An answer that adds nothing to one given before joins it, so that nothing is said twice."""
    told = [one for part in parts for one in part.selections]
    kept: list[_Part] = []
    for part in parts:
        said = {
            unit: one for one in kept for selection in one.selections for unit in selection.units
        }
        selections = whole_rows(part.selections, told)
        fresh = [one for one in selections if not set(one.units) <= set(said)]
        if fresh:
            kept.append(_Part(part.asks, fresh))
        elif selections:
            said[selections[0].units[0]].asks.extend(part.asks)
    return kept


def _sources(request: WriteRequest, parts: Sequence[_Part]) -> dict[str, int]:
    """Numbers of the articles by evidence id; passages of one article share a number."""
    numbers: dict[str, int] = {}
    found: dict[str, int] = {}
    for part in parts:
        for selection in part.selections:
            item = request.evidence[selection.evidence]
            if item["kind"] == "article":
                number = numbers.setdefault(item["source"], len(numbers) + 1)
                found[selection.evidence] = number
    return found


def _listing(request: WriteRequest, sources: dict[str, int]) -> str:
    titles = {number: request.evidence[one]["title"] for one, number in sources.items()}
    lines = [f"[{number}] {title}" for number, title in sorted(titles.items())]
    return "\n".join([request.letter.sources, *lines])


def _paragraph(selection: Selection, sources: dict[str, int]) -> str:
    number = sources.get(selection.evidence)
    mark = f" [{number}]" if number else ""
    if selection.kind == "text":
        return " ".join(filter(None, (selection.opening, selection.lead, *selection.units))) + mark
    if selection.kind == "code":
        lines = ["```", *selection.units, "```"]
        return "\n".join([f"{selection.lead}{mark}".strip(), *lines] if selection.lead else lines)
    lines = [selection.lead, *_listed(selection)] if selection.lead else _listed(selection)
    first = 0 if selection.kind == "bullets" else len(lines) - len(selection.units)
    lines[first] = f"{selection.opening} {lines[first]}".strip()
    lines[-1] += mark
    return "\n".join(lines)


def _listed(selection: Selection) -> list[str]:
    if selection.kind == "steps":
        numbers = range(selection.start, selection.start + len(selection.units))
        return [f"{number}. {unit}" for number, unit in zip(numbers, selection.units, strict=True)]
    single = selection.kind == "table" and len(selection.units) == 1
    return list(selection.units) if single else [f"- {unit}" for unit in selection.units]


def _claims(ask: Ask, selection: Selection) -> list[Claim]:
    stated = (selection.lead, *selection.units) if selection.lead else selection.units
    return [Claim(text=one, ask_id=ask["id"], evidence=[selection.evidence]) for one in stated]
