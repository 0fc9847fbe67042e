"""How a desk names an MCP server: a command that is started, or an address that is called."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from tools.declared import Declared
from tools.outside import web_address

KEY = "deskhand/idempotency-key"
"""In `_meta` of a call."""


class McpService(Declared):
    """An MCP server: `command` (stdio) or `url` (streamable HTTP)."""

    command: str | None = None
    """A program, found by PATH or a path; it speaks MCP on its standard input and output."""
    args: tuple[str, ...] = ()
    env: dict[str, str] = Field(default_factory=dict)
    """All that the program gets besides HOME, LOGNAME, PATH, SHELL, TERM and USER."""
    folder: str | None = None
    """Where the program starts, relative to the desk; the desk's own folder where nothing is
    said."""
    url: str | None = None
    """Calls leave to this scheme, host and port only."""
    effects: str | None = None
    """An operation of the server that takes {"key"} and gives {"result": {...} or null}: what it
    did under an idempotency key. MCP itself knows no such question."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.command is None) == (self.url is None):
            msg = "an MCP server needs either `command` (stdio) or `url` (HTTP): give one of them"
            raise ValueError(msg)
        if self.url is not None:
            web_address(self.url, query=True)
            if self.args or self.env or self.folder:
                msg = "`args`, `env` and `folder` belong to a `command`: leave them out with `url`"
                raise ValueError(msg)
        return self
