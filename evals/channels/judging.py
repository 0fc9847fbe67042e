"""What must not be in a conversation, found in what its customer's side received."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from evals.channels.traces import Trace

COUNTED = ("lost", "doubled", "out_of_order", "after_takeover")


@dataclass
class Verdict:
    """What was found, in words, by kind."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    after_takeover: list[str] = field(default_factory=list)

    def add(self, other: Verdict) -> None:
        """Take another one's findings over."""
        for name in COUNTED:
            getattr(self, name).extend(getattr(other, name))

    @property
    def words(self) -> list[str]:
        """All of it."""
        return [f"{name}: {one}" for name in COUNTED for one in getattr(self, name)]


def judge(traces: Iterable[Trace]) -> Verdict:
    """What is wrong in these conversations."""
    found = Verdict()
    for one in traces:
        found.lost += _lost(one)
        found.doubled += _doubled(one)
        found.out_of_order += _out_of_order(one)
        found.after_takeover += _after_takeover(one)
    return found


def _lost(trace: Trace) -> list[str]:
    silent = [f"{mark} got no answer" for mark in trace.asked if not trace.is_answered(mark)]
    shown = trace.asked if trace.shown is None else trace.shown
    hidden = [f"{mark} is not in the conversation" for mark in trace.asked if mark not in shown]
    return silent + hidden


def _doubled(trace: Trace) -> list[str]:
    ids = Counter(one.id for one in trace.got)
    once = {one.id: one for one in trace.got}.values()
    answers = Counter(mark for one in once for mark in one.marks)
    found = [f"{name} arrived {n} times" for name, n in ids.items() if n > 1]
    found += [f"{mark} has {n} answers" for mark, n in answers.items() if n > 1]
    shown = Counter(trace.shown or ())
    return found + [f"{mark} is shown {n} times" for mark, n in shown.items() if n > 1]


def _out_of_order(trace: Trace) -> list[str]:
    asked = {mark: number for number, mark in enumerate(trace.asked)}
    answered = [asked[mark] for one in trace.got for mark in one.marks if mark in asked]
    where = f"conversation {trace.side} {trace.number}"
    found = [] if rises([one.place for one in trace.got]) else [f"{where}: arrived out of order"]
    found += [] if rises(answered) else [f"{where}: answered out of order"]
    shown = [asked[mark] for mark in trace.shown or () if mark in asked]
    return found + ([] if rises(shown) else [f"{where}: shown out of order"])


def _after_takeover(trace: Trace) -> list[str]:
    return [
        f"{mark} was answered after its takeover"
        for one in trace.got
        for mark in one.marks
        if one.by == "agent" and one.at > trace.taken.get(mark, float("inf"))
    ]


def rises(numbers: Sequence[int]) -> bool:
    """Whether none is below the one before it."""
    return list(numbers) == sorted(numbers)
