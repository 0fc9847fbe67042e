"""`python -m evals drift` and `encoder`: does what is written down still match what runs?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from graph.build import mermaid
from memory.encoder.opening import open_encoder
from memory.storage.migrate import drift as migration_drift

ARCHITECTURE = Path("ARCHITECTURE.md")
OPENING, CLOSING = "<!-- diagram: made by `make diagram` -->\n```mermaid\n", "\n```\n<!-- end -->"
CONSOLE = Console()


def register(app: typer.Typer) -> None:
    """Bring the commands."""
    app.command("drift")(drift)
    app.command("encoder")(encoder)


def drift(
    write: Annotated[bool, typer.Option(help="Write the diagram instead of comparing it.")] = False,
) -> None:
    """Fail where the diagram or the migrations no longer match the code."""
    text = ARCHITECTURE.read_text(encoding="utf-8")
    wanted = with_diagram(text)
    if write:
        ARCHITECTURE.write_text(wanted, encoding="utf-8")
        return
    faults = [f"migrations: {change}" for change in migration_drift()]
    if text != wanted:
        faults.append("ARCHITECTURE.md: the diagram is not the graph's: run `make diagram`")
    for fault in faults:
        CONSOLE.print(fault, style="red")
    if faults:
        raise typer.Exit(1)
    CONSOLE.print("diagram and migrations match the code")


def with_diagram(text: str) -> str:
    """The document with the present diagram between its marks. Raises `ValueError` without them."""
    before, _, rest = text.partition(OPENING)
    _, mark, after = rest.partition(CLOSING)
    if not mark:
        msg = "ARCHITECTURE.md has lost the marks around its diagram"
        raise ValueError(msg)
    return f"{before}{OPENING}{mermaid().strip()}{CLOSING}{after}"


def encoder(
    cache: Annotated[Path, typer.Option(help="Where it is kept.")] = Path(".cache"),
) -> None:
    """Export the embedding model for ONNX Runtime, once a machine."""
    with CONSOLE.status("exporting the embedding model (about 20 s, once)"):
        found = open_encoder(cache)
    CONSOLE.print(f"embedding model {found.revision}, {found.width} dimensions")
