"""A long run is judged by slopes: what grows is told, and what only jumps about is not."""

from dataclasses import replace

import pytest

from evals.chaos.observing import Observed
from evals.chaos.soak import WORKER, Look, Soaked, figures, slope


def run_of(api: float, worker: float, disk: tuple[int, int]) -> Soaked:
    """Forty looks in 400 s, a ticket each; memory grows in all, disk by so many bytes a ticket."""
    looks, size = [], 0
    for number in range(40):
        size += disk[0] if number < 25 else disk[1]
        noise = 3.0 * (number % 2)
        memory = {
            "api": 130 + api * number / 40 + noise,
            WORKER: 260 + worker * number / 40 - noise,
        }
        looks.append(Look(10.0 * number, memory, size, number))
    return Soaked(Observed(), looks)


@pytest.mark.parametrize(
    ("api", "worker", "disk", "told"),
    [
        (0.0, 0.0, (5_000, 5_000), []),
        (5.0, 10.0, (5_000, 5_500), []),
        (60.0, 0.0, (5_000, 5_000), ["api grew"]),
        (0.0, 100.0, (5_000, 5_000), ["worker-0 grew"]),
        (0.0, 0.0, (5_000, 20_000), ["a ticket of the second half"]),
    ],
)
def test_what_grows_is_told(
    api: float, worker: float, disk: tuple[int, int], told: list[str]
) -> None:
    """Each by its own name, and a flat run with its noise not at all."""
    faults = run_of(api, worker, disk).faults
    assert [one for one in told if not any(one in fault for fault in faults)] == []
    assert len(faults) == len(told)


def test_a_run_that_is_too_short_is_not_called_flat() -> None:
    """Nothing can be said of three looks."""
    run = run_of(0.0, 0.0, (1, 1))
    run.looks = run.looks[:3]
    assert [fault.partition(" to judge")[0] for fault in run.faults] == [
        "too few looks at api",
        "too few looks at worker-0",
    ]


def test_the_disk_of_a_short_run_is_not_judged() -> None:
    """Files grow in steps: a minute shows one step, and no slope."""
    run = run_of(0.0, 0.0, (5_000, 20_000))
    run.looks = [replace(one, seconds=one.seconds / 10) for one in run.looks]
    assert (run.disk_growth(), run.faults) == (None, [])


def test_an_outlier_does_not_tilt_the_slope() -> None:
    """The median of all pairs."""
    points = [(float(n), 2.0 * n) for n in range(20)]
    points[10] = (10.0, 500.0)
    assert slope(points) == pytest.approx(2.0)


def test_a_customer_who_heard_nothing_is_a_fault() -> None:
    """Whoever has the ticket: what could not be sent while the service was away was to follow."""
    run = run_of(0.0, 0.0, (5_000, 5_000))
    run.observed.tickets = 2
    moment = "2026-01-01T00:00:00Z"
    ended = {"outcome": "with_person", "created_at": moment, "ended_at": moment}
    run.observed.views = [{"id": one, "status": "waiting", **ended} for one in ("a", "b")]
    run.observed.sent["a", "notice"] = 1
    assert run.faults == ["b is with_person and nothing was sent"]
    assert figures(run)["notices_not_sent"].value == 1
