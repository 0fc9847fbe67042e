"""The demo's table: a line for each ticket, and why people got theirs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from evals.demo.company import CONSOLE
from evals.demo.ways import Way
from evals.replies.strict import Strict
from evals.stack.sending import Sent, seconds_to_end
from graph.reasons import reason_sentence
from memory.budgets.amounts import MICROS

COLUMNS = """[dim]by: the channel. steps: of the graph. calls: of tools, searches included. tokens, cost: of chat models; without one, none.
ack ms: until the ticket was stored and acknowledged. end s: until it was answered, asked back or handed over, with
all tickets sent at once. label: whether it ended as a person had written down for it, an answer with its key facts.
Most "no" are tickets that a person got, or that were asked back, although an answer exists: without a chat model
Deskhand is careful.[/]"""


@dataclass(frozen=True)
class Came:
    """A ticket that was sent."""

    case: dict[str, Any]
    way: Way
    """The channel that it came by."""
    sent: Sent


@dataclass(frozen=True)
class Line:
    """One row of the table."""

    came: Came
    found: dict[str, Any] | None
    calls: Counter[str]
    tokens: int
    cost_micros: int
    strict: Strict
    """By its label; an answer counts only with its key facts."""


def show(lines: Sequence[Line]) -> None:
    """Print it."""
    table = Table(title="How every ticket ended", box=SIMPLE_HEAD, pad_edge=False)
    for name, width in (
        ("ticket", 20),
        ("by", 8),
        ("intent", 21),
        ("outcome", 12),
        ("why, or sources", 24),
    ):
        table.add_column(name, overflow="ellipsis", no_wrap=True, width=width)
    for name in ("steps", "calls", "tokens", "cost", "ack ms", "end s"):
        table.add_column(name, justify="right", no_wrap=True, min_width=len(name))
    table.add_column("label", justify="center", no_wrap=True)
    for line in lines:
        table.add_row(*_cells(line))
    CONSOLE.print(table)
    CONSOLE.print(COLUMNS, highlight=False)
    reasons = Counter(line.found["reason"] for line in lines if line.found and line.found["reason"])
    if reasons:
        CONSOLE.print("\n[bold]Why people got them[/]")
    for code, number in reasons.most_common():
        CONSOLE.print(f"  {number:3}  {code:17}{reason_sentence(code)}", highlight=False)


def _cells(line: Line) -> list[str]:
    found = line.found
    subject = (line.came.case["subject"] or line.came.case["body"]).strip().replace("\n", " ")[:28]
    numbers = [str(line.calls["step"]), str(line.calls["call"]), str(line.tokens)]
    cost = f"{line.cost_micros / MICROS:.2f}"
    acknowledged = f"{line.came.sent.acknowledged_seconds * 1000:.0f}"
    if found is None:
        return [
            subject,
            line.came.way,
            "",
            "[red]not ended[/]",
            "",
            *numbers,
            cost,
            acknowledged,
            "",
            "",
        ]
    sources = ", ".join(dict.fromkeys(source["source"] for source in found["citations"]))
    guess = f"{found['intent'] or 'none'} {found['confidence'] or 0:.2f}"
    colour = {"with_person": "yellow", "clarifying": "cyan"}.get(found["outcome"], "green")
    return [
        subject,
        line.came.way,
        guess,
        f"[{colour}]{found['outcome'].replace('_', ' ')}[/]",
        found["reason"] or sources,
        *numbers,
        cost,
        acknowledged,
        f"{seconds_to_end(found):.1f}",
        "[green]yes[/]" if line.strict.as_labelled else "[red]no[/]",
    ]
