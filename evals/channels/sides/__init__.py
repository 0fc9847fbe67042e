"""One file for each channel; `SIDES` is where it is registered."""

from collections.abc import Callable, Mapping

from evals.channels.contract import Side
from evals.channels.sides.api import ApiSide
from evals.channels.sides.helpdesks import side_of
from evals.channels.sides.mail import MailSide
from evals.channels.sides.mcp import McpSide
from evals.channels.sides.webhooks import WebhookSide
from evals.channels.sides.widget import WidgetSide
from evals.stack.helpdesks.chatwoot import ChatwootServer
from evals.stack.helpdesks.zammad import ZammadServer
from evals.stack.helpdesks.zendesk import ZendeskServer

SIDES: Mapping[str, Callable[[], Side]] = {
    "api": ApiSide,
    "mail": MailSide,
    "widget": WidgetSide,
    "mcp": McpSide,
    "webhooks": WebhookSide,
    "chatwoot": side_of(ChatwootServer),
    "zammad": side_of(ZammadServer),
    "zendesk": side_of(ZendeskServer),
}
"""By the channel's name."""
