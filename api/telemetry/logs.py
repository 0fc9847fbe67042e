"""Where logs go: lines on stderr, as text on a terminal and as JSON elsewhere.

Our own lines name the ticket they are about, and with it the ticket's trace. Lines of libraries
pass through the same door, without what may hold a customer's words: an error is told by its
class and place, and what a message quotes is left out.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger
from typing_extensions import override

from api.telemetry.ids import trace_hex
from graph.text.personal_data import personal_data
from memory.patterns import linear
from memory.tables import Ticket

FRAMES_LOGGED = 5
"""The innermost places of the code that an error's line names."""
MOST_MESSAGE_CHARS = 300
"""Of a library's message."""
_QUOTED = linear(r"'[^']*'|\"[^\"]*\"|`[^`]*`|\{.*\}|\[.*\]", dotall=True)


def configure(level: int = logging.INFO) -> None:
    """Set structured logging up for this process. Called by commands, never at import."""
    renderer: structlog.types.Processor = structlog.processors.JSONRenderer()
    if sys.stderr.isatty():
        renderer = structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[*processors(), renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
    libraries = logging.StreamHandler(sys.stderr)
    libraries.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *processors()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    libraries.addFilter(Wordless())
    logging.basicConfig(level=logging.WARNING, handlers=[libraries], force=True)
    engine = logging.getLogger("dbos")  # it gives itself a door of its own where it has none
    engine.handlers, engine.propagate = [libraries], False


def processors() -> list[structlog.types.Processor]:
    """What every line goes through before it is written."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _with_trace,
        _with_error,
    ]


@contextmanager
def about(ticket: Ticket) -> Iterator[None]:
    """Every line written in the block names this ticket, its tenant, turn and drive."""
    with structlog.contextvars.bound_contextvars(
        ticket=ticket.id, tenant=ticket.tenant, turn=ticket.turn, epoch=ticket.epoch
    ):
        yield


def _with_trace(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The trace of the ticket that a line is about: derived, so it is there without an export."""
    ticket = event.get("ticket")
    if isinstance(ticket, str) and ticket:
        event["trace_id"] = trace_hex(ticket)
    return event


def _with_error(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """An exception as its class and place: its message may hold a customer's words."""
    given = event.pop("exc_info", None)
    event.pop("stack_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event.update(told(error))
    return event


def told(error: BaseException) -> dict[str, Any]:
    """An error without its words; of several at once the first, and what caused it."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES_LOGGED:]
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    found = {"error": type(error).__name__, "where": where}
    return found if error.__cause__ is None else found | {"cause": type(error.__cause__).__name__}


class Wordless(logging.Filter):
    """Takes out of a library's line what it may quote, before anything formats it."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        """Always passes the record on; `%s` stays where an argument stood."""
        record.msg = wordless(str(record.msg))
        record.args = None
        record.stack_info = None
        return True


def wordless(message: str) -> str:
    """A message without quoted parts and structured personal data, and not too long."""
    first = _QUOTED.sub(lambda _: "…", message.partition("\n")[0])[:MOST_MESSAGE_CHARS]
    for datum in reversed(personal_data(first)):
        first = f"{first[: datum['start']]}[{datum['kind']}]{first[datum['end'] :]}"
    return first
