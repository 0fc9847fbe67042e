"""`evals fit NAME`: make a shipped model file anew from a folder of labelled data.

No text goes into a model file: coefficients of readable features, and under `about` the sources
with their licences, the number of rows, and figures on rows that the fit had not seen.
"""

from __future__ import annotations

import typer

from evals.fit import acts, grounding, injection, scope


def register(app: typer.Typer) -> None:
    """Add the command and its parts."""
    group = typer.Typer(no_args_is_help=True, help="Fit a shipped model file again.")
    for part in (acts, grounding, injection, scope):
        part.register(group)
    app.add_typer(group, name="fit")
