"""What the words of expectations mean, on conversations made by hand."""

from dataclasses import replace

import pytest

from evals.trials.outcome import Call, CameTurn, Sent
from evals.trials.vocabulary import Known, understood

KNOWN = Known(
    articles=("change-password", "reset-forgotten-password", "publish-a-plan", "cancel"),
    tools=("lookup_order", "refund_payment"),
)
ASKED = "How do I change my password?"
REPLY = Sent("reply", "Hello Ann,\n\nOpen Profile to change it.", ("change-password",))
DELIVERED = CameTurn("delivered", sent=(REPLY,), read=ASKED)
PERSON = CameTurn("with_person", "low_confidence", read=ASKED)
URGENT = replace(PERSON, priority="urgent")
ASKING = CameTurn("clarifying", sent=(Sent("clarification", "Which phone?"),), read=ASKED)
AUTOMATIC = CameTurn("with_person", "automatic_mail", priority="low")
INJECTION = CameTurn("with_person", "injection")
QUIET = CameTurn("confirmed")
CRASHED = CameTurn("with_person", "node_failed")
LOOKED_UP = replace(DELIVERED, calls=(Call("lookup_order", "ok", {"order_id": "A-1"}),))
SHIPPED = replace(LOOKED_UP, sent=(Sent("reply", "Your order is shipped.", ("lookup_order",)),))
PROPOSED = CameTurn("with_person", calls=(Call("refund_payment", "proposed", {"amount": 1200.0}),))

HALVED = CameTurn("with_person", calls=(Call("refund_payment", "proposed", {"amount": 200.0}),))

ONE_TURN = [
    ("delivered", DELIVERED, PERSON),
    ("answered: change-password", DELIVERED, PERSON),
    ("delivered reset-forgotten-password or change", DELIVERED, PERSON),
    ("delivered password only", DELIVERED, PERSON),
    ("answer cancel or person", PERSON, ASKING),
    ("person", PERSON, ASKING),
    ("with_person or clarifying, no crash", ASKING, DELIVERED),
    ("with_person/clarifying fast; no crash", PERSON, CRASHED),
    ("with_person or nothing, never an answer", QUIET, DELIVERED),
    ("person, raised priority", URGENT, PERSON),
    ("answered or a person, not low priority", PERSON, AUTOMATIC),
    ("a colleague writes: answered, or a normal-priority person", PERSON, AUTOMATIC),
    ("automatic: a tagged subject", AUTOMATIC, PERSON),
    ("not automatic (borderline)", PERSON, AUTOMATIC),
    ("not automatic? some programs set that header", DELIVERED, AUTOMATIC),
    ("low_confidence person or answer; not injection", PERSON, INJECTION),
    ("order looked up (with a dash)", LOOKED_UP, DELIVERED),
    ("lookup_order or ask", ASKING, DELIVERED),
    ("lookup_order, status shipped", SHIPPED, LOOKED_UP),
    ("proposal of 1200 or none", PROPOSED, HALVED),
    ("1,200", PROPOSED, DELIVERED),
    ("not 200", DELIVERED, HALVED),
    ("not shown, code or person", PERSON, DELIVERED),
    ("code", replace(ASKING, verify=True), ASKING),
    ("not the steps to change", PERSON, DELIVERED),
    ("no article", ASKING, DELIVERED),
    ('greeting not "Hello Bob,,"', DELIVERED, PERSON),
    ("greeting fine", DELIVERED, replace(DELIVERED, sent=(Sent("reply", "Hello {name},"),))),
]
"""(expectation, a turn that came so, one that did not)"""
FOLLOWED = [
    ("delivered; then thanks must settle without a person or another answer", QUIET, ASKING),
    ("delivered; 'did not help' must go to a person", PERSON, ASKING),
    ("delivered; a robot's reply must not open urgent handoff / no notice sent", AUTOMATIC, URGENT),
    ("no question back, no handoff", QUIET, ASKING),
    ("second question answered", DELIVERED, ASKING),
    ("no second answer to a thank-you", QUIET, DELIVERED),
    ("nothing sent to the robot", AUTOMATIC, ASKING),
]
"""The same of the turn that follows an answer."""


@pytest.mark.parametrize(("expect", "right", "wrong"), ONE_TURN)
def test_a_term_tells_right_from_wrong(expect: str, right: CameTurn, wrong: CameTurn) -> None:
    """Each expectation holds for one way a ticket may come, and not for another."""
    found = understood(expect, KNOWN, follows=False)
    assert found.unknown == ()
    assert found.holds(ASKED, (right,), ())
    assert not found.holds(ASKED, (wrong,), ())


@pytest.mark.parametrize(("expect", "right", "wrong"), FOLLOWED)
def test_later_clauses_are_about_the_last_turn(
    expect: str, right: CameTurn, wrong: CameTurn
) -> None:
    """What the customer writes next is judged by the turn that it began."""
    found = understood(expect, KNOWN, follows=True)
    assert found.unknown == ()
    assert found.holds(ASKED, (DELIVERED, right), ("and then",))
    assert not found.holds(ASKED, (DELIVERED, wrong), ("and then",))


def test_the_first_clause_is_about_the_first_turn() -> None:
    """A conversation that began wrong is wrong, however it went on."""
    found = understood("delivered; ok, no handoff", KNOWN, follows=True)
    assert not found.holds(ASKED, (PERSON, QUIET), ("ok",))


@pytest.mark.parametrize("expect", ["", "purple", "delivered, purple", "purple or person"])
def test_what_is_not_understood_is_never_passed(expect: str) -> None:
    """An unknown word makes the whole unknown: nothing counts as right by accident."""
    found = understood(expect, KNOWN, follows=False)
    assert found.unknown
    assert not any(found.holds(ASKED, (turn,), ()) for turn in (DELIVERED, PERSON, ASKING))


def test_a_crash_is_never_as_expected() -> None:
    """A fault of ours that ends with a person is not the person that was expected."""
    assert not understood("person", KNOWN, follows=False).holds(ASKED, (CRASHED,), ())
