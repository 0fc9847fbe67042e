"""What pip installs is the whole program, and nothing beside it."""

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOMS = ("api", "graph", "tools", "memory", "evals")
NOT_SHIPPED = {".pyc"}


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names of the files in a wheel of this checkout."""
    folder = tmp_path_factory.mktemp("source")
    for room in ROOMS:
        shutil.copytree(room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(file, folder)
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"),
            *("--no-build-isolation", "--wheel-dir", str(folder / "wheels"), str(folder)),
        ],
        check=True,
        capture_output=True,
    )
    (wheel,) = (folder / "wheels").glob("deskhand-*.whl")
    with zipfile.ZipFile(wheel) as opened:
        return set(opened.namelist())


def test_every_file_of_the_rooms_is_in_the_wheel(shipped: set[str]) -> None:
    """Code and what it reads: migrations, prompts, models, pages, the starter's desk."""
    files = {
        str(file)
        for room in ROOMS
        for file in Path(room).rglob("*")
        if file.is_file() and file.suffix not in NOT_SHIPPED
    }
    assert not files - shipped
    assert "memory/migrations/env.py" in shipped


def test_the_wheel_holds_nothing_else(shipped: set[str]) -> None:
    """Tests and examples stay in the repository."""
    tops = {name.partition("/")[0] for name in shipped}
    assert {top for top in tops if not top.startswith("deskhand-")} == set(ROOMS)


def test_every_room_tells_that_it_is_typed() -> None:
    """So that the checker of whoever builds on it reads our annotations."""
    assert all((Path(room) / "py.typed").is_file() for room in ROOMS)


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"])
def test_the_files_that_a_page_names_exist(page: str) -> None:
    """A guide that names a moved file misleads those who know the least."""
    text = Path(page).read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:api|graph|tools|memory|evals|examples|\.ci)/[^`\s]*)`", text))
    missing = {one for one in named if "NAME" not in one and "NOUN" not in one}
    assert {one for one in missing if not Path(one).exists()} == set()
