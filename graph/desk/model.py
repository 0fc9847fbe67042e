"""The desk: what a tenant writes in `desk.yaml`, validated. A policy, so pure and frozen."""

from __future__ import annotations

import re
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from graph.desk.autonomy import AutonomyPolicy
from graph.desk.channels import Channels
from graph.desk.letters import LETTERS
from graph.desk.limits import Budgets, Limits
from graph.desk.locale import locale_of
from graph.desk.minds import MindsPolicy
from graph.desk.people import AccountsPolicy, HandoffPolicy, Hours, Skill
from graph.desk.tone import Tone
from graph.state import Priority
from graph.verification import VerificationPolicy
from memory.patterns import BadPattern, compiled
from tools.adapters.mcp.declared import McpService
from tools.contract import ToolSpec
from tools.declared import Declared
from tools.outside import web_address

SLUG = re.compile(r"^[a-z][a-z0-9-]{2,39}$")
MOST_SLOTS = 64
"""Calls of a declared tool at once in a worker."""


class Goal(Declared):
    """What the tenant promises itself."""

    max_wrong_answers: float = Field(default=0.05, gt=0, lt=1)
    """Share of sent answers that may be wrong; the threshold is calibrated for it."""
    quiet_hours: float = Field(default=72, gt=0, le=8760)
    """An answered customer who stays quiet for so long is assumed to be content, and one who was
    asked something to have gone."""


class Thresholds(Declared):
    """Probabilities below which the agent does not act on its own."""

    answer: float | None = Field(default=None, ge=0, le=1)
    """Confidence an ask needs to be answered; None takes the calibrated one."""
    suggest: float = Field(default=0.2, ge=0, le=1)
    """Confidence below which a person gets no draft to approve, but what was looked for and found."""
    intent: float = Field(default=0.35, ge=0, le=1)
    grounding: float = Field(default=0.5, ge=0, le=1)
    injection: float = Field(default=0.72, ge=0, le=1)
    """Above it a person reads the ticket."""


class Service(Declared):
    """An outside service that declared tools call."""

    base_url: str = ""
    token: str = ""
    """Sent as a bearer token where it is not empty."""
    openapi: str | None = None
    """The service's OpenAPI 3 document: a file beside the desk, or a URL on the same host."""
    mcp: McpService | None = None
    """An MCP server instead: a program that is started (`command`), or an address (`url`)."""
    adapter: str | None = None
    """A kind of adapter that another package brings (entry point of `deskhand.adapters`)."""
    options: dict[str, str] = Field(default_factory=dict, max_length=50)
    """That adapter's own settings."""

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if self.base_url:
            web_address(self.base_url)
        if self.mcp is None and self.adapter is None and not self.base_url:
            msg = "a service needs a `base_url`, or `mcp`, or `adapter`: give one of them"
            raise ValueError(msg)
        if self.adapter is not None and (self.mcp is not None or self.openapi):
            msg = "a service with an `adapter` has no `mcp` and no `openapi`: leave them out"
            raise ValueError(msg)
        if self.options and self.adapter is None:
            raise ValueError("only an `adapter` has `options`: leave them out")
        if self.mcp is not None and (self.base_url or self.openapi):
            raise ValueError("an MCP server has no `base_url` and no `openapi`: leave them out")
        return self


class Delivery(Declared):
    """Where replies go: a POST to a service, with an Idempotency-Key."""

    service: str
    path: str = "/replies"
    honours_key: bool = True


class Intent(Declared):
    """One thing customers want, and what the agent may do about it."""

    name: str
    description: str = ""
    examples: tuple[str, ...] = Field(min_length=2)
    tools: tuple[str, ...] = ()
    """Tools this intent may use besides the search."""
    handling: Literal["answer", "person"] = "answer"
    priority: Priority = "normal"
    team: str | None = None
    """The team that gets its handoffs; where nothing is said, the first with a fitting skill."""
    skills: tuple[Skill, ...] = ()
    """What whoever takes its handoffs should know about."""

    @field_validator("examples")
    @classmethod
    def _with_words(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        seen: set[str] = set()
        for text in value:
            same = " ".join(text.casefold().split())
            if not any(sign.isalnum() for sign in text):
                raise ValueError(
                    f"the example {text!r} contains no word: write what a customer would"
                )
            if same in seen:
                raise ValueError(f"the example {text!r} is there already: write another phrasing")
            seen.add(same)
        return value


class Desk(Declared):
    """Everything a tenant decides."""

    tenant: str
    company: str
    language: str = "en"
    languages: tuple[str, ...] = ()
    """Others in which the help centre has articles: a question in one of them is searched for among
    the articles in it, and answered in it."""
    weight: int = Field(default=1, ge=1, le=8)
    """Of this tenant's tickets beside those of others: a tenant of weight 2 may have twice as many
    runs at once, and gets twice the turns while everybody waits."""
    locale: str = ""
    """How dates and amounts of records are written, as in `en-GB`; the language's own way unless it
    is set."""
    tone: Tone = Tone()
    goal: Goal = Goal()
    thresholds: Thresholds = Thresholds()
    limits: Limits = Limits()
    budgets: Budgets = Budgets()
    identity: VerificationPolicy = VerificationPolicy()
    accounts: AccountsPolicy = AccountsPolicy()
    hours: Hours = Hours()
    handoff: HandoffPolicy = HandoffPolicy()
    minds: MindsPolicy = MindsPolicy()
    autonomy: AutonomyPolicy = AutonomyPolicy()
    never_promise: tuple[str, ...] = ()
    """Regular expressions that no reply may match."""
    words: dict[str, str] = Field(default_factory=dict)
    """What customers call a thing, and what the articles call it: `rota: schedule`."""
    services: dict[str, Service] = Field(default_factory=dict)
    delivery: Delivery | None = None
    """None: replies are fetched from the status URL."""
    channels: Channels = Channels()
    """Where tickets come from beside the API; their answers go back the same way."""
    tools: tuple[ToolSpec, ...] = ()
    intents: tuple[Intent, ...] = ()

    @field_validator("tenant")
    @classmethod
    def _slug(cls, value: str) -> str:
        if not SLUG.match(value):
            raise ValueError(f"tenant {value!r}: use 3 to 40 lower case letters, digits and -")
        return value

    @field_validator("languages")
    @classmethod
    def _searchable(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := [one for one in value if one not in LETTERS]:
            msg = f"{unknown[0]!r} cannot be searched in: choose of {', '.join(LETTERS)}"
            raise ValueError(msg)
        return value

    @field_validator("language")
    @classmethod
    def _known_language(cls, value: str) -> str:
        try:
            known = locale_of(value).language == value
        except ValueError:
            known = False
        if not known:
            msg = (
                f"{value!r} is not a language: write it as en or de (a country goes into `locale`)"
            )
            raise ValueError(msg)
        return value

    @field_validator("locale")
    @classmethod
    def _known_locale(cls, value: str) -> str:
        if value:
            locale_of(value)
        return value

    @field_validator("tools")
    @classmethod
    def _few_slots(cls, value: tuple[ToolSpec, ...]) -> tuple[ToolSpec, ...]:
        for tool in value:
            if tool.slots > MOST_SLOTS:
                msg = (
                    f"tool {tool.name!r} has {tool.slots} slots: {MOST_SLOTS} at most, or a service"
                    " that hangs would hold every connection"
                )
                raise ValueError(msg)
        return value

    @field_validator("never_promise")
    @classmethod
    def _patterns(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in value:
            try:
                compiled(pattern)
            except BadPattern as error:
                msg = f"{pattern!r} is not a regular expression: {error} (RE2, without lookaround)"
                raise ValueError(msg) from error
        return value

    @model_validator(mode="after")
    def _references(self) -> Self:
        names = {tool.name for tool in self.tools}
        for intent in self.intents:
            if unknown := set(intent.tools) - names:
                msg = f"intent {intent.name!r} uses unknown tools {sorted(unknown)}: declare them"
                raise ValueError(msg)
            if intent.team is not None and self.handoff.team(intent.team) is None:
                msg = f"intent {intent.name!r} goes to unknown team {intent.team!r}: declare it"
                raise ValueError(msg)
        for tool in self.tools:
            if tool.service is not None and tool.service not in self.services:
                msg = f"tool {tool.name!r} calls unknown service {tool.service!r}: declare it"
                raise ValueError(msg)
        for spec in self.minds.models:
            if spec.service is not None and spec.service not in self.services:
                msg = f"model {spec.model!r} uses unknown service {spec.service!r}: declare it"
                raise ValueError(msg)
        if self.identity.codes and self.delivery is None and self.channels.mail is None:
            msg = "identity.codes needs a way to the address on file: add `delivery` or `channels`"
            raise ValueError(msg)
        if self.delivery is not None and self.delivery.service not in self.services:
            raise ValueError(f"delivery uses unknown service {self.delivery.service!r}: declare it")
        return self

    @model_validator(mode="after")
    def _autonomy(self) -> Self:
        if unknown := set(self.autonomy.intents) - {intent.name for intent in self.intents}:
            raise ValueError(f"autonomy names unknown intents {sorted(unknown)}: declare them")
        return self

    @model_validator(mode="after")
    def _mcp_servers(self) -> Self:
        for tool in self.tools:
            if self._is_mcp(tool.service) and not tool.operation:
                raise ValueError(f"tool {tool.name!r} calls an MCP server: name its `operation`")
        for spec in self.minds.models:
            if self._is_mcp(spec.service):
                msg = f"model {spec.model!r} cannot be an MCP server: name another service"
                raise ValueError(msg)
        if self.delivery is not None and self._is_mcp(self.delivery.service):
            msg = "delivery cannot go to an MCP server: name a service with a `base_url`"
            raise ValueError(msg)
        return self

    def _is_mcp(self, service: str | None) -> bool:
        found = self.services.get(service or "")
        return found is not None and found.mcp is not None

    def intent(self, name: str | None) -> Intent | None:
        """The intent of that name, or None."""
        return next((intent for intent in self.intents if intent.name == name), None)

    def gives_to_person(self, intent: str | None) -> bool:
        """Whether what that intent brings always goes to a person."""
        found = self.intent(intent)
        return found is not None and found.handling == "person"

    def other_language(self, said: str) -> str:
        """A customer's language, if it is not the desk's and there are articles in it; else empty."""
        return said if said in self.languages and said != self.language else ""

    def known_questions(self) -> list[str]:
        """What its customers are known to ask: the examples of its intents."""
        return [text for intent in self.intents for text in intent.examples]

    def tools_of(self, intent: str | None) -> frozenset[str]:
        """The declared tools that an intent may use: none where no intent applies."""
        found = self.intent(intent)
        return frozenset() if found is None else frozenset(found.tools)

    def tool(self, name: str) -> ToolSpec | None:
        """The declared tool of that name, or None."""
        return next((tool for tool in self.tools if tool.name == name), None)
