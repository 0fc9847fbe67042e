"""Processes are heard from outside, and end when they must, whatever they do inside."""

import faulthandler
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
import uvicorn

from api.cli import child as children_of
from api.cli import supervisor
from api.cli.child import START_ATTEMPTS, Bounds, Child
from api.http import serve
from api.telemetry.heartbeat import (
    ARM_SECONDS,
    BACKSTOP,
    HEARD_BACKSTOP,
    PIPE,
    STOP_SECONDS,
    Heartbeat,
    notify,
)
from api.worker.last_words import cause_of
from memory.tables import DeathCause
from tests.waiting import LONGEST_SECONDS

BEAT = f"import os, sys, time; fd = int(os.environ['{PIPE}']); os.write(fd, b'.')\n"
HOLDS_THE_LOCK = BEAT + "import ctypes; ctypes.PyDLL(None).sleep(60)"
"""A call of C that keeps the interpreter's lock: no thread of the process goes on."""
EATS = (
    BEAT + "held = bytearray(os.urandom(1) * 300_000_000)\nwhile os.write(fd, b'.'): time.sleep(.1)"
)
DIES = BEAT + "time.sleep(.5); os.kill(os.getpid(), 11)"
WILL_NOT_END = (
    "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True)\n"
    "while True: time.sleep(1)"
)


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[..., Child]]:
    """Start a program as a worker; all are dead at the end."""
    made: list[Child] = []

    def start(program: str, **bounds: float) -> Child:
        limits = Bounds(bounds.get("silent", 60.0), _whole(bounds.get("memory")), tmp_path)
        command = [sys.executable, "-c", program]
        made.append(Child("worker-0", command, dict(os.environ), limits))
        made[-1].start()
        return made[-1]

    yield start
    for child in made:
        child.make_end(0.0)


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)


def watched(child: Child) -> int:
    """Its exit status, after it was watched until its end."""
    until = time.monotonic() + LONGEST_SECONDS
    while child.ended is None and time.monotonic() < until:
        child.watch(0.1)
        time.sleep(0.1)
    assert child.ended is not None
    child.note_end(child.ended)
    return child.ended


def test_a_process_that_holds_the_interpreters_lock_is_killed(
    started: Callable[..., Child], tmp_path: Path
) -> None:
    """Nothing inside it could: its silence is heard outside, and written down."""
    child = started(HOLDS_THE_LOCK, silent=1.0)
    assert watched(child) == -6
    assert cause_of(tmp_path, child._life) is DeathCause.SILENT


def test_a_process_whose_supervisor_is_gone_ends(tmp_path: Path) -> None:
    """Also where it was killed before the process could ask to be told of that."""
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    left = subprocess.Popen(command, preexec_fn=partial(children_of._die_with, -1))  # noqa: PLW1509 - short-lived
    assert left.wait(LONGEST_SECONDS) == -signal.SIGTERM


HANGS_WHEN_TOLD = """
import asyncio, sys, time, uvloop
from api.telemetry.heartbeat import Heartbeat
async def work():
    stop, heart = asyncio.Event(), Heartbeat(60.0)
    heart.heed({}, stop)
    heart.ready()
    print("ready", flush=True)
    {}
uvloop.run(work())
"""


@pytest.mark.parametrize(
    ("within", "does", "status"),
    [(60.0, "await stop.wait()", 0), (0.5, "time.sleep(60)", 1), (0.5, "while True: pass", 1)],
    ids=["waits", "sleeps", "spins"],
)
def test_a_hung_process_that_nobody_hears_ends_soon_after_it_is_told(
    within: float, does: str, status: int
) -> None:
    """With the supervisor's death comes a signal, and no event loop is needed to heed it."""
    read, write = os.pipe()
    command = [sys.executable, "-c", HANGS_WHEN_TOLD.format(within, does)]
    given = dict(os.environ) | {PIPE: str(write)}
    with subprocess.Popen(command, env=given, pass_fds=(write,), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        os.close(read)
        process.terminate()
        assert process.wait(LONGEST_SECONDS) == status
    os.close(write)


def test_an_api_that_is_told_to_end_is_bounded_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the handler of the signal, so also where its event loop does nothing any more."""
    armed: list[float] = []
    monkeypatch.setattr(
        faulthandler, "dump_traceback_later", lambda seconds, **_: armed.append(seconds)
    )
    running = serve.Server(uvicorn.Config("none:none"), Heartbeat(60.0))
    for _ in range(2):  # told once more, it has no more time than before
        running.handle_exit(signal.SIGTERM, None)
    assert (armed, running.should_exit) == ([STOP_SECONDS], True)


def test_a_beat_that_nobody_hears_tells_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The supervisor's end of the pipe is closed as soon as it dies, however that was."""
    read, write = os.pipe()
    monkeypatch.setenv(PIPE, str(write))
    heart = Heartbeat(60.0)
    heart.beat()
    assert not heart.orphaned
    os.close(read)
    heart.beat()
    assert heart.orphaned
    os.close(write)


STOPPED_AND_GOES_ON = """
import os, sys, time
from api.telemetry import heartbeat
heartbeat.ARM_SECONDS = 0.1
with open(sys.argv[1], "w") as words:
    heart = heartbeat.Heartbeat(0.3, words)
    while True:
        heart.beat()
        print("beat", flush=True)
        time.sleep(0.05)
"""


def test_a_pause_of_everything_ends_no_process_that_is_heard(tmp_path: Path) -> None:
    """Whoever hears it was stopped as well."""
    read, write = os.pipe()
    command = [sys.executable, "-c", STOPPED_AND_GOES_ON, str(tmp_path / "words")]
    with subprocess.Popen(
        command,
        env=dict(os.environ) | {PIPE: str(write)},
        pass_fds=(write,),
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"beat\n"
        process.send_signal(signal.SIGSTOP)
        time.sleep(2.0)
        process.send_signal(signal.SIGCONT)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1.0)
        process.kill()
    os.close(read)
    os.close(write)


@pytest.mark.parametrize(("heard", "times"), [(True, HEARD_BACKSTOP), (False, BACKSTOP)])
def test_the_watchdog_inside_waits_for_the_one_outside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, heard: bool, times: float
) -> None:
    """One that runs alone cannot tell a pause from a hang, and may end after either."""
    armed: list[float] = []
    monkeypatch.setattr(
        faulthandler, "dump_traceback_later", lambda seconds, **_: armed.append(seconds)
    )
    read, write = os.pipe()
    if heard:
        monkeypatch.setenv(PIPE, str(write))
    with (tmp_path / "words").open("w") as words:
        heart = Heartbeat(1.0, words)
        heart.beat()
        heart.end()
    assert armed == [times + ARM_SECONDS]
    os.close(read)
    os.close(write)


def test_a_process_that_takes_too_much_memory_is_killed(
    started: Callable[..., Child], tmp_path: Path
) -> None:
    """However well its event loop goes on."""
    child = started(EATS, memory=150)
    assert watched(child) == -6
    assert cause_of(tmp_path, child._life) is DeathCause.MEMORY


def test_a_crash_is_told_from_a_kill_by_somebody_else(
    started: Callable[..., Child], tmp_path: Path
) -> None:
    """An operator's kill says nothing about the tickets that were under way."""
    crashed = started(DIES)
    assert watched(crashed) == -11
    assert cause_of(tmp_path, crashed._life) is DeathCause.CRASH
    killed = started(HOLDS_THE_LOCK)
    assert killed.process is not None
    while not killed.ready:
        killed.watch(0.1)
        time.sleep(0.05)
    killed.process.kill()
    assert watched(killed) == -9
    assert cause_of(tmp_path, killed._life) is DeathCause.OUTSIDE


def test_a_process_that_cannot_start_is_not_started_for_minutes(
    started: Callable[..., Child],
) -> None:
    """It is hopeless after a few attempts; one that was ready once is not."""
    child = started("raise SystemExit(3)")
    for attempt in range(START_ATTEMPTS):
        assert not child.hopeless
        assert watched(child) == 3
        if attempt + 1 < START_ATTEMPTS:
            child.start()
    assert child.hopeless
    other = started(DIES)
    for _ in range(START_ATTEMPTS):
        watched(other)
        assert not other.hopeless
        other.start()
    unheard = started(BEAT + "raise SystemExit(3)")
    for _ in range(START_ATTEMPTS):
        assert unheard.process is not None
        unheard.note_end(unheard.process.wait())  # it ended before anybody listened
        assert not unheard.hopeless
        unheard.start()


def test_a_process_that_will_not_end_is_made_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """All are asked at once, and share one bound."""
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.3)
    children = [Child(f"n{n}", [sys.executable, "-c", WILL_NOT_END], os.environ) for n in (1, 2)]
    for child in children:
        child.start()
    supervisor._end(children)
    assert all(child.ended is not None for child in children)


def test_systemd_is_told_by_a_datagram(tmp_path: Path) -> None:
    """And nobody is where it did not ask."""
    door = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(door))
        assert notify("WATCHDOG=1", {"NOTIFY_SOCKET": str(door)})
        assert listener.recv(100) == b"WATCHDOG=1"
    assert not notify("WATCHDOG=1", {})
    assert not notify("WATCHDOG=1", {"NOTIFY_SOCKET": str(tmp_path / "nobody")})


def test_a_busy_port_is_told_before_anything_is_started(tmp_path: Path) -> None:
    """One sentence that says what to change, and a status that says: do not start me again."""
    (tmp_path / "desk.yaml").write_text("tenant: acme\ncompany: Acme\n", encoding="utf-8")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "api.cli.main", "up", "--port", port],
            env={**os.environ, "PYTHONPATH": str(Path.cwd())},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=LONGEST_SECONDS,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "choose another --host or --port" in done.stderr
    assert not (tmp_path / ".deskhand").exists()
