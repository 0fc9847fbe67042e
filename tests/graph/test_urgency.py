"""Priority of a handoff, each step with its reason."""

import pytest

from graph.desk.people import CustomerRule, HandoffPolicy
from graph.nodes.triage import _priority
from graph.state.understanding import Priority
from graph.text.speech.acts import Act
from graph.urgency import urgency
from tests.bench import Bench, desk_of
from tests.people import ANN, HANDED


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
    base = _priority(None, Act.SERIOUS, orders)
    assert base == begins
    found = urgency(desk, base, intent="orders", email=None, text="Hello", earlier=0)
    assert found.because == (because,)


async def test_the_second_handoff_of_a_customer_is_more_urgent(bench: Bench) -> None:
    """They have needed a person before."""
    first = await bench.answer(HANDED, customer_email=ANN)
    second = await bench.answer(HANDED, customer_email=ANN.upper())
    assert [(await bench.handoff(one)).priority for one in (first, second)] == [2, 1]
    because = (await bench.handoff(second)).story["priority"]["because"]
    assert (
        because[-1] == "When it came, other tickets of the customer had needed a person lately: 1."
    )
