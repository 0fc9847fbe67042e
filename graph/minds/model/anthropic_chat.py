"""Anthropic's chat model over the client of the other models: no proxy, no redirect, bounded answers.

Needs the extra `anthropic`; imported only where a desk names such a model.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import anthropic
import httpx2
from langchain_anthropic import ChatAnthropic
from pydantic import PrivateAttr
from typing_extensions import override


class BoundedAnthropic(ChatAnthropic):
    """A chat model of langchain whose requests leave by a client of ours."""

    _http: httpx2.AsyncClient = PrivateAttr()

    @cached_property
    @override
    def _async_client(self) -> anthropic.AsyncClient:
        return anthropic.AsyncClient(**self._client_params, http_client=self._http)


def open_anthropic(name: str, client: httpx2.AsyncClient, given: dict[str, Any]) -> ChatAnthropic:
    """The model of that name. Raises what the library raises."""
    chat = BoundedAnthropic(model=name, **given)
    chat._http = client  # noqa: SLF001  our own attribute
    return chat
