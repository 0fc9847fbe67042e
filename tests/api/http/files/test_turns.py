"""Nobody's files hold up another's: neither while they come in nor while they are read."""

import asyncio
import time

import httpx2
import pytest

from api.channels import extract
from api.channels.contract import Attachment
from api.channels.extract import Documents
from api.channels.files import received
from api.http.files import taking, turns
from api.http.files.turns import COMING_AT_ONCE, READ_AT_ONCE, Turns
from api.settings import Settings
from tests import desks
from tests.at_once import AtOnce

PDF = b"%PDF-1.4 and so on"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "OTHERS_SECONDS", 0.2)
    monkeypatch.setattr(turns, "OWN_SECONDS", 0.4)


async def test_a_side_that_sends_slowly_holds_its_own_places_only() -> None:
    """And what nobody uses any more is forgotten."""
    places, let_go = Turns(), asyncio.Event()

    async def comes(side: turns.Side) -> None:
        async with places.coming(side):
            await let_go.wait()

    slow = [asyncio.create_task(comes(("acme", True))) for _ in range(3 * COMING_AT_ONCE)]
    await asyncio.sleep(0)
    async with asyncio.timeout(1):
        for side in (("bird", True), ("acme", False)):
            async with places.coming(side):
                pass
    let_go.set()
    await asyncio.gather(*slow)
    assert not places._coming
    assert not places._users


async def test_what_is_read_waits_for_its_own_side_and_hardly_for_others() -> None:
    """One of each side is read at a time; who does not come to it in time is not read."""
    places, let_go = Turns(), asyncio.Event()

    async def read(side: turns.Side) -> bool:
        async with places.coming(side), places.reading(side) as may:
            if may:
                await let_go.wait()
            return may

    sides = [(f"tenant-{number}", True) for number in range(READ_AT_ONCE)]
    busy = [asyncio.create_task(read(one)) for one in sides]
    await asyncio.sleep(0)
    began = time.monotonic()
    assert await read(("bird", False)) is False
    assert time.monotonic() - began < 0.35
    began = time.monotonic()
    assert await read(sides[0]) is False
    assert time.monotonic() - began > 0.35
    let_go.set()
    assert await asyncio.gather(*busy) == [True] * READ_AT_ONCE
    assert await read(("bird", False)) is True


async def test_documents_that_take_long_delay_no_other_tenants_upload(
    client: httpx2.AsyncClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twelve of them, and the thirteenth is of somebody else: it is stored within the time of a wait."""
    read = []

    def slowly(content: bytes, _ending: str) -> tuple[str, str]:
        read.append(content)
        if content == PDF:
            time.sleep(1.5)
        return "read", ""

    monkeypatch.setattr(extract, "extracted", slowly)
    theirs = await desks.new_key(settings, "Ada", ["admin"])
    mine = await desks.new_key(settings, "Bo", ["admin"], tenant="bird")

    async def send(key: dict[str, str], content: bytes) -> None:
        headers = key | {"Content-Type": "application/pdf"}
        answer = await client.post("/v1/files?name=a.pdf", content=content, headers=headers)
        assert answer.status_code == 201, answer.text

    bombs = [asyncio.create_task(send(theirs, PDF)) for _ in range(12)]
    await asyncio.sleep(0.1)
    began = time.monotonic()
    await send(mine, PDF + b"!")
    assert time.monotonic() - began < 1.0
    assert PDF + b"!" in read
    await asyncio.gather(*bombs)
    assert 1 <= read.count(PDF) < 12


async def test_few_files_are_whole_in_memory_at_the_same_time(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of however many sides they are, and though nothing of them is read."""
    whole = AtOnce()

    def counted(name: str, kind: str, content: bytes, documents: Documents | None) -> Attachment:
        with whole.one():
            time.sleep(0.05)
        return received(name, kind, content, documents)

    monkeypatch.setattr(turns, "WHOLE_AT_ONCE", 2)
    monkeypatch.setattr(taking, "received", counted)
    keys = [await desks.new_key(settings, name, ["agent"], name) for name in ("acme", "bird")]
    async with desks.serving(settings) as client:

        async def upload(number: int) -> int:
            url = f"/v1/files?name=photo-{number}.png"
            content = b"\x89PNG\r\n\x1a\n" + bytes(100)
            return (await client.post(url, content=content, headers=keys[number % 2])).status_code

        done = await asyncio.gather(*map(upload, range(8)))
    assert (set(done), whole.most) == ({201}, 2)
