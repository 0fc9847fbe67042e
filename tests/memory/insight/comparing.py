"""Whether figures from sums are those of the rows."""

from __future__ import annotations

from collections import Counter

from memory.insight import figures
from memory.insight.cells import By
from memory.insight.durations import MOST_ERROR, SHORTEST
from memory.insight.figures import Sums
from tests.memory.insight.by_rows import All, percentiles


def compare(found: Sums, rows: All) -> None:
    """Every figure is that of the rows; a duration within what its steps allow."""
    outcomes = figures.outcomes(found)
    counts = rows.counts
    assert {fate: n for fate, n in outcomes.fates.items() if n} == dict(rows.fates)
    assert (outcomes.tickets, outcomes.messages) == (counts["tickets"], counts["messages"])
    for share, hits, n in (
        (outcomes.automated, counts["automated"], counts["ended"]),
        (outcomes.handed_off, counts["handed_off"], counts["ended"]),
        (outcomes.resolved, len(rows.resolutions), counts["ended"]),
        (outcomes.abandoned, rows.fates["abandoned"], counts["ended"]),
        (outcomes.reopened, counts["reopened"], counts["answered"]),
        (outcomes.wrong, counts["wrong"], counts["own"]),
        (outcomes.unhelpful, counts["unhelpful"], counts["judged"]),
    ):
        assert (share.hits, share.n) == (hits, n)
    assert dict(outcomes.reasons) == dict(rows.reasons)
    for took, seconds in (
        (outcomes.first_response, rows.responses),
        (outcomes.resolution, rows.resolutions),
    ):
        assert took.n == len(seconds)
        for told, true in zip((took.p50, took.p90), percentiles(seconds), strict=True):
            assert (told is None) == (true is None)
            if told is not None and true is not None:
                assert abs(told - true) <= MOST_ERROR * true + SHORTEST
    compare_asks(found, rows)
    compare_parts(found, rows)


def compare_asks(found: Sums, rows: All) -> None:
    """How sure the agent was."""
    thresholds, asks = figures.thresholds(found), rows.confidences
    assert (thresholds.covered.hits, thresholds.covered.n) == (
        sum(value >= held_to for value, held_to in asks),
        len(asks),
    )
    for point in thresholds.grid:
        assert point.covered.hits == sum(value >= point.threshold for value, _ in asks)
    bins = Counter(min(int(value * 10), 9) for value, _ in asks)
    assert thresholds.histogram == [bins[step] for step in range(10)]
    if not rows.erased:  # the last threshold of an erased ticket may stay
        assert thresholds.current == (None if rows.current is None else rows.current[1])


def compare_parts(found: Sums, rows: All) -> None:
    """What calls cost, and what people did with drafts."""
    for by, name in ((By.NAME, "name"), (By.INTENT, "intent"), (By.MODEL, "model")):
        spent = {
            one.name: [one.calls, one.tokens, one.cost_micros]
            for one in figures.spending(found, by)
        }
        assert spent == {key[1]: n for key, n in rows.spent.items() if key[0] == name}
    parts = figures.suggestions(found)
    assert sum(one.drafts for one in parts[1:]) == rows.drafts.total()
    for one in parts[1:]:
        part = (one.channel, one.intent)
        assert one.auto_sends.n == rows.handoffs[part]
        assert (one.waiting, one.as_is.hits, one.edited.hits, one.thrown_away.hits) == tuple(
            rows.drafts[(end, *part)] for end in ("waiting", "as_is", "edited", "thrown_away")
        )
