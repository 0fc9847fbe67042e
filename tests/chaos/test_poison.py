"""Tickets that end their worker, beside those of three other tenants."""

from pathlib import Path

import pytest

from evals.chaos.poison import EACH, MOST_DEATHS, OTHERS, one_run, poisoned_stack
from evals.chaos.poisoned import POISONS
from memory.journal.codes import Reason


@pytest.mark.timeout(900)
def test_a_ticket_that_ends_its_worker_goes_to_a_person_and_the_others_go_on(
    tmp_path: Path,
) -> None:
    """One holds the interpreter's lock for ever, one eats memory, one reads where nothing is."""
    with poisoned_stack(tmp_path) as stack:
        for poison in POISONS:
            found = one_run(stack, poison)
            assert (poison, found.reason) == (poison, Reason.STOPPED_PROGRAM)
            assert (poison, found.deaths) == (poison, MOST_DEATHS)
            assert found.outcomes == ("delivered",) * (len(OTHERS) * EACH)
