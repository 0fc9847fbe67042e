"""The protocol keeps its promises in every order, and each of its rules is needed for that."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from evals.protocol.actions import World
from evals.protocol.command import SERVICES
from evals.protocol.explore import explore
from evals.protocol.model import THE_RULES, Bounds, Rules, Service, first
from memory.tickets.transitions import TRANSITIONS, Rule, Transition

ZOMBIE = Bounds(lost_answers=0, redrives=0, takeovers=0, replies=0)
"""Two workers, a death, and one that is wrongly taken for dead."""
ANSWER = Bounds(lost_locks=0, redrives=1, takeovers=0, replies=0)
"""Two workers, a death, a call whose answer is lost, and a run that is begun again."""
TAKEN = Bounds(crashes=0, lost_answers=0, redrives=0, replies=0)
"""Two workers, one of them wrongly taken for dead, and a person who takes over."""
PEOPLE = Bounds(lost_locks=0, lost_answers=0, redrives=0)
"""Two workers, a death, and a person who takes over and replies."""
TYPED = Bounds(crashes=0, lost_answers=0, redrives=0, takeovers=0, replies=0, amends=2)
"""Two workers, one of them wrongly taken for dead, and a customer who writes on."""
NEITHER = Service(honours_key=False, tells=False)
KEYED = Service(honours_key=True, tells=True)


@pytest.mark.parametrize(
    ("bounds", "least"),
    [(ZOMBIE, 3_000), (ANSWER, 100), (TAKEN, 900), (PEOPLE, 1_500), (TYPED, 500)],
)
@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_nothing_is_lost_or_doubled(service: Service, bounds: Bounds, least: int) -> None:
    """At any point, in every order, whatever the service is like."""
    found = explore(World(bounds, service, THE_RULES), first(bounds))
    assert (found.faults, found.complete) == ([], True)
    assert found.states > least
    assert found.ended > least / 10


def without(transition: Transition, **changes: Any) -> Mapping[Transition, Rule]:
    """The table with one number that does not grow."""
    return {**TRANSITIONS, transition: replace(TRANSITIONS[transition], **changes)}


ENDS = Bounds(crashes=0, lost_locks=0, lost_answers=0, redrives=0)
"""As before, without a death."""
BROKEN = {
    "effects meet no fence": (replace(THE_RULES, effects_fenced=False), TAKEN, NEITHER),
    "ends meet no fence": (replace(THE_RULES, ends_fenced=False), ENDS, NEITHER),
    "nothing is intended first": (replace(THE_RULES, intends_first=False), ANSWER, NEITHER),
    "a doubt is ignored": (replace(THE_RULES, doubts_kept=False), ANSWER, NEITHER),
    "an old failure counts": (replace(THE_RULES, failures_by_attempt=False), ZOMBIE, KEYED),
    "a takeover keeps the drive": (
        Rules(without(Transition.TAKE_OVER, new_epoch=False)),
        TAKEN,
        NEITHER,
    ),
    "a turn begins anew past the fence": (
        replace(THE_RULES, effects_fenced=False),
        TYPED,
        NEITHER,
    ),
}
"""A rule that is missing, the bounds and the service under which it shows."""


@pytest.mark.parametrize(("rules", "bounds", "service"), BROKEN.values(), ids=BROKEN)
def test_each_rule_is_needed(rules: Rules, bounds: Bounds, service: Service) -> None:
    """Without it there is a way to a broken promise, and the explorer tells it."""
    found = explore(World(bounds, service, rules), first(bounds))
    assert len(found.faults) == 1
    assert found.faults[0].way
