"""When a person should look: working minutes only, in the desk's own time zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.desk.people import Day, Hours, Target
from graph.reasons import explain, reason_sentence
from graph.targets import due_at, resolve_by
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
    assert DAYS[due.weekday()] in days
    assert "09:00" <= due.strftime("%H:%M") <= "17:00"


@given(st.integers(1, 900), st.integers(1, 900))
def test_a_longer_target_is_never_due_sooner(one: int, other: int) -> None:
    """Monotone in the minutes."""
    start = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
    short, long = sorted((one, other))
    early = due_at(WORK.model_copy(update={"first_response_minutes": short}), start)
    assert early <= due_at(WORK.model_copy(update={"first_response_minutes": long}), start)


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - the strategy adds the zone
    st.integers(1, 43_200),
    st.sampled_from(["UTC", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"]),
)
def test_around_the_clock_every_minute_counts(start: datetime, minutes: int, zone: str) -> None:
    """A desk from 00:00 to 24:00 on seven days loses none, whatever the clocks do."""
    hours = Hours(timezone=zone, days=DAYS, start="00:00", end="24:00")
    late = hours.model_copy(update={"first_response_minutes": minutes})
    # An hour that comes twice equals none in another zone.
    assert due_at(late, start).astimezone(UTC) == start + timedelta(minutes=minutes)


def test_a_target_beyond_half_a_year_is_kept() -> None:
    """Two hours a week and fifty hours of work: twenty-five weeks, and one for the holiday."""
    monday = datetime(2026, 1, 5, 9, tzinfo=UTC)
    hours = Hours(days=("mon",), start="09:00", end="11:00", resolution_minutes=50 * 60)
    assert resolve_by(hours, monday) == monday + timedelta(weeks=24, hours=2)
    closed = hours.model_copy(update={"holidays": (date(2026, 1, 12),)})
    assert resolve_by(closed, monday) == monday + timedelta(weeks=25, hours=2)


def test_every_reason_is_a_sentence() -> None:
    """A person reads them; a code of another release stands for itself."""
    assert all(reason_sentence(one).endswith(".") and reason_sentence(one) != one for one in Reason)
    assert reason_sentence("of_tomorrow") == "of_tomorrow"
    assert explain(Reason.LOW_CONFIDENCE, "0.41 is under 0.62.").endswith("0.41 is under 0.62.")


def test_targets_count_working_time_only() -> None:
    """Nights, weekends and holidays do not count; a day on which clocks change has its length."""
    hours = Hours(
        timezone="Europe/Dublin",
        first_response_minutes=120,
        resolution_minutes=960,
        holidays=(date(2026, 12, 25),),
        targets={"urgent": Target(first_response_minutes=15)},
    )
    eve = datetime(2026, 12, 24, 16, 0, tzinfo=UTC)
    assert due_at(hours, eve).isoformat() == "2026-12-28T10:00:00+00:00"
    assert due_at(hours, eve, "urgent").isoformat() == "2026-12-24T16:15:00+00:00"
    assert resolve_by(hours, eve, "urgent").isoformat() == "2026-12-29T16:00:00+00:00"
    spring = Hours(timezone="Europe/Dublin", days=("sun",), start="00:00", end="04:00")
    short = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)  # 01:00 to 02:00 is left out that night
    assert due_at(spring, short).isoformat() == "2026-04-05T01:00:00+01:00"
