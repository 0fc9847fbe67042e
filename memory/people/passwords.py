"""Passwords: hashed with Argon2id, compared in constant time. Each call takes about 80 ms of CPU."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from memory.people.own_words import own_words, without

MEMORY_KIB = 19_456
ROUNDS = 2
LANES = 1
"""The least that OWASP names for Argon2id: 19 MiB and two rounds a guess."""
MIN_CHARS = 12
MAX_CHARS = 200
"""Longer input would only cost time; the hash has 256 bits."""
ONE_TIME_BYTES = 12
DISTINCT_CHARS = 5
"""A password of fewer different characters is a pattern."""


READ_CHARS = 72
LEAST_SCORE = 3
"""Of 4, by zxcvbn: more than 100 million guesses by somebody who knows all common passwords."""
PRODUCT = "deskhand"
ADVICE = "take a few words that only you would put together"


class PasswordWeak(ValueError):
    """The password would be guessed; the message says what to change."""


@dataclass(frozen=True)
class Checked:
    """What a comparison found."""

    right: bool
    outdated: bool = False
    """The hash was made with weaker parameters: make it anew while the password is known."""


class Passwords:
    """Makes and checks hashes."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(ROUNDS, MEMORY_KIB, LANES, type=Type.ID)
        self._nobody = self._hasher.hash(secrets.token_hex())

    def hashed(self, password: str) -> str:
        """The hash with its parameters and a fresh salt."""
        return self._hasher.hash(password)

    def check(self, password: str, stored: str | None) -> Checked:
        """Compare; where there is no account the time is spent all the same."""
        try:
            self._hasher.verify(stored or self._nobody, password[:MAX_CHARS])
        except (VerificationError, InvalidHashError):
            return Checked(right=False)
        if stored is None:
            return Checked(right=False)
        return Checked(right=True, outdated=self._hasher.check_needs_rehash(stored))


def refuse_weak(password: str, *, email: str, names: Iterable[str]) -> None:
    """Raise `PasswordWeak` for what is short, long, common or a pattern.

    `names`: the person's, and those of where they work. What is left without them must be a good
    password by itself: a company's name and a year is what is guessed first.
    """
    if not MIN_CHARS <= len(password) <= MAX_CHARS:
        msg = f"a password has {MIN_CHARS} to {MAX_CHARS} characters, and this has {len(password)}"
        raise PasswordWeak(msg)
    if len(set(password)) < DISTINCT_CHARS:
        raise PasswordWeak(f"use at least {DISTINCT_CHARS} different characters")
    # The longest part that is read in bounded time; the whole is no weaker than a part of it.
    part, known = password[:READ_CHARS], own_words([email, PRODUCT, *names])
    if why := _weakness(part, known):
        raise PasswordWeak(f"the password would be guessed ({why}): {ADVICE}")
    left = without(part, known)
    if left != part and _weakness(left, known):
        raise PasswordWeak(f"the password is little more than a name that others know: {ADVICE}")


def _weakness(password: str, known: Iterable[str]) -> str:
    from zxcvbn import zxcvbn  # loads lists of common passwords, names and words

    if not password:
        return "nothing is left"
    found = zxcvbn(password, list(known))
    if found["score"] >= LEAST_SCORE:
        return ""
    why = found["feedback"]["warning"].rstrip(".") or "it is made of common parts"
    return f"{why[:1].lower()}{why[1:]}"


def one_time() -> str:
    """A random password to begin with, 96 bits, easy to select with a double click."""
    return secrets.token_hex(ONE_TIME_BYTES)
