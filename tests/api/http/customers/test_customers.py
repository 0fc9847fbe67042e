"""Admins export and erase a customer; nobody else does, and no address is put on record."""

from pathlib import Path

from sqlmodel import select

from api.wiring import open_wiring
from api.worker import assembly
from memory.encoder.encoder import HashEncoder
from memory.erasure import receipt
from memory.knowledge.index import MemoryIndex
from memory.storage.database import Database
from memory.tables import AuditRow
from tests.desks import new_key, serving, settings_in

ADDRESS = "anna@example.com"
TICKET = {"text": "Where is my parcel?", "customer": {"email": "Anna@example.com", "name": "Anna"}}
PATH = f"/v1/customers/{ADDRESS}"


async def test_an_admin_exports_a_customer_and_nobody_else_does(
    tmp_path: Path, template: Path
) -> None:
    """The export holds the ticket and its messages; another tenant's admin gets none of it."""
    settings = settings_in(tmp_path, template)
    admin = await new_key(settings, "boss", ["intake", "admin"])
    agent = await new_key(settings, "ann", ["intake", "agent"])
    foreign = await new_key(settings, "other", ["admin"], tenant="other")
    async with serving(settings) as client:
        await client.post("/v1/tickets", json=TICKET, headers=admin)
        found = (await client.get(PATH, headers=admin)).raise_for_status()
        assert found.headers["Cache-Control"] == "no-store"
        (ticket,) = found.json()["tickets"]
        assert ticket["ticket"]["customer_email"] == "Anna@example.com"
        assert [one["text"] for one in ticket["messages"]] == ["Where is my parcel?"]
        assert (await client.get(PATH, headers=foreign)).json()["tickets"] == []
        for call in (client.get, client.delete):
            assert (await call(PATH, headers=agent)).status_code == 403


async def test_an_erasure_ends_with_a_receipt(tmp_path: Path, template: Path) -> None:
    """It is wanted at once, done once a worker was there, and the same while it is wanted."""
    desk = tmp_path / "desk.yaml"
    desk.write_text("tenant: acme\ncompany: Acme\nintents: []\n")
    settings = settings_in(tmp_path, template, minds="scripted", desk=desk)
    admin = await new_key(settings, "boss", ["intake", "admin"])
    foreign = await new_key(settings, "other", ["admin"], tenant="other")
    async with serving(settings) as client:
        await client.post("/v1/tickets", json=TICKET, headers=admin)
        wanted = await client.delete(PATH, headers=admin)
        assert (wanted.status_code, wanted.json()["status"]) == (202, "wanted")
        assert (await client.delete(PATH, headers=admin)).json()["id"] == wanted.json()["id"]
        where = wanted.headers["Location"]
        assert (await client.get(where, headers=foreign)).status_code == 404

        wiring = open_wiring(settings, encoder=HashEncoder(), index=MemoryIndex(), desks={})
        try:
            await assembly.eraser(wiring).run_pending()
        finally:
            await wiring.close()

        done = (await client.get(where, headers=admin)).json()
        assert done["status"] == "done"
        assert done["receipt"]["removed"]["messages"] == 1
        assert receipt.is_genuine(settings.hmac_key, done["receipt"])
        assert (await client.get(PATH, headers=admin)).json()["tickets"] == []


async def test_no_address_is_put_on_record(tmp_path: Path, template: Path) -> None:
    """The audit names the person by the digest that the receipt has."""
    settings = settings_in(tmp_path, template)
    admin = await new_key(settings, "boss", ["admin"])
    async with serving(settings) as client:
        await client.delete(PATH, headers=admin)
        refused = await client.delete("/v1/customers/nobody", headers=admin)
        assert refused.status_code == 422
    async with Database(settings.ledger_url) as database, database.reading() as session:
        rows = (await session.exec(select(AuditRow))).all()
    assert [row.action for row in rows] == ["DELETE /v1/customers/{address}"] * 2
    assert not any(ADDRESS in str(row.subject) or "nobody" in str(row.subject) for row in rows)
