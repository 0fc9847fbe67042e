"""`python -m evals drift` and `encoder`: does what is written down still match what runs?"""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import typer
from rich.console import Console

from graph.build import mermaid as journey
from graph.gate import gate_table
from memory.encoder.opening import open_encoder
from memory.storage.migrate import drift as migration_drift
from memory.tickets.transitions import mermaid as states

ARCHITECTURE, PROJECT = Path("ARCHITECTURE.md"), Path("pyproject.toml")
CLOSING = "<!-- end -->"
CONSOLE = Console()

BLOCKS: Mapping[str, Callable[[], str]] = MappingProxyType(
    {
        "diagram": lambda: f"```mermaid\n{journey().strip()}\n```",
        "states": lambda: f"```mermaid\n{states()}\n```",
        "layers": lambda: layers(PROJECT.read_text(encoding="utf-8")),
        "gate": gate_table,
    }
)
"""What stands in ARCHITECTURE.md between `<!-- NAME: ... -->` and `<!-- end -->`, and its maker."""


def drift(
    write: Annotated[
        bool, typer.Option(help="Write what is made instead of comparing it.")
    ] = False,
) -> None:
    """Fail where ARCHITECTURE.md or the migrations no longer match the code."""
    text = ARCHITECTURE.read_text(encoding="utf-8")
    wanted = {name: with_block(text, name, make()) for name, make in BLOCKS.items()}
    if write:
        for name, make in BLOCKS.items():
            text = with_block(text, name, make())
        ARCHITECTURE.write_text(text, encoding="utf-8")
        return
    faults = [f"migrations: {change}" for change in migration_drift()]
    faults += [
        f"ARCHITECTURE.md: the {name} is not the code's: run `make diagram`"
        for name, whole in wanted.items()
        if whole != text
    ]
    for fault in faults:
        CONSOLE.print(fault, style="red")
    if faults:
        raise typer.Exit(1)
    CONSOLE.print(f"{', '.join(BLOCKS)} and migrations match the code")


def with_block(text: str, name: str, block: str) -> str:
    """The document with `block` between the marks of `name`. Raises `ValueError` without them."""
    before, opening, rest = text.partition(f"<!-- {name}: made by `make diagram` -->\n")
    _, closing, after = rest.partition(CLOSING)
    if not opening or not closing:
        raise ValueError(f"ARCHITECTURE.md has lost the marks around its {name}")
    return f"{before}{opening}{block}\n{closing}{after}"


def layers(project: str) -> str:
    """A row for each folder whose layers `lint-imports` holds, from the top down."""
    rows = ["| folder | layers, from the top down |", "| --- | --- |"]
    for contract in tomllib.loads(project)["tool"]["importlinter"]["contracts"]:
        for folder in contract.get("containers", ()):
            parts = [
                " ".join(f"`{one}`" for one in layer.split(" | ")) for layer in contract["layers"]
            ]
            rows.append(f"| `{folder.replace('.', '/')}/` | {' → '.join(parts)} |")
    return "\n".join(rows)


def encoder(
    cache: Annotated[Path, typer.Option(help="Where it is kept.")] = Path(".cache"),
) -> None:
    """Export the embedding model for ONNX Runtime, once on each machine."""
    with CONSOLE.status("exporting the embedding model (about 20 s, once)"):
        found = open_encoder(cache)
    CONSOLE.print(f"embedding model {found.revision}, {found.width} dimensions")
