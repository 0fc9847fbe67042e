"""One real stack for the room: API, worker, and a service that counts replies."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from evals.stack.chaotic import TENANT, await_ends, chaotic_stack, nursery_of, service_url
from evals.stack.stack import Stack
from evals.stack.worker_pool import WorkerPool
from tests.waiting import LONGEST_SECONDS

OTHER = "other"


@dataclass
class Desk:
    """The stack with the one worker that takes its jobs, and a client of each tenant."""

    stack: Stack
    workers: WorkerPool
    client: httpx2.Client
    other: httpx2.Client

    def post(self, text: str, *, client: httpx2.Client | None = None) -> str:
        """The id of a new ticket."""
        answer = (client or self.client).post("/v1/tickets", json={"text": text})
        return str(answer.raise_for_status().json()["id"])

    def ends(self, *ids: str, client: httpx2.Client | None = None) -> list[dict[str, Any]]:
        """The tickets' views once they have ended."""
        return await_ends(client or self.client, ids, LONGEST_SECONDS)

    def working(self) -> None:
        """Have a worker that takes jobs."""
        if not self.workers.alive:
            self.workers.start()

    def arrived(self, ticket_id: str) -> list[str]:
        """Kinds of the messages that arrived for a ticket."""
        with httpx2.Client(base_url=service_url(self.stack)) as service:
            found = service.get("/replies", params={"ticket_id": ticket_id})
            return [reply["kind"] for reply in found.raise_for_status().json()]


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The stack, started once for the room: idle, it would cost the rest of the run a few percent."""
    folder = tmp_path_factory.mktemp("engine")
    with (
        chaotic_stack(folder, others=(OTHER,), DESKHAND_TENANT_CONCURRENCY="2") as stack,
        nursery_of(stack) as workers,
    ):
        stack.start_api()
        with stack.client(stack.key(TENANT)) as client, stack.client(stack.key(OTHER)) as other:
            yield Desk(stack, workers, client, other)


@pytest.fixture
def desk(running: Desk) -> Desk:
    """The stack with a living worker."""
    running.working()
    return running
