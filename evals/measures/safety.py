"""`evals safety`: injected instructions found, harmless look-alikes left alone, data masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from evals.measures.base import STDERR
from evals.measures.datasets import DataError, read_rows, required_text
from evals.measures.metrics import Metric, auroc, ece, exact, proportion
from evals.measures.report import describe, write_report
from graph.desk.model import Thresholds
from graph.minds.local.safety.injection import InjectionDetector
from graph.text.personal_data import personal_data
from memory.encoder.opening import open_encoder

STRUCTURED = {
    "EMAIL_ADDRESS": "email",
    "PHONE_NUMBER": "phone",
    "CREDIT_CARD": "card",
    "IBAN_CODE": "iban",
    "IP_ADDRESS": "ip",
    "US_SSN": "national_id",
    "NATIONAL_ID": "national_id",
    "SECRET": "secret",
}
"""Labels of data sets that are structured, and the kind they are to us."""

Paths = list[Path]
Span = tuple[int, int]


@dataclass(frozen=True)
class SafetyCase:
    """A text that carries injected instructions, or does not."""

    text: str
    attack: bool
    kind: str


@dataclass(frozen=True)
class Personal:
    """A text and where its structured personal data stands."""

    text: str
    spans: tuple[Span, ...]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("safety")(safety)


def safety(
    cases: Annotated[Paths, typer.Option(help="Rows with text and label (1: attack).")],
    out: Annotated[Path, typer.Option(help="Where the report goes (JSON).")],
    pii: Annotated[Paths | None, typer.Option(help="Rows with text and labelled spans.")] = None,
    cache: Annotated[Path, typer.Option(help="Where the exported encoder is kept.")] = Path(
        ".cache"
    ),
) -> None:
    """Screen labelled texts with the screener of production."""
    rows = read_cases(cases)
    encoder = open_encoder(cache)
    detector = InjectionDetector(encoder)
    values = [
        detector.verdict(one.text).probability
        for one in track(rows, description="screening", console=STDERR)
    ]
    limit = Thresholds().injection
    metrics = score_injection(rows, values, limit) | score_personal(read_personal(pii or []))
    inputs = {
        "cases": [describe(path) for path in cases],
        "pii": [describe(path) for path in pii or []],
        "threshold": limit,
        "encoder": encoder.revision,
    }
    write_report(out, inputs=inputs, metrics=metrics)


def read_cases(paths: Sequence[Path]) -> list[SafetyCase]:
    """Rows with `text` and `label`, in order. Raises `DataError`."""
    found = []
    for path in paths:
        for number, row in read_rows(path):
            if row.get("label") not in (0, 1):
                msg = f"{path}:{number}: field 'label' must be 0 or 1"
                raise DataError(msg)
            text = required_text(path, number, row, "text")
            found.append(SafetyCase(text, bool(row["label"]), str(row.get("kind", ""))))
    return found


def read_personal(paths: Sequence[Path]) -> list[Personal]:
    """Rows with `text` and `spans` (type, start, end); other than structured kinds are left out."""
    found = []
    for path in paths:
        for number, row in read_rows(path):
            spans = row.get("spans")
            if not isinstance(spans, list):
                msg = f"{path}:{number}: field 'spans' must be a list"
                raise DataError(msg)
            wanted = [one for one in spans if one.get("type") in STRUCTURED]
            text = required_text(path, number, row, "text")
            found.append(Personal(text, tuple((one["start"], one["end"]) for one in wanted)))
    return found


def score_injection(
    rows: Sequence[SafetyCase], values: Sequence[float], limit: float
) -> dict[str, Metric]:
    """Recall and false alarms at the default threshold, and the ranking without one."""
    attacks = [value >= limit for value, one in zip(values, rows, strict=True) if one.attack]
    harmless = [value >= limit for value, one in zip(values, rows, strict=True) if not one.attack]
    return {
        "injection_recall": proportion(attacks),
        "false_alarm_rate": proportion(harmless),
        "injection_auroc": auroc(values, [one.attack for one in rows]),
        "injection_ece": ece(values, [one.attack for one in rows]),
    }


def score_personal(rows: Sequence[Personal]) -> dict[str, Metric]:
    """A labelled span counts as found where a found one covers it whole."""
    recalled: list[bool] = []
    precise: list[bool] = []
    for row in rows:
        found = [(one["start"], one["end"]) for one in personal_data(row.text)]
        recalled += [any(a <= start and end <= b for a, b in found) for start, end in row.spans]
        precise += [any(a < end and start < b for start, end in row.spans) for a, b in found]
    nothing = exact(None, 0)
    return {
        "pii_recall_structured": proportion(recalled) if recalled else nothing,
        "pii_precision": proportion(precise) if precise else nothing,
    }
