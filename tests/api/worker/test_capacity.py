"""The number of drives follows how late the event loop is."""

from api.worker.capacity import EARLY_SECONDS, LATE_SECONDS, LEAST, Capacity


def test_it_shrinks_while_late_and_grows_while_early() -> None:
    """Never below two, never above what it is told."""
    capacity = Capacity(64, 4)
    for _ in range(100):
        capacity.note(0.0)
    assert capacity.now == 64
    capacity.note(LATE_SECONDS * 2)
    assert capacity.now < 64
    for _ in range(100):
        capacity.note(LATE_SECONDS * 2)
    assert capacity.now == LEAST


def test_a_worker_that_was_never_late_is_soon_at_its_most() -> None:
    """One more each half second would let five hundred slots wait for four minutes after a start."""
    capacity = Capacity(500, 4)
    for _ in range(7):
        capacity.note(0.0)
    assert capacity.now == 500
    capacity.note(LATE_SECONDS * 2)
    capacity.note(0.0)
    assert capacity.now == 351


def test_it_stays_where_it_is_in_between() -> None:
    """Also while callers wait for a processor: one more would wait as well."""
    capacity = Capacity(8, 4)
    capacity.note((EARLY_SECONDS + LATE_SECONDS) / 2)
    capacity.note(0.0, computing=3)
    assert capacity.now == 4


def test_one_drive_at_once_stays_one() -> None:
    """Whoever says one gets one."""
    assert Capacity(1).now == 1
