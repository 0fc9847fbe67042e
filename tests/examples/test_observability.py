"""Rules and dashboard name metrics and labels that exist; nothing else is named."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.telemetry.catalog import METRICS, Metric

FOLDER = Path("examples/observability")
SERIES: dict[str, Metric] = {name: one for one in METRICS.values() for name in one.series}
NAME = re.compile(r"\bdeskhand_[a-z0-9_]+")
SELECTOR = re.compile(r"(deskhand_[a-z0-9_]+)(?:\{([^}]*)\})?")
MATCHER = re.compile(r"([a-z_]+)\s*(?:=~|!~|!=|=)")
BY = re.compile(r"\b(?:by|without)\s*\(([^)]*)\)")
SHOWN = re.compile(r"\{\{\s*(?:\$labels\.)?([a-z_]+)\s*\}\}")


def rules() -> list[dict[str, Any]]:
    """Every alert."""
    found = yaml.safe_load((FOLDER / "alerts.yaml").read_text(encoding="utf-8"))
    return [rule for group in found["groups"] for rule in group["rules"]]


def panels() -> list[dict[str, Any]]:
    """Every picture of the dashboard."""
    found: list[dict[str, Any]] = json.loads((FOLDER / "dashboard.json").read_text())["panels"]
    return found


def expressions() -> Iterator[tuple[str, str, str]]:
    """Where, the expression, and the text that shows its labels."""
    for rule in rules():
        yield rule["alert"], rule["expr"], rule["annotations"]["summary"]
    for panel in panels():
        for target in panel["targets"]:
            yield panel["title"], target["expr"], target["legendFormat"]


def labels(expression: str) -> set[str]:
    """Labels that its metrics have, `le` of buckets included."""
    found = {label for name in NAME.findall(expression) for label in SERIES[name].labels}
    return found | {"le"} if "_bucket" in expression else found


@pytest.mark.parametrize(("where", "expression", "shown"), list(expressions()))
def test_an_expression_names_what_exists(where: str, expression: str, shown: str) -> None:
    """Metrics, the labels it selects and groups by, and those that its text shows."""
    names = NAME.findall(expression)
    assert names, where
    assert set(names) <= SERIES.keys()
    for name, selector in SELECTOR.findall(expression):
        assert set(MATCHER.findall(selector)) <= {*SERIES[name].labels}, where
    grouped = {label.strip() for group in BY.findall(expression) for label in group.split(",")}
    assert grouped <= labels(expression)
    kept = grouped or labels(expression)
    assert set(SHOWN.findall(shown)) <= kept, where
    assert expression.count("(") == expression.count(")")


def test_every_metric_is_looked_at() -> None:
    """What nobody looks at need not be counted: the few that only people query are named."""
    named = {name for _, expression, _ in expressions() for name in NAME.findall(expression)}
    seen = {SERIES[name].name for name in named}
    query = json.loads((FOLDER / "dashboard.json").read_text())["templating"]["list"][1]["query"]
    seen |= {SERIES[name].name for name in NAME.findall(query["query"])}
    assert METRICS.keys() - seen == {"deskhand_tool_calls", "deskhand_model_calls"}


def test_every_alert_says_what_to_do() -> None:
    """A page without an action is noise."""
    for rule in rules():
        assert rule["annotations"]["action"].endswith(".")
        assert rule["labels"]["severity"] in {"page", "ticket"}


def test_files_fit_together() -> None:
    """The scrape, the mounts and the dashboard's panels refer to each other rightly."""
    compose = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))
    mounted = {
        volume.split(":")[0].removeprefix("./")
        for service in compose["services"].values()
        for volume in service.get("volumes", ())
    }
    assert {name for name in mounted if not (FOLDER / name).exists()} <= {"metrics-token"}
    scrape = yaml.safe_load((FOLDER / "prometheus.yaml").read_text(encoding="utf-8"))
    assert scrape["scrape_configs"][0]["metrics_path"] == "/metrics"
    assert len({panel["id"] for panel in panels()}) == len(panels())
