"""`make demo`: the example company's tickets through a real stack, followed live."""

import json
import secrets
import shlex
import subprocess
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import httpx2
import typer
from rich.progress import Progress, TimeElapsedColumn

from evals.demo.company import COMPANY, CONSOLE, REVIVE_SECONDS, SERVICE, TENANT
from evals.demo.helpdesk import PRIVATE
from evals.demo.model import DemoModel, minds
from evals.demo.table import Came, Line, show
from evals.demo.ways import Ways, ways
from evals.figures.metrics import Metric
from evals.figures.report import describe, write_report
from evals.replies.company import Company, open_company
from evals.replies.strict import Ending, strict_figures
from evals.stack.sending import follow
from evals.stack.stack import Stack, free_port, scratch

ADMIN = "dana@fernhill.example"
"""Who logs in to the console of a demo that was left running."""
LIMIT_SECONDS = 600.0
"""How long all tickets may take together."""
NO_MAIL = "There is no Dovecot here (`apt-get install dovecot-imapd`): what would come by mail is posted over HTTP."


def demo(
    home: Annotated[
        Path, typer.Option(help="Where each demo keeps its data, in a folder of its own.")
    ] = Path(".deskhand/demo"),
    tickets: Annotated[Path, typer.Option(help="The tickets, a JSON line each.")] = COMPANY
    / "tickets.jsonl",
    keep: Annotated[
        bool, typer.Option(envvar="KEEP", help="Leave the stack running at the end.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(envvar="DESKHAND_DEMO_OUT", help="Where the figures go (JSON)."),
    ] = None,
    model: Annotated[
        DemoModel | None,
        typer.Option(
            envvar="DESKHAND_DEMO_MODEL",
            help="Leave each decision to a chat model: `scripted` repeats recorded decisions.",
        ),
    ] = None,
) -> None:
    """Send the example company's tickets and show how each one ended."""
    company = open_company(COMPANY, tickets)
    cases = [json.loads(line) for line in tickets.read_text(encoding="utf-8").splitlines()]
    service = free_port()
    address = f"http://127.0.0.1:{service}"
    run = secrets.token_hex(4)
    home = home / run  # the same mails a third time within an hour would be a loop
    with (
        minds(model) as desk_text,
        ways(home, run, desk_text) as channels,
        scratch(
            home, channels.desk, fresh=False, FERNHILL_BACKOFFICE_URL=address, **PRIVATE
        ) as stack,
    ):
        started = time.perf_counter()
        _start(stack, service, channels)
        with stack.client(stack.key(TENANT, name="Fernhill sign-in")) as client:
            lines = _send(stack, client, cases, company, channels)
            show(lines)
            metrics = strict_figures(line.strict for line in lines)
            _say(stack, lines, time.perf_counter() - started, channels, keep=keep)
            if out is not None:
                _write(out, metrics, lines, tickets)
            if keep:
                _hold(stack)
    if any(line.found is None for line in lines):
        raise typer.Exit(1)


def _start(stack: Stack, service: int, channels: Ways) -> None:
    CONSOLE.print("[bold]Deskhand demo[/]: Fernhill, shift planning and time tracking\n")
    if channels.servers is None:
        CONSOLE.print(NO_MAIL, style="yellow", soft_wrap=True)
    stack.start_service(SERVICE, service)
    stack.run("kb", "add", str(COMPANY / "articles"), "--tenant", TENANT)
    with CONSOLE.status("starting the API and a worker"):
        channels.start(stack)
        stack.start_api()
        stack.start_worker()


def _send(
    stack: Stack,
    client: httpx2.Client,
    cases: Sequence[dict[str, Any]],
    company: Company,
    channels: Ways,
) -> list[Line]:
    columns = (*Progress.get_default_columns(), TimeElapsedColumn())
    with Progress(*columns, console=CONSOLE) as progress:
        posting = progress.add_task("sending tickets", total=len(cases))
        ending = progress.add_task("tickets ended", total=len(cases))
        sent = channels.send(stack, client, cases, lambda: progress.advance(posting))
        views = follow(client, sent, LIMIT_SECONDS, lambda _: progress.advance(ending))
    found = (views.get(one.ticket_id) for one in sent)
    came = [Came(case, channels.way_of(n, case), sent[n]) for n, case in enumerate(cases)]
    return [_line(client, company, *pair) for pair in zip(came, found, strict=True)]


def _line(
    client: httpx2.Client, company: Company, came: Came, found: dict[str, Any] | None
) -> Line:
    answer = client.get(f"/v1/tickets/{came.sent.ticket_id}/journal")
    rows = answer.json()["rows"] if answer.is_success else []
    return Line(
        came=came,
        found=found,
        calls=Counter(row["kind"] for row in rows),
        tokens=sum(row["tokens_in"] + row["tokens_out"] for row in rows),
        cost_micros=sum(row["cost_micros"] for row in rows),
        strict=company.judge(came.case["id"], _ending(found)),
    )


def _ending(found: dict[str, Any] | None) -> Ending:
    if found is None:
        return Ending("", "")
    cited = tuple(str(source["source"]) for source in found["citations"])
    return Ending(found["outcome"] or "", found["reply"] or "", cited)


def _judged(lines: Sequence[Line]) -> str:
    """How many ended as their labels say, and what the answers were worth."""
    sent = [line.strict for line in lines if line.strict.delivered]
    right = sum(line.strict.as_labelled for line in lines)
    wrong, harmed = sum(one.wrong for one in sent), sum(one.harmed for one in sent)
    return (
        f"{right} ended as their labels say. Of {len(sent)} answers {wrong} were wrong, "
        f"and {harmed} told something else than their sources."
    )


def _ways(lines: Sequence[Line], channels: Ways) -> str:
    """How they came, and that what left by mail and in the helpdesk has arrived."""
    came = Counter(line.came.way for line in lines)
    left = Counter(line.came.way for line in lines if line.strict.delivered)
    said = ", ".join(f"{count} by {name}" for name, count in came.most_common())
    said += f"; {channels.answered(left['chatwoot'])} conversations of the helpdesk were written to"
    if channels.servers is None:
        return f"They came {said}."
    return f"They came {said}, and {channels.arrived(left['mail'])} mails went out to customers."


def _write(out: Path, metrics: Mapping[str, Metric], lines: Sequence[Line], tickets: Path) -> None:
    write_report(
        out,
        inputs={"tickets": describe(tickets), "company": describe(COMPANY)},
        metrics=metrics,
        cases=[
            {
                "id": line.came.case["id"],
                "channel": line.came.way,
                "label": line.came.case["label"]["outcome"],
                "outcome": None if line.found is None else line.found["outcome"],
                "reason": None if line.found is None else line.found["reason"],
                "reply": None if line.found is None else line.found["reply"],
                **asdict(line.strict),
            }
            for line in lines
        ],
    )


def _say(
    stack: Stack, lines: Sequence[Line], seconds: float, channels: Ways, *, keep: bool
) -> None:
    ended = [line for line in lines if line.found is not None]
    outcomes = Counter(line.found["outcome"] for line in ended if line.found)
    memory = ", ".join(f"{name} {size:.0f} MB" for name, size in stack.memory_mb().items())
    one = next((line.came.sent.ticket_id for line in ended), "TICKET")
    where = " ".join(
        f"{name}={shlex.quote(value)}"
        for name, value in {
            "DESKHAND_HOME": str(stack.home),
            "DESKHAND_DESK": str(stack.desk),
            **stack.extra,
        }.items()
    )
    CONSOLE.print(
        f"\n[bold]{len(ended)} of {len(lines)} tickets ended[/] in {seconds:.1f} s: "
        + ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in outcomes.most_common())
        + f".\n{_judged(lines)}\n{_ways(lines, channels)}\nMemory: {memory}.\n"
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
