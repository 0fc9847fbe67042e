"""The helpdesk channels of a desk, put together from desk.yaml."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from graph.desk.helpdesks import ChatwootChannel, HelpdeskChannel, ZammadChannel, ZendeskChannel
from tools.adapters.helpdesk.chatwoot import Chatwoot, ChatwootHooks
from tools.adapters.helpdesk.client import Client
from tools.adapters.helpdesk.contract import Helpdesk, HookRules
from tools.adapters.helpdesk.zammad import Zammad, ZammadHooks
from tools.adapters.helpdesk.zendesk import Zendesk, ZendeskHooks, basic

if TYPE_CHECKING:
    import httpx2


def open_helpdesk(
    channel: HelpdeskChannel, http: httpx2.AsyncClient, private_hosts: Collection[str]
) -> Helpdesk:
    """The account there. Raises `AddressRefused`."""
    match channel:
        case ChatwootChannel():
            headers = {"api_access_token": channel.token}
            return Chatwoot(Client(channel.url, headers, http, private_hosts), channel.account)
        case ZammadChannel():
            headers = {"Authorization": f"Token token={channel.token}"}
            return Zammad(Client(channel.url, headers, http, private_hosts))
        case ZendeskChannel():
            headers = {"Authorization": basic(channel.user, channel.token)}
            return Zendesk(Client(channel.url, headers, http, private_hosts))
    raise TypeError(channel)


def rules_of(channel: HelpdeskChannel) -> HookRules:
    """How its webhooks are told from others."""
    match channel:
        case ChatwootChannel():
            return ChatwootHooks(channel.account)
        case ZammadChannel():
            return ZammadHooks()
        case ZendeskChannel():
            return ZendeskHooks()
    raise TypeError(channel)
