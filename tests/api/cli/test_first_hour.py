"""What somebody meets in the first hour: the check of a desk, the cache, hosts of IPv6."""

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from api.cli.processes import _bound
from api.settings import Settings, bracketed, unbracketed, user_cache
from memory.encoder.export import default_model, exported
from memory.encoder.faults import EncoderUnavailable

CODE = Path(__file__).parents[3]
RIGHT = """tenant: acme
company: Acme
hours: {timezone: Europe/Vienna, days: [mon, sun], start: "00:00", end: "24:00"}
intents:
  - name: legal
    handling: person
    examples: [I will sue you, My lawyer will write]
"""


def deskhand(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DESKHAND_")}
    return subprocess.run(
        [sys.executable, "-m", "api.cli.main", *arguments],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(CODE), "PYTHONUTF8": "0", **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_a_desk_is_checked_without_running_it(tmp_path: Path) -> None:
    """In a folder with umlauts and spaces, under the plainest locale: the right one is told."""
    folder = tmp_path / "Büro für Käufer"
    folder.mkdir()
    (folder / "desk.yaml").write_text(RIGHT, encoding="utf-8")
    done = deskhand(folder, "desk", "check", "desk.yaml", LC_ALL="C")
    assert done.returncode == 0, done.stderr
    assert done.stdout == (
        "The desk of Acme (acme) is valid: 1 intent (1 always to a person), 0 tools, 0 teams;"
        " people work mon, sun from 00:00 to 24:00 (Europe/Vienna).\n"
    )
    assert sorted(one.name for one in folder.iterdir()) == ["desk.yaml"]


def test_a_wrong_desk_is_told_with_its_lines(tmp_path: Path) -> None:
    """All mistakes at once, exit status 2, and nothing on stdout."""
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("tenant: Acme\ncompany: 3\n", encoding="utf-8")
    done = deskhand(tmp_path, "desk", "check", "wrong.yaml")
    assert (done.returncode, done.stdout) == (2, "")
    assert "wrong.yaml:1: tenant: " in done.stderr
    assert "wrong.yaml:2: company: needs text" in done.stderr


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8325"),
        ("::1", "http://[::1]:8325"),
        ("[::1]", "http://[::1]:8325"),
        ("fe80::1%eth0", "http://[fe80::1%25eth0]:8325"),
        ("desk.example.com", "http://desk.example.com:8325"),
    ],
)
def test_an_address_holds_any_host(host: str, url: str) -> None:
    """One of IPv6 stands in brackets, however it was written."""
    assert Settings(host=host, port=8325, _env_file=None).address == url
    assert unbracketed(bracketed("::1")) == "::1"


@pytest.mark.parametrize("host", ["::1", "[::1]"])
def test_it_listens_on_a_host_of_ipv6(host: str) -> None:
    """With its brackets and without."""
    try:
        listener = _bound(Settings(host=host, port=0, _env_file=None))
    except Exception as error:
        if getattr(error.__cause__, "errno", None) == errno.EADDRNOTAVAIL:
            pytest.skip("this machine has no IPv6")
        raise
    with listener:
        assert listener.family == socket.AF_INET6
        assert listener.getsockname()[0] == "::1"


def test_a_user_has_one_cache_whatever_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the XDG rules: the variable where it is absolute, else the home's own."""
    monkeypatch.delenv("DESKHAND_CACHE", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    assert Settings(_env_file=None).cache == tmp_path / ".cache" / "deskhand"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert user_cache() == tmp_path / ".cache" / "deskhand"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "x"))
    assert user_cache() == tmp_path / "x" / "deskhand"


def test_a_cache_that_cannot_be_written_says_what_to_set(tmp_path: Path) -> None:
    """Instead of a bare error of the system."""
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(EncoderUnavailable, match="set DESKHAND_CACHE"):
        exported(default_model(), tmp_path / "cache")


@pytest.mark.parametrize("command", ["migrate", "up", "worker", "api"])
def test_a_home_that_cannot_be_written_is_one_sentence(tmp_path: Path, command: str) -> None:
    """It names the folder and what to do; nothing is begun."""
    (tmp_path / "desk.yaml").write_text(RIGHT)
    done = deskhand(tmp_path, "--home", "/sys/kernel/deskhand", command)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "/sys/kernel/deskhand" in done.stderr
    assert "--home" in done.stderr


WRONG = {
    "backup far/away.tar": "there is no folder far: make it, or name another one",
    "migrate --from sqlite:///x.db": "an installation is moved from SQLite to Postgres",
    "handoff decide hnd_1 aprove": "Invalid value for 'kind': 'aprove' is not one of",
    "calibration import gone.json": "gone.json: No such file or directory",
    "--home desk.yaml migrate": "a file is in the way: choose a folder",
}


@pytest.mark.parametrize("words", WRONG)
def test_a_mistake_in_a_command_is_told_in_one_plain_line(tmp_path: Path, words: str) -> None:
    """No class of ours, no word of a library, no name of a temporary file."""
    (tmp_path / "desk.yaml").write_text(RIGHT)
    assert deskhand(tmp_path, "migrate").returncode == 0
    done = deskhand(tmp_path, *words.split(), DESKHAND_KEY="dk_x")
    assert done.returncode in {1, 2}
    assert WRONG[words] in done.stderr
    assert "DESKHAND_DEBUG" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DESKHAND_DATABASE_URL", "mysql://me:sesame@x", ": use postgresql://user@host/database"),
        ("DESKHAND_DATABASE_URL", "postgresql+asyncpg://me:sesame@x/d", ": use postgresql://user"),
        ("DESKHAND_METRICS_TOKEN", "sesame", "must have at least 16 characters"),
        ("DESKHAND_CHROMA_URL", "http://me:sesame@vectors:8000", "write it as host:port"),
        ("DESKHAND_PORT", "70000", "is '70000'"),
        ("DESKHAND_TRUSTED_PROXIES", "10.0.0.1", "write it as JSON"),
    ],
)
def test_a_setting_that_cannot_be_used_says_how_it_is_written(
    tmp_path: Path, name: str, value: str, words: str
) -> None:
    """With the variable's name, and without a secret: what is printed ends in logs."""
    done = deskhand(tmp_path, "doctor", **{name: value})
    assert done.returncode == 2
    assert "sesame" not in done.stdout + done.stderr
    assert name in done.stderr
    assert words in done.stderr


def test_articles_are_not_read_before_there_is_a_database(tmp_path: Path) -> None:
    """Reading thousands of files takes minutes, and ends with what could be told at once."""
    (tmp_path / "desk.yaml").write_text(RIGHT)
    (tmp_path / "a.md").write_text("# A\n\nText.\n")
    done = deskhand(tmp_path, "kb", "add", "a.md")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "run `deskhand migrate` first" in done.stderr
