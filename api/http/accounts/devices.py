"""Browsers in which a person has logged in before: strangers' guesses do not lock them out.

A device cookie is a random name with a keyed digest over it and the address. It is no login: with
it, failures are counted against the browser, instead of the account and the caller's address.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta

from fastapi import Request, Response

from api.http.deps import DEVICE_COOKIE, ApiContext, cookie_name, is_secure
from memory import addresses
from memory.verification.codes import keyed

NAME_BYTES = 16
NAME_CHARS = 2 * NAME_BYTES
KEPT = timedelta(days=180)
"""A browser in which nobody logged in for so long is a stranger's again."""


def known_device(request: Request, context: ApiContext, email: str) -> str | None:
    """The browser's name where somebody has logged in to this address in it; else None."""
    sent = request.cookies.get(cookie_name(request, DEVICE_COOKIE), "")
    name, _, proof = sent.partition(".")
    right = _proof(context, name, email)
    same = hmac.compare_digest(proof.encode(), right.encode())
    return name if same and len(name) == NAME_CHARS else None


def remember_device(request: Request, response: Response, context: ApiContext, email: str) -> None:
    """After a login: give the browser its name, or keep the one it has."""
    name = known_device(request, context, email) or secrets.token_hex(NAME_BYTES)
    response.set_cookie(
        cookie_name(request, DEVICE_COOKIE),
        f"{name}.{_proof(context, name, email)}",
        max_age=int(KEPT.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=is_secure(request),
    )


def _proof(context: ApiContext, name: str, email: str) -> str:
    return keyed(context.hmac_key(), "device", name, addresses.canonical(email))
