"""Stories that an earlier release stored are read through today's model, and told as then."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from api.http.handoffs.story import told
from memory.handoffs.model import Story

STORED = json.loads(Path("tests/memory/handoffs/stories_0.1.0.json").read_text(encoding="utf-8"))


def plain(part: Any) -> Any:
    """A part of the answer as it leaves."""
    if isinstance(part, list):
        return [plain(one) for one in part]
    return part.model_dump() if isinstance(part, BaseModel) else part


def searched(tried: list[dict[str, Any]], ask: str) -> list[str]:
    """What was looked for on behalf of an ask, in the story as it was stored."""
    mine = (one for one in tried if one["ask_id"] == ask and one["kind"] == "search")
    return [one["arguments"]["query"] for one in mine]


@pytest.mark.parametrize("stored", STORED, ids=lambda one: one["reason"])
def test_a_stored_story_is_told_as_then(stored: dict[str, Any]) -> None:
    """Every part of it, and nothing is lost where it is stored again."""
    story = Story.model_validate(stored["story"])
    found = {name: plain(part) for name, part in told(story, stored["decision"]).items()}
    for action in found["actions"]:  # these parts are told only since then
        assert (action.pop("units"), action.pop("told"), action.pop("replaces")) == ({}, "", [])
    for ask in found["asks"]:
        assert ask.pop("searched") == searched(stored["story"]["tried"], ask["id"])
        assert ask.pop("question") is None
        ask.pop("nearest")
    assert found == stored["told"]
    assert story.as_data() == stored["story"]


def test_a_query_that_says_no_word_more_is_told_once() -> None:
    """The broader search of a single ask repeats it, since all that was written is the ask."""
    queries = [
        "Where is my lid?",
        "Where is my lid? Where is my lid?",
        "lid",
        "Where is my lid? Lids",
    ]
    tried = [
        {"ask_id": "a1", "kind": "search", "tool": "search_knowledge", "arguments": {"query": one}}
        for one in queries
    ]
    story = Story.model_validate({"asks": [{"id": "a1", "text": queries[0]}], "tried": tried})
    (ask,) = told(story, None)["asks"]
    assert ask.searched == [queries[0], "lid", queries[3]]


def test_a_bare_story_has_empty_parts() -> None:
    """What is not there breaks nothing."""
    found = told(Story(), None)
    assert not any(found.values())


def test_the_nearest_articles_are_shown_where_the_evidence_holds_none() -> None:
    """Each once, by its best passage: whoever decides on a refund wants the policy beside the record."""

    def found(name: str, source: str, score: float, kind: str = "article") -> dict[str, Any]:
        return {"id": name, "source": source, "score": score, "kind": kind, "title": source}

    record = found("r", "look_up", 1.0, "tool")
    passages = [found("a", "colours", 0.4), found("b", "refunds", 0.7), found("c", "refunds", 0.9)]
    others = [found("d", "lids", 0.3), found("e", "boxes", 0.2)]
    tried = [
        {"ask_id": "a1", "kind": "tool", "evidence": [record]},
        {"ask_id": "a1", "kind": "search", "evidence": [*passages, *others]},
        {"ask_id": "a2", "kind": "search", "evidence": [found("f", "else", 5.0)]},
    ]

    def nearest(*evidence: str) -> list[str]:
        weighed = {"ask_id": "a1", "evidence": list(evidence)}
        asks = [{"id": "a1", "text": "Refund my lid."}]
        story = Story.model_validate({"asks": asks, "assessments": [weighed], "tried": tried})
        return [one.id for one in told(story, None)["asks"][0].nearest]

    assert nearest("r") == nearest() == ["c", "a", "d"]
    assert nearest("r", "a") == []
