"""A helpdesk whose lists move while they are read, and one that knows our token no longer."""

from datetime import timedelta

import httpx2
import pytest
from starlette.responses import JSONResponse, Response

from api.channels import dispatch
from evals.stack.helpdesks import chatwoot as chatwoot_server
from evals.stack.helpdesks import zendesk as zendesk_server
from evals.stack.helpdesks.faulty import Fault
from evals.stack.helpdesks.world import OWN_ID
from memory.channels import states
from memory.tables import OutgoingStatus
from tests.helpdesks import LIMITS, SERVERS, Floor, floor_of
from tests.memory.ledgers import Ledger
from tools.adapters.helpdesk import zammad, zammad_search

LISTS = ("conversations", "search", "cursor.json")
"""How the paths of lists end."""


async def test_what_moves_while_the_list_is_read_hides_nothing(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A conversation that moves to the end of it pulls no other one over the edge of a page."""
    monkeypatch.setattr(zammad_search, "PAGE", 5)
    monkeypatch.setattr(zammad, "PAGE", 5)
    monkeypatch.setattr(chatwoot_server, "LIST_PAGE", 5)
    monkeypatch.setattr(zendesk_server, "EXPORT_PAGE", 5)
    world = floor.server.world
    await floor.source.catch_up()
    opened = [world.opens("hello", name=f"Ann {number}") for number in range(12)]
    for number, one in enumerate(opened, start=1):
        one.changed += timedelta(minutes=10 * number)
    lists = 0

    def next_fault(request: httpx2.Request) -> Fault | None:
        nonlocal lists
        lists += request.url.path.endswith(LISTS)
        if lists == 2:
            opened[0].changed = opened[-1].changed + timedelta(minutes=10)
        return None

    floor.transport.next_fault = next_fault
    await floor.source.catch_up()
    await floor.source.catch_up()
    assert len(await floor.tickets()) == 12


@pytest.mark.parametrize("fault", ["refused", "refused_user"])
async def test_a_token_that_is_refused_fails_no_answer(
    floor: Floor, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The channel says so however often it is tried, and the answers leave once there is a new token."""
    monkeypatch.setattr(dispatch, "REFUSED_PAUSE_SECONDS", 0.0)
    talk = floor.server.world.opens("How?")
    await floor.source.catch_up()
    await floor.drive("So.")
    floor.transport.next_fault = lambda _request: fault
    for _ in range(LIMITS.attempts + 1):
        await floor.dispatch.round()
    assert (await floor.statuses())[0] == ("reply", OutgoingStatus.WANTED)
    async with floor.ledger.database.reading() as session:
        [out] = [one for one in await states.all_rows(session) if one.part == dispatch.OUT]
    assert "token is refused" in str(out.trouble)
    floor.transport.next_fault = lambda _request: None
    await floor.until_quiet()
    assert talk.texts() == ["So."]


@pytest.mark.parametrize("fault", ["refused", "refused_user"])
async def test_one_conversation_that_is_closed_to_us_goes_to_a_person(
    floor: Floor, fault: Fault
) -> None:
    """A 401 or 403 to one call is no refused token: the others leave meanwhile."""
    floor.server.world.opens("How?")
    await floor.source.catch_up()
    await floor.drive("So.")
    floor.transport.next_fault = lambda request: fault if request.method != "GET" else None
    await floor.until_quiet()
    assert (await floor.statuses())[0] == ("reply", OutgoingStatus.FAILED)


async def test_a_token_that_makes_us_nobody_is_refused(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Zendesk answers who we are with a user who is nobody; no message is to blame for that."""
    user: dict[str, object] = {"id": OWN_ID, "name": "Deskhand"}

    async def me(*_: object) -> Response:
        return JSONResponse({"user": user})

    monkeypatch.setattr(zendesk_server.ZendeskServer, "_me", me)
    async with floor_of(ledger, "zendesk") as floor:
        floor.server.world.opens("How?")
        await floor.source.catch_up()
        await floor.drive("So.")
        user["id"] = None
        floor.transport.next_fault = lambda request: (
            None if request.url.path.endswith("me.json") else "refused_user"
        )
        await floor.dispatch.round()
        assert (await floor.statuses())[0] == ("reply", OutgoingStatus.WANTED)


async def test_a_token_that_stays_refused_brings_its_answers_to_people_at_last(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The waiting has a named limit."""
    monkeypatch.setattr(dispatch, "LONGEST_REFUSED", timedelta(0))
    floor.server.world.opens("How?")
    await floor.source.catch_up()
    await floor.drive("So.")
    floor.transport.next_fault = lambda _request: "refused"
    await floor.dispatch.round()
    assert (await floor.statuses())[0] == ("reply", OutgoingStatus.FAILED)


@pytest.mark.parametrize("name", list(SERVERS))
@pytest.mark.parametrize("hours", [-2, 2], ids=["ahead", "behind"])
async def test_a_wrong_clock_there_hides_and_doubles_nothing(
    ledger: Ledger, name: str, hours: int
) -> None:
    """It is read from the connection on by its own clock, and a late doubt is decided by order."""
    async with floor_of(ledger, name, behind=timedelta(hours=hours)) as floor:
        floor.server.world.drops_markers = True
        talk = floor.server.world.opens("How?")
        await floor.source.catch_up()
        await floor.drive("So.")
        faults: list[Fault] = ["drop_after"]
        floor.transport.next_fault = lambda request: (
            faults.pop() if faults and request.method != "GET" else None
        )
        await floor.until_quiet()
        assert await floor.said() == [("customer", "How?")]
        assert talk.texts() == ["So."]


@pytest.mark.parametrize("apart", [0, 1], ids=["one second", "a second each"])
async def test_more_changes_at_once_than_one_look_holds_are_all_read(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, apart: int
) -> None:
    """A bulk change moves thousands within the time that the search may lag: each look goes on."""
    monkeypatch.setattr(zammad_search, "PAGE", 5)
    monkeypatch.setattr(zammad, "PAGE", 5)
    monkeypatch.setattr(zammad, "MOST_PAGES", 2)
    async with floor_of(ledger, "zammad") as floor:
        await floor.source.catch_up()
        opened = [floor.server.world.opens("hello", name=f"Ann {number}") for number in range(33)]
        at = max(one.changed for one in opened)
        for number, one in enumerate(opened):
            one.changed = at + timedelta(seconds=apart * number)
        await floor.source.catch_up()
        assert len(await floor.tickets()) == 33
        late = floor.server.world.opens("hello", name="Bob")
        late.changed = at + timedelta(seconds=40)
        await floor.source.catch_up()
        assert len(await floor.tickets()) == 34
