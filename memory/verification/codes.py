"""The form of a one-time code: 8 digits that follow from chance and a key (see hmac_key.py).

Only a keyed digest of a code is stored. `challenges` issues codes, `answers` weighs what comes back.
"""

from __future__ import annotations

import hashlib
import hmac
import re

DIGITS = 8
MARK = "[code]"
"""Stands in a stored message where the customer wrote a code."""
CODE = "code"
"""Kind of a customer's message that brought a code or tried to; no words of theirs can set it."""
CANDIDATE = re.compile(r"(?<![\w-])\d{4}[ -]?\d{4}(?![\w-])")
"""What may be a code in a customer's text."""


def code_of(hmac_key: bytes, challenge_id: str, nonce: str) -> str:
    """The code of a challenge: the same however often it is asked for, unknown without the key.

    A retry after a crash must send the same code under the same key.
    """
    number = int(keyed(hmac_key, "code", challenge_id, nonce), 16)
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def keyed(hmac_key: bytes, *parts: str) -> str:
    """A keyed digest of the parts, in hexadecimal."""
    return hmac.new(hmac_key, "\n".join(parts).encode(), hashlib.sha256).hexdigest()


def plain(code: str) -> str:
    """The digits of a code as a customer wrote it."""
    return code.replace(" ", "").replace("-", "")
