"""A package of somebody else adds an adapter and a family of minds, without a fork."""

import sqlite3
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from api.wiring import open_wiring
from graph.desk.file import load_desk
from graph.desk.problems import DeskInvalid
from memory.encoder.encoder import HashEncoder
from memory.journal.codes import Cause
from memory.knowledge.index import MemoryIndex
from tests.desks import settings_in
from tools.contract import CallContext, ToolOutcome
from tools.plugins import ADAPTERS, MINDS, PluginFault, load, missing

EXAMPLE = Path("examples/adapter").resolve()
DESK = """tenant: acme
company: Acme
thresholds: {{answer: 0.6}}
services:
  shop:
    adapter: {adapter}
    options:
      file: {file}
      find_order: SELECT id, status, email FROM orders WHERE id = :order_id
tools:
  - name: find_order
    description: Looks an order up by its number.
    service: shop
    arguments: {{order_id: {{type: string}}}}
    returns: {{type: object, required: [id, status, email]}}
    customer: email
minds: {{family: {family}}}
intents:
  - name: orders
    examples: [where is my order, my parcel is late]
    tools: [find_order]
  - name: sign_in
    examples: [reset my password, I cannot sign in]
"""


def _install(folder: Path, name: str, groups: Mapping[str, Mapping[str, str]]) -> None:
    """What pip leaves of a package that matters here: its name and its entry points."""
    info = folder / f"{name.replace('-', '_')}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    lines = []
    for group, points in groups.items():
        lines += [f"[{group}]", *(f"{key} = {value}" for key, value in points.items())]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n")


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The example's package, as if it were installed."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]
    _install(tmp_path / "site", project["name"], project["entry-points"])
    monkeypatch.syspath_prepend(str(EXAMPLE))
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    yield
    for name in [one for one in sys.modules if one.startswith("deskhand_example")]:
        del sys.modules[name]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A file with one order."""
    file = tmp_path / "shop.db"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE orders (id TEXT, status TEXT, email TEXT)")
        connection.execute("INSERT INTO orders VALUES ('7', 'sent', 'ann@example.org')")
    return file


def _desk(tmp_path: Path, file: Path, *, adapter: str = "sqlite", family: str = "keywords") -> Path:
    path = tmp_path / "desk.yaml"
    path.write_text(DESK.format(adapter=adapter, family=family, file=file))
    return path


def _caller(customer: str) -> CallContext:
    return {
        "tenant": "acme",
        "ticket_id": "tkt_1",
        "turn": 1,
        "epoch": 1,
        "intent": "orders",
        "customer": customer,
        "approved": [],
    }


@pytest.mark.usefixtures("example")
async def test_the_adapter_answers_behind_the_gateway_and_the_minds_decide(
    tmp_path: Path, shop: Path, template: Path
) -> None:
    """The gateway's checks stand around it: another sender gets nothing of the record."""
    settings = settings_in(tmp_path, template, minds="local", desk=_desk(tmp_path, shop))
    wiring = open_wiring(settings, encoder=HashEncoder(), index=MemoryIndex())
    try:
        runtime = wiring.runtimes["acme"]
        classified = await runtime.minds.classifier.classify("where is my parcel")
        assert classified["intent"] == "orders"
        own, foreign = [
            await runtime.gateway.call(
                {
                    "tool": "find_order",
                    "arguments": {"order_id": "7"},
                    "step_id": who,
                    "cause": Cause.PLANNED,
                },
                _caller(who),
            )
            for who in ("ann@example.org", "eve@example.org")
        ]
    finally:
        await wiring.close()
    assert own["value"] == {"id": "7", "status": "sent", "email": "ann@example.org"}
    assert _kind(foreign) == "not_your_record"


def _kind(outcome: ToolOutcome) -> str | None:
    return None if outcome["error"] is None else outcome["error"]["kind"]


@pytest.mark.usefixtures("example")
def test_what_nobody_has_installed_is_told_at_its_line(tmp_path: Path, shop: Path) -> None:
    """With what there is instead."""
    with pytest.raises(DeskInvalid) as refused:
        load_desk(_desk(tmp_path, shop, adapter="sqlight", family="keyword"))
    first, second = refused.value.problems
    assert str(first).startswith("desk.yaml:6: services.shop.adapter: no installed package brings")
    assert "(known: sqlite)" in str(first)
    assert second.where == "minds.family"
    assert "(known: keywords)" in second.text


def test_two_packages_with_one_name_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which of them would answer would depend on the order of a folder."""
    for name in ("one", "two"):
        _install(tmp_path, name, {ADAPTERS: {"sqlite": f"{name}:make"}})
    monkeypatch.syspath_prepend(str(tmp_path))
    assert missing(ADAPTERS, "sqlite") == (
        "'sqlite' is brought by one and two: uninstall all but one"
    )


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("no_such_module_of_anybody:make", "cannot be loaded: ModuleNotFoundError"),
        ("math:no_such_name", "cannot be loaded: AttributeError"),
        ("math:pi", "is not a function or class"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_package(
    target: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a package of others does wrong, the line says whose it is."""
    _install(tmp_path, "their-minds", {MINDS: {"theirs": target}})
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(PluginFault, match=words) as refused:
        load(MINDS, "theirs")
    assert "of their-minds, the entry point 'theirs' of deskhand.minds" in str(refused.value)
