"""The demo's minds: local, or a model on loopback that repeats what was written down for it once."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from evals.demo.company import COMPANY
from evals.faults.model_process import serving_model

SCRIPT = COMPANY / "model.jsonl"
"""What a good model decides of each message of the company; see `evals.faults.model_script`."""
MINDS = """
minds:
  model:
    model: openai:scripted
    service: scripted_model
    price: {{input_per_million: 0.5, output_per_million: 2.0}}

services:
  scripted_model: {{base_url: "{address}"}}
"""
"""For the desk, in the place of the line that begins its services."""


class DemoModel(StrEnum):
    """Which chat model decides."""

    SCRIPTED = "scripted"


@contextmanager
def minds(model: DemoModel | None) -> Iterator[str]:
    """The company's desk.yaml, with every decision left to the model if there is one."""
    desk = (COMPANY / "desk.yaml").read_text(encoding="utf-8")
    if model is None:
        yield desk
        return
    with serving_model(SCRIPT) as server:
        yield with_model(desk, server.base_url)


def with_model(desk: str, address: str) -> str:
    """The desk's YAML with every decision left to the model that listens at `address`."""
    head, line, rest = desk.partition("\nservices:\n")
    if not line:
        raise ValueError("the desk has no services")
    return head + MINDS.format(address=address) + rest
