"""The measure of a journal must itself find what is missing."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from evals.stack.journal_gaps import gaps


@dataclass(frozen=True)
class Line:
    """A row of a journal."""

    seq: int
    kind: str
    name: str
    cause: str = "planned"
    outcome: str = "ok"
    epoch: int = 1
    numbers: dict[str, Any] = field(default_factory=dict)
    error: str | None = None


STEPS = ("triage", "plan", "gather", "assess", "draft", "check", "deliver", "remember")


def whole() -> list[Line]:
    """The journal of an answered ticket."""
    lines = [Line(1, "ticket", "accept", "accepted"), Line(2, "run", "drive", "accepted")]
    lines += [Line(n, "step", name) for n, name in enumerate(STEPS, start=3)]
    lines[3] = replace(lines[3], numbers={"steps": 1})
    return [*lines, Line(11, "ticket", "settle", outcome="delivered")]


def without(*seqs: int) -> list[Line]:
    """The same with rows left out and the others numbered anew."""
    left = [line for line in whole() if line.seq not in seqs]
    return [replace(line, seq=n) for n, line in enumerate(left, start=1)]


def test_a_whole_journal_has_no_gap() -> None:
    """From acceptance to its end."""
    assert gaps(whole()) == []


def test_a_step_may_run_again_where_its_cause_says_why() -> None:
    """After a death, in a new drive."""
    lines = whole()[:7]
    lines += [Line(8, "run", "drive", "recovered", epoch=2)]
    again = [Line(9, "step", "draft", "resume", epoch=2), Line(10, "step", "check", epoch=2)]
    last = [Line(n, "step", name, epoch=2) for n, name in ((11, "deliver"), (12, "remember"))]
    assert (
        gaps([*lines, *again, *last, Line(13, "ticket", "settle", outcome="delivered", epoch=2)])
        == []
    )


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "empty"),
        ([line for line in whole() if line.seq != 5], "row 5 is missing"),
        (without(1), "not with the acceptance"),
        (without(2), "which never began"),
        (without(3), "plan (planned) does not follow __start__"),
        (without(5), "1 planned steps left no row"),
        (without(7), "check (planned) does not follow assess"),
        (without(11), "does not end at rest"),
        (without(10, 11), "does not end at rest"),
    ],
)
def test_what_is_missing_is_named(lines: list[Line], words: str) -> None:
    """A row, a drive, a step, an end."""
    assert words in " / ".join(gaps(lines))


def test_a_step_that_ran_twice_without_a_cause_is_a_gap() -> None:
    """Somebody did something unrecorded in between."""
    lines = whole()
    lines.insert(7, replace(lines[6], cause="planned"))
    numbered = [replace(line, seq=n) for n, line in enumerate(lines, start=1)]
    assert any("does not follow draft" in gap for gap in gaps(numbered))
