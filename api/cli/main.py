"""The `deskhand` command: every error is one line on stderr that says what to change."""

from __future__ import annotations

import os
import sys

INTERRUPTED = 130
"""Exit status of whoever was told to stop."""


def main() -> None:
    """Run the command; exit status 2 for what the caller can write otherwise, 1 for failures."""
    try:
        _run()
    except KeyboardInterrupt:
        _leave("stopped", INTERRUPTED)


def _run() -> None:
    # All that takes time is loaded here, so that Ctrl-C finds `main` waiting for it.
    import typer
    from typer.exceptions import TyperException

    from api.cli.failures import FAILED, USAGE, told
    from api.loading import end_quickly, loading

    end_quickly()
    try:
        with loading():
            from api.cli.commands import build

            command = build()
        status = command(prog_name="deskhand", standalone_mode=False)
    except TyperException as error:
        context = getattr(error, "ctx", None)
        line = error.format_message().rstrip(".").replace("Value error, ", "")
        if context is not None:
            line += f" (see `{context.command_path} --help`)"
        _leave(line, USAGE)
    except typer.Abort as aborted:
        raise KeyboardInterrupt from aborted
    except BrokenPipeError:
        # The reader of our output has gone, as in `| head`: nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)
    except Exception as error:
        line, status = told(error, logged=_logged(error))
        if os.environ.get("DESKHAND_DEBUG"):
            raise
        _leave(line, status)
    sys.exit(status if isinstance(status, int) else 0)


def _logged(error: Exception) -> bool:
    """What works for weeks has a log, and says there where nobody foresaw its end; a command has its one line."""
    import structlog

    from api.cli.failures import foreseen

    if foreseen(error) is not None or not structlog.is_configured():
        return False
    structlog.get_logger().error("process_fails", exc_info=error)
    return True


def _leave(line: str, status: int) -> None:
    print(f"deskhand: {line}", file=sys.stderr)  # noqa: T201  the one line
    sys.exit(status)


if __name__ == "__main__":
    main()
