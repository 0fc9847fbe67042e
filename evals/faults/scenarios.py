"""The scenarios, as data."""

from pathlib import Path
from typing import Generic, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from evals.faults.plan import Fault
from evals.figures.datasets import DataError

SCENARIOS = Path(__file__).with_name("scenarios.yaml")
Kind = TypeVar("Kind", bound=BaseModel)


class Scenario(BaseModel):
    """What the calls of an operation meet."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    plan: tuple[Fault, ...]
    forever: bool = False
    served: tuple[str, ...] = ()
    """Journeys (by what they do) that must end as they would without the fault."""
    not_served: tuple[str, ...] = ()
    """Those of them, by their whole names, that need not."""
    only: tuple[str, ...] = ()
    """The ways of reaching a service that know such a fault; all where nothing is said."""

    def concerns(self, via: str) -> bool:
        """Whether tools that reach the service so can meet it."""
        return not self.only or via in self.only


class _File(BaseModel, Generic[Kind]):
    model_config = ConfigDict(frozen=True, extra="forbid")

    scenarios: tuple[Kind, ...]


def load_scenarios(path: Path = SCENARIOS) -> tuple[Scenario, ...]:
    """The scenarios of a file. Raises `DataError`."""
    return read_scenarios(path, Scenario)


def read_scenarios(path: Path, kind: type[Kind]) -> tuple[Kind, ...]:
    """What stands under `scenarios` in a file, all of one kind. Raises `DataError`."""
    shape = _File[kind]  # type: ignore[valid-type]
    try:
        return shape.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))).scenarios
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error
    except (yaml.YAMLError, ValidationError) as error:
        raise DataError(f"{path}: {error}") from error
