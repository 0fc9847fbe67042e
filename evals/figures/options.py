"""Options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

Paths = list[Path]
Articles = Annotated[Paths, typer.Option(help="Articles: JSON Lines or a folder. Repeat to pool.")]
Questions = Annotated[Paths, typer.Option(help="Labelled questions. Repeat to pool.")]
Report = Annotated[Path, typer.Option(help="Where the report goes (JSON).")]
Cache = Annotated[Path, typer.Option(help="Where the exported encoder is kept.")]
CACHE = Path(".cache")
