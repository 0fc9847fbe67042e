"""Functions and files that outgrow the limits are found."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def sizes() -> Iterator[ModuleType]:
    """The script, which stands outside every package."""
    spec = importlib.util.spec_from_file_location("sizes", ".ci/sizes.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["sizes"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    del sys.modules["sizes"]


def _house(root: Path, **lines: int) -> Path:
    """A house whose rooms hold one file each, with one function of so many lines."""
    for room in ("memory", "tools", "graph", "api", "evals", "tests"):
        (root / room).mkdir()
        body = "    pass\n" * (lines.get(room, 2) - 1)
        (root / room / "one.py").write_text(f"def one():\n{body}", encoding="utf-8")
    return root


def test_short_functions_are_fine(sizes: ModuleType, tmp_path: Path) -> None:
    """Nothing is told of functions and files within the limits."""
    assert sizes.faults(sizes.measured(_house(tmp_path))) == []


def test_many_longer_functions_are_told(sizes: ModuleType, tmp_path: Path) -> None:
    """One in six with more than twenty lines is more than a tenth."""
    told = sizes.faults(sizes.measured(_house(tmp_path, api=60)))
    assert told == ["a tenth of the functions have more than 20 lines"]


def test_a_long_function_and_a_long_file_are_told(sizes: ModuleType, tmp_path: Path) -> None:
    """Each with its place and its lines."""
    found = sizes.faults(sizes.measured(_house(tmp_path, graph=301)))
    assert "graph/one.py:1 one has 301 lines, a function at most 60" in found
    assert "graph/one.py has 301 lines, a file at most 300" in found
