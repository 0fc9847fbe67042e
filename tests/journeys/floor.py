"""The application with people of a desk at work: who they are, and what they send."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
from sqlmodel import select

from api.settings import Settings
from memory.storage.database import Database
from memory.tables import Handoff
from tests import desks

Header = dict[str, str]
ONE, TWO = "/v1/handoffs/hnd_1", "/v1/handoffs/hnd_2"
CUSTOMER = {"email": "Cy@Example.com", "name": "Cy Lee"}


@dataclass
class Floor:
    """The application, and keys of two agents, a lead and the shop."""

    client: httpx2.AsyncClient
    settings: Settings
    ann: Header
    bob: Header
    lea: Header
    shop: Header

    async def handed(self, name: str, subject: str = "My order", **parts: Any) -> str:
        """A ticket that waits for a person under the handoff of that name; its id."""
        body = {"text": "my money back", "subject": subject, "customer": CUSTOMER}
        posted = await self.client.post("/v1/tickets", json=body, headers=self.shop)
        ticket = str(posted.json()["id"])
        await desks.hand_off(self.settings, ticket, name, **parts)
        return ticket

    async def post(self, path: str, who: Header, body: Any = None) -> httpx2.Response:
        """What the application answers."""
        return await self.client.post(path, json={} if body is None else body, headers=who)

    async def read(self, path: str, who: Header | None = None) -> Any:
        """A page or a handoff."""
        return (await self.client.get(path, headers=who or self.ann)).json()

    async def rows(self, kind: type[Any]) -> list[Any]:
        """Rows of a table."""
        async with Database(self.settings.ledger_url) as ledger, ledger.reading() as session:
            return list((await session.exec(select(kind))).all())

    async def change(self, name: str, **values: Any) -> None:
        """Change a handoff's row behind the API's back."""
        async with Database(self.settings.ledger_url) as ledger, ledger.transaction() as session:
            row = await session.get_one(Handoff, name)
            for field, value in values.items():
                setattr(row, field, value)
            session.add(row)

    async def add(self, *rows: Any) -> None:
        """Store rows."""
        async with Database(self.settings.ledger_url) as ledger, ledger.transaction() as session:
            session.add_all(rows)


def soon(hours: float = 1.0) -> str:
    """A moment ahead."""
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()
