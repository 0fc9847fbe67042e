"""Addresses of settings are taken as people write them, or refused with how to write them."""

import pytest

from api.settings import Settings, vector_server


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("vectors:9000", "vectors:9000"),
        ("http://vectors:9000/", "vectors:9000"),
        ("http://vectors", "vectors:8000"),
        ("[::1]:9000", "[::1]:9000"),
    ],
)
def test_a_vector_server_is_known_by_host_and_port(written: str, meant: str) -> None:
    """The variable is called an URL, so many write one."""
    assert Settings(chroma_url=written, _env_file=None).chroma_url == meant


@pytest.mark.parametrize(
    "written",
    [
        "https://vectors",
        "vectors/path",
        "vectors:port",
        "http://me:secret@vectors",
        "//",
        "http://[vectors",
    ],
)
def test_what_is_no_host_and_port_is_refused(written: str) -> None:
    """Before a worker ends with a traceback."""
    with pytest.raises(ValueError, match="write it as host:port"):
        vector_server(written)


def test_an_empty_address_is_none() -> None:
    """Compose files pass on variables that are not set as empty ones."""
    assert Settings(chroma_url="", _env_file=None).chroma_url is None


def test_a_database_is_named_as_hosters_name_it() -> None:
    """With the scheme that libpq takes as well."""
    found = Settings(database_url="postgres://me:pw@db/desk", _env_file=None)
    assert found.ledger_url == "postgresql://me:pw@db/desk"
