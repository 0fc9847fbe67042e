"""What went wrong with a command, as one line and an exit status."""

from __future__ import annotations

import errno

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import SettingsError

from memory.faults import MemoryFault

USAGE = 2
"""The caller can repair it: an argument, a setting, a file."""
FAILED = 1
"""The work could not be done."""
PARTLY = 3
"""All that could be done is done, and something could not; the command says what."""


_WRITE_ELSEWHERE = "let this user write there, or choose another folder (--home for the data)"
_ADVICE = {
    errno.EACCES: _WRITE_ELSEWHERE,
    errno.EPERM: _WRITE_ELSEWHERE,
    errno.EROFS: _WRITE_ELSEWHERE,
    errno.ENOSPC: "make room on that disk, or choose another folder (--home for the data)",
    errno.EEXIST: "a file is in the way: choose a folder",
    errno.ENOTDIR: "a file is in the way: choose a folder",
}


class CommandFault(Exception):
    """A command cannot do what was asked; the message says what to change."""

    def __init__(self, message: str, status: int = FAILED) -> None:
        super().__init__(message)
        self.status = status


def told(error: Exception, *, logged: bool = False) -> tuple[str, int]:
    """The line and the exit status of any error; of several at once, of the first.

    `logged`: its place stands in a log, where its words might be a customer's.
    """
    if (known := foreseen(error)) is not None:
        return known
    error = _first_of(error)
    name = type(error).__name__
    if logged:
        return f"{name}: the line above says where", FAILED
    line = " ".join(str(error).split()) or "no message"
    return f"{name}: {line} (set DESKHAND_DEBUG=1 for the details)", FAILED


def _first_of(error: Exception) -> Exception:
    """The error itself; of several at once, the first."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error


def foreseen(error: Exception) -> tuple[str, int] | None:
    """What an error says that tells by itself what to change; None of any other. Of several at once, the first."""
    error = _first_of(error)
    if isinstance(error, CommandFault):
        return str(error), error.status
    if isinstance(error, ValidationError):
        return _settings(error), USAGE
    if isinstance(error, SettingsError):
        return _unparsed(error), USAGE
    name = type(error).__name__
    if name in _USAGE:
        return str(error), USAGE
    if isinstance(error, MemoryFault) or name in _FAILED:
        return str(error), FAILED
    return (_refused_by_the_system(error), FAILED) if isinstance(error, OSError) else None


_USAGE = frozenset(
    {
        *("DeskInvalid", "ModelRefused", "BackupRefused", "EncryptionRefused", "KeyRefused"),
        *("KeyUnknown", "PersonRefused", "PersonUnknown", "SecondFactorRefused", "PasswordWeak"),
        *("TicketUnknown", "HandoffUnknown", "IndexInUse", "PluginFault", "CatalogFault"),
        *("NotMovable",),
    }
)
_FAILED = frozenset({"EncoderUnavailable"})
"""Errors whose text is fit for people, by name: their modules are heavy to import."""


def _refused_by_the_system(error: OSError) -> str:
    line = f"{error.filename or 'the system'}: {error.strerror or error}"
    advice = _ADVICE.get(error.errno or 0)
    return line if advice is None else f"{line}; {advice}"


def _unparsed(error: SettingsError) -> str:
    """A setting that is a list or a mapping, and no JSON; the framework names only its field."""
    field = str(error).partition('"')[2].partition('"')[0].upper()
    return f"DESKHAND_{field}: write it as JSON, as in '[\"10.0.0.5\"]' for a list"


def _settings(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    field = "_".join(str(part) for part in first["loc"]).upper()
    words = _words(first)
    shown = f", is {first['input']!r}" if _may_be_shown(first) else ""
    return f"DESKHAND_{field}: {words[:1].lower()}{words[1:]}{shown}"


def _words(error: ErrorDetails) -> str:
    if error["type"] == "too_short":
        return f"must have at least {error['ctx']['min_length']} characters"
    return str(error["msg"]).removeprefix("Value error, ")


def _may_be_shown(error: ErrorDetails) -> bool:
    """Neither a secret nor an address, which may hold a password: this ends in logs."""
    from api.settings import Settings

    name, *_ = error["loc"] or ("",)
    field = Settings.model_fields.get(str(name))
    return (
        field is not None
        and "Secret" not in str(field.annotation)
        and not str(name).endswith("_url")
    )
