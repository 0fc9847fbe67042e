"""Priority and route of a handoff, each step with its reason."""

import pytest

from graph.desk.people import CustomerRule, HandoffPolicy, Team
from graph.nodes.triage import _priority
from graph.state.understanding import Priority
from graph.text.speech.acts import Act
from graph.urgency import heat, route, urgency
from tests.bench import Bench, desk_of
from tests.graph.desk.work import ANN, HANDED


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("How do I reset my password?", 0.0, 0.1),
        ("Thanks! That worked!", 0.0, 0.2),
        ("When I press Save in the court calendar, Sue gets two mails", 0.0, 0.1),
        ("We shall go to the press", 0.5, 1.0),
        ("I am going to sue you in court", 0.5, 1.0),
        ("This is the third time I write and it is unacceptable!!", 0.5, 1.0),
        ("I will speak to my lawyer", 0.5, 1.0),
        ("WHERE IS MY ORDER I AM STILL WAITING", 0.5, 1.0),
    ],
)
def test_heat_tells_anger_from_a_plain_question(text: str, least: float, most: float) -> None:
    """It only orders the queue."""
    assert least <= heat(text) <= most


def test_priority_says_why() -> None:
    """Intent, customer, tone and how often a person was needed, each in words."""
    policy = HandoffPolicy(customers=(CustomerRule(match="@big.example", priority="high"),))
    desk = desk_of(handoff=policy)
    plain = urgency(desk, "normal", intent="orders", email="x@y.z", text="Hello", earlier=0)
    assert (plain.priority, plain.because) == ("normal", ("The priority of orders is normal.",))
    raised = urgency(
        desk, "low", intent=None, email="Jo@Big.example", text="a scam, a joke", earlier=2
    )
    assert raised.priority == "urgent"
    assert len(raised.because) == 4


@pytest.mark.parametrize(
    ("own", "begins", "because"),
    [
        ("low", "high", "It begins as high, by what it says."),
        ("high", "high", "The priority of orders is high."),
        ("urgent", "urgent", "The priority of orders is urgent."),
    ],
)
def test_a_threat_makes_nothing_less_urgent(own: Priority, begins: str, because: str) -> None:
    """It is high at least; what the desk calls urgent stays so, and is told as the desk has it."""
    desk = desk_of()
    [orders] = desk.intents
    orders = orders.model_copy(update={"priority": own})
    desk = desk.model_copy(update={"intents": (orders,)})
    base = _priority({"automatic": None}, Act.SERIOUS, orders)  # type: ignore[typeddict-item]
    assert base == begins
    found = urgency(desk, base, intent="orders", email=None, text="Hello", earlier=0)
    assert found.because == (because,)


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
    assert route(desk, ["orders"]).team == "money"
    assert route(desk, ["door", "orders"]).team == "floor"
    assert route(desk, ["other", "door"]).team == ""  # one word of a message is no errand for it
    assert (route(desk, ["other"]).team, route(desk, []).team) == ("", "")


async def test_the_second_handoff_of_a_customer_is_more_urgent(bench: Bench) -> None:
    """They have needed a person before."""
    first = await bench.answer(HANDED, customer_email=ANN)
    second = await bench.answer(HANDED, customer_email=ANN.upper())
    assert [(await bench.handoff(one)).priority for one in (first, second)] == [2, 1]
    because = (await bench.handoff(second)).story["priority"]["because"]
    assert (
        because[-1] == "When it came, other tickets of the customer had needed a person lately: 1."
    )
