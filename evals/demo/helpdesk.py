"""The demo's helpdesk: a Chatwoot of our own, where some customers write and find their answers."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2

from evals.demo.company import TENANT
from evals.stack.helpdesks.chatwoot import ACCOUNT, ChatwootServer
from evals.stack.helpdesks.serving import listening
from evals.stack.helpdesks.world import SECRET, TOKEN, World
from evals.stack.sending import NotAccepted
from evals.stack.stack import Stack

NAME = "chatwoot"
HOOK = f"/v1/hooks/{TENANT}/{NAME}"
ROOM = 100_000
"""Numbers of conversations and messages that one demo has for itself: another one's are others."""
PRIVATE = {"DESKHAND_WEBHOOK_PRIVATE_HOSTS": '["127.0.0.1"]'}
"""What lets the desk call a helpdesk on this machine."""
DESK = """
  chatwoot:
    url: {url}
    account: {account}
    token: ${{CHATWOOT_TOKEN}}
    webhook_secret: ${{CHATWOOT_WEBHOOK_SECRET}}
    people_work: here
    poll_seconds: 5
    sends_per_minute: 6000
"""
SECRETS = {"CHATWOOT_TOKEN": TOKEN, "CHATWOOT_WEBHOOK_SECRET": SECRET}
"""What its part of desk.yaml leaves to variables."""
Case = dict[str, Any]


@dataclass
class Helpdesk:
    """A running one."""

    run: str
    """Of this demo, in hexadecimal digits."""
    url: str = ""
    names: dict[str, str] = field(default_factory=dict)
    """By which a ticket is known, by the conversation's number."""
    started: dict[str, float] = field(default_factory=dict)
    """When each of them was written."""
    server: ChatwootServer = field(init=False)

    def __post_init__(self) -> None:
        self.server = ChatwootServer(World(_ids=int(self.mark) * ROOM))

    @property
    def mark(self) -> str:
        """How the numbers of this demo's conversations begin."""
        return str(int(f"1{self.run}", 16))

    def desk(self) -> str:
        """Its part of `channels` in desk.yaml."""
        return DESK.format(url=self.url, account=ACCOUNT)

    def write(self, stack: Stack, cases: Sequence[Case], name: Callable[[Case], str]) -> None:
        """Customers whom the helpdesk knows write; it tells the desk. Raises `NotAccepted`."""
        with httpx2.Client(base_url=stack.url, timeout=60) as caller:
            for case in cases:
                customer, moment = case["customer"], time.time()
                talk = self.server.world.opens(
                    case["body"],
                    customer.get("name", ""),
                    email=customer["email"],
                    subject=case["subject"],
                    verified=True,
                )
                self.names[str(talk.id)] = name(case)
                self.started[str(talk.id)] = moment
                hook = self.server.hook(talk, talk.said[0], at=moment)
                headers = {**hook.headers, "Content-Type": "application/json"}
                answer = caller.post(HOOK, content=hook.body, headers=headers)
                if answer.is_error:
                    raise NotAccepted(f"{name(case)}: {answer.status_code} {answer.text}")

    def answered(self) -> int:
        """How many conversations have an answer of ours."""
        return sum(bool(talk.texts()) for talk in self.server.world.changed())


@contextmanager
def helpdesk(run: str) -> Iterator[Helpdesk]:
    """A helpdesk that listens on this machine."""
    found = Helpdesk(run)
    with listening(found.server.app) as found.url:
        yield found
