"""The example company that is shown."""

from pathlib import Path

from rich.console import Console

COMPANY = Path("examples/fernhill")
TENANT = "fernhill"
SERVICE = "examples.fernhill.service"
REVIVE_SECONDS = 1.0
"""Between two looks at the processes of a stack that was left running."""
WIDTH = 150
"""Columns the table needs: a narrower terminal wraps its lines rather than losing figures."""
CONSOLE = Console(width=max(WIDTH, Console().width))
