"""One file for each channel; `SIDES` is where it is registered."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from evals.channels.contract import Side
from evals.channels.sides.api import ApiSide
from evals.channels.sides.mail import MailSide
from evals.channels.sides.mcp import McpSide
from evals.channels.sides.webhooks import WebhookSide
from evals.channels.sides.widget import WidgetSide

SIDES: Mapping[str, Callable[[], Side]] = {
    "api": ApiSide,
    "mail": MailSide,
    "widget": WidgetSide,
    "mcp": McpSide,
    "webhooks": WebhookSide,
}
"""By the channel's name."""
