"""The desk's part that says how far the agent may go by itself. Pure and frozen."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field, field_validator

from graph.desk.channels import check_names
from memory.autonomy import Kind
from memory.tables import AutonomyLevel
from tools.declared import Declared


class AutonomyPolicy(Declared):
    """How far the agent may go by itself. The lower of a channel's and an intent's level counts."""

    channels: dict[str, AutonomyLevel] = Field(default_factory=dict, max_length=50)
    """off | suggest | auto for each channel. One that is not named only suggests; `api`, the
    channel of your own systems, answers."""
    intents: dict[str, AutonomyLevel] = Field(default_factory=dict, max_length=200)
    """The same for each intent; one that is not named does what its channel does."""

    @field_validator("channels")
    @classmethod
    def _names(cls, value: dict[str, AutonomyLevel]) -> dict[str, AutonomyLevel]:
        check_names(value)
        return value

    @property
    def levels(self) -> Mapping[Kind, Mapping[str, AutonomyLevel]]:
        """As `memory.autonomy` takes them."""
        return {"channel": self.channels, "intent": self.intents}
