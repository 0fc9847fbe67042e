"""Everything a stranger decides has a bound: numbers, lists, heads, bodies, streams."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.http import connection
from api.http.app import create_app
from api.http.middleware import body_limit
from api.http.tickets import events
from api.settings import Settings
from tests import desks
from tests.waiting import LONGEST_SECONDS

Json = dict[str, Any]
HUGE = (2**31, 2**63 - 1, 2**63, 2**64, -1, -(2**63) - 1, 10**400)
BY_SETTING = {(body, "text") for body in ("TicketIn", "HandTicketIn", "MessageIn")}
"""Bounded by `max_text_chars`, which the document cannot know."""


def _document() -> Json:
    return create_app(Settings(_env_file=None)).openapi()


def _kinds(schema: Json) -> Iterator[Json]:
    yield from schema.get("anyOf", [schema])


def _unbounded(schema: Json) -> bool:
    bounds = {
        "integer": {"maximum", "exclusiveMaximum", "enum", "const"},
        "number": {"maximum", "exclusiveMaximum"},
        "array": {"maxItems"},
        "object": {"maxProperties", "additionalProperties", "properties"},
        "string": {"maxLength", "enum", "const", "format", "pattern"},
    }
    wanted = bounds.get(schema.get("type", ""))
    return wanted is not None and not wanted & set(schema)


def test_every_parameter_of_the_document_is_bounded() -> None:
    """Numbers, lists and texts in paths, queries and headers."""
    open_ones = [
        (path, one["name"])
        for path, methods in _document()["paths"].items()
        for method in methods.values()
        for one in method.get("parameters", [])
        for kind in _kinds(one["schema"])
        if _unbounded(kind)
    ]
    assert open_ones == []


def test_every_field_that_is_sent_is_bounded() -> None:
    """The same of bodies, and of what stands in them."""
    document = _document()
    schemas, seen = document["components"]["schemas"], set()
    waiting = [
        name.rpartition("/")[2]
        for methods in document["paths"].values()
        for method in methods.values()
        for name in _references(method.get("requestBody", {}))
    ]
    open_ones = []
    while waiting:
        if (name := waiting.pop()) in seen:
            continue
        seen.add(name)
        waiting += [one.rpartition("/")[2] for one in _references(schemas[name])]
        for field, schema in schemas[name].get("properties", {}).items():
            if any(map(_unbounded, _kinds(schema))) and (name, field) not in BY_SETTING:
                open_ones.append((name, field))
    assert len(seen) > 10
    assert open_ones == []


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if "$ref" in part:
            yield part["$ref"]
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from _references(one)


async def test_no_number_from_outside_breaks_anything(tmp_path: Path, template: Path) -> None:
    """A number beyond every column is a 4xx in each query, header and body that takes one."""
    settings = desks.settings_in(tmp_path, template)
    headers = await desks.new_key(settings, "Ada", ["admin"])
    document = _document()
    found = []
    async with desks.serving(settings) as client:
        for path, method, one in _numbers(document):
            where = path.format(**dict.fromkeys(_names(path), "none"))
            for number in HUGE:
                given = {one["name"]: str(number)}
                asked = one["in"] == "query"
                answer = await client.request(
                    method,
                    where,
                    params=given if asked else None,
                    headers=headers if asked else headers | given,
                )
                found.append((path, one["name"], number, answer.status_code))
    assert len(found) > 50
    assert [one for one in found if not 400 <= one[3] < 500] == []


def _numbers(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            for one in said.get("parameters", []):
                if any(kind.get("type") == "integer" for kind in _kinds(one["schema"])):
                    yield path, method, one


def _names(path: str) -> list[str]:
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]


@pytest.mark.parametrize("number", HUGE)
@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("claim", {"version": None}),
        ("claim", {"minutes": None}),
        ("seen", {"seq": None}),
        ("wake", {"version": None}),
        ("assign", {"to": "Ada", "version": None}),
    ],
)
async def test_no_number_in_a_body_breaks_anything(
    tmp_path: Path, template: Path, act: str, body: Json, number: int
) -> None:
    """Refused before it reaches a database."""
    settings = desks.settings_in(tmp_path, template)
    headers = await desks.new_key(settings, "Ada", ["admin"])
    sent = {name: number if value is None else value for name, value in body.items()}
    async with desks.serving(settings) as client:
        answer = await client.post(f"/v1/handoffs/none/{act}", json=sent, headers=headers)
    assert answer.status_code == 422


@pytest.mark.parametrize("sign", ["%00", "%0a", "%1b", "x" * 65])
async def test_an_id_that_no_database_takes_breaks_nothing(
    tmp_path: Path, template: Path, sign: str
) -> None:
    """A zero byte is an error of Postgres, not an id that is unknown."""
    settings = desks.settings_in(tmp_path, template)
    headers = await desks.new_key(settings, "Ada", ["admin"])
    paths = (f"/v1/tickets/{sign}", f"/v1/handoffs/{sign}", f"/v1/tickets?before={sign}")
    async with desks.serving(settings) as client:
        found = [(await client.get(path, headers=headers)).status_code for path in paths]
    assert all(status < 500 for status in found)
    assert found[0] in {404, 422}


def _spoken(url: str, sent: bytes) -> bytes:
    """What the server answers until it closes the connection."""
    host, port = url.removeprefix("http://").split(":")
    got = b""
    with socket.create_connection((host, int(port)), timeout=LONGEST_SECONDS) as line:
        line.sendall(sent)
        while part := line.recv(65_536):
            got += part
    return got


@pytest.mark.parametrize(
    "head",
    [
        b"GET /health/live HTTP/1.1\r\nHost: x\r\nX-Large: " + b"a" * 40_000 + b"\r\n\r\n",
        b"GET /health/live HTTP/1.1\r\nHost: x\r\n" + b"X-Many: aaaaaaa\r\n" * 4_000 + b"\r\n",
        b"GET /health/live?" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /health/live HTTP/1.1\r\nHost: x\r\nX-Endless: " + b"a" * 40_000,
    ],
)
def test_a_head_without_an_end_is_refused(tmp_path: Path, template: Path, head: bytes) -> None:
    """One long header, many short ones, a long address, one that never ends: all get 431."""
    with desks.listening(desks.settings_in(tmp_path, template)) as url:
        assert _spoken(url, head).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        (b"", b""),
        (b"GET /health/live HTTP/1.1\r\nHost:", b"HTTP/1.1 408 "),
        (b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\nGET /", b"HTTP/1.1 200 "),
    ],
)
def test_half_a_request_ends(
    tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch, sent: bytes, answer: bytes
) -> None:
    """A client that says nothing, or stops in the middle, loses its connection."""
    # A client that speaks needs its turn at a processor within this.
    monkeypatch.setattr(connection, "HEAD_SECONDS", 2.0 if sent else 0.3)
    with desks.listening(desks.settings_in(tmp_path, template)) as url:
        assert _spoken(url, sent).startswith(answer)


def test_a_body_that_does_not_come_ends(
    tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The application answers 408, and the connection is closed."""
    monkeypatch.setattr(body_limit, "BODY_SECONDS", 0.3)
    head = b"POST /v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    with desks.listening(desks.settings_in(tmp_path, template)) as url:
        answer = _spoken(url, head + b'Content-Length: 100\r\n\r\n{"email"')
    assert answer.startswith(b"HTTP/1.1 408 ")


def test_a_body_that_nobody_reads_ends(
    tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request that was answered without its body does not hold its connection."""
    monkeypatch.setattr(connection, "REQUEST_SECONDS", 2.0)
    head = b"GET /health/live HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx"
    with desks.listening(desks.settings_in(tmp_path, template)) as url:
        assert _spoken(url, head).startswith(b"HTTP/1.1 200 ")


def test_one_connection_too_many_is_cut_off(
    tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that are open go on."""
    monkeypatch.setattr(connection, "MAX_CONNECTIONS", 1)
    with desks.listening(desks.settings_in(tmp_path, template)) as url:
        host, port = url.removeprefix("http://").split(":")
        whole = b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        with socket.create_connection((host, int(port)), timeout=LONGEST_SECONDS) as first:
            try:
                refused = _spoken(url, whole)
            except ConnectionError:
                refused = b""
            first.sendall(whole)
            assert first.recv(20).startswith(b"HTTP/1.1 200 ")
    assert refused == b""


async def test_one_tenant_does_not_hold_all_streams(
    tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own bound answers 429 with when to come back; another tenant's stream opens."""
    monkeypatch.setattr(events, "MAX_STREAMS_OF_TENANT", 0)
    settings = desks.settings_in(tmp_path, template)
    headers = await desks.new_key(settings, "Ada", ["admin"])
    async with desks.serving(settings) as client:
        answer = await client.get("/v1/handoffs/events", headers=headers)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "10")
    assert "you have 0 event streams open" in answer.json()["detail"]


async def test_the_document_loads_from_us_alone(tmp_path: Path, template: Path) -> None:
    """No other host, no inline script, and every file is there."""
    async with desks.serving(desks.settings_in(tmp_path, template)) as client:
        assert (await client.get("/")).headers["location"] == "/console/"
        for path in ("/docs", "/redoc"):
            page = await client.get(path)
            policy = page.headers["content-security-policy"]
            assert "script-src 'self';" in policy
            assert "http" not in page.text.replace("<!doctype html>", "")
            sources = [part.split('"')[0] for part in page.text.split('src="')[1:]]
            assert sources
            for source in sources:
                assert (await client.get(source)).status_code == 200


def test_forwarded_headers_mean_nothing_by_themselves(tmp_path: Path) -> None:
    """Only a proxy that was named is believed; a name that is no network is refused."""
    from api.http.serve import server

    plain = server(Settings(home=tmp_path, _env_file=None)).config
    named = server(Settings(home=tmp_path, trusted_proxies=("10.0.0.5",), _env_file=None)).config
    assert not plain.proxy_headers
    assert (named.proxy_headers, named.forwarded_allow_ips) == (True, ["10.0.0.5"])
    with pytest.raises(ValueError, match="not an address or network"):
        Settings(home=tmp_path, trusted_proxies=("*",), _env_file=None)
