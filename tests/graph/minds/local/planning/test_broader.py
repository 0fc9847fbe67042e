"""What is searched for where the first search brought nothing."""

from typing import Any

from graph.minds.local.intent.classifier import LocalClassifier
from graph.minds.local.planning.planner import LocalPlanner
from memory.encoder.encoder import HashEncoder
from tests.graph.minds.local.planning.test_planner import DESK, request_of


async def test_a_message_of_signs_alone_is_searched_for_once() -> None:
    """It has no terms, and a search for nothing would be told as a tool that failed."""
    planner = LocalPlanner(LocalClassifier(HashEncoder(), DESK.intents, 0.35))
    text = "{{ }} " * 600
    plan = await planner.plan(request_of(text, intent=None))
    queries: list[str] = []
    results: list[dict[str, Any]] = []
    for _ in range(6):
        queries += [step["arguments"]["query"] for step in plan["steps"]]
        results += [
            {"step_id": one["id"], "ask_id": one["ask_id"], "evidence": [], "answer": None}
            for one in plan["steps"]
        ]
        plan = await planner.plan(
            request_of(text, intent=None, round=2, asks=plan["asks"], results=results)
        )
    assert len(queries) == len(set(queries))
    assert all(query.strip() for query in queries)


async def second_query(text: str) -> str:
    """What is looked for where the first search found nothing."""
    planner = LocalPlanner(LocalClassifier(HashEncoder(), DESK.intents, 0.35))
    first = await planner.plan(request_of(text))
    done: dict[str, Any] = {
        "step_id": first["steps"][0]["id"],
        "ask_id": "ask-1",
        "evidence": [],
        "answer": None,
    }
    plan = await planner.plan(request_of(text, round=2, asks=first["asks"], results=[done]))
    (query,) = [step["arguments"]["query"] for step in plan["steps"]]
    return str(query)


async def test_courtesies_are_not_searched_for() -> None:
    """Thanks and greetings beside the one ask would draw the second search away."""
    query = await second_query(
        "Lovely, thanks. Our clock hangs in the hall. Which screws hold the clock on the wall?"
    )
    assert "hangs in the hall" in query
    assert "Lovely" not in query


async def test_what_turned_up_again_is_searched_for() -> None:
    """Behind an answer it might be good news; at first it is what the ask is about."""
    query = await second_query(
        "Found my old badge in a coat, a week after I got the new one. May I still use the old one?"
    )
    assert "in a coat" in query
