"""Puts the local minds of one desk together."""

from __future__ import annotations

from graph.desk.model import Desk
from graph.minds.contract import Assessor, Minds
from graph.minds.local.grounding.judge import LocalJudge
from graph.minds.local.intent.classifier import LocalClassifier
from graph.minds.local.planning.planner import LocalPlanner
from graph.minds.local.safety.screening import LocalScreener
from graph.minds.local.writing.writer import LocalWriter
from memory.encoder.encoder import Encoder, SentenceEncoder


def local_minds(
    desk: Desk,
    encoder: Encoder,
    assessor: Assessor,
    multilingual: SentenceEncoder | None = None,
) -> Minds:
    """One mind for each decision, fitted to the desk. Takes about a second; loads no network.

    With a multilingual encoder, acts are understood in languages that no list of words is in.
    """
    classifier = LocalClassifier(encoder, desk.intents, desk.thresholds.intent)
    return Minds(
        screener=LocalScreener(encoder, desk.limits.text_chars, multilingual),
        classifier=classifier,
        planner=LocalPlanner(classifier, encoder.knows),
        assessor=assessor,
        writer=LocalWriter(encoder, multilingual),
        judge=LocalJudge(encoder),
    )
