"""Fixtures that more than one room uses."""

import gc
import os
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from functools import cache
from pathlib import Path

import httpcore2
import httpx2
import hypothesis
import pytest

from api.settings import Settings
from evals.stack.stack import PROJECT_CACHE
from memory.storage.database import Database
from tests import desks, postgres

# A busy machine is not a defect: time is bounded by the timeout of each test instead.
hypothesis.settings.register_profile("calm", deadline=None)
hypothesis.settings.load_profile("calm")

ROWS_WANTED = "ignore:[\\s\\S]*You probably want to use `session.exec:DeprecationWarning"
"""SQLModel's advice, which is not for statements that return no models."""


def pytest_configure(config: pytest.Config) -> None:
    """Let the ledger's repositories use SQLAlchemy's own `execute`; use the project's encoder."""
    gc.disable()  # until all is collected: what is imported stays
    os.environ.setdefault("DESKHAND_CACHE", str(PROJECT_CACHE))
    config.addinivalue_line("filterwarnings", ROWS_WANTED)


YOUNG = 10_000
"""Objects made since the collector looked last: it took a fifth of the suite's time."""


def pytest_collection_finish() -> None:
    """Let the collector of circles look only at what the tests make."""
    gc.freeze()
    gc.set_threshold(YOUNG)
    gc.enable()


STACKS = ("tests/console", "tests/engine")
"""Folders whose tests share one running stack: they stay in one process of a parallel run."""
LONGEST = (
    "tests/engine",
    "tests/chaos/test_poison.py",
    "tests/console",
    "tests/journeys/test_helpdesks.py",
    "tests/chaos/test_kills.py",
    "tests/examples/test_readme.py",
)
"""What takes a minute or so, the longest first: begun last, it would run alone at the end."""


LEDGER = "template"
"""The fixture of every test that asks for a ledger."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: the tests of whole stacks wait for processes much of the time."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep together, on one core, what shares its fixtures; the longest begin first.

    A run on Postgres is of the tests that ask for a ledger: nothing else differs.
    """
    if postgres.on_postgres():
        others = [item for item in items if LEDGER not in _fixtures(item)]
        items[:] = [item for item in items if LEDGER in _fixtures(item)]
        config.hook.pytest_deselected(items=others)
    groups = {item: _group(item) for item in items}
    sizes = Counter(groups.values())

    def rank(item: pytest.Item) -> tuple[int, int]:
        group = groups[item]
        listed = LONGEST.index(group) if group in LONGEST else len(LONGEST)
        return listed, -sizes[group]

    items.sort(key=rank)
    for item, group in groups.items():
        item.add_marker(pytest.mark.xdist_group(group))


def _fixtures(item: pytest.Item) -> Sequence[str]:
    return item.fixturenames if isinstance(item, pytest.Function) else ()


def _group(item: pytest.Item) -> str:
    """A file, or a folder of `STACKS`."""
    file = item.nodeid.partition("::")[0]
    return next((folder for folder in STACKS if file.startswith(folder)), file)


@pytest.fixture(scope="session", autouse=True)
def _certificates_read_once() -> Iterator[None]:
    """Each client of HTTP would read all certificates of the system again: 27 ms."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpcore2, "default_ssl_context", cache(httpcore2.default_ssl_context))
        yield


@pytest.fixture(scope="session")
def template(request: pytest.FixtureRequest) -> Path:
    """A migrated ledger; tests copy it, which is faster than migrating again."""
    found: Path = request.getfixturevalue(
        "postgres_template" if postgres.on_postgres() else "sqlite_template"
    )
    return found


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated ledger in a file."""
    return desks.migrated(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[Path]:
    """A migrated ledger on a private Postgres."""
    with postgres.postgres_template() as found:
        yield found


@pytest.fixture(autouse=True)
def _copies_dropped(request: pytest.FixtureRequest) -> Iterator[None]:
    """A copied file goes with its folder; a copied database would stay until the server ends."""
    yield
    folder = request.node.funcargs.get("tmp_path")
    if folder is not None and postgres.on_postgres():
        postgres.drop_copies(folder)


@pytest.fixture
def settings(tmp_path: Path, template: Path) -> Settings:
    """Settings of a fresh desk."""
    return desks.settings_in(tmp_path / "home", template)


@pytest.fixture
def sqlite_settings(tmp_path: Path, sqlite_template: Path) -> Settings:
    """Settings of a fresh desk whose ledger is a file, for what is about the file."""
    return desks.settings_in(tmp_path / "home", sqlite_template)


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the application."""
    async with desks.serving(settings) as client:
        yield client


@pytest.fixture
async def database(tmp_path: Path, template: Path) -> AsyncIterator[Database]:
    """A fresh ledger, opened."""
    async with Database(postgres.copy_of(template, tmp_path / "ledger")) as opened:
        yield opened


@pytest.fixture
async def sqlite_database(tmp_path: Path, sqlite_template: Path) -> AsyncIterator[Database]:
    """A fresh ledger in a file, opened, for what is about the file."""
    async with Database(postgres.copy_of(sqlite_template, tmp_path / "ledger")) as opened:
        yield opened


@pytest.fixture
def no_collector() -> Iterator[None]:
    """The garbage collector's pauses belong to nobody's reader."""
    gc.disable()
    yield
    gc.enable()
