"""Options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

Paths = list[Path]
Articles = Annotated[Paths, typer.Option(help="Articles: JSON Lines or a folder. Repeat to pool.")]
Questions = Annotated[Paths, typer.Option(help="Labelled questions. Repeat to pool.")]
FiguresFile = Annotated[Path, typer.Option(help="Where the figures go (JSON).")]
Report = Annotated[Path, typer.Option(help="Where the report goes (JSON).")]
Cache = Annotated[Path, typer.Option(help="Where the exported encoder is kept.")]
CACHE = Path(".cache")
BUILD = Path("build")
"""Where figures go unless it is said: no part of the source."""
