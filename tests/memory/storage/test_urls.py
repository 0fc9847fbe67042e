"""Addresses of the ledger, in the ways in which people and libraries write them."""

import psycopg
import pytest
from sqlalchemy.engine import make_url

from memory.storage.urls import async_url, plain_url, standard_url

ONE = "postgresql://desk:p%40ss@one:5432/desk?application_name=a"
BOTH = "postgresql://desk:p%40ss@one:5432,two:5433/desk?target_session_attrs=read-write"


@pytest.mark.parametrize("url", [ONE, BOTH, "postgresql://one,two/desk"])
def test_what_people_write_reaches_libpq_as_it_was(url: str) -> None:
    """Through SQLAlchemy's way of writing several servers and back."""
    wanted = psycopg.conninfo.conninfo_to_dict(url)
    assert psycopg.conninfo.conninfo_to_dict(plain_url(async_url(standard_url(url)))) == wanted


def test_sqlalchemy_sees_both_servers() -> None:
    """And hands them to the driver together."""
    made = make_url(async_url(standard_url(BOTH)))
    _, given = made.get_dialect()().create_connect_args(made)
    assert (given["host"], given["port"]) == ("one,two", "5432,5433")
    assert given["password"] == "p@ss"
    assert given["target_session_attrs"] == "read-write"


def test_a_file_stays_a_file() -> None:
    """A comma in a folder's name is no list of servers."""
    assert standard_url("sqlite:////srv/a,b/desk.db") == "sqlite:////srv/a,b/desk.db"
