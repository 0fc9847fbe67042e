"""`deskhand tools`: how the tools are, as the workers see them, over HTTP."""

from __future__ import annotations

from api.cli import screen
from api.cli.remote import Json, Key, Remote, Url


def run(url: Url = None, key: Key = None) -> None:
    """Show breakers, errors, times and changed schemas of the tools."""
    found = Remote(url, key).get("/v1/tools")["items"]
    if not found:
        screen.notes().print("No worker has reported: start one with `deskhand up`.")
        return
    columns = ("Tool", "Breaker", "Attempts", "Errors", "p50 ms", "p95 ms", "In use", "Schema")
    screen.out().print(screen.table(columns, [_row(tool) for tool in found]))
    screen.notes().print("Counted since each worker started.")
    for tool in found:
        if tool["difference"]:
            when = screen.moment(tool["changed_at"])
            words = "; ".join(tool["difference"])
            screen.out().print(f"{tool['tool']}: schema changed ({when}): {words}", markup=False)


def _row(tool: Json) -> tuple[object, ...]:
    errors = ", ".join(f"{kind} {count}" for kind, count in tool["errors"].items())
    in_use = sum(worker["in_use"] for worker in tool["workers"])
    slots = sum(worker["slots"] for worker in tool["workers"])
    changes = tool["schema_changes"]
    return (
        tool["tool"],
        tool["breaker"].replace("_", " "),
        tool["attempts"],
        errors or None,
        tool["p50_ms"],
        tool["p95_ms"],
        f"{in_use}/{slots}",
        f"{changes} changed" if changes else "as declared",
    )
