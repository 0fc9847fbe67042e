"""How surely an ask is answered that calls something off."""

from graph.minds.local.confidence.assessor import LocalAssessor
from tests.graph.minds.local.confidence.test_assessor import STRONG, _ask, _evidence, _result


async def test_what_is_called_off_is_not_answered() -> None:
    """Its words are near to the article about it, which nobody wants to read any more."""
    assessor, evidence = LocalAssessor(), [_evidence("a", 1.0, STRONG)]
    ask = _ask("We do not want a refund any more, all is well.")
    assert (await assessor.confidence(ask, [_result(evidence)])).value == 0.0
