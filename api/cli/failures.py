"""What went wrong with a command, as one line and an exit status."""

from __future__ import annotations

import errno

from pydantic import ValidationError

USAGE = 2
"""The caller can repair it: an argument, a setting, a file."""
FAILED = 1
"""The work could not be done."""
PARTLY = 3
"""All that could be done is done, and something could not; the command says what."""


_NOT_ALLOWED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


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
    name = type(error).__name__
    if name in _STATUS:
        return str(error), _STATUS[name]
    return (_refused_by_the_system(error), FAILED) if isinstance(error, OSError) else None


_STATUS = {
    "DeskInvalid": USAGE,
    "ModelRefused": USAGE,
    "BackupRefused": USAGE,
    "EncryptionRefused": USAGE,
    "KeyRefused": USAGE,
    "KeyUnknown": USAGE,
    "PersonRefused": USAGE,
    "PersonUnknown": USAGE,
    "SecondFactorRefused": USAGE,
    "PasswordWeak": USAGE,
    "TicketUnknown": USAGE,
    "HandoffUnknown": USAGE,
    "StorageUnavailable": FAILED,
    "IndexInUse": USAGE,
    "IndexUnavailable": FAILED,
    "OtherModel": FAILED,
    "EncoderUnavailable": FAILED,
    "PluginFault": USAGE,
    "CatalogFault": USAGE,
}
"""Errors whose text is fit for people, by name: their modules are heavy to import."""


def _refused_by_the_system(error: OSError) -> str:
    line = f"{error.filename or 'the system'}: {error.strerror or error}"
    if error.errno in _NOT_ALLOWED:
        line += "; let this user write there, or choose another folder (--home for the data)"
    return line


def _settings(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    field = "_".join(str(part) for part in first["loc"]).upper()
    words = str(first["msg"])
    return f"DESKHAND_{field}: {words[:1].lower()}{words[1:]}, is {first['input']!r}"
