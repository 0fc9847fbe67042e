"""The API process stays small: it holds no model, no index and no graph."""

import os
import subprocess
import sys
from pathlib import Path

HEAVY = (
    *("torch", "sentence_transformers", "onnxruntime", "chromadb", "langgraph", "sklearn"),
    *("numpy", "scipy", "dbos", "alembic", "mako", "jwt", "cryptography", "prometheus_client"),
    *("psycopg",),  # on SQLite
)
"""What serving tickets and people needs nothing of; some are loaded when a rare request comes."""
PROGRAM = """
import sys
from api.cli import processes
from api.http.serve import server
from api.http.app import create_app
from api.settings import Settings
create_app(Settings()).openapi()
print(*sorted(name for name in sys.modules if name.partition(".")[0] in {heavy}))
"""


def test_the_api_process_imports_nothing_heavy() -> None:
    """After the app is created, none of the heavy libraries is loaded."""
    program = PROGRAM.format(heavy=set(HEAVY))
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


SERVED = """
import gc, socket
from api.console.mount import install
from api.http.serve import server
from api.settings import Settings
from memory.storage.migrate import migrate
settings = Settings()
settings.home.mkdir(parents=True, exist_ok=True)
migrate(settings.ledger_url)
served = server(settings, mount=install)
start = served.startup
async def startup(sockets=None):
    await start(sockets)
    print(len(gc.get_objects()))
    served.should_exit = True
served.startup = startup
with socket.create_server(("127.0.0.1", 0)) as listener:
    served.run(sockets=[listener])
"""
LOOKED_AT = 5_000
"""Objects that a round of the collector may find in an API that has just begun to serve; 260,000 stay loaded."""


def test_the_collector_leaves_alone_what_an_api_is_made_of(tmp_path: Path) -> None:
    """Its rounds stood still for 40 ms every few seconds, and so did whoever was answered then."""
    done = subprocess.run(
        [sys.executable, "-c", SERVED],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "DESKHAND_HOME": str(tmp_path / "home")},
    )
    assert int(done.stdout.splitlines()[-1]) < LOOKED_AT
