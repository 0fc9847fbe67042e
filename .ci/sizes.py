#!/usr/bin/env python3
"""Print how long functions and files are, by room; fail if they outgrow the limits.

Limits: half of the functions have at most 8 lines, nine in ten at most 20, none more than 60; a
file has at most 300.
"""

import ast
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path

ROOMS = ("memory", "tools", "graph", "api", "evals", "tests")
MEDIAN, P90, LONGEST, FILE = 8, 20, 60, 300


@dataclass(frozen=True)
class Sizes:
    """Lines of each function (by `path:name`) and of each file."""

    functions: dict[str, int]
    files: dict[str, int]


def measured(root: Path) -> dict[str, Sizes]:
    """Sizes by room."""
    return {room: _room(root, root / room) for room in ROOMS}


def _room(root: Path, folder: Path) -> Sizes:
    functions: dict[str, int] = {}
    files: dict[str, int] = {}
    for path in sorted(folder.rglob("*.py")):
        text, place = path.read_text(encoding="utf-8"), path.relative_to(root).as_posix()
        files[place] = len(text.splitlines())
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                functions[f"{place}:{node.lineno} {node.name}"] = lines
    return Sizes(functions, files)


def p90(lines: list[int]) -> int:
    """The length that nine in ten functions do not exceed."""
    return sorted(lines)[len(lines) * 9 // 10]


def faults(found: dict[str, Sizes]) -> list[str]:
    """What is too long, a line each; empty if all is well."""
    lines = [n for sizes in found.values() for n in sizes.functions.values()]
    functions = {name: n for sizes in found.values() for name, n in sizes.functions.items()}
    files = {name: n for sizes in found.values() for name, n in sizes.files.items()}
    told = [
        f"{name} has {n} lines, a function at most {LONGEST}"
        for name, n in functions.items()
        if n > LONGEST
    ]
    told += [
        f"{name} has {n} lines, a file at most {FILE}" for name, n in files.items() if n > FILE
    ]
    if statistics.median(lines) > MEDIAN:
        told.append(f"half of the functions have more than {MEDIAN} lines")
    if p90(lines) > P90:
        told.append(f"a tenth of the functions have more than {P90} lines")
    return told


def table(found: dict[str, Sizes]) -> list[str]:
    """A line for each room, and one for all."""
    shown = [
        f"{'room':8}{'functions':>10}{'median':>8}{'p90':>6}{'longest':>9}{'files':>7}{'>300':>6}"
    ]
    every = Sizes({}, {})
    for room, sizes in found.items():
        shown.append(_line(room, sizes))
        every.functions.update(sizes.functions)
        every.files.update(sizes.files)
    return [*shown, _line("all", every)]


def _line(name: str, sizes: Sizes) -> str:
    lines = list(sizes.functions.values())
    beyond = sum(n > FILE for n in sizes.files.values())
    return (
        f"{name:8}{len(lines):>10}{statistics.median(lines):>8g}{p90(lines):>6}{max(lines):>9}"
        f"{len(sizes.files):>7}{beyond:>6}"
    )


def main() -> int:
    """0 if nothing is too long, else 1."""
    found = measured(Path(__file__).resolve().parent.parent)
    print("\n".join(table(found)))
    told = faults(found)
    for line in told:
        print(line, file=sys.stderr)
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
