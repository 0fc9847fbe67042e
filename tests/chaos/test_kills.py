"""Workers and the API are killed at random moments; every ticket ends once."""

from pathlib import Path

from evals.chaos.chaos import storm
from evals.chaos.observing import Plan

PLAN = Plan(kills=20, api_kills=5, tickets=40, seed=7)


def test_every_acknowledged_ticket_ends_once_whatever_is_killed(tmp_path: Path) -> None:
    """Twenty workers and five API processes die; replies are counted where they arrive."""
    tally = storm(tmp_path, PLAN)
    assert tally.faults == []
    assert (tally.worker_kills, tally.api_kills, len(tally.views)) == (20, 5, 40)
    assert sum(drives > 1 for drives in tally.drives) > 0
