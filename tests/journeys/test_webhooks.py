"""Admins say who is told; what did not arrive is listed and sent again."""

from api.settings import Settings
from memory import webhooks
from memory.storage.database import Database
from tests import desks


async def test_an_address_is_added_told_and_ended(settings: Settings) -> None:
    """Its secret is shown once; a posted ticket waits to be told; a dead event is replayed."""
    admin = await desks.new_key(settings, "Root", ["admin"])
    shop = await desks.new_key(settings, "shop", ["intake"])
    async with desks.serving(settings) as client:
        body = {"url": "https://hooks.example.com/in"}
        assert (await client.post("/v1/webhooks", json=body, headers=shop)).status_code == 403
        made = (await client.post("/v1/webhooks", json=body, headers=admin)).json()
        assert made["secret"].startswith("whsec_")
        listed = await client.get("/v1/webhooks", headers=admin)
        assert made["secret"] not in listed.text
        assert (await client.post("/v1/webhooks", json=body, headers=admin)).status_code == 409
        wrong = await client.post("/v1/webhooks", json={"url": "ftp://x"}, headers=admin)
        assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "url")
        await client.post("/v1/tickets", json={"text": "hello"}, headers=shop)
        path = "/v1/webhooks/deliveries"
        wanted = (await client.get(path, params={"status": "wanted"}, headers=admin)).json()
        (event,) = wanted["items"]
        assert (event["type"], event["webhook_id"]) == ("ticket.accepted", made["id"])
        async with Database(settings.ledger_url) as ledger, ledger.transaction() as session:
            await webhooks.dead(session, event["id"], "it answered 500")
        (dead,) = (await client.get(path, headers=admin)).json()["items"]
        assert dead["error"] == "it answered 500"
        again = await client.post(f"{path}/{event['id']}/replay", headers=admin)
        assert (again.status_code, again.json()["status"]) == (200, "wanted")
        assert (await client.post(f"{path}/nope/replay", headers=admin)).status_code == 404
        ended = await client.post(f"/v1/webhooks/{made['id']}/end", headers=admin)
        assert ended.json()["ended_at"] is not None


async def test_an_address_that_nothing_would_be_sent_to_is_refused(settings: Settings) -> None:
    """At once, and not by silence for a day; a host that the operator allows is taken."""
    admin = await desks.new_key(settings, "Root", ["admin"])
    allowing = settings.model_copy(update={"webhook_private_hosts": ("127.0.0.2",)})
    async with desks.serving(allowing) as client:
        for url in ("http://127.0.0.1/in", "https://10.1.1.1/in", "http://[::1]/in"):
            wrong = await client.post("/v1/webhooks", json={"url": url}, headers=admin)
            assert wrong.status_code == 422, url
            assert "DESKHAND_WEBHOOK_PRIVATE_HOSTS" in wrong.json()["errors"][0]["message"]
        body = {"url": "http://127.0.0.2/in"}
        assert (await client.post("/v1/webhooks", json=body, headers=admin)).status_code == 201
