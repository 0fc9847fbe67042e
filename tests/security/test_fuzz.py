"""The whole document under generated requests, with each scope: no answer is a failure of ours."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.core.result import Ok

from api.http.knowledge import routes as knowledge
from api.http.tickets import events
from tests import desks

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "3"))
"""Requests of each operation and scope: a few with the other tests, many by `make fuzz`."""
LEAST = int(os.environ.get("FUZZ_LEAST", "250"))
"""Requests without which it proves nothing."""
Case = schemathesis.Case[Any]
Keys = dict[str, dict[str, str]]
SCOPES = ("submit", "intake", "agent", "lead", "admin")
NO_WORKER = {"/v1/knowledge/search", "/v1/knowledge/survey", "/health/ready"}
"""They say 503 where no worker runs, and none does here."""


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, template: Path
) -> Iterator[tuple[schemathesis.BaseSchema, Keys]]:
    """The document of an application behind a socket, with a key of each scope."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(events, "LIFETIME_SECONDS", 0.0)
        for name in ("SEARCH_SECONDS", "SURVEY_SECONDS"):
            patch.setattr(knowledge, name, 0.01)
        home = desks.settings_in(tmp_path_factory.mktemp("fuzz"), template)
        keys = {one: desks.run(desks.new_key(home, f"key-{one}", [one])) for one in SCOPES}
        with desks.listening(home) as url:
            found = schemathesis.openapi.from_url(f"{url}/openapi.json")
            yield found, keys


@pytest.fixture(scope="module")
def schema(served: tuple[schemathesis.BaseSchema, Keys]) -> schemathesis.BaseSchema:
    """What is asked for."""
    return served[0]


@pytest.fixture(scope="module")
def keys(served: tuple[schemathesis.BaseSchema, Keys]) -> Keys:
    """Who asks, by scope."""
    return served[1]


def test_no_request_breaks_the_application(schema: schemathesis.BaseSchema, keys: Keys) -> None:
    """Whatever is sent, with whatever scope, it is carried out or refused as the document says."""
    asked, wrong = 0, []
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        for case, scope, status, text in _tried(found.ok(), keys):
            asked += 1
            broken = status >= 500 and case.path not in NO_WORKER
            if broken or status not in _documented(case):
                wrong.append((scope, case.method, case.path, status, text[:300]))
    assert asked >= LEAST
    assert wrong == [], f"{len(wrong)} of {asked}"


def _tried(operation: Any, keys: Keys) -> list[tuple[Case, str, int, str]]:
    """Requests of one operation, and what each scope gets for them."""
    answers: list[tuple[Case, str, int, str]] = []

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def send(case: Case) -> None:
        for scope, headers in keys.items():
            answer = case.call(headers=headers, timeout=60)
            answers.append((case, scope, answer.status_code, answer.text))

    send()
    return answers


def _documented(case: Case) -> set[int]:
    found = case.operation.definition.raw["responses"]
    return {int(status) for status in found} | {405}
