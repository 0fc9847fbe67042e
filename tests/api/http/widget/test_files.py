"""Files in a website's window: taken with a message, and saved by whose conversation it is alone."""

import httpx2

from api.settings import Settings
from memory import enclosures
from memory.files import uploads
from memory.files.incoming import NewFile
from memory.storage.database import Database
from memory.tickets import tickets
from memory.tickets.messages import Said, append_in
from tests import desks
from tests.api.http.widget.conftest import SHOP
from tests.api.http.widget.test_widget import PATH, message, news, of, write


async def test_a_visitor_sends_a_file_with_a_message(
    client: httpx2.AsyncClient, settings: Settings
) -> None:
    """It is the visitor's alone, read where it is text, and the window shows its name only."""
    where, text = f"{PATH}/files", {"Content-Type": "text/plain"}
    sent = await client.post(
        where, params={"name": "a.txt"}, content=b"Serial 4711", headers=of("a", **text)
    )
    assert (sent.status_code, sent.headers["access-control-allow-origin"]) == (201, SHOP)
    foreign = await write(client, "b", message("mine?", files=[sent.json()["id"]]))
    assert foreign.status_code == 404
    said = message("", files=[sent.json()["id"]])
    assert [(await write(client, "a", said)).status_code for _ in range(2)] == [202, 202]
    [shown] = (await news(client, "a"))["items"]
    file_id = shown["files"][0]["id"]
    assert (shown["text"], shown["files"]) == ("", [{"id": file_id, "name": "a.txt", "size": 11}])
    key = await desks.new_key(settings, "Ada", ["agent"])
    [ticket] = (await client.get("/v1/tickets", headers=key)).json()["items"]
    [stored] = (await client.get(ticket["status_url"], headers=key)).json()["messages"]
    assert stored["text"] == "[Attached: a.txt, text/plain, 11 bytes]\nSerial 4711"
    assert (await client.get(stored["files"][0]["url"], headers=key)).content == b"Serial 4711"


async def test_a_visitor_saves_the_files_of_their_own_conversation(
    client: httpx2.AsyncClient, settings: Settings
) -> None:
    """What a person sent as well, once it was said; others get no byte, nor a website not named."""
    await write(client, "a", message("Where is my label?"))
    await write(client, "b", message("Hello", 2))
    database, new = (
        Database(settings.ledger_url),
        NewFile("x.html", "text/html", 11, b"<b>label</b"),
    )
    async with database.transaction() as session:
        ticket = (await tickets.listed(session, "acme", limit=2))[-1]
        file = await uploads.upload(session, "acme", "by:Ann", new, settings.file_room)
        await enclosures.enclose(session, "acme", "by:Ann", [file.id], ticket.id)
    where = f"{PATH}/files/{file.id}"
    assert (await client.get(where, headers=of("a"))).status_code == 404
    said = Said("k", "message", "Here.", "person", files=[file.id])
    await database.units.write(lambda do: append_in(do, ticket.id, said))
    await database.close()
    [_, reply] = (await news(client, "a"))["items"]
    assert reply["files"] == [{"id": file.id, "name": "x.html", "size": 11}]
    got = await client.get(where, headers=of("a"))
    assert (got.content, got.headers["access-control-allow-origin"]) == (new.content, SHOP)
    assert got.headers["content-disposition"].startswith("attachment; ")
    assert got.headers["content-type"] == "application/octet-stream"
    foreign = of("a") | {"Origin": "http://localhost:8998"}
    assert (await client.get(where, headers=of("b"))).status_code == 404
    assert (await client.get(where, headers=foreign)).status_code == 403
