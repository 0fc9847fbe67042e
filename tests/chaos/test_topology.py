"""Two APIs and three workers on Postgres, each a process with a home of its own."""

import os
import signal
from http.client import ACCEPTED
from pathlib import Path

from evals.stack.chaotic import ARTICLE, TENANT, await_ends, desk_for
from evals.stack.sending import ENDED
from evals.stack.stack import free_port
from evals.stack.topology import start, topology
from tests.postgres import require_postgres
from tests.waiting import wait_until

TICKETS = 12
QUIET_SECONDS = 120.0
"""No ticket may end for so long before the test gives up."""
TEXT = "How do I reset my password? #slow"


def test_servers_that_were_killed_are_started_again(tmp_path: Path) -> None:
    """Where they were, with what they held."""
    require_postgres()
    desk = tmp_path / "desk.yaml"
    desk.write_text(desk_for(TENANT, free_port()), encoding="utf-8")
    with topology(tmp_path, desk, DESKHAND_MINDS="scripted") as running:
        assert running.revive_servers() == []
        key, server = running.apis[0].key(TENANT), running.cluster.pid
        assert server is not None
        os.kill(server, signal.SIGKILL)
        running.vectors.kill()
        revived: list[str] = []

        def both() -> bool:
            revived.extend(running.revive_servers())
            return sorted(revived) == ["Postgres", "The vector server"]

        wait_until(both)
        assert running.revive_servers() == []
        one = running.apis[0]
        one.start_api()
        with one.client(key) as client:
            assert client.post("/v1/tickets", json={"text": TEXT}).status_code == ACCEPTED


def test_tickets_end_though_a_worker_and_an_api_are_killed(tmp_path: Path) -> None:
    """Whoever is left takes everything up; each API shows what the other one accepted."""
    require_postgres()
    port = free_port()
    desk, articles = tmp_path / "desk.yaml", tmp_path / "kb.jsonl"
    desk.write_text(desk_for(TENANT, port), encoding="utf-8")
    articles.write_text(ARTICLE, encoding="utf-8")
    with topology(tmp_path, desk, DESKHAND_MINDS="scripted") as running:
        one, other = running.apis
        one.start_service("examples.fernhill.service", port)
        one.run("kb", "add", str(articles), "--tenant", TENANT)
        start(running)
        key = one.key(TENANT)
        with one.client(key) as first, other.client(key) as second:
            ids = [
                str(client.post("/v1/tickets", json={"text": TEXT}).raise_for_status().json()["id"])
                for client in (first, second)
                for _ in range(TICKETS // 2)
            ]
            running.workers[0].kill("worker-0")
            one.kill("api")
            views = await_ends(second, ids, QUIET_SECONDS)
    assert len({view["id"] for view in views}) == TICKETS
    assert {view["status"] for view in views} <= ENDED
    assert {view["outcome"] for view in views} == {"delivered"}
