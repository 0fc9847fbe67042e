"""Codes of an authenticator app (RFC 6238): six digits that a shared secret gives every 30 seconds.

Pure: what time it is, is told. Which step a code belongs to matters here, because a step is
accepted once; libraries only say whether a code fits.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import b32decode, b32encode
from datetime import datetime
from urllib.parse import quote, urlencode

SECRET_BYTES = 20
"""160 bits, as RFC 4226 advises; 32 characters in base 32."""
DIGITS = 6
STEP_SECONDS = 30
WINDOW = 1
"""Steps before and after the present one whose codes are taken: clocks differ, people type slowly."""
ISSUER = "Deskhand"


def new_secret() -> str:
    """A random secret in base 32, as apps take it."""
    return b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def step_at(moment: datetime) -> int:
    """The number of the step that a moment lies in."""
    return int(moment.timestamp()) // STEP_SECONDS


def code_of(secret: str, step: int) -> str:
    """The code of one step."""
    digest = hmac.digest(b32decode(secret), step.to_bytes(8), "sha1")
    place = digest[-1] & 0xF
    number = int.from_bytes(digest[place : place + 4]) & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def steps_of(secret: str, code: str, moment: datetime) -> list[int]:
    """The steps around the moment whose code this is, the latest first; mostly one or none."""
    middle = step_at(moment)
    around = range(middle + WINDOW, middle - WINDOW - 1, -1)
    return [
        one for one in around if hmac.compare_digest(code_of(secret, one).encode(), code.encode())
    ]


def address_for_apps(secret: str, email: str) -> str:
    """The `otpauth://` address that an app reads from a picture."""
    asked = urlencode({"secret": secret, "issuer": ISSUER})
    return f"otpauth://totp/{ISSUER}:{quote(email, safe='')}?{asked}"
