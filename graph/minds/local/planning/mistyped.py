"""An ask that nothing answered, read anew where words of it are mistyped.

It is done only then, so that it spoils no answer.
"""

from __future__ import annotations

from graph.minds.contract import PlanRequest
from graph.minds.local.planning.intents import Decide
from graph.minds.local.planning.queries import in_articles_words
from graph.state import Ask
from graph.text.typos import Knows, retyped, small_words


def read_anew(request: PlanRequest, ask: Ask, knows: Knows, decide: Decide) -> Ask:
    """An ask that nothing answered yet, as it is meant where words of it are mistyped."""
    foreign = request.desk.other_language(request.screening["language"])
    if request.guidance or foreign or ask["id"] in request.supported:
        return ask  # of another language no vocabulary is known
    passages = (one["text"] for one in request.found(ask["id"]))
    near = small_words([*request.desk.known_questions(), *passages])
    text, query = retyped(ask["text"], knows, near), retyped(ask["query"], knows, near)
    if query == ask["query"]:
        return ask
    intent = ask["intent"] or decide(query)["intent"]
    wanted = in_articles_words(query, request.desk.words)
    return {**ask, "text": text, "query": wanted, "intent": intent}
