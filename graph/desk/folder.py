"""Reads a folder of desks: one that is broken holds back no other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from graph.desk.file import line_of_tenant, load_desk
from graph.desk.model import Desk
from graph.desk.problems import DeskInvalid, DeskProblem

MAX_FILES = 1_000
"""Files of one folder."""
SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True)
class DesksRead:
    """What the files gave, by their names; one with a problem may have its former desk."""

    desks: Mapping[str, Desk]
    problems: Mapping[str, Sequence[DeskProblem]]

    @property
    def error(self) -> DeskInvalid:
        """Everything that is wrong, file by file."""
        return DeskInvalid([one for name in sorted(self.problems) for one in self.problems[name]])


def load_desks(path: Path, environment: Mapping[str, str] | None = None) -> dict[str, Desk]:
    """The desks of a file or of a folder's *.yaml files, by tenant. Raises `DeskInvalid`."""
    found = read_desks(path, environment)
    if found.problems:
        raise found.error
    return {desk.tenant: desk for desk in found.desks.values()}


def read_desks(
    path: Path,
    environment: Mapping[str, str] | None,
    former: Mapping[str, Desk] = MappingProxyType({}),
    kept: Path | None = None,
) -> DesksRead:
    """The desks of all files. One that is broken keeps its `former` desk, or that of its text in `kept`.

    A tenant belongs to the file that had it before. Raises `DeskInvalid` if there are no files to read.
    """
    read: dict[str, Desk] = {}
    problems: dict[str, Sequence[DeskProblem]] = {}
    files = {file.name: file for file in _desk_files(path)}
    for name, file in files.items():
        try:
            read[name] = load_desk(file, environment)
        except DeskInvalid as error:
            problems[name] = error.problems
            earlier = former.get(name) or _kept(file, environment, kept)
            if earlier is not None:
                read[name] = earlier
    former = _with_kept(former, read, files, lambda file: _kept(file, environment, kept))
    desks, owners = dict[str, Desk](), dict[str, str]()
    for name in sorted(read, key=lambda one: _tenant(former, one) != read[one].tenant):
        desk: Desk | None = read[name]
        if read[name].tenant in owners:
            problems.setdefault(name, [_taken(files[name], read[name], owners)])
            desk = former.get(name)
        if desk is not None and desk.tenant not in owners:
            desks[name], owners[desk.tenant] = desk, name
    return DesksRead(desks, problems)


def _desk_files(path: Path) -> Sequence[Path]:
    """A file itself, or the desks of a folder. Raises `DeskInvalid` where it holds none, or too many."""
    if not path.is_dir():
        return [path]
    found = sorted(file for file in path.iterdir() if file.suffix in SUFFIXES)
    if not found:
        text = "holds no *.yaml file: run `deskhand init` in it"
        raise DeskInvalid([DeskProblem(str(path), None, "", text)])
    if len(found) > MAX_FILES:
        text = f"holds {len(found)} files; at most {MAX_FILES} are read"
        raise DeskInvalid([DeskProblem(str(path), None, "", text)])
    return found


def _with_kept(
    former: Mapping[str, Desk],
    read: Mapping[str, Desk],
    files: Mapping[str, Path],
    kept: Callable[[Path], Desk | None],
) -> Mapping[str, Desk]:
    """Also what was kept of files that claim one tenant: a process that starts has no former desks."""
    claims = Counter(desk.tenant for desk in read.values())
    asked = [name for name in read if claims[read[name].tenant] > 1 and name not in former]
    found = {name: desk for name in asked if (desk := kept(files[name])) is not None}
    return {**former, **found}


def _kept(file: Path, environment: Mapping[str, str] | None, folder: Path | None) -> Desk | None:
    if folder is None or not (folder / file.name).exists():
        return None
    try:
        return load_desk(file, environment, text_in=folder / file.name)
    except DeskInvalid:
        return None  # the file's own problem is told


def _tenant(former: Mapping[str, Desk], name: str) -> str | None:
    return former[name].tenant if name in former else None


def _taken(file: Path, desk: Desk, owners: Mapping[str, str]) -> DeskProblem:
    text = f"{desk.tenant!r} has a desk in {owners[desk.tenant]} already: give each its own"
    return DeskProblem(file.name, line_of_tenant(file), "tenant", text)
