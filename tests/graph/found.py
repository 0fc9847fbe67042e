"""What a plan finds: passages, and the results of steps."""

from typing import Any, Literal

from graph.state import Evidence, StepResult

EvidenceKind = Literal["article", "tool", "memory", "guidance"]


def evidence_of(
    name: str = "c1",
    text: str = "text",
    *,
    kind: EvidenceKind = "article",
    source: str | None = None,
    title: str | None = None,
    score: float = 1.0,
    features: dict[str, float] | None = None,
) -> Evidence:
    """A passage of an article of its own, unless a source is given."""
    return {
        "id": name,
        "kind": kind,
        "source": f"doc-{name}" if source is None else source,
        "title": f"Title {name}" if title is None else title,
        "heading": "",
        "text": text,
        "score": score,
        "features": features or {},
    }


def result_of(
    *evidence: Evidence, ask_id: str = "a1", arguments: dict[str, Any] | None = None
) -> StepResult:
    """A search that brought this."""
    return {
        "step_id": "s1",
        "ask_id": ask_id,
        "kind": "search",
        "tool": "search_knowledge",
        "arguments": arguments or {},
        "status": "ok",
        "evidence": list(evidence),
        "answer": None,
        "error": None,
        "fingerprint": "f",
    }
