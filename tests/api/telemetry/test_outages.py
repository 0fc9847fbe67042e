"""A trouble that lasts does not fill the log."""

from collections.abc import Callable

from structlog.testing import capture_logs

from api.telemetry.outages import AGAIN_SECONDS, CALM_SECONDS, MOST_KINDS, Outage


class Clock:
    """Moves when it is told."""

    def __init__(self) -> None:
        self.moment = 0.0

    def __call__(self) -> float:
        """Now."""
        return self.moment


def during(seconds: float, step: Callable[[Outage, int], None], every: float = 0.1) -> list[str]:
    """The events of so many seconds."""
    clock = Clock()
    outage = Outage("chore_failed", clock)
    with capture_logs() as lines:
        for number in range(round(seconds / every)):
            clock.moment = number * every
            step(outage, number)
    return [line["event"] for line in lines]


def test_it_is_told_when_it_begins_each_minute_and_when_it_is_over() -> None:
    """Ten failures a second for three minutes are five lines."""
    end = round(3.05 * AGAIN_SECONDS / 0.1)

    def step(outage: Outage, number: int) -> None:
        (outage.failed("the disk is full") if number < end else outage.worked())

    told = during(3.5 * AGAIN_SECONDS, step)
    assert told == ["chore_failed"] * 4 + ["trouble_over"]


def test_what_works_between_does_not_end_it() -> None:
    """A beat goes on while the ledger is away, and a lock comes and goes."""

    def step(outage: Outage, number: int) -> None:
        (outage.failed("locked") if number % 3 == 0 else outage.worked())

    assert during(AGAIN_SECONDS * 0.9, step) == ["chore_failed"]


def test_another_error_is_told_at_once_and_any_number_of_them_once_a_minute() -> None:
    """Words that name a new file each time would make every failure a new one; none may be silent."""

    def step(outage: Outage, number: int) -> None:
        outage.failed(f"no room for {number}")

    assert len(during(5.0, step)) == MOST_KINDS + 1
    assert len(during(2.5 * AGAIN_SECONDS, step)) == MOST_KINDS + 3


def test_the_next_one_is_told_anew() -> None:
    """As soon as it begins."""

    def step(outage: Outage, number: int) -> None:
        (outage.failed("locked") if number in {0, 200} else outage.worked())

    told = during(CALM_SECONDS * 3.5, step)
    assert told == ["chore_failed", "trouble_over"] * 2
