"""A settled ticket as a labelled case: masked, and labelled by what a person decided."""

from __future__ import annotations
