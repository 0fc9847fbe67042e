"""`evals report`: one HTML page of a run, which needs nothing from anywhere else."""

from __future__ import annotations
