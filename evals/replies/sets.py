"""The sets that replies are judged on: example companies with labels, and questions with answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.figures.datasets import DataError, read_rows
from evals.harness.desk_runtime import Driven, OpenDesk
from evals.harness.rows import TicketRow, read_cases
from evals.replies.harm import SourceBlock
from evals.replies.labels import ReplyLabel, read_labels
from evals.replies.scoring import ReplyScore, scored, scored_by_answer
from evals.replies.sources import Articles, of
from evals.replies.wording import body

PASTE = 1
"""Passages that the simplest system pastes."""
Score = Callable[[str, Sequence[SourceBlock], Sequence[SourceBlock]], ReplyScore]
"""A reply, what is right, and what it cites."""


@dataclass(frozen=True)
class Case:
    """One ticket with the way to judge a reply to it."""

    row: TicketRow
    score: Score
    answerable: bool
    """Whether a reply should be sent at all."""


@dataclass(frozen=True)
class Reply:
    """What a system would send."""

    text: str
    cited: tuple[str, ...]
    records: tuple[str, ...] = ()
    """What tools said that it stands on."""


def company_cases(folder: Path) -> list[Case]:
    """The tickets of a company that have a label. Raises `DataError`."""
    rows = read_cases(TicketRow, [folder / "tickets.jsonl"])
    labels = read_labels(folder / "replies.jsonl")
    if missing := [row.id for row in rows if row.id not in labels]:
        raise DataError(f"{folder / 'replies.jsonl'}: no label for {', '.join(missing[:5])}")
    return [
        Case(row, _by(labels[row.id]), answerable=row.label.outcome == "answer") for row in rows
    ]


def _by(label: ReplyLabel) -> Score:
    return lambda reply, gold, cited: scored(reply, label, gold, cited)


def question_cases(file: Path, known: Articles) -> list[Case]:
    """The questions of a file that have a gold answer and an article. Raises `DataError`."""
    answers = [str(row.get("answer") or "") for _, row in read_rows(file)]
    rows = read_cases(TicketRow, [file])
    found = [
        Case(row, _by_answer(answer), answerable=not known.keys().isdisjoint(row.label.articles))
        for row, answer in zip(rows, answers, strict=True)
        if answer.strip()
    ]
    if not found:
        raise DataError(f"{file}: no question has an 'answer'")
    return found


def _by_answer(answer: str) -> Score:
    return lambda reply, gold, cited: scored_by_answer(reply, answer, gold, cited)


def judged(case: Case, reply: Reply, desk: OpenDesk, known: Articles) -> ReplyScore:
    """A reply without the desk's greeting and closing, against the case's label."""
    records = [SourceBlock(text) for text in reply.records]
    gold = [*of(case.row.label.articles, known), *(records if case.row.label.tools else ())]
    cited = [*of(reply.cited, known), *records]
    tone = desk.desk.tone
    return case.score(body(reply.text, tone.clarify, tone.closing), gold, cited)


def written(driven: Driven) -> Reply | None:
    """What the agent sent as its answer; None if a person has the ticket."""
    sent = [one for one in driven.sent if one.kind == "reply"]
    if not sent:
        return None
    results = (driven.state.get("gathered") or {}).values()
    records = [
        text
        for result in results
        for text in (result["answer"] or "", *(item["text"] for item in result["evidence"]))
        if text and result["kind"] == "tool"
    ]
    cited = tuple(str(one["source"]) for one in sent[-1].citations)
    return Reply(sent[-1].text, cited, tuple(records))


async def pasted(case: Case, desk: OpenDesk) -> Reply | None:
    """The best passage, whole: what a system without a writer would send."""
    hits = await desk.search.search(desk.desk.tenant, case.row.text, PASTE)
    return Reply(hits[0].text, (hits[0].doc_id,)) if hits else None
