"""Webhooks out: a program posts tickets, and its receiver is told what happens to them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx2
from typing_extensions import override

from evals.channels.contract import Bad
from evals.channels.hooks import Event, judge_log
from evals.channels.judging import Verdict, judge
from evals.channels.receiver import Call, Json
from evals.channels.sides.api import ApiSide
from evals.channels.traces import Trace
from evals.stack.stack import Stack

PATH = "/hooks"


@dataclass
class WebhookSide(ApiSide):
    """The API, with a receiver that is told of everything by webhooks."""

    name: str = "webhooks"
    environment: Mapping[str, str] = field(
        default_factory=lambda: {"DESKHAND_WEBHOOK_PRIVATE_HOSTS": '["127.0.0.1"]'}
    )
    log: list[Event] = field(default_factory=list)

    @asynccontextmanager
    @override
    async def open(self, bad: Bad) -> AsyncIterator[None]:
        async with super().open(bad):
            self.receiver.handlers[PATH] = self._told
            yield

    @override
    async def join(self, stack: Stack) -> None:
        await super().join(stack)
        admin = {"Authorization": f"Bearer {await stack.new_key(self.name, 'admin')}"}
        async with httpx2.AsyncClient(base_url=stack.url, headers=admin) as client:
            body = {"url": self.receiver.url + PATH}
            (await client.post("/v1/webhooks", json=body)).raise_for_status()

    @override
    def judge(self, traces: Sequence[Trace]) -> Verdict:
        """The receiver's log beside what was posted and answered."""
        found = judge(traces)
        found.add(judge_log(self.log, self.by_ticket))
        return found

    def _told(self, call: Call) -> Json:
        body = call.body
        ticket_id, sequence = body["data"]["ticket_id"], body["sequence"]
        name = call.headers["webhook-id"]
        self.receiver.bad.seen["event again"] += any(one.id == name for one in self.log[-500:])
        self.log.append(Event(name, body["type"], ticket_id, sequence, body["data"]))
        return {}
