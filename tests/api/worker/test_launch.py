"""A worker that starts while the database is away says so in a sentence."""

from __future__ import annotations

import psycopg
import pytest
from dbos import DBOS
from sqlalchemy.exc import OperationalError, ProgrammingError

from api.worker.launch import launch
from memory.storage.errors import StorageUnavailable


def _failing(error: Exception) -> classmethod[DBOS, [], None]:
    def fail(_cls: type[DBOS]) -> None:
        raise error

    return classmethod(fail)


def test_a_database_that_is_away_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine would print a page."""
    away = OperationalError("SELECT 1", {}, psycopg.OperationalError("connection refused"))
    monkeypatch.setattr(DBOS, "launch", _failing(away))
    with pytest.raises(StorageUnavailable, match="cannot be reached"):
        launch()


def test_a_fault_of_ours_is_no_trouble_of_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is sent to look at a server that runs."""
    wrong = ProgrammingError("SELEC 1", {}, psycopg.errors.SyntaxError("SELEC"))
    monkeypatch.setattr(DBOS, "launch", _failing(wrong))
    with pytest.raises(ProgrammingError):
        launch()
