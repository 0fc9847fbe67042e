"""Codes of an authenticator app."""

from base64 import b32encode
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from memory.people import totp

SECRET = b32encode(b"12345678901234567890").decode()
"""Of the examples in RFC 6238, appendix B."""


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    """The last six digits of the standard's own examples."""
    assert totp.code_of(SECRET, seconds // totp.STEP_SECONDS) == code


def test_a_code_is_good_one_step_early_and_late() -> None:
    """Two steps away it is none, and what is no code has no step."""
    moment = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    middle = totp.step_at(moment)
    found = [totp.steps_of(SECRET, totp.code_of(SECRET, middle + n), moment) for n in range(-2, 3)]
    assert found == [[], [middle - 1], [middle], [middle + 1], []]
    assert totp.steps_of(SECRET, "٣٣٣٣٣٣", moment) == []


def test_apps_read_the_secret_from_an_address() -> None:
    """The address names whose account it is, and survives characters that mean something in it."""
    secret = totp.new_secret()
    found = urlsplit(totp.address_for_apps(secret, "ann+x@example.com"))
    assert (found.scheme, found.netloc, found.path) == (
        "otpauth",
        "totp",
        "/Deskhand:ann%2Bx%40example.com",
    )
    assert parse_qs(found.query) == {"secret": [secret], "issuer": ["Deskhand"]}
