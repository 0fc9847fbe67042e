"""Files over HTTP: uploaded, named by one message, saved by people, and never shown from here."""

from pathlib import Path
from typing import Any

import httpx2
import pytest

from api.channels.sniffing import danger_of, sniffed
from api.settings import Settings
from memory.files.incoming import Room
from tests import desks

PNG = b"\x89PNG\r\n\x1a\n" + bytes(500)
PAGE = b"<!DOCTYPE html><script>alert(1)</script>"
Headers = dict[str, str]


@pytest.fixture
def settings(tmp_path: Path, template: Path) -> Settings:
    """Small files only."""
    return desks.settings_in(tmp_path, template, max_file_bytes=5_000)


@pytest.fixture
async def admin(settings: Settings) -> Headers:
    """A key that may do everything."""
    return await desks.new_key(settings, "Ada", ["admin"])


async def upload(
    client: httpx2.AsyncClient, headers: Headers, content: bytes, name: str, kind: str = "image/png"
) -> httpx2.Response:
    """What the desk answers to a file."""
    headers = headers | {"Content-Type": kind}
    return await client.post("/v1/files", params={"name": name}, content=content, headers=headers)


async def ticket_with(client: httpx2.AsyncClient, headers: Headers, *ids: str) -> dict[str, Any]:
    """The only message of a new ticket with these files."""
    body = {"text": "See this.", "files": list(ids)}
    posted = await client.post("/v1/tickets", json=body, headers=headers)
    assert posted.status_code == 202, posted.text
    read = await client.get(posted.json()["status_url"], headers=headers)
    [message] = read.json()["messages"]
    found: dict[str, Any] = message
    return found


async def test_a_file_comes_with_a_ticket_and_can_be_saved(
    client: httpx2.AsyncClient, admin: Headers
) -> None:
    """What it says is in the message; what it is comes from its bytes; the bytes are the same."""
    note = await upload(client, admin, b"Order FH-100001 is broken.", "Größe.txt", "text/plain")
    picture = await upload(client, admin, PNG, "photo.png", "text/html")
    ids = [note.json()["id"], picture.json()["id"]]
    message = await ticket_with(client, admin, *ids)
    assert message["text"].startswith(
        "See this.\n\n[Attached: Größe.txt, text/plain, 26 bytes]\nOrder"
    )
    assert [(one["media_type"], one["kept"], one["danger"]) for one in message["files"]] == [
        ("text/plain", "here", None),
        ("image/png", "here", None),
    ]
    got = await client.get(message["files"][1]["url"], headers=admin)
    assert got.content == PNG
    saved = await client.get(message["files"][0]["url"], headers=admin)
    assert saved.headers["content-disposition"] == (
        "attachment; filename=\"Gr__e_txt\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.txt"
    )


async def test_no_file_is_shown_as_a_page_of_ours(
    client: httpx2.AsyncClient, admin: Headers
) -> None:
    """A page that calls itself a picture is bytes to be saved, confined in spite of that."""
    file = await upload(client, admin, PAGE, 'a";.png')
    message = await ticket_with(client, admin, file.json()["id"])
    got = await client.get(message["files"][0]["url"], headers=admin)
    assert message["files"][0]["danger"] == "disguised"
    assert got.headers["content-type"] == "application/octet-stream"
    assert got.headers["content-disposition"].startswith("attachment; ")
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-security-policy"].startswith("sandbox; default-src 'none'")


async def test_what_is_no_file_is_refused_with_words(
    client: httpx2.AsyncClient, admin: Headers
) -> None:
    """Too large, empty, named twice, unknown, of another message already; nothing is stored then."""
    assert (await upload(client, admin, bytes(5_001), "a")).status_code == 413
    empty = await upload(client, admin, b"", "a")
    assert (empty.status_code, empty.json()["detail"]) == (
        422,
        "the file is empty: send its bytes as the body",
    )
    one = (await upload(client, admin, PNG, "a.png")).json()["id"]
    tries = [([one, one], 422), (["fil_none"], 404), ([one], 202), ([one], 404)]
    for ids, status in tries:
        body = {"text": "hello", "files": ids}
        posted = await client.post("/v1/tickets", json=body, headers=admin)
        assert posted.status_code == status, posted.text
    page = await client.get("/v1/tickets", headers=admin)
    assert len(page.json()["items"]) == 1


async def test_a_request_that_comes_again_finds_its_file_taken_by_itself(
    client: httpx2.AsyncClient, admin: Headers
) -> None:
    """The same key is the same ticket, and the same for a message on it."""
    first, second = [(await upload(client, admin, PNG, "a.png")).json()["id"] for _ in range(2)]
    headers = admin | {"Idempotency-Key": "once"}
    body = {"text": "", "files": [first]}
    posted = [await client.post("/v1/tickets", json=body, headers=headers) for _ in range(2)]
    assert [one.status_code for one in posted] == [202, 202]
    where = f"{posted[0].json()['status_url']}/messages"
    body = {"text": "and this", "files": [second]}
    added = [await client.post(where, json=body, headers=headers) for _ in range(2)]
    assert [one.json()["seq"] for one in added] == [2, 2]
    read = await client.get(posted[0].json()["status_url"], headers=admin)
    assert [len(one["files"]) for one in read.json()["messages"]] == [1, 1]


async def test_an_export_holds_the_bytes(client: httpx2.AsyncClient, admin: Headers) -> None:
    """In base64, beside what is known of the file."""
    file = await upload(client, admin, b"abc", "a.txt", "text/plain")
    body = {"text": "hi", "customer": {"email": "ann@example.com"}, "files": [file.json()["id"]]}
    await client.post("/v1/tickets", json=body, headers=admin)
    found = await client.get("/v1/customers/ann@example.com", headers=admin)
    [ticket] = found.json()["tickets"]
    assert [(one["name"], one["content"]) for one in ticket["files"]] == [("a.txt", "YWJj")]


@pytest.mark.parametrize(
    ("name", "content", "said", "kind", "danger"),
    [
        ("invoice.pdf", b"%PDF-1.7", "", "application/pdf", None),
        ("invoice.pdf", b"MZ\x90\0\3", "application/pdf", "application/vnd.microsoft.portable-executable", "program"),
        ("notes.txt", b"MZ Ltd. writes", "text/plain", "text/plain", None),
        ("invoice.pdf.exe", b"%PDF-1.7", "", "application/pdf", "program"),
        ("report.docx", b"PK\x03\x04", "", "application/zip", None),
        ("report.docm", b"PK\x03\x04", "", "application/zip", "macros"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "", "application/x-ole-storage", "macros"),
        ("all.zip", b"PK\x03\x04", "", "application/zip", "archive"),
        ("logo.svg", b"<?xml?><svg onload=x>", "image/png", "image/svg+xml", "page"),
        ("photo.jpg", b"\x89PNG\r\n\x1a\n", "", "image/png", "disguised"),
        ("run", b"#!/bin/sh\n", "text/plain", "text/x-script", "program"),
        ("table.csv", b"a,b\n", "text/csv; charset=x", "text/csv", None),
        ("x", b"", "nonsense\r\nSet-Cookie: a", "application/octet-stream", None),
    ],
)  # fmt: skip
def test_what_a_file_is_and_what_to_beware_of(
    name: str, content: bytes, said: str, kind: str, danger: str | None
) -> None:
    """By its first bytes and by the name that a computer goes by."""
    assert sniffed(content, said) == kind
    assert danger_of(name, kind) == danger


def test_the_settings_give_as_much_room_as_nothing_said() -> None:
    """The two places that say it agree."""
    assert Settings(_env_file=None).file_room == Room()


async def test_a_person_sends_a_file_with_a_decision_and_whoever_reads_the_ticket_saves_it(
    client: httpx2.AsyncClient, settings: Settings
) -> None:
    """Uploaded by one's own key alone; a twice named or a foreign one is refused, and nothing is decided."""
    shop = await desks.new_key(settings, "shop", ["intake"])
    ann, bob = [await desks.new_key(settings, name, ["agent"]) for name in ("Ann", "Bob")]
    posted = await client.post("/v1/tickets", json={"text": "My label?"}, headers=shop)
    await desks.hand_off(settings, posted.json()["id"], "hnd_1")
    theirs, mine = [
        (await upload(client, one, PNG, "label.png")).json()["id"] for one in (bob, ann)
    ]
    where, body = "/v1/handoffs/hnd_1/decide", {"kind": "reply", "text": "Here it is."}
    tries = [([theirs], 404), ([mine, mine], 422), ([mine], 200), ([mine], 409)]
    for ids, status in tries:
        decided = await client.post(where, json=body | {"files": ids}, headers=ann)
        assert decided.status_code == status, decided.text
    whole = (await client.get("/v1/handoffs/hnd_1", headers=ann)).json()
    assert [(one["id"], one["media_type"]) for one in whole["decision"]["files"]] == [
        (mine, "image/png")
    ]
    for reader in (ann, bob, shop):
        assert (await client.get(f"/v1/files/{mine}", headers=reader)).content == PNG
    submit = await desks.new_key(settings, "form", ["submit"])
    assert (await client.get(f"/v1/files/{mine}", headers=submit)).status_code == 403
    assert (await upload(client, submit, PNG, "a.png")).status_code == 201


async def test_a_ticket_by_hand_has_the_files_that_the_customer_brought(
    client: httpx2.AsyncClient, settings: Settings
) -> None:
    """As if the customer had sent them; pressed twice it is one ticket."""
    ann = await desks.new_key(settings, "Ann", ["agent"])
    one = (await upload(client, ann, b"Serial 4711", "note.txt", "text/plain")).json()["id"]
    body = {"email": "cy@example.com", "subject": "Broken", "text": "See it.", "files": [one]}
    headers = ann | {"Idempotency-Key": "form-1"}
    posted = [
        await client.post("/v1/tickets/by-hand", json=body, headers=headers) for _ in range(2)
    ]
    assert [one.status_code for one in posted] == [202, 202]
    [message] = (await client.get(posted[0].json()["status_url"], headers=ann)).json()["messages"]
    assert message["text"].endswith("[Attached: note.txt, text/plain, 11 bytes]\nSerial 4711")
    assert (await client.get(message["files"][0]["url"], headers=ann)).content == b"Serial 4711"


async def test_a_name_turns_nothing_round(client: httpx2.AsyncClient, admin: Headers) -> None:
    """`invoice<override>fdp.exe` would be read as a PDF, and a customer's name would turn what stands behind it."""
    file = await upload(client, admin, b"MZ", "invoice\u202efdp.exe")
    assert file.json()["name"] == "invoicefdp.exe"
    body = {
        "text": "Hello there",
        "subject": "Refund \u2067now\u2069",
        "customer": {"email": "a@example.com", "name": "Ann \u202eBell \u200f"},
    }
    made = (await client.post("/v1/tickets", json=body, headers=admin)).json()
    kept = (await client.get(f"/v1/tickets/{made['id']}", headers=admin)).json()
    assert "\u202e" not in str(kept)
    assert kept["subject"] == "Refund now"
