"""A tool as the gateway uses it: with its schemas compiled."""

from __future__ import annotations

from dataclasses import dataclass

from tools.checks.schema import Shape
from tools.contract import Tool, ToolSpec


@dataclass(frozen=True)
class Ready:
    """A tool with its schemas compiled."""

    tool: Tool
    takes: Shape
    gives: Shape
    kept: bool = False
    """Whether what it sends only stands here: see `tools.adapters.delivery.Post`."""

    @property
    def spec(self) -> ToolSpec:
        """What the tool declares."""
        return self.tool.spec
