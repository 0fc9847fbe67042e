"""What an ask is weighed by, whatever the assessor would say of the rest."""

from types import SimpleNamespace
from typing import Any

import pytest
from typing_extensions import override

from graph.desk.model import Desk
from graph.minds.contract import Assessor, Confidence
from graph.nodes.weighing import weighed


class Sure(Assessor):
    """Is sure of whatever it is given."""

    @override
    async def confidence(self, _ask: Any, results: Any) -> Confidence:
        found = [one["id"] for result in results for one in result["evidence"]]
        return Confidence(0.9, found, None)


CONTEXT: Any = SimpleNamespace(
    desk=Desk(tenant="acme", company="Acme"),
    answer_threshold=0.5,
    minds=SimpleNamespace(assessor=Sure()),
)


def _found(*texts: str) -> list[Any]:
    evidence = [
        {"id": text, "kind": "article", "title": "Kayaks", "heading": "", "text": text}
        for text in texts
    ]
    return [
        {"ask_id": "a1", "kind": "search", "status": "ok", "evidence": evidence, "answer": None}
    ]


def _ask(text: str) -> Any:
    return {"id": "a1", "text": text, "query": text, "intent": None}


async def test_only_what_tells_of_places_says_where_things_are_sent() -> None:
    """When kayaks are shipped is no answer to whether they are shipped to Peru."""
    when, where = "Kayaks are shipped in May.", "We ship to Chile and no other country."
    asked = await weighed(_ask("Do you ship kayaks to Peru?"), _found(when, where), CONTEXT)
    assert asked["evidence"] == [where]
    asked = await weighed(_ask("When do you ship kayaks?"), _found(when, where), CONTEXT)
    assert asked["evidence"] == [when, where]


@pytest.mark.parametrize(
    "text",
    ["Our new bookkeeper is Ida, [email], please change it.", "Would you like to try our paddles?"],
)
async def test_what_is_handed_over_or_offered_no_article_answers(text: str) -> None:
    """A person enters the one, and looks at the other."""
    asked = await weighed(_ask(text), _found("Go to Settings and change it."), CONTEXT)
    assert not asked["supported"]
    assert asked["question"] is None
