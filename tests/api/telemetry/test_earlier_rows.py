"""The sums over rows that an earlier release wrote are the counts of those rows."""

from collections import Counter

from api.telemetry.figures import Figures, JournalLine, fold
from memory.tables import JournalRow
from tests.memory.journal.written import rows


def line(row: JournalRow) -> JournalLine:
    """What is read of a row."""
    return JournalLine(**{name: getattr(row, name) for name in JournalLine._fields})


def test_every_sum_is_a_count_of_the_rows() -> None:
    """Calls, attempts, turns, drives, handoffs, findings, redrives and costs."""
    figures, raw = Figures(), rows()
    for row in raw:
        fold(figures, line(row))
    sums = {name: sum(series.values()) for name, series in figures.counters.items()}
    kinds = Counter((row.kind, row.name) for row in raw)
    models = [row for row in raw if row.kind == "call" and row.numbers.get("model")]
    assert sums["deskhand_tickets_accepted"] == kinds["ticket", "accept"]
    assert sums["deskhand_handoffs"] == kinds["wait", "person"]
    assert sums["deskhand_turns"] == kinds["wait", "person"] + kinds["ticket", "settle"]
    assert sums["deskhand_drives"] == kinds["run", "drive"]
    assert sums["deskhand_redrives"] == kinds["run", "sweep"]
    assert sums["deskhand_model_calls"] == len(models)
    assert sums["deskhand_tool_calls"] + len(models) == sum(row.kind == "call" for row in raw)
    assert sums["deskhand_tool_attempts"] == sum(row.kind == "attempt" for row in raw)
    assert sums["deskhand_findings"] == sum(row.outcome == "finding" for row in raw)
    spent = sum(row.cost_micros for row in raw if row.kind == "call")
    assert sums["deskhand_cost_micros"] == spent
    weighed = figures.histograms["deskhand_confidence"].values()
    assert sum(sum(one.counts) for one in weighed) == kinds["decision", "confidence"]
