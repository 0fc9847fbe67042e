"""A calibration as a file: what `evals calibrate` writes and `deskhand calibration import` reads."""

import json
from dataclasses import asdict
from pathlib import Path

from evals.figures.datasets import DataError
from graph.thresholds import Threshold, read


def save(threshold: Threshold, path: Path) -> None:
    """Write it as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(threshold), indent=2) + "\n", encoding="utf-8")


def load(path: Path) -> Threshold:
    """Read what `save` wrote. Raises `DataError`."""
    try:
        return read(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: no calibration that `evals calibrate` wrote ({error})") from error
