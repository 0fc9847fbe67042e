"""Puts a model in front of the local minds, for the decisions that a desk leaves to it."""

from __future__ import annotations

from dataclasses import replace

import httpx2

from graph.desk.model import Desk
from graph.minds.contract import Minds
from graph.minds.model.chat import open_models
from graph.minds.model.classifier import ModelClassifier
from graph.minds.model.judge import ModelJudge
from graph.minds.model.planner import ModelPlanner
from graph.minds.model.writer import ModelWriter


def with_models(desk: Desk, local: Minds, client: httpx2.AsyncClient) -> Minds:
    """The same minds, with models where `desk.minds` says so. Raises `ModelRefused`.

    The client stays the caller's. Takes seconds the first time: the library is large.
    """
    policy = desk.minds
    if not policy.use_models:
        return local
    models = open_models(desk, client)
    found = local
    if policy.classifier == "model":
        found = replace(found, classifier=ModelClassifier(desk, models, local.classifier))
    if policy.planner == "model":
        found = replace(found, planner=ModelPlanner(desk, models, local.planner))
    if policy.writer == "model":
        found = replace(found, writer=ModelWriter(desk, models, local.writer))
    if policy.judge == "model":
        found = replace(found, judge=ModelJudge(desk, models, local.judge))
    return found
