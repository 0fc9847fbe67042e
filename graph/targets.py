"""When a person should have answered, and be done: in working minutes of the desk's own zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from graph.desk.people import LONGEST_TARGET_WEEKS, MIDNIGHT, MOST_HOLIDAYS, Day, Hours

LONGEST_LOOKAHEAD_DAYS = 7 * (LONGEST_TARGET_WEEKS + MOST_HOLIDAYS + 2)
"""Days in which every target of a desk that was loaded comes: a holiday costs a week at most."""
_DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def due_at(hours: Hours, start: datetime, priority: str = "normal") -> datetime:
    """When the first response is due: the target counted in working minutes only."""
    return _working_deadline(hours, start, hours.first_response(priority))


def resolve_by(hours: Hours, start: datetime, priority: str = "normal") -> datetime:
    """When the ticket should be done: the target counted in working minutes only."""
    return _working_deadline(hours, start, hours.resolution(priority))


def _working_deadline(hours: Hours, start: datetime, minutes: int) -> datetime:
    """The moment at which so many working minutes have passed, in the desk's zone.

    Counted in UTC between each day's opening and closing, so that a day on which the clocks
    change has the length it has. Days without work are skipped. Raises `ValueError` if no such
    moment comes, which loading a desk rules out.
    """
    zone, left = ZoneInfo(hours.timezone), timedelta(minutes=minutes)
    moment = start.astimezone(zone)
    for ahead in range(LONGEST_LOOKAHEAD_DAYS):
        day = moment.date() + timedelta(days=ahead)
        if _DAYS[day.weekday()] not in hours.days or day in hours.holidays:
            continue
        opens, closes = _at(day, hours.start, zone), _at(day, hours.end, zone)
        begins = max(opens, moment.astimezone(UTC))
        if begins + left <= closes:
            return (begins + left).astimezone(zone)
        left -= max(closes - begins, timedelta())
    raise ValueError(f"{minutes} working minutes do not pass within {LONGEST_LOOKAHEAD_DAYS} days")


def _at(day: date, clock: str, zone: ZoneInfo) -> datetime:
    if clock == MIDNIGHT:
        day, clock = day + timedelta(days=1), "00:00"
    return datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)
