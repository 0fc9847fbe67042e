"""What one reply is worth by its label, and the figures over many. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from evals.figures.metrics import NOTHING, Metric, proportion
from evals.harness.readers.visible import Block
from evals.replies import belonging
from evals.replies.harm import SourceBlock, harmed
from evals.replies.labels import ReplyLabel
from evals.replies.tokens import tokens
from evals.replies.wording import broken, stray

METRICS = ("key_facts", "belongs", "broken", "harmed", "unanswered", "stray")


@dataclass(frozen=True)
class ReplyScore:
    """One reply, judged."""

    told: list[bool] = field(default_factory=list)
    """A flag for each key fact."""
    belongs: list[bool] = field(default_factory=list)
    """A flag for each sentence."""
    broken: list[bool] = field(default_factory=list)
    """A flag for each line."""
    harmed: list[str] = field(default_factory=list)
    """What is harmed, in words."""
    forbidden: list[str] = field(default_factory=list)
    """What is said although no reply to this ticket may say it."""
    unanswered: list[bool] = field(default_factory=list)
    """A flag for each ask."""
    stray: bool = False


def scored(
    reply: str, label: ReplyLabel, gold: Sequence[SourceBlock], cited: Sequence[SourceBlock]
) -> ReplyScore:
    """A reply (without greeting and closing) against facts that are labelled by hand.

    `gold` is what the right articles and records say, `cited` what the reply itself stands on.
    """
    said = tokens(reply)
    return ReplyScore(
        told=label.told(said),
        belongs=belonging.belongs(reply, [f"{one.heading} {one.text}" for one in gold]),
        broken=broken(reply),
        harmed=harmed(reply, cited),
        forbidden=label.forbidden(said),
        unanswered=label.unanswered(said),
        stray=stray(reply),
    )


def scored_by_answer(
    reply: str, answer: str, gold: Sequence[SourceBlock], cited: Sequence[SourceBlock]
) -> ReplyScore:
    """A reply against a gold answer in prose: its sentences are the facts, one ask has them all."""
    told = belonging.told(reply, answer)
    return ReplyScore(
        told=told,
        belongs=belonging.belongs(reply, [answer, *(f"{o.heading} {o.text}" for o in gold)]),
        broken=broken(reply),
        harmed=harmed(reply, cited),
        unanswered=[not any(told)] if told else [],
        stray=stray(reply),
    )


def figures(scores: Sequence[ReplyScore]) -> dict[str, Metric]:
    """Each with its interval and its n: facts, sentences, lines, replies, asks, replies."""
    return {
        "key_facts": _share(flag for one in scores for flag in one.told),
        "belongs": _share(flag for one in scores for flag in one.belongs),
        "broken": _share(flag for one in scores for flag in one.broken),
        "harmed": _share(bool(one.harmed) for one in scores),
        "unanswered": _share(flag for one in scores for flag in one.unanswered),
        "stray": _share(one.stray for one in scores),
        "forbidden": _share(bool(one.forbidden) for one in scores),
    }


def _share(flags: Iterable[bool]) -> Metric:
    found = list(flags)
    return proportion(found) if found else NOTHING


def source_blocks(blocks: Sequence[Block]) -> list[SourceBlock]:
    """An article as what its facts are compared with; a table cell by cell, with key and header."""
    heading, lead, found = "", "", []
    for one in blocks:
        if one.kind == "heading":
            heading = lead = one.text
        elif one.kind == "item":
            found.append(SourceBlock(one.text, heading, lead))
        elif one.kind == "row" and one.cells and len(one.cells) == len(one.above):
            found += _cells(one, heading)
        else:
            lead = one.text
            found.append(SourceBlock(one.text, heading))
    return found


def _cells(row: Block, heading: str) -> list[SourceBlock]:
    pairs = list(zip(row.above[1:], row.cells[1:], strict=True))
    told = "; ".join(f"{above}: {cell}" for above, cell in pairs)
    return [
        SourceBlock(row.text, heading),
        SourceBlock(f"{row.cells[0]} – {told}", heading),
        *(SourceBlock(f"{row.cells[0]} {above}: {cell}", heading) for above, cell in pairs),
    ]
