"""Charges that are disputed: a person looks, whatever an article says of charges."""

import pytest

from graph.minds.local.confidence.assessor import LocalAssessor
from graph.state import Ask, Evidence, StepResult
from graph.text.disputed import disputes_a_charge


@pytest.mark.parametrize(
    ("said", "disputed"),
    [
        ("Please send back the £3.20 you took from my card twice.", True),
        ("I want my 12 euros back, I was charged by mistake.", True),
        ("Refund the fee that you added, it was not my fault.", True),
        ("You took 9 euros twice. How do I get them back?", False),
        ("Please refund my credit.", False),
        ("I was charged twice last year, and now the lamp is broken.", False),
        ("Please give me my padlock back, I forgot it.", False),
    ],
)
def test_a_charge_that_was_wrong_is_to_be_taken_back(said: str, disputed: bool) -> None:
    """Only where it is to be taken back, was charged by us and was wrong; who asks for the way gets the way."""
    assert disputes_a_charge(said) is disputed


async def test_no_article_is_sure_of_a_disputed_charge() -> None:
    """The rule about charges is no answer to who says that one was wrong."""
    text = "A fee of £3 is added. It is not sent back."
    found = Evidence(
        id="e1",
        source="fees",
        title="Fees",
        heading="",
        text=text,
        score=0.9,
        kind="article",
        features={},
    )
    said = "Please send back the fee of £3 you added by mistake."
    step = StepResult(arguments={"query": said}, evidence=[found])  # type: ignore[typeddict-item]
    told = await LocalAssessor().confidence(
        Ask(id="a1", text=said, query=said, intent=None), [step]
    )
    assert (told.value, told.evidence) == (0.0, [])
