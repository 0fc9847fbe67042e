"""Numbers that commands take, each with its bounds."""

from __future__ import annotations

from typing import Annotated

import typer

LARGEST = 2**53 - 1
"""What every JSON reader and database holds exactly."""
LONGEST_WAIT = 3_600
"""Seconds."""
FIRST_SECONDS = 120
"""In which somebody writes a first message, unless it is said."""
MOST_LISTED = 10_000
LONGEST_CLAIM = 480
"""Minutes: as long as the API allows, whose own number is not loaded for a command."""

Wait = Annotated[
    int, typer.Option(min=0, max=LONGEST_WAIT, help="Seconds to wait for a first message.")
]
