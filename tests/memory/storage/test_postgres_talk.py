"""Statements are said to Postgres without the driver's cursor: values, errors and preparing stay as they were."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from memory.storage.postgres_talk import MOST_PREPARED, SELDOM, Talk
from tests.postgres import copy_of

PREPARED = "SELECT count(*) FROM pg_prepared_statements"


@pytest.fixture
def talk(postgres_template: Path, tmp_path: Path) -> Iterator[Talk]:
    """A connection to a fresh ledger."""
    address = copy_of(postgres_template, tmp_path / "home")
    with closing(Talk(psycopg.connect(address, autocommit=True))) as opened:
        yield opened


def test_values_come_back_as_they_went(talk: Talk) -> None:
    """Texts, bytes, moments, JSON and nothing, also once the statement is prepared."""
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    sql = "SELECT ?::text, ?::bytea, ?::timestamptz, ?::jsonb, ?::text, ?::int8"
    for _ in range(2 * SELDOM):
        found = talk.rows(sql, ("a ? b", b"\x00\xff", at, '{"a": [1]}', None, 7))
        assert found == [("a ? b", b"\x00\xff", at, {"a": [1]}, None, 7)]


def test_it_says_how_many_rows_it_touched(talk: Talk) -> None:
    """Also where nothing is touched, or nothing is given."""
    talk.run("CREATE TEMP TABLE one (a int)")
    assert talk.run("INSERT INTO one VALUES (?), (?)", (1, 2)) == 2
    assert talk.run("UPDATE one SET a = 3 WHERE a = ?", (9,)) == 0
    assert talk.run("DELETE FROM one") == 2


def test_what_is_said_again_and_again_is_prepared_and_the_rest_is_not(talk: Talk) -> None:
    """The server keeps a prepared statement until the end, so there is a bound to them."""
    for _ in range(SELDOM):
        talk.rows("SELECT ?::int8", (1,))
    assert talk.plain(PREPARED) == [(0,)]
    talk.rows("SELECT ?::int8", (1,))
    assert talk.plain(PREPARED) == [(1,)]
    for number in range(MOST_PREPARED):
        for _ in range(SELDOM + 1):
            talk.rows(f"SELECT ?::int8 + {number}", (1,))
    assert talk.plain(PREPARED) == [(MOST_PREPARED,)]


def test_an_error_is_the_drivers_own_and_the_connection_goes_on(talk: Talk) -> None:
    """What is refused says why, whether it is the statement, its values or a copy of a row."""
    talk.run("CREATE TEMP TABLE one (a int PRIMARY KEY)")
    talk.run("INSERT INTO one VALUES (?)", (1,))
    with pytest.raises(psycopg.errors.UniqueViolation):
        talk.run("INSERT INTO one VALUES (?)", (1,))
    with pytest.raises(psycopg.errors.UndefinedTable):
        talk.rows("SELECT a FROM nowhere")
    with pytest.raises(psycopg.errors.DivisionByZero):
        talk.plain("SELECT 1 / 0")
    assert talk.rows("SELECT a FROM one") == [(1,)]


def test_an_ended_connection_is_told_apart_from_a_refused_statement(
    postgres_template: Path, tmp_path: Path
) -> None:
    """At first it says who ended it, and then that nobody answers."""
    address = copy_of(postgres_template, tmp_path / "home")
    with (
        closing(psycopg.connect(address, autocommit=True)) as connection,
        closing(psycopg.connect(address, autocommit=True)) as other,
    ):
        talk = Talk(connection)
        other.execute("SELECT pg_terminate_backend(%s, 5000)", (connection.info.backend_pid,))
        with pytest.raises(psycopg.OperationalError):
            talk.plain("BEGIN")
        with pytest.raises(psycopg.OperationalError):
            talk.rows("SELECT 1")
