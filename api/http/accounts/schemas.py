"""Bodies of logins, accounts and the audit."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from api.http.text import MAX_EMAIL_CHARS, MAX_NAME_CHARS, Body, Email, Line, Text
from memory.people.passwords import MAX_CHARS

MAX_FILTERS = 20
MAX_FILTER_CHARS = 500
MAX_CODE_CHARS = 40
"""A recovery code has 19 characters; people type blanks as well."""

Password = Annotated[str, Field(min_length=1, max_length=MAX_CHARS, repr=False)]
RoleName = Literal["agent", "lead", "admin"]


class LoginIn(Body):
    """Address and password."""

    email: Annotated[Text, Field(max_length=MAX_EMAIL_CHARS)]
    password: Password
    tenant: Annotated[Line, Field(min_length=1, max_length=MAX_NAME_CHARS)] | None = None
    """Only where the address has accounts with several tenants, and one password opens two."""


class PasswordIn(Body):
    """The password there is, and the one to be."""

    old: Password
    new: Password


Code = Annotated[Text, Field(min_length=1, max_length=MAX_CODE_CHARS, repr=False)]


class CodeIn(Body):
    """A code of the app, or a recovery code, as it was typed."""

    code: Code


class ReproofIn(Body):
    """The password again, before the account's own protection is changed."""

    password: Password


class ProofIn(Body):
    """The password and a code again, before the second factor is changed."""

    password: Password
    code: Code


class SavedFilter(Body):
    """A search of the queue under a name."""

    name: Annotated[Line, Field(min_length=1, max_length=60)]
    query: Annotated[Line, Field(max_length=MAX_FILTER_CHARS)]
    """The parameters of GET /v1/handoffs, as in an address."""


class Preferences(Body):
    """What the console remembers for a person."""

    theme: Literal["auto", "light", "dark"] = "auto"
    filters: list[SavedFilter] = Field(default_factory=list, max_length=MAX_FILTERS)


class PersonIn(Body):
    """A new account."""

    name: Annotated[Line, Field(min_length=1, max_length=MAX_NAME_CHARS)]
    email: Annotated[Email, Field(max_length=MAX_EMAIL_CHARS)]
    role: RoleName = "agent"


class RoleIn(Body):
    """Another role."""

    role: RoleName


class ColleagueOut(BaseModel):
    """A person as the others see it."""

    id: str
    name: str
    role: str
    disabled: bool


class PersonOut(ColleagueOut):
    """A person as an admin, or the person, sees it."""

    tenant: str
    email: str
    one_time: bool
    """Whether an own password is still to be set."""
    second_factor: bool
    """Whether a login asks for a code as well."""
    created_at: datetime


class PersonMadeOut(PersonOut):
    """A new or reset account."""

    password: str
    """The one-time password: it is shown this once."""


class SessionOut(BaseModel):
    """Who is logged in, until when."""

    person: PersonOut
    scopes: list[str]
    csrf: str
    """Send it as X-CSRF-Token with every change."""
    expires_at: datetime
    preferences: dict[str, Any]
    second_factor_due: bool
    """Whether the role needs a second factor and the person has none: nothing else can be done."""


class CodeDueOut(BaseModel):
    """The password was right, and a code is needed as well."""

    code_due: Literal[True] = True
    seconds: int
    """So long the login waits for it."""


class SecretOut(BaseModel):
    """What an authenticator app is told; in force once a code of it has come back."""

    secret: str
    address: str
    """The same as an address that apps read from a picture."""


class RecoveryCodesOut(BaseModel):
    """What logs the person in without the app, each once: it is shown this once."""

    recovery_codes: list[str]


class PeoplePage(BaseModel):
    """The people of a tenant by name."""

    items: list[ColleagueOut]


class AccountsPage(BaseModel):
    """The accounts of a tenant by name."""

    items: list[PersonOut]


class AuditRowOut(BaseModel):
    """Something a person or a key did, or tried to."""

    id: int
    at: datetime
    who: str
    via: str
    """person | key | command"""
    action: str
    """A route with its method, or a word such as `login`."""
    summary: str | None
    """What the route does; null where the action is none of this version's routes."""
    subject: str | None
    status: int | None
    """HTTP status of the answer; null where it is not known."""


class AuditPage(BaseModel):
    """The newest first."""

    items: list[AuditRowOut]
    next: str | None
    """Where the next page is; null on the last one."""
