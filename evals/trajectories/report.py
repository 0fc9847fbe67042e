"""What a replay showed: one row for each check, with the first failures in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evals.figures.metrics import proportion
from evals.figures.report import write_report
from evals.trajectories.folder import Folder

MOST_FAILURES = 5
"""Failures of one check that are told."""
NEEDED = ("valid call passes", "unknown field refused")
"""Checks without which a replay has shown nothing."""


@dataclass
class Check:
    """One thing that must hold, over all calls that try it."""

    tried: int = 0
    held: int = 0
    failures: list[str] = field(default_factory=list)
    example: str = ""
    """The first answer, so that a reader sees the words a caller gets."""


@dataclass
class Result:
    """All checks of one folder."""

    path: Path
    tasks: int
    actions: int
    foreign: int
    checks: dict[str, Check] = field(default_factory=dict)
    approved: int = 0
    performed: int = 0

    @classmethod
    def of(cls, folder: Folder) -> Result:
        """Nothing checked yet."""
        actions = sum(len(task.actions) for task in folder.tasks)
        return cls(folder.path, len(folder.tasks), actions, folder.foreign)

    @property
    def passed(self) -> bool:
        """Every check held every time, and the calls were really tried."""
        tried = all(name in self.checks for name in NEEDED)
        return tried and all(one.tried == one.held for one in self.checks.values())

    def note(self, name: str, held: bool, where: str, words: str) -> None:
        """One call: did the check hold, and what came back?"""
        check = self.checks.setdefault(name, Check(example=words))
        check.tried += 1
        check.held += held
        if not held and len(check.failures) < MOST_FAILURES:
            check.failures.append(f"{where}: {words}")


def print_result(result: Result, *, quiet: bool) -> None:
    """The table for people; `quiet` leaves out the notes, which a report prints too."""
    table = Table("check", "calls", "held", "what the caller is told, for example")
    for name, check in result.checks.items():
        held = str(check.held) if check.held == check.tried else f"{check.held} !"
        table.add_row(name, str(check.tried), held, escape(check.example))
    console = Console()
    console.print(f"{result.path}: {result.tasks} tasks, {result.actions} gold actions")
    console.print(table)
    for line in [] if quiet else failures(result) + notes(result):
        console.print(f"- {line}", markup=False)
    console.print("passed" if result.passed else "FAILED")


def write_result(out: Path, result: Result) -> None:
    """R.json."""
    metrics = {
        name: proportion([True] * check.held + [False] * (check.tried - check.held))
        for name, check in result.checks.items()
    }
    inputs = {"tasks": str(result.path), "gold_actions": result.actions, "passed": result.passed}
    write_report(out, inputs=inputs, metrics=metrics, notes=failures(result) + notes(result))


def failures(result: Result) -> list[str]:
    """The first failures of every check."""
    return [f"{name}: {one}" for name, check in result.checks.items() for one in check.failures]


def notes(result: Result) -> list[str]:
    """What the figures do not say."""
    found = [f"{result.performed} effects at the service for {result.approved} approved writes."]
    if result.foreign:
        found.append(f"{result.foreign} gold actions are of tools the folder does not declare.")
    return found
