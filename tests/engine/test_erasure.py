"""No file of a running installation holds a word of an erased person, or with a key of anybody."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from evals.stack.stack import Stack, free_port, scratch
from memory.sealing.keyring import new_key

COMPANY = Path("examples/fernhill")
TENANT = "fernhill"
MARK = "zwiebelfisch"
"""Stands in everything that the person writes, and in what people write about them."""
KEPT = MARK[:6]
"""Of it, what another customer writes."""
ADDRESS = f"{MARK}@example.com"
LIMIT_SECONDS = 120.0
OUTSIDE = "service.db"
"""The company's own books: what was sent to the outside is not in our hands."""
QUESTION = (
    "Setting up SAML on our side. Which values go into the ACS / reply URL and the audience field?"
    f"\n\nRegards,\n{MARK}"
)
ARTICLES = ("set-up-single-sign-on", "reset-sso-connection", "track-a-clock-order", "order-a-clock")
Json = dict[str, Any]


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    """The example company with codes: API, worker, embedded index, each as in production."""
    desk = tmp_path / "desk.yaml"
    written = (COMPANY / "desk.yaml").read_text(encoding="utf-8")
    desk.write_text(f"{written}\nidentity: {{codes: true}}\n", encoding="utf-8")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with scratch(tmp_path / "home", desk, FERNHILL_BACKOFFICE_URL=address) as made:
        made.start_service("examples.fernhill.service", port)
        files = (str(COMPANY / "articles" / f"{name}.md") for name in ARTICLES)
        made.load(*files, tenant=TENANT)
        made.start_api()
        made.start_worker()
        yield made


def _until(look: Callable[[], Json], right: Callable[[Json], bool]) -> Json:
    until = time.monotonic() + LIMIT_SECONDS
    found = look()
    while not right(found):
        assert time.monotonic() < until, found
        time.sleep(0.1)
        found = look()
    return found


class Desk:
    """A client that posts as customers and works as people."""

    def __init__(self, client: httpx2.Client) -> None:
        self.client = client

    def post(self, path: str, body: Json) -> Json:
        """What was made."""
        found: Json = self.client.post(path, json=body).raise_for_status().json()
        return found

    def get(self, path: str) -> Json:
        """What is there."""
        found: Json = self.client.get(path).raise_for_status().json()
        return found

    def ticket(self, text: str, email: str, *, verified: bool = True) -> str:
        """The id of a new one."""
        customer = {"email": email, "name": email.partition("@")[0], "verified": verified}
        body = {
            "subject": "Okta -> Fernhill" if text == QUESTION else text[:80],
            "text": text,
            "customer": customer,
        }
        return str(self.post("/v1/tickets", body)["id"])

    def ended(self, ticket: str, times: int = 1) -> Json:
        """Once so many turns have come to rest."""
        path = f"/v1/tickets/{ticket}"
        rests = {"settled", "waiting"}
        return _until(
            lambda: self.get(path), lambda one: one["status"] in rests and one["turn"] >= times
        )

    def handoff(self, ticket: str) -> str:
        """Of a ticket that a person has."""
        items = _until(
            lambda: self.get(f"/v1/handoffs?ticket={ticket}"), lambda one: bool(one["items"])
        )["items"]
        return str(items[0]["id"])


def _holding(home: Path, mark: str = MARK) -> list[str]:
    """Files that hold the mark, whatever its case; logs, indexes and journals of databases too."""
    found = [one for one in sorted(home.rglob("*")) if one.is_file()]
    assert any("chroma" in one.parts for one in found)
    return [
        str(one.relative_to(home))
        for one in found
        if not one.name.startswith(OUTSIDE) and mark.encode() in one.read_bytes().lower()
    ]


def _live(desk: Desk) -> None:
    """Use everything that keeps something of a customer."""
    answered = desk.ticket(QUESTION, ADDRESS)
    assert desk.ended(answered)["outcome"] == "delivered"
    desk.client.post(f"/v1/tickets/{answered}/feedback", json={"solved": True})
    desk.post(f"/v1/tickets/{answered}/corrections", {"kind": "answer_wrong", "note": MARK})
    desk.post(f"/v1/tickets/{answered}/messages", {"text": f"It still fails, {MARK} and all."})
    desk.ended(answered, 2)
    record = desk.ticket(f"Where is my order FH-104233, {MARK}?", ADDRESS, verified=False)
    desk.ended(record)
    desk.post(f"/v1/tickets/{record}/messages", {"text": f"1234 5678 is the code, {MARK}"})
    desk.ended(record, 2)
    asked = desk.ticket(f"Speak to a human about the {MARK}, it is broken.", ADDRESS)
    handoff = f"/v1/handoffs/{desk.handoff(asked)}"
    desk.post(f"{handoff}/claim", {})
    desk.post(f"{handoff}/notes", {"text": f"They mean the {MARK}."})
    desk.post(f"{handoff}/corrections", {"kind": "article_missing", "note": f"on {MARK}"})
    desk.post(f"{handoff}/ask", {"text": f"Which {MARK} do you mean?"})
    desk.post(f"/v1/tickets/{asked}/messages", {"text": f"The green {MARK}."})
    desk.post(f"{handoff}/claim", {})
    desk.post(f"{handoff}/decide", {"kind": "reply", "text": f"Turn the {MARK} off and on."})
    _until(
        lambda: desk.get(f"/v1/tickets/{asked}"),
        lambda one: any(said["kind"] == "reply" for said in one["messages"]),
    )
    desk.ended(asked, 2)  # the answer to the question was not seen when the reply was written


def test_no_file_holds_a_word_of_an_erased_person(stack: Stack) -> None:
    """Every feature is used, another customer's story quotes theirs; then all of it is gone."""
    with stack.client(stack.key(TENANT)) as client:
        desk = Desk(client)
        _live(desk)
        other = desk.ticket(f"Speak to a human about my {KEPT} terminal.", "ann@example.org")
        kept = desk.handoff(other)
        assert any(Path(one).name.startswith("deskhand.db") for one in _holding(stack.home))
        wanted = client.delete(f"/v1/customers/{ADDRESS}").raise_for_status().json()
        done = _until(lambda: desk.get(wanted["status_url"]), lambda one: one["status"] == "done")
        assert done["receipt"]["removed"]["tickets"] == 3
        assert _holding(stack.home) == []
        assert desk.get(f"/v1/customers/{ADDRESS}")["tickets"] == []
        assert desk.get(f"/v1/handoffs/{kept}")["ticket_id"] == other
        stack.stop()
    assert _holding(stack.home) == []
    _encrypted(stack, kept)


def _encrypted(stack: Stack, kept: str) -> None:
    """With a key from here on: what was plain is sealed, and what comes is never written plainly."""
    assert _holding(stack.home, KEPT)
    stack.extra = {**stack.extra, "DESKHAND_ENCRYPTION_KEY": new_key()}
    service = stack.extra["FERNHILL_BACKOFFICE_URL"].rpartition(":")[2]
    stack.start_service("examples.fernhill.service", int(service))
    stack.start_api()
    stack.start_worker()
    assert "Everything is sealed" in stack.said("encryption", "rekey")
    assert _holding(stack.home, KEPT) == []
    with stack.client(stack.key(TENANT)) as client:
        desk = Desk(client)
        _live(desk)
        assert _holding(stack.home) == []
        assert KEPT in str(desk.get(f"/v1/handoffs/{kept}"))
        found = desk.get(f"/v1/handoffs?q={KEPT} term")["items"]
        assert [one["id"] for one in found] == [kept]
        assert MARK in str(desk.get(f"/v1/customers/{ADDRESS}")["tickets"])
        stack.stop()
    assert _holding(stack.home) == []
