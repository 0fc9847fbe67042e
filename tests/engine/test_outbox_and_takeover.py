"""People at the desk on the real stack: their letters go out, and a takeover stops a real run."""

import time
from typing import Any

from graph.minds.scripted import SLOW_DRAFT_SECONDS
from tests.engine.conftest import Desk
from tests.waiting import wait_until


def arrives(desk: Desk, ticket: str, kind: str) -> list[str]:
    """What arrived for the ticket, once a message of that kind is among it."""
    wait_until(lambda: kind in desk.arrived(ticket))
    return desk.arrived(ticket)


def post(desk: Desk, path: str, body: dict[str, Any]) -> Any:
    """The answer of the API."""
    return desk.client.post(path, json=body).raise_for_status().json()


def test_a_question_arrives_once_and_its_answer_comes_back(desk: Desk) -> None:
    """The worker sends the letter; the customer's answer finds the same person."""
    [view] = desk.ends(desk.post("Reset my password. #person"))
    found = desk.client.get("/v1/handoffs", params={"ticket": view["id"]}).json()
    [handoff] = found["items"]
    address = f"/v1/handoffs/{handoff['id']}"
    named = {"name": "accounts.pdf"}
    file = desk.client.post("/v1/files", params=named, content=b"%PDF-1.7 x").raise_for_status()
    body = {"text": "Which account do you mean?", "files": [file.json()["id"]]}
    asked = post(desk, f"{address}/ask", body)
    assert asked["status"] == "waiting_customer"
    assert sorted(arrives(desk, view["id"], "clarification")) == ["clarification", "notice"]
    wait_until(lambda: _files(desk, view["id"]) == ["accounts.pdf"])
    post(desk, f"/v1/tickets/{view['id']}/messages", {"text": "The blue one."})
    back = desk.client.get(address).json()
    assert (back["status"], back["claimed_by"]) == ("claimed", asked["claimed_by"])
    post(desk, f"{address}/decide", {"kind": "reply", "text": "It is reset."})
    expected = ["clarification", "notice", "reply"]
    assert sorted(arrives(desk, view["id"], "reply")) == expected


def test_a_takeover_stops_a_real_run(desk: Desk) -> None:
    """Its story is told by a worker, and the person's reply is the only one."""
    one = desk.post("How do I reset my password? #slow-draft")
    wait_until(lambda: "assess" in _steps(desk, one))
    taken = post(desk, f"/v1/tickets/{one}/takeover", {"note": "mine"})
    assert taken["agent_answer"] == "none"
    address = f"/v1/handoffs/{taken['handoff']['id']}"
    wait_until(lambda: _told(desk.client.get(address).json()))
    time.sleep(SLOW_DRAFT_SECONDS)  # the slow step ends, and finds that it was overtaken
    assert desk.arrived(one) == []
    post(desk, f"{address}/decide", {"kind": "reply", "text": "By hand."})
    [view] = desk.ends(one)
    assert (view["status"], view["outcome"]) in {
        ("settled", "answered_by_person"),
        ("waiting", "with_person"),
    }
    assert arrives(desk, one, "reply") == ["reply"]


def _files(desk: Desk, ticket: str) -> list[str]:
    """Names of the files of what was said on a ticket."""
    said = desk.client.get(f"/v1/tickets/{ticket}").json()["messages"]
    return [file["name"] for one in said for file in one["files"]]


def _steps(desk: Desk, ticket: str) -> set[str]:
    rows = desk.client.get(f"/v1/tickets/{ticket}/journal").raise_for_status().json()["rows"]
    return {row["name"] for row in rows if row["kind"] == "step"}


def _told(handoff: dict[str, Any]) -> bool:
    return any(event["what"] == "story" for event in handoff["events"])
