"""Licences and locks are looked at, and a bad one is found."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

PROJECT = """[project]
dependencies = ["rich>=15"]
[project.optional-dependencies]
dev = []
evals = []
"""
HASH = f"    --hash=sha256:{'0' * 64}\n"


@pytest.fixture(scope="module")
def supply() -> Iterator[ModuleType]:
    """The script, which stands outside every package."""
    spec = importlib.util.spec_from_file_location("supply", ".ci/supply.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["supply"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    del sys.modules["supply"]


@pytest.mark.parametrize(
    ("said", "fine"),
    [
        ("MIT", True),
        ("MIT License", True),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", True),
        ("Public Domain OR BSD License OR GNU General Public License (GPL)", True),
        ("GPL-3.0-only", False),
        ("MIT AND AGPL-3.0-only", False),
        ("Proprietary", False),
        ("", False),
    ],
)
def test_a_licence_is_allowed_if_one_reading_of_it_is(
    said: str, fine: bool, supply: ModuleType
) -> None:
    """All parts that must hold together have to be on the list."""
    assert supply.allowed(said) is fine


@pytest.mark.parametrize(
    ("lock", "faults"),
    [
        (f"rich==15.0.0 \\\n{HASH}", []),
        ("rich==15.0.0\n", ["rich 15.0.0 has no hash in requirements.lock: run .ci/lock.sh"]),
        (f"rich==14.0.0 \\\n{HASH}", ["rich>=15: the locks have 14.0.0: run .ci/lock.sh"]),
        ("", ["rich>=15: the locks have nothing: run .ci/lock.sh"]),
    ],
)
def test_a_lock_that_is_not_the_projects_is_found(
    lock: str,
    faults: list[str],
    supply: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever was declared and not pinned, or pinned without a hash."""
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    (tmp_path / "requirements.lock").write_text(lock)
    (tmp_path / "requirements-torch.lock").write_text("")
    monkeypatch.setattr(supply, "FOLDER", tmp_path)
    assert list(supply.locks()) == faults


def test_the_bill_lists_every_pin_with_its_hashes(
    supply: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As CycloneDX names them."""
    (tmp_path / "requirements.lock").write_text(f"rich==15.0.0 \\\n{HASH}")
    (tmp_path / "requirements-torch.lock").write_text("torch==2.13.0\n")
    monkeypatch.setattr(supply, "FOLDER", tmp_path)
    rich, torch = supply.sbom()["components"]
    assert rich["purl"] == "pkg:pypi/rich@15.0.0"
    assert rich["hashes"] == [{"alg": "SHA-256", "content": "0" * 64}]
    assert torch["hashes"] == []
