"""What is measured and with which parts, and what keeps it from reaching the outside."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.runtimes import MindsFactory
from api.settings import Settings
from graph.desk.minds import MindsPolicy
from graph.desk.model import Desk, Service
from memory.encoder.encoder import Encoder

COMPANY = Path("examples/fernhill")
EXAMPLE_DESK = COMPANY / "desk.yaml"
EXAMPLE_ARTICLES = COMPANY / "articles"
EXAMPLE_SERVICE = "examples.fernhill.service"
EXAMPLE_ADDRESS = "FERNHILL_BACKOFFICE_URL"
NOWHERE = "http://127.0.0.1:9"
"""Where the services of other desks are said to be: nothing listens on the discard port."""


@dataclass(frozen=True)
class Setup:
    """What is measured, and with which parts."""

    desk: Path = EXAMPLE_DESK
    kb: tuple[Path, ...] = (EXAMPLE_ARTICLES,)
    cache: Path = Path(".cache")
    """Where the exported encoder is kept."""
    cases: tuple[Path, ...] = ()
    """Instead of the suite's own files."""
    repeats: int | None = None
    """Instead of the suite's own number of repetitions."""
    models: bool = False
    """Let the desk's chat models decide, as in production: costs money and needs a network."""
    minds: MindsFactory | None = None
    """Other minds than the settings name: for measuring a candidate."""
    encoder: Encoder | None = None
    """Another encoder than the settings name: for tests."""


def settings_in(home: Path, setup: Setup) -> Settings:
    """Settings that reach nothing outside `home`, whatever the environment says."""
    return Settings(
        home=home,
        desk=setup.desk,
        cache=setup.cache,
        database_url=None,
        chroma_url=None,
        minds="local",
        _env_file=None,
    )


def is_example(desk: Path) -> bool:
    """Whether it is the example company's, whose service stands in this repository."""
    return desk.resolve() == EXAMPLE_DESK.resolve()


def cut_off(desk: Desk, *, models: bool = False) -> Desk:
    """The desk without a way out: its services are nowhere, its decisions are local.

    With `models` the services of its chat models stay.
    """
    kept = {spec.service for spec in desk.minds.models} if models else set()
    services = {
        name: one if name in kept else Service(base_url=NOWHERE)
        for name, one in desk.services.items()
    }
    changes: dict[str, Any] = {"services": services, "delivery": None}
    if not models:
        changes["minds"] = MindsPolicy()
    return desk.model_copy(update=changes)
