"""What a person tells the agent with a ticket that they give back."""

from api.http.handoffs.story import followed
from graph.guidance import statements
from memory.journal import codec
from memory.journal.events import GuidanceFollowed
from tests.bench import Bench
from tests.people import HANDED


async def test_a_returned_ticket_says_what_it_did_with_the_guidance(bench: Bench) -> None:
    """A quoted statement is evidence, the rest steers the search; the numbers are told in words."""
    ticket = await bench.answer(HANDED)
    hint = 'Look under sign in. Tell them: "The link is valid for one hour only."'
    ticket = await bench.settled_by(ticket, "return", guidance=hint)
    row = [row for row in await bench.rows(ticket) if row.name == "guidance"][-1]
    event = codec.event(row)
    assert isinstance(event, GuidanceFollowed)
    assert (event.outcome, event.statements, event.searches) == ("used", 1, 1)
    assert followed(event) == (
        "It took 1 quoted statement as evidence and made 1 search and found 1 passage in 1 article;"
        " the weakest ask's confidence 0.20 is under 0.60."
    )
    kinds = [
        item["kind"]
        for one in (await bench.handoff(ticket)).story["tried"]
        for item in one["evidence"]
    ]
    assert sorted(kinds) == ["article", "guidance"]


def test_only_what_is_quoted_may_be_said_to_the_customer() -> None:
    """Hints are meant for the agent; a quoted name is no statement."""
    assert statements("Be nice, it is a big customer. Look at “Billing”.") == []
    assert statements('Say "We pay it back within five days." and smile') == [
        "We pay it back within five days."
    ]
