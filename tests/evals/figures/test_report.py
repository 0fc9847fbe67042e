"""The report for machines."""

import json
from pathlib import Path

from evals.figures.metrics import NOTHING, proportion
from evals.figures.report import write_report


def test_a_report_holds_value_interval_and_n(tmp_path: Path) -> None:
    """A metric without data stays in the report, as null."""
    out = tmp_path / "deep" / "R.json"
    metrics = {"hit_at_1": proportion([True, False]), "error": NOTHING}
    write_report(out, inputs={"kb": "x"}, metrics=metrics, notes=["few"])
    body = json.loads(out.read_text())
    assert body["metrics"]["hit_at_1"]["value"] == 0.5
    assert body["metrics"]["error"] == {"value": None, "low": None, "high": None, "n": 0}
    assert body["notes"] == ["few"]
