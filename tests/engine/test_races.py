"""Races on the real stack: one key makes one ticket, one decision wins, no message is lost."""

import sqlite3
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from tests.engine.conftest import Desk
from tests.waiting import wait_until

AT_ONCE = 20


def test_parallel_posts_with_one_key_make_one_ticket(desk: Desk) -> None:
    """Twenty at once: one ticket, one reply, the same answer for all."""
    body, headers = {"text": "How do I reset my password?"}, {"Idempotency-Key": "one"}

    def post(_: int) -> str:
        answer = desk.client.post("/v1/tickets", json=body, headers=headers)
        return str(answer.raise_for_status().json()["id"])

    with ThreadPoolExecutor(AT_ONCE) as pool:
        ids = set(pool.map(post, range(AT_ONCE)))
    [one] = ids
    desk.ends(one)
    assert desk.arrived(one) == ["reply"]


def test_of_parallel_decisions_one_wins(desk: Desk) -> None:
    """The others learn who was faster; one reply arrives."""
    [view] = desk.ends(desk.post("Reset my password. #person"))
    found = desk.client.get("/v1/handoffs", params={"ticket": view["id"]}).raise_for_status()
    [handoff] = found.json()["items"]

    def decide(number: int) -> tuple[int, str]:
        body = {"kind": "reply", "text": f"Answer number {number} of a person."}
        answer = desk.client.post(f"/v1/handoffs/{handoff['id']}/decide", json=body)
        return answer.status_code, answer.text

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(decide, range(AT_ONCE)))
    assert Counter(status for status, _ in answers) == {200: 1, 409: AT_ONCE - 1}
    assert all("decided this handoff" in words for status, words in answers if status == 409)
    wait_until(lambda: "reply" in desk.arrived(view["id"]))
    assert sorted(desk.arrived(view["id"])) == ["notice", "reply"]


def test_a_message_during_a_run_gets_no_answer_of_its_own(desk: Desk) -> None:
    """The turn begins anew with both messages, and one reply answers them."""
    one = desk.post("How do I reset my password? #slow:2")
    # Before the run has its input, the message would simply join it.
    wait_until(lambda: _handled(desk, one), 0.01)
    added = desk.client.post(f"/v1/tickets/{one}/messages", json={"text": "And of my colleague?"})
    assert added.status_code == 202
    [view] = desk.ends(one)
    assert (view["turn"], view["outcome"]) == (1, "delivered")
    assert desk.arrived(one) == ["reply"]


def _handled(desk: Desk, ticket_id: str) -> bool:
    with closing(sqlite3.connect(desk.stack.home / "deskhand.db")) as ledger:
        query = "SELECT handled FROM tickets WHERE id = ?"
        return bool(ledger.execute(query, (ticket_id,)).fetchone()[0])
