"""The banner on every page while the program does not do its work."""

from __future__ import annotations

from typing import Any

import httpx2
from nicegui import ui

from api.console.parts.widgets import Tag
from api.console.shell.visit import Visit

LOOK_SECONDS = 5.0
"""Between two looks of one page."""
READY = "/health/ready"
SENDING = "/v1/sending"


def banner(visit: Visit) -> None:
    """Keep a banner that names what fails; nothing stands there while all is well."""
    with Tag("div", "readiness", role="status") as place:
        pass
    shown: list[str] = []

    async def look() -> None:
        words = troubles(await visit.remote.send("GET", READY))
        words += halted(await visit.remote.send("GET", SENDING))
        if words == shown:
            return
        shown[:] = words
        place.clear()
        with place:
            for one in words:
                Tag("p", "banner bad", one)

    ui.timer(LOOK_SECONDS, look, immediate=True)


def halted(answer: httpx2.Response) -> list[str]:
    """That nothing is sent, out of the answer about sending; nothing where it cannot be told."""
    found: dict[str, Any] = answer.json()
    if answer.is_error or not found["stopped"]:
        return []
    why = f" {found['why']}" if found["why"] else ""
    return [f"All sending was stopped by {found['stopped_by']}: no reply is sent.{why}"]


def troubles(answer: httpx2.Response) -> list[str]:
    """What fails, a sentence each, out of the answer about readiness."""
    found: dict[str, Any] = answer.json()
    if answer.is_error:
        return [str(found.get("detail") or "The program cannot store anything at the moment.")]
    return [str(one["detail"]) for one in found["checks"] if one["state"] == "fail"]
