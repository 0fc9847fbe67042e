"""What a helpdesk of our own holds, whichever it plays: conversations, and who wrote what."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, Protocol

from starlette.types import ASGIApp

Json = dict[str, Any]
Who = Literal["customer", "person", "own"]
OWN_ID, PERSON_ID, CUSTOMER_ID = 7, 8, 100
TOKEN = "a-token-of-the-desk"  # noqa: S105 - of a server of our own
SECRET = "a-secret-of-the-webhooks"  # noqa: S105 - of a server of our own


@dataclass
class Said:
    """One message."""

    id: int
    who: Who
    text: str
    at: datetime
    public: bool = True
    marker: str = ""
    files: tuple[str, ...] = ()
    contents: tuple[bytes, ...] = ()
    """Of our own files: what was brought."""
    automatic: bool = False
    deleted: bool = False


@dataclass
class Talk:
    """One conversation."""

    id: int
    name: str
    email: str
    subject: str
    verified: bool = False
    """Whether the helpdesk knows for sure who the customer is."""
    stands: str = "open"
    """As our own words have it: open | waiting | settled."""
    group: int = 1
    team: int | None = None
    tags: list[str] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    changed: datetime = datetime(1970, 1, 1, tzinfo=UTC)

    def texts(self, who: Who = "own", *, public: bool = True) -> list[str]:
        """What one side has said."""
        return [one.text for one in self.said if (one.who, one.public) == (who, public)]


@dataclass
class World:
    """All conversations of one helpdesk."""

    talks: dict[int, Talk] = field(default_factory=dict)
    uploads: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """Name and bytes of files that no message has taken, by token."""
    behind: timedelta = timedelta()
    """By how much its clock is late."""
    drops_markers: bool = False
    """Whether it forgets what was sent along with a message."""
    before_write: Callable[[Talk], None] = lambda _talk: None
    """Called before a message of ours is stored."""
    after_write: Callable[[Talk, Said], None] = lambda _talk, _said: None
    """Called once a message was stored, in the thread that stored it."""
    _ids: int = 100
    _alone: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> datetime:
        """What its clock shows."""
        return datetime.now(UTC) - self.behind

    def opens(
        self, text: str, name: str = "Ann Lee", files: tuple[str, ...] = (), **more: Any
    ) -> Talk:
        """A customer begins a conversation."""
        usual = f"{name.lower().replace(' ', '.')}@customer.example"
        email = str(more.pop("email", usual))
        with self._alone:
            self._ids += 1
            number = self._ids
        talk = Talk(number, name, email, str(more.pop("subject", "A question")), **more)
        self.writes(talk, text, files=files)
        self.talks[talk.id] = talk
        return talk

    def writes(self, talk: Talk, text: str, who: Who = "customer", **more: Any) -> Said:
        """Somebody writes; the customer's words open it again."""
        with self._alone:  # customers and the server are in threads of their own
            self._ids += 1
            one = Said(self._ids, who, text, self.now(), **more)
            talk.said.append(one)
            if who == "customer":
                talk.stands = "open"
            self.touch(talk)
        self.after_write(talk, one)
        return one

    def deletes(self, talk: Talk, said: Said) -> None:
        """A message is deleted; some helpdesks leave a note in its place."""
        said.deleted = True
        self.touch(talk)

    def merges(self, talk: Talk, into: Talk) -> None:
        """A colleague merges a conversation into another, which gets its messages."""
        into.said = sorted([*into.said, *talk.said], key=lambda one: one.id)
        talk.said, talk.stands = [], "settled"
        self.touch(talk)
        self.touch(into)

    def touch(self, talk: Talk) -> None:
        """It changed."""
        talk.changed = self.now()

    def changed(self) -> list[Talk]:
        """All of them, the one that changed last at the end."""
        return sorted(self.talks.copy().values(), key=lambda one: (one.changed, one.id))


@dataclass(frozen=True)
class HookSent:
    """A webhook as it leaves."""

    headers: Mapping[str, str]
    body: bytes


class HelpdeskServer(Protocol):
    """One helpdesk of our own."""

    name: str
    world: World

    @property
    def app(self) -> ASGIApp:
        """What answers its API."""
        ...

    def settings(self, url: str) -> Json:
        """Its part of desk.yaml, without secrets."""
        ...

    def hook(self, talk: Talk, said: Said | None = None, *, at: float) -> HookSent:
        """The signed webhook that tells of a message, or of another status; `at` since 1970."""
        ...

    def other_hook(self, *, at: float) -> HookSent:
        """A signed webhook that is of no interest."""
        ...
