"""Why a model gave no answer, and what to change: for whoever sets it up.

It may quote what the server said, which a journal must not: a prompt may stand in it.
"""

from __future__ import annotations

from graph.desk.minds import ModelSpec
from graph.minds.model.answers import AnswerInvalid
from graph.minds.model.causes import causes
from graph.minds.model.providers import PROVIDERS
from memory.journal.codes import Wrong
from tools.outside import shown

MOST_QUOTED_CHARS = 240
"""Of a server's own words."""
REFUSED_KEY = frozenset({401, 403})
NO_ADDRESS = frozenset({301, 302, 307, 308, 404, 405})
TOO_MANY = frozenset({402, 429})
SERVER_FAULT = 500
CUT = frozenset({"ReadError", "RemoteProtocolError"})
"""What the clients call it where a connection ends in the middle of an answer, or before it."""
VERSION = "/v1"
"""Ends the addresses of one of the wires, and of no other."""


def advice(fault: BaseException, spec: ModelSpec, address: str) -> str:
    """What to do about a call that failed, in a sentence or two."""
    address = shown(address)
    chain = tuple(causes(fault))
    invalid = next((one for one in chain if isinstance(one, AnswerInvalid)), None)
    if invalid is not None:
        return _of_answer(invalid, spec)
    status = next((code for one in chain if (code := _status(one)) is not None), None)
    if status is not None:
        return _of_status(status, chain, spec, address)
    return _of_connection(
        {base.__name__ for one in chain for base in type(one).__mro__}, spec, address
    )


def _of_connection(names: set[str], spec: ModelSpec, address: str) -> str:
    """By what the libraries call the errors, and those that they stand for."""
    if names & {"TimeoutError", "TimeoutException", "APITimeoutError"}:
        whole = "whole answer" if spec.streaming else "answer"
        return (
            f"No {whole} within {spec.timeout_seconds:g} s. Raise `timeout_seconds` of the model; a"
            " server of your own also loads the model at its first call, so try again."
        )
    if names & CUT:
        return (
            f"{address} hung up before its answer was whole. Look at the server's log, and at that of"
            " a proxy before it."
        )
    if names & {"ConnectError", "ConnectionError"}:
        return f"Nothing answers at {address}. Is the server running, and is the address right?"
    if "AnswerTooLong" in names:
        return "The answer does not end. Does this server know `max_tokens`?"
    wrong = f"What answers at {address} does not talk as {spec.provider} does."
    return f"{wrong} {_form(spec, address)}".strip()


def _of_answer(invalid: AnswerInvalid, spec: ModelSpec) -> str:
    if invalid.kind == Wrong.CUT_OFF:
        return (
            f"The answer reached `max_output_tokens` ({spec.max_output_tokens}) and breaks off."
            " Raise it at the model in desk.yaml."
        )
    return (
        f"It answers, but not in the form asked for, twice ({invalid}). Does it know tool calls?"
        " A larger model may; until then the local mind decides."
    )


def _of_status(status: int, chain: tuple[BaseException, ...], spec: ModelSpec, address: str) -> str:
    if status in REFUSED_KEY:
        return f"HTTP {status}: the key was refused. {_key(spec)}"
    if status in NO_ADDRESS:
        name = spec.model.partition(":")[2]
        return f"HTTP {status} from {address}: there is no model {name!r}, or no such address. {_form(spec, address)}".strip()
    if status in TOO_MANY:
        return (
            f"HTTP {status}: the provider's own limit or balance is used up. Look at its account."
        )
    said = _said(chain)
    if status >= SERVER_FAULT:
        return (
            f"HTTP {status}: the server failed. Look at its log, or try again later. {said}".strip()
        )
    return f"HTTP {status}: the server refuses such a request. {said}".strip()


def _key(spec: ModelSpec) -> str:
    if spec.service is not None:
        return f"Set `token` of the service {spec.service!r} in desk.yaml."
    known = PROVIDERS.get(spec.provider)
    name = "the provider's variable" if known is None or known.key is None else known.key
    return f"Set {name} to a valid one in the worker's environment."


def _form(spec: ModelSpec, address: str) -> str:
    """How its addresses end; empty for one that ends so."""
    known = PROVIDERS.get(spec.provider)
    if known is None or address.rstrip("/").endswith(VERSION) == bool(known.path):
        return ""
    ends = "ends with /v1" if known.path else "has no /v1"
    return f"An address for `{spec.provider}:` {ends}, as in {known.address}."


def _said(chain: tuple[BaseException, ...]) -> str:
    """The server's own words, in one line of printable characters."""
    found = next((one for one in chain if _status(one) is not None), None)
    words = " ".join("".join(c if c.isprintable() else " " for c in str(found)).split())
    return f"It says: {words[:MOST_QUOTED_CHARS]}" if words else ""


def _status(error: BaseException) -> int | None:
    found = getattr(error, "status_code", None)
    return found if isinstance(found, int) and found > 0 else None
