"""`make demo`: the example company's tickets through a real stack, followed live."""

from __future__ import annotations

import json
import secrets
import subprocess
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import httpx2
import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import Progress, TimeElapsedColumn
from rich.table import Table

from evals.figures.metrics import Metric
from evals.figures.report import describe, write_report
from evals.replies.company import Company, open_company
from evals.replies.strict import Ending, Strict, strict_figures
from evals.stack.sending import Outgoing, Sent, follow, seconds_to_end, send_all
from evals.stack.stack import Stack, free_port, scratch
from graph.reasons import reason_sentence
from memory.budgets.amounts import MICROS

COMPANY = Path("examples/fernhill")
TENANT = "fernhill"
ADMIN = "dana@fernhill.example"
"""Who logs in to the console of a demo that was left running."""
SERVICE = "examples.fernhill.service"
LIMIT_SECONDS = 600.0
"""How long all tickets may take together."""
REVIVE_SECONDS = 1.0
"""Between two looks at the processes of a stack that was left running."""
WIDTH = 150
"""Columns the table needs: a narrower terminal wraps its lines rather than losing figures."""
COLUMNS = """[dim]steps: of the graph. calls: of tools, searches included. tokens, cost: of chat models; without one, none.
ack ms: until the ticket was stored and acknowledged. end s: until it was answered, asked back or handed over, with
all tickets sent at once. label: whether it ended as a person had written down for it, an answer with its key facts.
Most "no" are tickets that a person got, or that were asked back, although an answer exists: without a chat model
Deskhand is careful.[/]"""
CONSOLE = Console(width=max(WIDTH, Console().width))


@dataclass(frozen=True)
class Line:
    """One row of the table."""

    case: dict[str, Any]
    found: dict[str, Any] | None
    sent: Sent
    calls: Counter[str]
    tokens: int
    cost_micros: int
    strict: Strict
    """By its label; an answer counts only with its key facts."""


def register(app: typer.Typer) -> None:
    """Bring the command."""
    app.command("demo")(demo)


def demo(
    home: Annotated[Path, typer.Option(help="Where the stack keeps its data.")] = Path(
        ".deskhand/demo"
    ),
    tickets: Annotated[Path, typer.Option(help="The tickets, a JSON line each.")] = COMPANY
    / "tickets.jsonl",
    keep: Annotated[
        bool, typer.Option(envvar="KEEP", help="Leave the stack running at the end.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(envvar="DESKHAND_DEMO_OUT", help="Where the figures go (JSON)."),
    ] = None,
) -> None:
    """Send the example company's tickets and show how each one ended."""
    company = open_company(COMPANY, tickets)
    cases = [json.loads(line) for line in tickets.read_text(encoding="utf-8").splitlines()]
    service = free_port()
    address = f"http://127.0.0.1:{service}"
    desk = COMPANY / "desk.yaml"
    with scratch(home, desk, fresh=False, FERNHILL_BACKOFFICE_URL=address) as stack:
        started = time.perf_counter()
        _start(stack, service)
        with stack.client(stack.key(TENANT, name="Fernhill sign-in")) as client:
            lines = _send(client, cases, company)
            _show(lines)
            metrics = strict_figures(line.strict for line in lines)
            _say(stack, lines, time.perf_counter() - started, keep=keep)
            if out is not None:
                _write(out, metrics, lines, tickets)
            if keep:
                _hold(stack)
    if any(line.found is None for line in lines):
        raise typer.Exit(1)


def _start(stack: Stack, service: int) -> None:
    CONSOLE.print("[bold]Deskhand demo[/]: Fernhill, shift planning and time tracking\n")
    stack.start_service(SERVICE, service)
    stack.run("kb", "add", str(COMPANY / "articles"), "--tenant", TENANT)
    with CONSOLE.status("starting the API and a worker"):
        stack.start_api()
        stack.start_worker()


def _send(client: httpx2.Client, cases: Sequence[dict[str, Any]], company: Company) -> list[Line]:
    run = secrets.token_hex(4)  # a second demo sends its tickets anew
    outgoing = [Outgoing(f"{run}-{case['id']}", _body(case)) for case in cases]
    columns = (*Progress.get_default_columns(), TimeElapsedColumn())
    with Progress(*columns, console=CONSOLE) as progress:
        posting = progress.add_task("posting tickets", total=len(cases))
        ending = progress.add_task("tickets ended", total=len(cases))
        sent = send_all(client, outgoing, lambda: progress.advance(posting))
        views = follow(client, sent, LIMIT_SECONDS, lambda _: progress.advance(ending))
    pairs = zip(cases, sent, strict=True)
    return [_line(client, company, case, one, views.get(one.ticket_id)) for case, one in pairs]


def _body(case: dict[str, Any]) -> dict[str, Any]:
    return {
        "subject": case["subject"],
        "text": case["body"],
        "customer": {**case["customer"], "verified": "email" in case["customer"]},
        "headers": case.get("headers", {}),
    }


def _line(
    client: httpx2.Client,
    company: Company,
    case: dict[str, Any],
    sent: Sent,
    found: dict[str, Any] | None,
) -> Line:
    answer = client.get(f"/v1/tickets/{sent.ticket_id}/journal")
    rows = answer.json()["rows"] if answer.is_success else []
    return Line(
        case=case,
        found=found,
        sent=sent,
        calls=Counter(row["kind"] for row in rows),
        tokens=sum(row["tokens_in"] + row["tokens_out"] for row in rows),
        cost_micros=sum(row["cost_micros"] for row in rows),
        strict=company.judge(case["id"], _ending(found)),
    )


def _ending(found: dict[str, Any] | None) -> Ending:
    if found is None:
        return Ending("", "")
    cited = tuple(str(source["source"]) for source in found["citations"])
    return Ending(found["outcome"] or "", found["reply"] or "", cited)


def _show(lines: Sequence[Line]) -> None:
    table = Table(title="How every ticket ended", box=SIMPLE_HEAD, pad_edge=False)
    for name, width in (("ticket", 22), ("intent", 24), ("outcome", 12), ("why, or sources", 24)):
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
    subject = (line.case["subject"] or line.case["body"]).strip().replace("\n", " ")[:28]
    numbers = [str(line.calls["step"]), str(line.calls["call"]), str(line.tokens)]
    cost = f"{line.cost_micros / MICROS:.2f}"
    acknowledged = f"{line.sent.acknowledged_seconds * 1000:.0f}"
    if found is None:
        return [subject, "", "[red]not ended[/]", "", *numbers, cost, acknowledged, "", ""]
    sources = ", ".join(dict.fromkeys(source["source"] for source in found["citations"]))
    guess = f"{found['intent'] or 'none'} {found['confidence'] or 0:.2f}"
    colour = {"with_person": "yellow", "clarifying": "cyan"}.get(found["outcome"], "green")
    return [
        subject,
        guess,
        f"[{colour}]{found['outcome'].replace('_', ' ')}[/]",
        found["reason"] or sources,
        *numbers,
        cost,
        acknowledged,
        f"{seconds_to_end(found):.1f}",
        "[green]yes[/]" if line.strict.as_labelled else "[red]no[/]",
    ]


def _judged(lines: Sequence[Line]) -> str:
    """How many ended as their labels say, and what the answers were worth."""
    sent = [line.strict for line in lines if line.strict.delivered]
    right = sum(line.strict.as_labelled for line in lines)
    wrong, harmed = sum(one.wrong for one in sent), sum(one.harmed for one in sent)
    return (
        f"{right} ended as their labels say. Of {len(sent)} answers {wrong} were wrong, "
        f"and {harmed} told something else than their sources."
    )


def _write(out: Path, metrics: Mapping[str, Metric], lines: Sequence[Line], tickets: Path) -> None:
    write_report(
        out,
        inputs={"tickets": describe(tickets), "company": describe(COMPANY)},
        metrics=metrics,
        cases=[
            {
                "id": line.case["id"],
                "label": line.case["label"]["outcome"],
                "outcome": None if line.found is None else line.found["outcome"],
                "reason": None if line.found is None else line.found["reason"],
                "reply": None if line.found is None else line.found["reply"],
                **asdict(line.strict),
            }
            for line in lines
        ],
    )


def _say(stack: Stack, lines: Sequence[Line], seconds: float, *, keep: bool) -> None:
    ended = [line for line in lines if line.found is not None]
    outcomes = Counter(line.found["outcome"] for line in ended if line.found)
    memory = ", ".join(f"{name} {size:.0f} MB" for name, size in stack.memory_mb().items())
    one = next((line.sent.ticket_id for line in ended), "TICKET")
    where = " ".join(
        f"{name}={value}"
        for name, value in {
            "DESKHAND_HOME": str(stack.home),
            "DESKHAND_DESK": str(stack.desk),
            **stack.extra,
        }.items()
    )
    CONSOLE.print(
        f"\n[bold]{len(ended)} of {len(lines)} tickets ended[/] in {seconds:.1f} s: "
        + ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in outcomes.most_common())
        + f".\n{_judged(lines)}\nMemory: {memory}.\n"
    )
    CONSOLE.print(
        "[bold]Try next[/]\n"
        + ("" if keep else "  KEEP=1 make demo                       leave this stack running\n")
        + f"  {where} \\\n"
        f"    .venv/bin/deskhand why {one}\n"
        "                                         the story of one ticket, step by step\n"
        "  .venv/bin/deskhand init my-desk        your own desk.yaml and articles\n",
        soft_wrap=True,
        highlight=False,
    )


def _hold(stack: Stack) -> None:
    password = _password(stack)
    CONSOLE.print(
        f"The stack runs. The console: {stack.url}/console, as {ADMIN} with the one-time password "
        f"{password}\nThe API: {stack.url}/docs. For commands beside it:\n"
        f"  export DESKHAND_HOME={stack.home} DESKHAND_DESK={stack.desk} "
        f"DESKHAND_PORT={stack.port} DESKHAND_KEY={stack.key(TENANT, name='you')}\n"
        "Press Ctrl-C to stop it.",
        soft_wrap=True,
        highlight=False,
    )
    try:
        while True:
            revived = stack.revive()
            for name in revived:
                CONSOLE.print(f"{name} had ended and is started again.", style="yellow")
            time.sleep(REVIVE_SECONDS)
    except KeyboardInterrupt:
        CONSOLE.print("Stopping.")


def _password(stack: Stack) -> str:
    """A one-time password for the demo's admin, whom an earlier demo may have left there."""
    named = ("--name", "Dana Demo", "--role", "admin")
    try:
        return stack.said("account", "create", *named, "--email", ADMIN, "--tenant", TENANT)
    except subprocess.CalledProcessError:
        return stack.said("account", "reset", ADMIN)
