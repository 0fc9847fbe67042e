"""The desk's part that says how far the agent may go by itself. Pure and frozen."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field, field_validator

from memory.autonomy import Kind
from memory.patterns import linear
from memory.tables import AutonomyLevel
from tools.declared import Declared

CHANNEL = linear(r"^[a-z][a-z0-9-]{1,39}$")


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
        if wrong := [name for name in value if not CHANNEL.match(name)]:
            raise ValueError(f"channel {wrong[0]!r}: use 2 to 40 lower case letters, digits and -")
        return value

    @property
    def levels(self) -> Mapping[Kind, Mapping[str, AutonomyLevel]]:
        """As `memory.autonomy` takes them."""
        return {"channel": self.channels, "intent": self.intents}
