"""A tool that cannot work, or is not safe, is found when the catalog is built."""

import re
from types import SimpleNamespace
from typing import Any

import pytest

from tests.tools.bench import spec_of
from tools.adapters.fakes import ListedKnowledge
from tools.adapters.http import open_client
from tools.catalog import CatalogFault, build_catalog

SERVICES = {
    "shop": SimpleNamespace(base_url="http://127.0.0.1:9", token="", mcp=None, adapter=None)
}
DELIVERY = SimpleNamespace(service="shop", path="/replies", honours_key=True)


async def built(*specs: Any, services: Any = SERVICES, delivery: Any = DELIVERY) -> Any:
    """A catalog of acme."""
    async with open_client() as client:
        return build_catalog(
            specs,
            services=services,
            delivery=delivery,
            knowledge=ListedKnowledge(),
            tenant="acme",
            client=client,
        )


async def test_declared_and_system_tools_stand_together() -> None:
    """Each by its name."""
    spec = spec_of(service="shop", path="/orders/{order_id}")
    catalog = await built(spec)
    assert set(catalog.tools) == {"lookup_order", "search_knowledge", "deliver_reply", "notify"}
    assert catalog.tenant == "acme"


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"name": "notify"}, "name is taken"),
        ({"service": "gone"}, "unknown service 'gone'"),
        ({"path": "orders"}, "must begin with /"),
        ({"path": "/orders/{number}"}, "needs the arguments ['number']"),
        ({"arguments": {"a": {"type": "colour"}}}, "invalid schema"),
        ({"returns": {"$ref": "https://example.com/x"}}, "invalid schema"),
        ({"fallback": "gone"}, "unknown tool 'gone'"),
        ({"fallback": "lookup_order"}, "only a read may fall back"),
        ({"fallback": "deliver_reply"}, "only a read may fall back"),
        ({"effect": "write", "customer": "email"}, "too late for a write"),
        ({"echoes": ["colour"]}, "not its arguments"),
    ],
)
async def test_mistakes_are_named(parts: Any, words: Any) -> None:
    """The message says which tool and what to do."""
    spec = spec_of(**{"service": "shop", "path": "/orders", **parts})
    with pytest.raises(CatalogFault, match=re.escape(words)):
        await built(spec)


@pytest.mark.parametrize("url", ["ftp://shop", "http://", "shop", "http://user:pw@shop"])
async def test_a_base_url_is_a_plain_web_address(url: str) -> None:
    """No other scheme, no credentials in it."""
    services = {"shop": SimpleNamespace(base_url=url, token="", mcp=None, adapter=None)}
    with pytest.raises(CatalogFault, match=r"not a web address|names a user or a password"):
        await built(spec_of(service="shop", path="/orders"), services=services)


async def test_delivery_needs_a_listed_service() -> None:
    """A typing error does not silently keep replies back."""
    wrong = SimpleNamespace(service="gone", path="/replies", honours_key=True)
    with pytest.raises(CatalogFault, match="unknown service"):
        await built(delivery=wrong)
    assert "deliver_reply" in (await built(delivery=None)).tools
