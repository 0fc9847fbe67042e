"""When a person should look: working minutes only, in the desk's own time zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from graph.desk.people import Day, Hours
from graph.policies import LONGEST_LOOKAHEAD_DAYS, WORDS, due_at, explain
from memory.journal.codes import Reason

DUBLIN = ZoneInfo("Europe/Dublin")
WORK = Hours(timezone="Europe/Dublin", start="09:00", end="17:00", first_response_minutes=240)
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-11-23 10:00", "2026-11-23 14:00"),
        ("2026-11-23 07:00", "2026-11-23 13:00"),
        ("2026-11-23 15:00", "2026-11-24 11:00"),
        ("2026-11-23 17:00", "2026-11-24 13:00"),
        ("2026-11-23 13:00", "2026-11-23 17:00"),
        ("2026-11-20 16:00", "2026-11-23 12:00"),
        ("2026-11-21 12:00", "2026-11-23 13:00"),
        ("2026-03-27 16:00", "2026-03-30 12:00"),
        ("2026-10-23 16:00", "2026-10-26 12:00"),
    ],
)
def test_only_working_minutes_count(start: str, due: str) -> None:
    """Nights, week-ends and the change of the clocks are skipped."""
    moment = datetime.strptime(start, "%Y-%m-%d %H:%M").replace(tzinfo=DUBLIN)
    assert due_at(WORK, moment).strftime("%Y-%m-%d %H:%M") == due


def test_the_zone_of_the_question_does_not_matter() -> None:
    """The same moment is due at the same moment."""
    moment = datetime(2026, 7, 1, 8, 30, tzinfo=UTC)
    assert due_at(WORK, moment) == due_at(WORK, moment.astimezone(ZoneInfo("Asia/Tokyo")))


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - the strategy adds the zone
    st.integers(1, 2_000),
    st.sets(st.sampled_from(DAYS), min_size=1),
    st.sampled_from(["UTC", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"]),
)
def test_a_due_time_is_later_and_within_working_hours(
    start: datetime, minutes: int, days: set[Day], zone: str
) -> None:
    """Whatever the desk's hours are."""
    hours = Hours(timezone=zone, days=tuple(sorted(days)), first_response_minutes=minutes)
    due = due_at(hours, start)
    assert due > start
    assume(due < start + timedelta(days=LONGEST_LOOKAHEAD_DAYS - 1))
    assert DAYS[due.weekday()] in days
    assert "09:00" <= due.strftime("%H:%M") <= "17:00"


@given(st.integers(1, 900), st.integers(1, 900))
def test_a_longer_target_is_never_due_sooner(one: int, other: int) -> None:
    """Monotone in the minutes."""
    start = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
    short, long = sorted((one, other))
    early = due_at(WORK.model_copy(update={"first_response_minutes": short}), start)
    assert early <= due_at(WORK.model_copy(update={"first_response_minutes": long}), start)


def test_every_reason_has_words() -> None:
    """A person reads them."""
    codes = {value for name, value in vars(Reason).items() if name.isupper()}
    assert codes == set(WORDS)
    assert explain(Reason.LOW_CONFIDENCE, "0.41 is under 0.62.").endswith("0.41 is under 0.62.")
