"""What the dialogs of the queue offer: moments to sleep until, and colleagues."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from api.console.queue.changes import Changes
from memory.tables import now

MORNING = 9


def sleeps(where: ZoneInfo) -> dict[str, str]:
    """Moments as the API reads them, each with its words in the reader's zone."""
    local = now().astimezone(where)
    times = {
        "In one hour": local + timedelta(hours=1),
        "In four hours": local + timedelta(hours=4),
        "Tomorrow morning": _morning(local + timedelta(days=1)),
        "Next Monday": _morning(local + timedelta(days=7 - local.weekday())),
    }
    return {one.isoformat(): f"{name}, {one:%a %H:%M}" for name, one in times.items()}


def _morning(day: datetime) -> datetime:
    return day.replace(hour=MORNING, minute=0, second=0, microsecond=0)


async def colleagues(changes: Changes, *, me: bool = False) -> dict[str, str]:
    """Names of those who may get a handoff. Raises `ApiRefused`, `SessionOver`."""
    found = await changes.state.visit.remote.get("/v1/people")
    own = changes.state.visit.name
    names = [one["name"] for one in found["items"] if not one["disabled"]]
    return {name: f"{name} (you)" if name == own else name for name in names if me or name != own}
