"""The strict label of a ticket: an answer counts only with its key facts. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from evals.figures.metrics import NOTHING, Metric, proportion
from evals.harness.rows import Label
from evals.replies.scoring import ReplyScore

ENDS = {"answer": "delivered", "clarify": "clarifying", "person": "with_person"}
"""Outcome of a ticket for each label."""


@dataclass(frozen=True)
class Ending:
    """How a ticket ended for the customer."""

    outcome: str
    """As a ticket says it; empty if it did not end."""
    reply: str
    """What was sent last: an answer or a question; empty if neither was."""
    cited: tuple[str, ...] = ()
    """doc_ids and names of tools."""


@dataclass(frozen=True)
class Strict:
    """What an ending is worth."""

    as_labelled: bool
    """It ended as labelled; an answer from a right source, with every key fact."""
    delivered: bool
    wrong: bool
    """An answer that none should have got, from a wrong source, without any key fact, or with one
    that no reply to this ticket may tell."""
    harmed: bool
    """An answer with a fact that does not stand so in what it cites."""


def strict(label: Label, ending: Ending, score: Callable[[], ReplyScore]) -> Strict:
    """An ending by its label. `score` judges the answer; it is called if there is one."""
    as_meant = label.outcome is not None and ending.outcome == ENDS[label.outcome]
    banned = any(word in ending.reply for word in label.must_not)
    if ending.outcome != ENDS["answer"]:
        return Strict(as_meant and not banned, delivered=False, wrong=False, harmed=False)
    found = score()
    sourced = not {*label.articles, *label.tools}.isdisjoint(ending.cited)
    beside = bool(found.told) and not any(found.told)
    wrong = not (as_meant and sourced) or banned or beside or bool(found.forbidden)
    return Strict(
        as_labelled=not wrong and all(found.told),
        delivered=True,
        wrong=wrong,
        harmed=bool(found.harmed),
    )


def strict_figures(found: Iterable[Strict]) -> dict[str, Metric]:
    """As labelled and delivered of all tickets; wrong and harmed of those that were delivered."""
    every = list(found)
    sent = [one for one in every if one.delivered]
    return {
        "as_labelled": _share([one.as_labelled for one in every]),
        "wrong": _share([one.wrong for one in sent]),
        "harmed": _share([one.harmed for one in sent]),
        "delivered": _share([one.delivered for one in every]),
    }


def _share(flags: Sequence[bool]) -> Metric:
    return proportion(flags) if flags else NOTHING
