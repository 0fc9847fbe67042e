"""The code of another revision in a folder of its own: an earlier one, or the one that comes next."""

import io
import shutil
import subprocess
import tarfile
from pathlib import Path

from evals.stack.stack import StackFailed
from memory.storage.readiness import head_revision

ROOT = Path(__file__).parents[2]
PARTS = ("api", "graph", "tools", "memory", "examples")
"""What a running process needs."""
VERSIONS = Path("memory/migrations/versions")
NEXT = "9000"
"""The revision of the tables that the next version would bring."""
MIGRATION = '''"""What a next version might add: a column that is nullable, one with a default, a table."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"


def upgrade() -> None:
    op.add_column("tickets", sa.Column("next_note", sa.String(), nullable=True))
    op.add_column(
        "journal", sa.Column("next_count", sa.Integer(), nullable=False, server_default="0")
    )
    op.create_table("next_things", sa.Column("id", sa.String(), primary_key=True))
    op.create_index("ix_journal_next_count", "journal", ["next_count"])
'''


def code_of(revision: str, folder: Path, root: Path = ROOT) -> Path:
    """The tree of a git revision, in `folder`. Raises `StackFailed` where git has none."""
    command = ["git", "-C", str(root), "archive", "--format=tar", revision]
    try:
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - our own
    except OSError as error:
        raise StackFailed(f"git is needed to bring {revision}: {error.strerror}") from error
    if done.returncode != 0:
        msg = f"git cannot bring {revision}: {done.stderr.decode(errors='replace').strip()}"
        raise StackFailed(msg)
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def next_code(folder: Path) -> Path:
    """This tree's code in `folder`, with one more migration of the kind that a version may bring."""
    for name in PARTS:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    words = MIGRATION.format(revision=NEXT, before=head_revision())
    (folder / VERSIONS / f"{NEXT}_next.py").write_text(words, encoding="utf-8")
    return folder


def newest_migration(tree: Path) -> str:
    """The revision of the tables that a tree's code needs."""
    return max(one.name.partition("_")[0] for one in (tree / VERSIONS).glob("[0-9]*_*.py"))
