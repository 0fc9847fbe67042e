"""The scenarios, as data."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from evals.datasets import DataError
from evals.faults.service import Fault

SCENARIOS = Path(__file__).with_name("scenarios.yaml")


class Scenario(BaseModel):
    """What the calls of an operation meet."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    plan: tuple[Fault, ...]
    forever: bool = False
    served: tuple[str, ...] = ()
    """Journeys that must end as they would without the fault."""


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    scenarios: tuple[Scenario, ...]


def load_scenarios(path: Path = SCENARIOS) -> tuple[Scenario, ...]:
    """The scenarios of a file. Raises `DataError`."""
    try:
        return _File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))).scenarios
    except OSError as error:
        msg = f"{path}: cannot be read ({error.strerror})"
        raise DataError(msg) from error
    except (yaml.YAMLError, ValidationError) as error:
        msg = f"{path}: {error}"
        raise DataError(msg) from error
