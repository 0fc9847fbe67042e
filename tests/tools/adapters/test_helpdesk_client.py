"""Calls to a helpdesk never leave for a private address, nor with a token that can be read on the way."""

import httpx2
import pytest

from tools.adapters.helpdesk.client import LONGEST_SILENCE_SECONDS, Client
from tools.faults import RateLimited, ServiceError, Throttled, Unreachable


def client(
    status: int = 200, url: str = "https://help.example/desk", **headers: str
) -> tuple[Client, list[httpx2.Request]]:
    """A client of a helpdesk that always answers so, and what it got."""
    got: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        got.append(request)
        return httpx2.Response(status, json={}, headers=headers)

    async def lookup(host: str, port: int) -> list[str]:
        return ["10.0.0.7" if host == "inside.example" else "93.184.216.34"]

    http = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
    return Client(url, {"X-Token": "t"}, http, lookup=lookup, now=lambda: 0.0), got


async def test_the_address_that_was_checked_is_called_with_the_token() -> None:
    """Under the path of the helpdesk, with its name for the certificate."""
    calls, got = client()
    await calls.get("/api/things", page=2)
    assert str(got[0].url) == "https://93.184.216.34/desk/api/things?page=2"
    assert (got[0].headers["host"], got[0].headers["x-token"]) == ("help.example", "t")


@pytest.mark.parametrize(
    ("url", "words"),
    [("https://inside.example", "private address"), ("http://help.example", "use https")],
)
async def test_what_is_not_allowed_is_not_called(url: str, words: str) -> None:
    """Nothing leaves, and it says why."""
    calls, got = client(url=url)
    with pytest.raises(Unreachable, match=words) as refused:
        await calls.get("/api/things")
    assert (got, refused.value.certain) == ([], True)


async def test_a_pause_is_bounded() -> None:
    """Whoever asks for a day gets a quarter of an hour, in which nothing leaves."""
    calls, got = client(429, **{"Retry-After": "86400"})
    with pytest.raises(RateLimited) as asked:
        await calls.get("/api/things")
    assert asked.value.retry_after == LONGEST_SILENCE_SECONDS
    with pytest.raises(Throttled):
        await calls.get("/api/things")
    assert len(got) == 1


async def test_a_change_meanwhile_is_certainly_not_done() -> None:
    """Zendesk's 409: it is read again, and written then."""
    calls, _ = client(409)
    with pytest.raises(ServiceError) as conflict:
        await calls.put("/api/things", {})
    assert (conflict.value.certain, conflict.value.retryable) == (True, True)
