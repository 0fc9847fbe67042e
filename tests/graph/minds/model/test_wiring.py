"""From desk.yaml to a delivered answer: which family decides is one setting a decision."""

from pathlib import Path

import pytest

from api.wiring import open_wiring
from evals.faults.model_process import FaultyModel
from graph.minds.model.planner import ModelPlanner
from graph.minds.model.prices import ModelRefused
from graph.minds.model.writer import ModelWriter
from graph.minds.scripted import ScriptedClassifier, ScriptedJudge
from memory.encoder.encoder import HashEncoder
from memory.knowledge.index import MemoryIndex
from tests.desks import settings_in

DESK = """
tenant: acme
company: Acme
services:
  llm: {base_url: "${LLM_URL}"}
minds:
  planner: model
  writer: model
  model:
    model: "openai:some-model"
    service: llm
"""
PRICE = "    price: {input_per_million: 1, output_per_million: 2}\n"


async def test_each_decision_has_its_family(
    model: FaultyModel, tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that the desk leaves to a model are a model's, the others stay as they were."""
    monkeypatch.setenv("LLM_URL", model.base_url)
    (tmp_path / "desk.yaml").write_text(DESK + PRICE)
    settings = settings_in(tmp_path, template, desk=tmp_path / "desk.yaml", minds="scripted")
    wiring = open_wiring(settings, encoder=HashEncoder(), index=MemoryIndex())
    try:
        minds = wiring.runtimes["acme"].minds
        kinds = tuple(type(one) for one in (minds.planner, minds.writer))
        assert kinds == (ModelPlanner, ModelWriter)
        others = tuple(type(one) for one in (minds.classifier, minds.judge))
        assert others == (ScriptedClassifier, ScriptedJudge)
    finally:
        await wiring.close()


async def test_an_unpriced_model_stops_the_worker_before_the_first_ticket(
    model: FaultyModel, tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a model costs must be known, or nothing bounds it."""
    monkeypatch.setenv("LLM_URL", model.base_url)
    (tmp_path / "desk.yaml").write_text(DESK)
    settings = settings_in(tmp_path, template, desk=tmp_path / "desk.yaml", minds="scripted")
    with pytest.raises(ModelRefused, match="'openai:some-model' costs"):
        open_wiring(settings, encoder=HashEncoder(), index=MemoryIndex())
