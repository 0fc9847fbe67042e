"""`deskhand handoff`: the queue of the people, over HTTP."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from api.cli import screen
from api.cli.numbers import LARGEST, LONGEST_CLAIM
from api.cli.remote import Json, Key, Remote, Url
from graph.reasons import brief_words

app = typer.Typer(help="Work on what the agent handed to people, over HTTP.", no_args_is_help=True)
Id = Annotated[str, typer.Argument(help="The handoff's id, hnd_...")]
SHOWN_PASSAGE_CHARS = 300
"""Of each piece of evidence so much is shown."""


class Kind(StrEnum):
    """What a person may decide."""

    APPROVE = "approve"
    REPLY = "reply"
    RETURN = "return"
    CLOSE = "close"


@app.command("list")
def list_handoffs(
    mine: Annotated[bool, typer.Option("--mine", help="Only those I claimed.")] = False,
    decided: Annotated[
        bool, typer.Option("--decided", help="Only those that are decided.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 20,
    url: Url = None,
    key: Key = None,
) -> None:
    """List handoffs: most urgent first, then first due."""
    status = ["decided", "closed"] if decided else None
    query: dict[str, Any] = {"status": status, "mine": mine or None, "limit": limit}
    page = Remote(url, key).get("/v1/handoffs", **query)
    rows = [
        (
            item["id"],
            item["priority"],
            screen.moment(item["due_at"]),
            _state(item),
            brief_words(item["reason"]),
            item["ticket_id"],
        )
        for item in page["items"]
    ]
    if not rows:
        screen.notes().print("Nothing waits for a person.")
        return
    columns = ("Handoff", "Priority", "Due", "State", "Reason", "Ticket")
    screen.out().print(screen.table(columns, rows))
    if page["next"]:
        screen.notes().print(f"There are more than {limit}: raise --limit.")


@app.command()
def show(handoff: Id, url: Url = None, key: Key = None) -> None:
    """Show the whole story: why, what was tried, what is suggested, the conversation."""
    found = Remote(url, key).get(f"/v1/handoffs/{handoff}")
    out = screen.out()
    out.print(Text(f"{found['id']}  {_state(found)}, {found['priority']}", style="bold"))
    out.print(found["explanation"], markup=False)
    due = screen.moment(found["due_at"])
    out.print(f"Ticket {found['ticket_id']}, version {found['version']}, due {due}", markup=False)
    for message in found["messages"]:
        _section(out, f"{message['author'] or message['role']} ({message['kind']})")
        out.print(message["text"], markup=False)
    _story(out, found["story"])


@app.command()
def claim(
    handoff: Id,
    minutes: Annotated[
        int, typer.Option(min=1, max=LONGEST_CLAIM, help="How long to keep it.")
    ] = 10,
    url: Url = None,
    key: Key = None,
) -> None:
    """Claim a handoff, or renew my claim."""
    found = Remote(url, key).post(f"/v1/handoffs/{handoff}/claim", {"minutes": minutes})
    screen.out().print(f"{found['id']} is yours until {screen.moment(found['claimed_until'])}.")


@app.command()
def release(handoff: Id, url: Url = None, key: Key = None) -> None:
    """Release my claim."""
    found = Remote(url, key).post(f"/v1/handoffs/{handoff}/release")
    screen.out().print(f"{found['id']} is open to everybody again.")


@app.command()
def ask(
    handoff: Id,
    text: Annotated[str, typer.Argument(help="The question.")],
    url: Url = None,
    key: Key = None,
) -> None:
    """Ask the customer, in my name; the answer brings the handoff back to me."""
    found = Remote(url, key).post(f"/v1/handoffs/{handoff}/ask", {"text": text})
    back = screen.moment(found["snoozed_until"])
    screen.out().print(f"{found['id']} waits for the customer, until {back} at the latest.")


@app.command()
def takeover(
    ticket: Annotated[str, typer.Argument(help="The ticket's id, tkt_...")],
    note: Annotated[str, typer.Option(help="For colleagues.")] = "",
    url: Url = None,
    key: Key = None,
) -> None:
    """Take a ticket from the agent while it works: it stops at its next step."""
    found = Remote(url, key).post(f"/v1/tickets/{ticket}/takeover", {"note": note})
    answer = found["agent_answer"].replace("_", " ")
    screen.out().print(f"{found['handoff']['id']} is yours; answer of the agent: {answer}.")


@app.command()
def decide(
    *,
    handoff: Id,
    kind: Annotated[Kind, typer.Argument(help="What to do with it.")],
    text: Annotated[str, typer.Option(help="The reply to send, for `reply`.")] = "",
    guidance: Annotated[
        str, typer.Option(help="What the agent should do differently, for `return`.")
    ] = "",
    action: Annotated[
        list[str] | None,
        typer.Option(help="Fingerprint of a proposed action to run. Repeatable."),
    ] = None,
    version: Annotated[
        int | None,
        typer.Option(min=0, max=LARGEST, help="The version I saw: refuse if it changed since."),
    ] = None,
    url: Url = None,
    key: Key = None,
) -> None:
    """Decide: approve the suggested reply, send my own, return it to the agent, or close it."""
    body: Json = {"kind": str(kind), "text": text, "guidance": guidance, "actions": action or []}
    if version is not None:
        body["version"] = version
    found = Remote(url, key).post(f"/v1/handoffs/{handoff}/decide", body)
    screen.out().print(
        f"{found['id']}: {kind} by {found['decided_by']}; ticket {found['ticket_id']} goes on."
    )


def _state(handoff: Json) -> str:
    if handoff["status"] == "claimed":
        return f"claimed by {handoff['claimed_by']} until {screen.moment(handoff['claimed_until'])}"
    if handoff["status"] in {"decided", "closed"} and handoff["decided_by"]:
        return f"{handoff['status']}, decided by {handoff['decided_by']}"
    if handoff["snoozed_until"]:
        until = screen.moment(handoff["snoozed_until"])
        return f"{handoff['status'].replace('_', ' ')}, back to {handoff['claimed_by']} {until}"
    return str(handoff["status"])


def _story(out: Console, story: Json) -> None:
    for tried in story.get("tried") or ():
        _section(out, f"tried: {tried.get('tool')} ({tried.get('status')})")
        for evidence in tried.get("evidence") or ():
            text = " ".join(str(evidence.get("text", "")).split())[:SHOWN_PASSAGE_CHARS]
            out.print(f"{evidence.get('title')}: {text}", markup=False)
    if findings := story.get("findings"):
        _section(out, "what the checks found")
        for finding in findings:
            out.print(f"{finding.get('check')}: {finding.get('detail')}", markup=False)
    for action in story.get("actions") or ():
        _section(out, f"proposed action {action.get('fingerprint')}")
        out.print(f"{action.get('tool')} {action.get('arguments')}", markup=False)
    suggestion = story.get("suggestion")
    _section(out, "suggested reply")
    out.print(suggestion["text"] if suggestion else "none", markup=False)


def _section(out: Console, title: str) -> None:
    out.print()
    out.print(Text(title, style="cyan"))
