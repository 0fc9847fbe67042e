"""Accounts and sessions as the API shows them."""

from __future__ import annotations

from api.http.accounts import schemas as bodies
from api.http.deps import ApiContext, Principal, second_factor_due
from api.http.faults import Forbidden
from memory.people import logins, people
from memory.people.logins import Login
from memory.tables import Person


def own_login(caller: Principal) -> Login:
    """The caller's session. Raises `Forbidden` for the holder of a key."""
    if caller.login is None:
        raise Forbidden("this is about a person's session, and you sent a key: log in instead")
    return caller.login


async def session_view(context: ApiContext, login: Login, token: str) -> bodies.SessionOut:
    """A session as its person sees it."""
    return bodies.SessionOut(
        person=person_view(login.person),
        scopes=[str(scope) for scope in people.SCOPES[login.person.role]],
        csrf=logins.csrf_of(token),
        expires_at=login.session.expires_at,
        preferences=login.person.preferences,
        second_factor_due=await second_factor_due(context, login.person),
    )


def colleague_view(person: Person) -> dict[str, object]:
    """A person as the others see it."""
    disabled = person.disabled_at is not None
    return {"id": person.id, "name": person.name, "role": person.role, "disabled": disabled}


def person_view(person: Person) -> bodies.PersonOut:
    """A person as an admin, or the person, sees it."""
    same = ("tenant", "email", "one_time", "created_at")
    fields = {name: getattr(person, name) for name in same}
    protected = person.second_factor_at is not None
    return bodies.PersonOut(**colleague_view(person), **fields, second_factor=protected)
