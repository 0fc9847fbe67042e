"""The document of the API."""

from pathlib import Path

from api.http.app import create_app
from api.settings import Settings


def test_every_error_of_a_route_that_asks_who_calls_is_a_problem(tmp_path: Path) -> None:
    """And each says that the caller may be unknown or refused, a parameter wrong, the storage away."""
    paths = create_app(Settings(home=tmp_path, _env_file=None)).openapi()["paths"]
    asking = [one for path in paths.values() for one in path.values() if "security" in one]
    assert len(asking) > 50
    for operation in asking:
        errors = {status: one for status, one in operation["responses"].items() if status >= "4"}
        assert {"401", "403", "422", "503"} <= set(errors), operation["summary"]
        for error in errors.values():
            (body,) = error["content"].values()
            assert body["schema"]["$ref"].endswith("/Problem"), operation["summary"]
