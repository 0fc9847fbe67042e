"""Whose queue a handoff stands in."""

from graph.desk.people import HandoffPolicy, Team
from graph.team_route import team_route
from tests.bench import desk_of


def test_a_handoff_goes_to_the_team_that_knows() -> None:
    """By the intent's own team, or the first with one of its skills; else everybody's."""
    teams = (Team(name="money", skills=("refunds",)), Team(name="floor"))
    desk = desk_of(handoff=HandoffPolicy(teams=teams))
    [orders] = desk.intents
    desk = desk.model_copy(
        update={
            "intents": (
                orders.model_copy(update={"skills": ("refunds",)}),
                orders.model_copy(update={"name": "door", "team": "floor"}),
                orders.model_copy(update={"name": "other"}),
            )
        }
    )
    assert team_route(desk, ["orders"]).team == "money"
    assert team_route(desk, ["door", "orders"]).team == "floor"
    assert (
        team_route(desk, ["other", "door"]).team == ""
    )  # one word of a message is no errand for it
    assert (team_route(desk, ["other"]).team, team_route(desk, []).team) == ("", "")
