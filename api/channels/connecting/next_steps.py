"""What is still to be done on the other side of a channel, and in our own surroundings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from api.channels.connecting.channel_block import Wanted
from api.channels.connecting.questions import TITLES, WIDGET
from api.channels.widget.origins import tag
from memory.channels.outgoing import HELPDESKS

THERE: Mapping[str, Sequence[str]] = {
    "chatwoot": (
        "In Chatwoot: Settings, Integrations, Webhooks, Add new webhook.",
        "  URL: {url}",
        "  Events: message_created, conversation_created, conversation_status_changed",
        "Copy the secret that Chatwoot shows for it, and {give}.",
    ),
    "zammad": (
        "In Zammad: Manage, Webhook, New Webhook.",
        "  Endpoint: {url}",
        "  HMAC SHA1 Signature Token: {made}",
        "That token is shown only here.",
        "Then Manage, Trigger, New Trigger: activated by an action, for every article and state",
        "that changes, which executes this webhook.",
    ),
    "zendesk": (
        "In Zendesk: Admin Center, Apps and integrations, Webhooks, Create webhook, Zendesk events.",
        "  Events: ticket comment added, ticket created, ticket status changed",
        "  Endpoint URL: {url}",
        "Reveal its signing secret, and {give}.",
    ),
}
"""Until then its messages are found by looking, each minute."""


def steps(wanted: Wanted, tenant: str, ours: str, give: str) -> Iterator[str]:
    """A line each; `ours` is where we are reached, `give` what is done with a secret from there."""
    if wanted.name in HELPDESKS:
        url = f"{ours}/v1/hooks/{tenant}/{wanted.name}"
        for line in THERE[wanted.name]:
            yield line.format(url=url, made=wanted.made, give=give)
    if wanted.name == WIDGET:
        yield "Put this before the end of the pages that should have it:"
        yield f"  {tag(ours, tenant)}"
        if wanted.made:
            yield "Your website signs who is logged in with this secret, which is shown only here:"
            yield f"  {wanted.made}"


def level(name: str) -> str:
    """What a new channel may do."""
    return f"{TITLES[name]} only suggests answers to people until a lead turns it to auto."
