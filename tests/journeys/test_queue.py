"""The queue as people work it over HTTP: hold, hand on, put aside, ask, merge, close."""

import asyncio
from datetime import UTC, datetime, timedelta

from memory.tables import Letter
from tests import desks
from tests.journeys.floor import ONE, TWO, Floor, soon


async def test_assigning_to_others_is_for_leads(floor: Floor) -> None:
    """An agent takes for itself, or hands on what it has; a lead takes from whoever has it."""
    await floor.handed("hnd_1")
    refused = await floor.post(f"{ONE}/assign", floor.ann, {"to": "Bob"})
    assert (refused.status_code, "transfer" in refused.json()["detail"]) == (403, True)
    assert (await floor.post(f"{ONE}/assign", floor.ann, {"to": "Ann"})).json()[
        "claimed_by"
    ] == "Ann"
    given = (await floor.post(f"{ONE}/assign", floor.lea, {"to": "Bob"})).json()
    assert (given["claimed_by"], given["status"]) == ("Bob", "claimed")
    assert (await floor.post(f"{ONE}/claim", floor.ann)).json()["by"] == "Bob"


async def test_a_transfer_carries_a_note(floor: Floor) -> None:
    """To a person who then has it, or to a team whose queue it joins; only the holder may."""
    await floor.handed("hnd_1")
    await floor.post(f"{ONE}/claim", floor.ann)
    refused = await floor.post(f"{ONE}/transfer", floor.bob, {"to": "Bob"})
    assert refused.status_code == 409
    body = {"to": "Bob", "note": "You know this customer."}
    assert (await floor.post(f"{ONE}/transfer", floor.ann, body)).json()["claimed_by"] == "Bob"
    moved = (await floor.post(f"{ONE}/transfer", floor.bob, {"team": "billing"})).json()
    assert (moved["status"], moved["team"], moved["claimed_by"]) == ("open", "billing", None)
    whole = await floor.read(ONE)
    assert [(one["author"], one["kind"]) for one in whole["notes"]] == [("Ann", "transfer")]
    told = [(one["who"], one["what"]) for one in whole["events"]]
    assert told == [
        ("agent", "opened"),
        ("Ann", "claimed"),
        ("Ann", "transferred"),
        ("Ann", "noted"),
        ("Bob", "transferred"),
    ]
    assert (await floor.post(f"{ONE}/transfer", floor.bob, {})).status_code == 422


async def test_what_is_put_aside_comes_back(floor: Floor) -> None:
    """To whoever put it aside: when woken, or when the customer writes."""
    ticket = await floor.handed("hnd_1")
    aside = (await floor.post(f"{ONE}/snooze", floor.ann, {"until": soon()})).json()
    assert (aside["status"], aside["claimed_by"]) == ("snoozed", "Ann")
    assert (await floor.read("/v1/handoffs"))["items"] == []
    assert len((await floor.read("/v1/handoffs?mine=true"))["items"]) == 1
    assert (
        (await floor.post(f"{ONE}/claim", floor.bob))
        .json()["detail"]
        .startswith("Ann has put aside this handoff until")
    )
    assert (await floor.post(f"{ONE}/wake", floor.ann)).json()["status"] == "claimed"
    await floor.post(f"{ONE}/snooze", floor.ann, {"until": soon()})
    await floor.client.post(
        f"/v1/tickets/{ticket}/messages", json={"text": "and?"}, headers=floor.shop
    )
    back = await floor.read(ONE)
    assert (back["status"], back["claimed_by"], back["unread"]) == ("claimed", "Ann", 2)
    past = await floor.post(f"{ONE}/snooze", floor.ann, {"until": soon(-1)})
    assert (past.status_code, past.json()["errors"][0]["field"]) == (422, "until")


async def test_a_question_waits_for_the_customer(floor: Floor) -> None:
    """It is stored as a letter once; the answer brings the handoff back to whoever asked."""
    ticket = await floor.handed("hnd_1")
    due = datetime.now(UTC) + timedelta(hours=9)
    await floor.change("hnd_1", due_at=due, resolve_by=due)
    asked = (await floor.post(f"{ONE}/ask", floor.ann, {"text": "Which order?"})).json()
    assert (asked["status"], asked["claimed_by"]) == ("waiting_customer", "Ann")
    assert asked["responded_at"] is not None
    [letter] = await floor.rows(Letter)
    assert (letter.kind, letter.author, letter.text) == ("clarification", "Ann", "Which order?")
    again = await floor.post(f"{ONE}/ask", floor.ann, {"text": "Which order?"})
    assert again.json()["type"].endswith("already-asked")
    assert len(await floor.rows(Letter)) == 1
    await floor.client.post(
        f"/v1/tickets/{ticket}/messages", json={"text": "FH-1"}, headers=floor.shop
    )
    back = await floor.read(ONE)
    assert (back["status"], back["claimed_by"]) == ("claimed", "Ann")
    assert back["due_at"] is None, "the clock of the queue works the next target out"
    assert datetime.fromisoformat(back["resolve_by"]) > due


async def test_a_version_guards_every_change(floor: Floor) -> None:
    """What changed since one looked is refused; renewing one's lease changes nothing."""
    await floor.handed("hnd_1")
    seen = (await floor.post(f"{ONE}/claim", floor.ann)).json()["version"]
    renewed = (await floor.post(f"{ONE}/claim", floor.ann, {"minutes": 30})).json()
    assert renewed["version"] == seen
    for path, body in (
        ("claim", {}),
        ("transfer", {"to": "Bob"}),
        ("snooze", {"until": soon()}),
        ("ask", {"text": "Which?"}),
        ("assign", {"to": "Ann"}),
        ("redraft", {"hint": "shorter"}),
        ("decide", {"kind": "close"}),
    ):
        if path == "claim":
            continue  # one's own claim is renewed, whatever the version
        stale = await floor.post(f"{ONE}/{path}", floor.ann, {**body, "version": seen - 1})
        assert (path, stale.json()["type"].rsplit(":")[-1]) == (path, "stale")
    assert (await floor.read(ONE))["version"] == seen


async def test_duplicates_of_one_customer_are_merged(floor: Floor) -> None:
    """The ticket ends, the customer is told, its messages are shown with the other one."""
    one = await floor.handed("hnd_1", "First")
    await floor.handed("hnd_2", "Second")
    merged = (await floor.post(f"{TWO}/merge", floor.ann, {"into": "hnd_1"})).json()
    assert (merged["status"], merged["merged_into"]) == ("closed", "hnd_1")
    whole = await floor.read(ONE)
    assert [item["subject"] for item in whole["merged"]] == ["Second"]
    assert whole["merged"][0]["messages"][0]["text"] == "my money back"
    [letter] = await floor.rows(Letter)
    assert (letter.kind, letter.purpose, '"First"' in letter.text) == ("notice", "merged", True)
    ended = await floor.read(f"/v1/tickets/{merged['ticket_id']}")
    assert (ended["status"], ended["outcome"]) == ("settled", "merged")
    again = await floor.post(f"{TWO}/merge", floor.ann, {"into": "hnd_1"})
    assert again.status_code == 409
    assert (await floor.post(f"{ONE}/merge", floor.ann, {"into": "hnd_1"})).status_code == 409
    assert (await floor.read(f"/v1/tickets/{one}"))["status"] == "waiting"


async def test_tickets_of_two_customers_are_never_merged(floor: Floor) -> None:
    """Nor those of somebody unknown: one would read the other's answer."""
    await floor.handed("hnd_1")
    body = {"text": "me too", "customer": {"email": "eve@example.com"}}
    posted = (await floor.client.post("/v1/tickets", json=body, headers=floor.shop)).json()
    await desks.hand_off(floor.settings, posted["id"], "hnd_2")
    refused = await floor.post(f"{TWO}/merge", floor.ann, {"into": "hnd_1"})
    assert (refused.status_code, refused.json()["type"].rsplit(":")[-1]) == (409, "not-mergeable")


async def test_several_are_closed_at_once_by_a_lead(floor: Floor) -> None:
    """Those that somebody else has are left and named; the note stands with the others."""
    for name in ("hnd_1", "hnd_2", "hnd_3"):
        await floor.handed(name)
    await floor.post(f"{TWO}/claim", floor.bob)
    body = {"ids": ["hnd_1", "hnd_2", "hnd_3", "hnd_9"], "note": "newsletter replies"}
    assert (await floor.post("/v1/handoffs/bulk/close", floor.ann, body)).status_code == 403
    done = (await floor.post("/v1/handoffs/bulk/close", floor.lea, body)).json()
    assert done["closed"] == ["hnd_1", "hnd_3"]
    assert done["refused"]["hnd_2"].startswith("Bob has claimed")
    assert done["refused"]["hnd_9"] == "there is no handoff 'hnd_9'"
    assert (await floor.read(ONE))["notes"][0]["kind"] == "close"
    many = {"ids": [f"hnd_{n}" for n in range(101)]}
    assert (await floor.post("/v1/handoffs/bulk/close", floor.lea, many)).status_code == 422


async def test_each_action_is_approved_or_refused_on_its_own(floor: Floor) -> None:
    """And what a person changed in the suggestion is kept."""
    actions = [{"fingerprint": f, "tool": "refund", "arguments": {"order": f}} for f in "ab"]
    await floor.handed(
        "hnd_1", story={"suggestion": {"text": "It is sent.\nBye."}, "actions": actions}
    )
    both = {"kind": "reply", "text": "x", "actions": ["a"], "refused": ["a"]}
    assert (await floor.post(f"{ONE}/decide", floor.ann, both)).status_code == 422
    body = {"kind": "reply", "text": "It is paid.\nBye.", "actions": ["a"], "refused": ["b"]}
    decided = (await floor.post(f"{ONE}/decide", floor.ann, body)).json()
    assert [(one["fingerprint"], one["verdict"]) for one in decided["actions"]] == [
        ("a", "approved"),
        ("b", "refused"),
    ]
    assert decided["actions"][0]["arguments"] == {"order": "a"}
    changed = decided["decision"]["difference"]
    assert (changed["likeness"], changed["lines"][1:3]) == (0.75, ["-It is sent.", "+It is paid."])


async def test_a_ticket_at_work_is_taken_over(floor: Floor) -> None:
    """One of those who try at once has it, and the others learn who."""
    posted = await floor.client.post("/v1/tickets", json={"text": "a"}, headers=floor.shop)
    address = f"/v1/tickets/{posted.json()['id']}/takeover"
    found = await asyncio.gather(
        *(floor.post(address, who, {"note": "mine"}) for who in (floor.ann, floor.bob, floor.lea))
    )
    assert sorted(one.status_code for one in found) == [200, 409, 409]
    [taken] = [one.json() for one in found if one.status_code == 200]
    assert (taken["agent_answer"], taken["handoff"]["reason"]) == ("none", "taken_over")
    assert {one.json()["by"] for one in found if one.status_code == 409} == {
        taken["handoff"]["claimed_by"]
    }


async def test_twenty_people_change_one_handoff_and_one_has_it(floor: Floor) -> None:
    """Claims, assignments and putting aside at once over HTTP: one owner, the others refused."""
    await floor.handed("hnd_1")
    keys = [await desks.new_key(floor.settings, f"P{n}", ["agent"]) for n in range(20)]
    ways = [("claim", {}), ("snooze", {"until": soon()}), ("ask", {"text": "Which?"})]
    tries = [
        floor.post(f"{ONE}/{ways[n % 3][0]}", key, ways[n % 3][1]) for n, key in enumerate(keys)
    ]
    found = await asyncio.gather(*tries)
    assert sorted(one.status_code for one in found) == [200] + [409] * 19
    [winner] = [one.json()["claimed_by"] for one in found if one.status_code == 200]
    assert (await floor.read(ONE))["claimed_by"] == winner
