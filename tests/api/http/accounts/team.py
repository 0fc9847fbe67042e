"""People of a desk with passwords, and what they do in a browser."""

from typing import Any

import httpx2
from sqlalchemy import update

from api.settings import Settings
from memory.storage.database import Database

PASSWORD = "four quiet words here"
ANN, BOB = "ann@example.com", "bob@example.com"


async def log_in(
    client: httpx2.AsyncClient, email: str = ANN, password: str = PASSWORD
) -> httpx2.Response:
    """The answer to a login; the client keeps the cookie and, where it is good, the token."""
    answer = await client.post("/v1/session", json={"email": email, "password": password})
    if answer.is_success:
        client.headers["X-CSRF-Token"] = answer.json()["csrf"]
    return answer


async def change(settings: Settings, kind: type[Any], **values: Any) -> None:
    """Change every row of a table behind the API's back."""
    async with Database(settings.ledger_url) as database, database.transaction() as session:
        await session.exec(update(kind).values(**values))
