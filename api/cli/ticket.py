"""`deskhand ticket`: hand tickets in and read them, over HTTP like any other system."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer
from rich.text import Text

from api.cli import screen
from api.cli.failures import USAGE, CommandFault
from api.cli.remote import Json, Key, Remote, Url

app = typer.Typer(help="Send tickets and read them, over HTTP.", no_args_is_help=True)
Id = Annotated[str, typer.Argument(help="The ticket's id, tkt_...")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the API's JSON.")]
MOST_CHARS = 10_000_000
"""Read of a file; the API takes 100,000 unless it is set up otherwise."""
OUTCOMES = {
    "delivered": "answered by the agent",
    "clarifying": "the agent asked the customer a question",
    "with_person": "with a person",
    "answered_by_person": "answered by a person",
    "closed_by_person": "closed by a person",
    "confirmed": "confirmed by the customer",
    "nothing_asked": "nothing was asked; nothing was sent",
}

DELIVERY = {
    **dict.fromkeys(("wanted", "intended"), "the answer has not been sent yet"),
    **dict.fromkeys(("failed", "bounced"), "the answer was not delivered"),
    "unknown": "the answer may not have arrived",
    "withdrawn": "the answer was withdrawn before it was sent",
}
"""What is said of an answer that has not arrived, or not yet."""


@app.command()
def send(
    *,
    text: Annotated[
        str | None, typer.Argument(help="What the customer wrote; - reads standard input.")
    ] = None,
    file: Annotated[Path | None, typer.Option(help="Read the text from a file.")] = None,
    subject: Annotated[str | None, typer.Option()] = None,
    email: Annotated[str | None, typer.Option(help="The customer's address.")] = None,
    name: Annotated[str | None, typer.Option(help="The customer's name.")] = None,
    verified: Annotated[
        bool,
        typer.Option("--verified", help="Vouch that the address is the sender's (key: --vouch)."),
    ] = False,
    ticket: Annotated[
        str | None, typer.Option(help="Add it to this ticket instead of beginning one.")
    ] = None,
    once: Annotated[
        str | None, typer.Option(help="Idempotency key: the same one is carried out once.")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Follow it to its end.")] = False,
    as_json: AsJson = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Send a ticket."""
    remote = Remote(url, key)
    headers = {} if once is None else {"Idempotency_Key": once}
    words = _text(text, file)
    if ticket is None:
        said = {"email": email, "name": name, "verified": verified or None}
        customer = {n: v for n, v in said.items() if v is not None}
        body: Json = {"text": words, "customer": customer}
        if subject is not None:
            body["subject"] = subject
        accepted = remote.post("/v1/tickets", body, **headers)
    else:
        path = f"/v1/tickets/{ticket}/messages"
        accepted = remote.post(path, {"text": words}, **headers)
    identity = accepted.get("id") or accepted["ticket_id"]
    if as_json:
        _json(accepted)
    else:
        print(identity)  # noqa: T201  alone on stdout, so that scripts can take it
    if follow:
        _follow(remote, identity)


@app.command()
def show(ticket: Id, as_json: AsJson = False, url: Url = None, key: Key = None) -> None:
    """Show a ticket: status, outcome, reply with its sources, conversation."""
    found = Remote(url, key).get(f"/v1/tickets/{ticket}")
    if as_json:
        _json(found)
        return
    out = screen.out()
    out.print(Text(f"{found['id']}  {found['subject']}".rstrip(), style="bold"))
    out.print(f"{_state(found)}; turn {found['turn']}; {_intent(found)}", markup=False)
    if found["reason_text"]:
        out.print(found["reason_text"], markup=False)
    for message in found["messages"]:
        who = message["author"] or message["role"]
        out.print()
        head = f"{screen.moment(message['at'])}  {who} ({message['kind']})"
        out.print(Text(head, style="cyan"))
        out.print(message["text"], markup=False)
        for source in message["citations"]:
            out.print(Text(f"  source: {source.get('title')} ({source.get('source')})"))


@app.command("list")
def list_tickets(
    *,
    status: Annotated[str | None, typer.Option(help="queued, running, waiting or settled.")] = None,
    search: Annotated[
        str | None, typer.Option(help="Words of it: said in it, a name, an address, a number.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 20,
    as_json: AsJson = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """List tickets, newest first."""
    page = Remote(url, key).get("/v1/tickets", status=status, q=search, limit=limit)
    if as_json:
        _json(page)
        return
    rows = [
        (
            item["id"],
            item["title"],
            screen.moment(item["created_at"]),
            _state(item),
            _intent(item),
        )
        for item in page["items"]
    ]
    if not rows:
        screen.notes().print("There are no such tickets.")
        return
    screen.out().print(screen.table(("Ticket", "About", "Accepted", "State", "Intent"), rows))
    if page["next"]:
        screen.notes().print(f"There are more than {limit}: raise --limit.")


@app.command()
def follow(ticket: Id, url: Url = None, key: Key = None) -> None:
    """Follow a ticket as it is worked on, until it is answered or with a person."""
    _follow(Remote(url, key), ticket)


def _follow(remote: Remote, ticket: str) -> None:
    # What happens goes to stderr and the reply to stdout, so that scripts get the reply alone.
    notes = screen.notes()
    for name, data in remote.events(f"/v1/tickets/{ticket}/events"):
        if name == "step":
            notes.print(Text(f"  {data['text']}", style="red" if data.get("error") else "dim"))
        elif name == "end":
            notes.print(Text(_state(data), style="bold"))
    found = remote.get(f"/v1/tickets/{ticket}")
    if found["reply"]:
        print(found["reply"])  # noqa: T201
        for source in found["citations"]:
            notes.print(Text(f"  source: {source.get('title')} ({source.get('source')})"))
    elif found["reason_text"]:
        notes.print(Text(f"  {found['reason_text']}"))


def _state(ticket: Json) -> str:
    outcome = ticket.get("outcome")
    ended = DELIVERY.get(str(ticket.get("delivery"))) if outcome is None else outcome
    if ticket["status"] != "settled" and outcome is None:
        ended = None  # the next turn goes on
    return f"{ticket['status']}: {OUTCOMES.get(ended, ended)}" if ended else str(ticket["status"])


def _intent(ticket: Json) -> str:
    if ticket["confidence"] is None:
        return "intent not known yet"
    return f"{ticket['intent'] or 'no intent'} {ticket['confidence']:.2f}"


def _text(text: str | None, file: Path | None) -> str:
    if (text is None) == (file is None):
        msg = "give the text as an argument, or a file with --file (- reads standard input)"
        raise CommandFault(msg, USAGE)
    try:
        if text == "-" or file == Path("-"):
            return _bounded(sys.stdin, "standard input")
        if file is None:
            return text or ""
        with file.open(encoding="utf-8") as opened:
            return _bounded(opened, str(file))
    except UnicodeDecodeError as error:
        msg = f"{file or 'standard input'} is not UTF-8: convert it first"
        raise CommandFault(msg, USAGE) from error
    except FileNotFoundError as error:
        msg = f"{file}: no such file"
        raise CommandFault(msg, USAGE) from error


def _bounded(stream: TextIO, name: str) -> str:
    """All that it holds, from a pipe, too. What never ends is refused here, and not by the API."""
    found = stream.read(MOST_CHARS + 1)
    if len(found) > MOST_CHARS:
        msg = f"{name} holds more than {MOST_CHARS:,} characters: a ticket cannot be that long"
        raise CommandFault(msg, USAGE)
    return found


def _json(value: Any) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False))  # noqa: T201
