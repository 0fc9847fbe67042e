"""The API process stays small: it holds no model, no index and no graph."""

import subprocess
import sys

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
