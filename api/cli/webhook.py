"""`deskhand webhook`: addresses that are told what happens to tickets, and what did not arrive."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli import screen
from api.cli.numbers import LARGEST
from api.cli.remote import Key, Remote, Url
from tools.outside import shown

app = typer.Typer(no_args_is_help=True, help="Signed webhooks: every event of every ticket.")


@app.command()
def add(
    address: Annotated[str, typer.Argument(help="https://host/path")],
    url: Url = None,
    key: Key = None,
) -> None:
    """Tell an address what happens from now on; print its secret, once."""
    made = Remote(url, key).post("/v1/webhooks", {"url": address})
    screen.notes().print(
        f"Webhook {made['id']} is sent every event of every ticket. Its secret follows and is not "
        "shown again: the receiver checks signatures with it (Standard Webhooks).",
        markup=False,
    )
    print(made["secret"])  # noqa: T201  alone on stdout, so that scripts can take it


@app.command("list")
def list_webhooks(url: Url = None, key: Key = None) -> None:
    """Show the addresses, without their secrets."""
    found = Remote(url, key).get("/v1/webhooks")["items"]
    if not found:
        screen.notes().print("There are no webhooks: add one with `deskhand webhook add`.")
        return
    rows = [
        (one["id"], shown(one["url"]), one["created_by"], "ended" if one["ended_at"] else "told")
        for one in found
    ]
    screen.out().print(screen.table(("Webhook", "Address", "Added by", "State"), rows))


@app.command()
def end(
    webhook: Annotated[str, typer.Argument(help="The webhook's id.")],
    url: Url = None,
    key: Key = None,
) -> None:
    """Tell an address nothing more."""
    ended = Remote(url, key).post(f"/v1/webhooks/{webhook}/end")
    screen.out().print(f"{shown(ended['url'])} is sent nothing more.", markup=False)


@app.command()
def dead(url: Url = None, key: Key = None) -> None:
    """Show what did not arrive and is not tried again."""
    found = Remote(url, key).get("/v1/webhooks/deliveries", status="dead")["items"]
    if not found:
        screen.notes().print("Everything arrived, or is still being tried.")
        return
    rows = [
        (one["id"], one["webhook_id"], one["ticket_id"], one["type"], one["attempts"], one["error"])
        for one in found
    ]
    heads = ("Delivery", "Webhook", "Ticket", "Event", "Attempts", "Why")
    screen.out().print(screen.table(heads, rows))


@app.command()
def replay(
    deliveries: Annotated[
        list[int], typer.Argument(min=1, max=LARGEST, help="Numbers of dead deliveries.")
    ],
    url: Url = None,
    key: Key = None,
) -> None:
    """Send dead deliveries again, with the ids that they had."""
    remote = Remote(url, key)
    for one in deliveries:
        remote.post(f"/v1/webhooks/deliveries/{one}/replay")
    screen.out().print(f"Sent again: {len(deliveries)}.")
