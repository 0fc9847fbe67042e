"""The arrows between the folders of the code, as a table for ARCHITECTURE.md."""

from collections.abc import Mapping

import grimp

ROOMS = ("evals", "api", "graph", "tools", "memory")
"""From the one that may import all others down to the one that imports none."""

Arrows = Mapping[str, frozenset[str]]
"""What each folder (or file beside the folders) of a room imports, others and rooms."""


def arrows_of(graph: grimp.ImportGraph) -> Arrows:
    """The arrows that leave each folder, towards its neighbours and the rooms below."""
    found: dict[str, set[str]] = {}
    for module in graph.modules:
        here = _folder(module)
        if here is None:
            continue
        away = found.setdefault(here, set())
        for imported in graph.find_modules_directly_imported_by(module):
            there = _folder(imported) or imported
            if there.partition(".")[0] != here.partition(".")[0]:
                there = there.partition(".")[0]
            if there != here:
                away.add(there)
    return {folder: frozenset(away) for folder, away in found.items()}


def table(arrows: Arrows) -> str:
    """One row for each folder that imports something of ours, in the order of the rooms."""
    lines = ["| folder | imports of its own room | rooms below |", "| --- | --- | --- |"]
    for room in ROOMS:
        for folder in sorted(one for one in arrows if one.startswith(f"{room}.")):
            away = arrows[folder]
            beside = [_named(one) for one in sorted(away) if "." in one]
            below = [f"`{one}`" for one in ROOMS if one in away]
            lines.append(f"| `{_path(folder)}` | {' '.join(beside)} | {' '.join(below)} |")
    return "\n".join(lines)


def read_graph() -> grimp.ImportGraph:
    """Every import of the rooms, read from the source; nothing is run."""
    return grimp.build_graph(*ROOMS, cache_dir=None)


def _folder(module: str) -> str | None:
    """`api.http` for `api.http.app`; None for a room itself."""
    parts = module.split(".")
    return ".".join(parts[:2]) if len(parts) > 1 else None


def _path(folder: str) -> str:
    return folder.replace(".", "/")


def _named(folder: str) -> str:
    return f"`{folder.partition('.')[2]}`"
