"""An event is signed as Standard Webhooks says, and never leaves for a private address."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence

import httpx2
import pytest

from tools.adapters.public_hosts import is_public
from tools.adapters.webhooks import Hook, HookFailed, HookGone, HookSender
from tools.outside import AddressRefused, web_address

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
PUBLIC = "93.184.216.34"


def sender(
    *addresses: str, answers: int = 200, allowed: Sequence[str] = ()
) -> tuple[HookSender, list[httpx2.Request]]:
    """A sender whose names lead to `addresses`, and what it has sent."""
    sent: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        return httpx2.Response(answers, headers={"Location": "http://127.0.0.1/"})

    async def lookup(host: str, port: int) -> list[str]:
        if not addresses:
            raise OSError(host)
        return list(addresses)

    client = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
    return HookSender(client, allowed, lookup), sent


def hook(url: str = "https://hooks.example.com/in") -> Hook:
    """An event."""
    return Hook("evt_1", url, SECRET, {"type": "ticket.settled", "data": {"ticket_id": "tkt_1"}})


async def test_the_signature_is_that_of_standard_webhooks() -> None:
    """Over the id, the moment and the very bytes, with the secret's key."""
    send, sent = sender(PUBLIC)
    await send.send(hook(), 1_700_000_000)
    (request,) = sent
    assert request.headers["webhook-id"] == "evt_1"
    assert request.headers["webhook-timestamp"] == "1700000000"
    content = b"evt_1.1700000000." + request.content
    mac = base64.b64encode(hmac.new(b"k" * 32, content, hashlib.sha256).digest()).decode()
    assert request.headers["webhook-signature"] == f"v1,{mac}"
    assert json.loads(request.content)["type"] == "ticket.settled"


async def test_the_address_that_was_checked_is_the_one_that_is_called() -> None:
    """The name is not looked up a second time; the host and the certificate's name stay."""
    send, sent = sender(PUBLIC)
    await send.send(hook("https://hooks.example.com:8443/in?a=1"), 0)
    assert str(sent[0].url) == f"https://{PUBLIC}:8443/in?a=1"
    assert sent[0].headers["host"] == "hooks.example.com:8443"
    assert sent[0].extensions["sni_hostname"] == "hooks.example.com"


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.1"),
        *("100.64.0.1", "224.0.0.1", "::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1"),
        *("2002:7f00:1::", "::", "fe80::1%eth0", "nonsense"),
        *("64:ff9b::10.1.2.3", "64:ff9b:1::8.8.8.8", "::10.1.2.3", "::ffff:0:127.0.0.1"),
    ],
)
async def test_a_private_address_is_never_called(address: str) -> None:
    """Whatever form it has, and however the name leads there."""
    assert not is_public(address)
    send, sent = sender(address)
    with pytest.raises(HookFailed, match="private"):
        await send.send(hook(), 0)
    assert sent == []


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1", "64:ff9b::8.8.8.8"])
def test_an_address_of_the_public_internet_may_be_called(address: str) -> None:
    """Also where a network without IPv4 writes it as one of IPv6."""
    assert is_public(address)


async def test_an_operator_may_allow_a_private_host_by_name() -> None:
    """That host, and no other."""
    send, sent = sender("10.0.0.5", allowed=["inside.example.com"])
    await send.send(hook("http://inside.example.com/in"), 0)
    with pytest.raises(HookFailed, match="private"):
        await send.send(hook("http://other.example.com/in"), 0)
    assert len(sent) == 1


async def test_who_is_gone_says_so() -> None:
    """Standard Webhooks: 410 asks to send nothing more."""
    send, _ = sender(PUBLIC, answers=410)
    with pytest.raises(HookGone):
        await send.send(hook(), 0)


@pytest.mark.parametrize("status", [301, 302, 400, 404, 410, 429, 500, 503])
async def test_any_other_answer_than_success_is_a_failure(status: int) -> None:
    """A redirect is not followed."""
    send, sent = sender(PUBLIC, answers=status)
    with pytest.raises(HookFailed, match=str(status)):
        await send.send(hook(), 0)
    assert len(sent) == 1


async def test_a_name_that_leads_nowhere_is_told() -> None:
    """As a failure that may pass."""
    send, _ = sender()
    with pytest.raises(HookFailed, match=r"hooks\.example\.com is not known"):
        await send.send(hook(), 0)


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://x.example/in", "https://", "https://user:pw@x.example/", "https://x.example/#a"),
        *(
            "//x.example/in",
            "https://x.example:0/",
            "https://x.example:99999/",
            "https://ü.example",
        ),
        *("https://x.example/\n", "https://[::1/", "https://x.example/" + "a" * 2_000),
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    """With words on what to write."""
    with pytest.raises(AddressRefused):
        web_address(url, query=True)
