"""The shapes of a plan as a model gives it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

MOST_ASKS = 12
"""Of an answer; the desk's own limit is lower and leads to a person."""
MOST_SEARCHES = 2
MOST_TOOLS = 6
MOST_QUERY_CHARS = 400
MOST_QUOTE_CHARS = 2_000

Query = Annotated[str, Field(min_length=2, max_length=MOST_QUERY_CHARS)]


class ToolUse(BaseModel):
    """A tool with its arguments."""

    model_config = ConfigDict(extra="forbid")

    tool: str
    arguments: dict[str, Any]


class PlannedAsk(BaseModel):
    """One thing that is asked, in the customer's words, and what to do for it."""

    model_config = ConfigDict(extra="forbid")

    quote: str = Field(min_length=2, max_length=MOST_QUOTE_CHARS)
    context: str = Field(default="", max_length=MOST_QUOTE_CHARS)
    intent: str | None = None
    searches: list[Query] = Field(default_factory=list, max_length=MOST_SEARCHES)
    tools: list[ToolUse] = Field(default_factory=list, max_length=MOST_TOOLS)


class TicketPlan(BaseModel):
    """The asks of the message, in order."""

    model_config = ConfigDict(extra="forbid")

    asks: list[PlannedAsk] = Field(min_length=1, max_length=MOST_ASKS)


class NextSteps(BaseModel):
    """What else to do for one ask."""

    model_config = ConfigDict(extra="forbid")

    ask_id: str
    searches: list[Query] = Field(default_factory=list, max_length=MOST_SEARCHES)
    tools: list[ToolUse] = Field(default_factory=list, max_length=MOST_TOOLS)


class NewPlan(BaseModel):
    """New steps for the asks that still need something."""

    model_config = ConfigDict(extra="forbid")

    asks: list[NextSteps] = Field(default_factory=list, max_length=MOST_ASKS)
