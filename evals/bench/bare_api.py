"""The least that an acknowledgement can be: one validated request, one row, one commit.

    python -m evals.bench.bare_api --port 8000 --db rows.db

Same server and framework as the product's API, so what is measured beside it is what the product
adds: keys, limits, idempotency, the journal and the queue.
"""

import argparse
import sqlite3
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel, Field


class Body(BaseModel):
    """A ticket as it is posted."""

    text: str = Field(min_length=1, max_length=100_000)


def create_app(path: Path) -> FastAPI:
    """The application over one file."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=wal")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
    app = FastAPI(title="The least acknowledgement")

    @app.get("/health/live")
    async def live() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/v1/tickets", status_code=202)
    async def accept(body: Body) -> dict[str, int | None]:
        cursor = connection.execute("INSERT INTO rows (text) VALUES (?)", (body.text,))
        return {"id": cursor.lastrowid}

    return app


def main() -> None:
    """Serve until it is ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--db", type=Path, required=True)
    given = parser.parse_args()
    app = create_app(given.db)
    uvicorn.run(app, host="127.0.0.1", port=given.port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
