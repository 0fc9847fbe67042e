"""What became of a ticket is told from its events, and resolved is never claimed too early."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.insight.cells import Cells, Facts, Resting, counted, resting, resting_of
from memory.insight.figures import Outcomes, Sums, outcomes, took
from memory.insight.lives import Fate, Happening, Life, first_fresh
from memory.insight.rates import share

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
QUIET = timedelta(hours=72)


def life(*events: tuple[str, str], said: dict[int, bool] | None = None) -> Life:
    """A ticket with one event an hour."""
    happened, turn = [], 1
    for hour, (kind, what) in enumerate(events, start=1):
        happened.append(Happening(START + timedelta(hours=hour), turn, kind, what))
        turn += kind == "wrote"
    return Life("t", "login", START, happened, None, said or {})


def figures_of(lives: Sequence[Life], moment: datetime) -> Outcomes:
    """What these tickets have come to at a moment."""
    cells: Cells = Counter()
    fresh: Counter[Resting] = Counter()
    for one in lives:
        own = counted(Facts(one))
        cells.update(own)
        if one.rests_at is not None and one.rests_at >= first_fresh(moment, QUIET):
            fresh[resting_of(resting(own, one.created_at))] += 1
    return outcomes(Sums(cells, fresh, None))


def fate(one: Life, moment: datetime) -> str:
    """Where a ticket stands at a moment."""
    (found,) = (name for name, n in figures_of([one], moment).fates.items() if n)
    return found


CASES = [
    ([], 0, Fate.RUNNING),
    ([("begun", "started")], 1, Fate.RUNNING),
    ([("ended", "delivered")], 2, Fate.ANSWERED),
    ([("ended", "delivered")], 74, Fate.ASSUMED),
    ([("ended", "clarifying")], 2, Fate.ASKED),
    ([("ended", "delivered")], 73, Fate.ANSWERED),
    ([("ended", "clarifying")], 74, Fate.ABANDONED),
    ([("ended", "clarifying"), ("wrote", ""), ("ended", "delivered")], 99, Fate.ASSUMED),
    ([("person", "low_confidence")], 500, Fate.WITH_PERSON),
    ([("person", "low_confidence"), ("wrote", "")], 500, Fate.WITH_PERSON),
    ([("person", "x"), ("begun", ""), ("ended", "answered_by_person")], 99, Fate.ASSUMED),
    ([("person", "x"), ("ended", "closed_by_person")], 99, Fate.CLOSED),
    ([("ended", "delivered"), ("wrote", "")], 500, Fate.RUNNING),
]


@pytest.mark.parametrize(("events", "hours", "stands"), CASES)
def test_a_ticket_stands_where_its_last_event_left_it(
    events: list[tuple[str, str]], hours: int, stands: Fate
) -> None:
    """Answered is not resolved before the quiet time, and a question unanswered is abandoned."""
    assert fate(life(*events), START + timedelta(hours=hours)) == stands


def test_the_customers_word_beats_the_clock() -> None:
    """Confirmed at once, and unsolved however quiet it stays."""
    answered = [("ended", "delivered")]
    late = START + timedelta(days=30)
    assert fate(life(*answered, said={1: True}), START + timedelta(hours=2)) == "confirmed"
    assert fate(life(*answered, said={1: False}), late) == "unsolved"


def test_reopened_needs_an_answer_before_the_message() -> None:
    """Writing on before any answer is a longer question, not a reopened ticket."""
    assert not life(("wrote", ""), ("ended", "delivered")).reopened
    assert not life(("ended", "clarifying"), ("wrote", "")).reopened
    assert life(("ended", "delivered"), ("begun", ""), ("wrote", "")).reopened


EVENT = st.one_of(
    st.just(("begun", "started")),
    st.just(("wrote", "")),
    st.tuples(st.just("person"), st.sampled_from(["low_confidence", "always_person"])),
    st.tuples(
        st.just("ended"),
        st.sampled_from(["delivered", "clarifying", "answered_by_person", "closed_by_person"]),
    ),
)


@given(st.lists(st.lists(EVENT, max_size=6), max_size=12), st.integers(0, 200))
def test_fates_add_up_and_shares_stay_within_their_intervals(
    tickets: list[list[tuple[str, str]]], hours: int
) -> None:
    """Every ticket is counted once, and no share leaves its interval or its n."""
    lives = [
        Life(str(n), None, START, life(*events).happenings) for n, events in enumerate(tickets)
    ]
    found = figures_of(lives, START + timedelta(hours=hours))
    assert sum(found.fates.values()) == found.tickets == len(tickets)
    for one in (found.automated, found.handed_off, found.resolved, found.reopened):
        assert 0 <= one.hits <= one.n <= len(tickets)
        if one.value is None:
            assert one.n == 0
        else:
            assert one.low is not None
            assert one.high is not None
            assert 0 <= one.low <= one.value <= one.high <= 1


def test_no_case_is_no_figure() -> None:
    """A share and a median of nothing are None, never zero."""
    assert share(0, 0).value is None
    assert took({}).p50 is None
