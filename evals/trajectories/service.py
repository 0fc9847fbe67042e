"""The service behind a folder's tools, over the folder's own database.

    python -m evals.replay.service --tasks DIR --port 0        (prints the port it got)

A read looks up, a write records its effect once for its Idempotency-Key; ids must exist. What
the business would allow beyond that is not modelled.
"""

import argparse
import ast
import copy
import operator
import socket
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import uvicorn
from fastapi import FastAPI, Header, HTTPException

from evals.trajectories.database import Database, facts, is_nested_table
from evals.trajectories.folder import Declared, Json, read_folder

SUMS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


@dataclass
class Backend:
    """All that the service knows and remembers. It dies with the process."""

    tools: dict[str, Declared]
    database: Database
    calls: Counter[str] = field(default_factory=Counter)
    results: dict[str, Json] = field(default_factory=dict)
    """By Idempotency-Key."""
    performed: list[Json] = field(default_factory=list)

    def answer(self, name: str, arguments: Json, key: str | None) -> Json:
        """Do what the tool says. Raises `HTTPException`."""
        tool = self.tools.get(name)
        self.calls[name] += 1
        if tool is None:
            raise HTTPException(404)
        if tool.kind == "write":
            return self._write(tool, arguments, key)
        return self._read(tool, arguments) if tool.kind == "read" else _generic(arguments)

    def _read(self, tool: Declared, arguments: Json) -> Json:
        references = self.database.references(arguments)
        if not arguments:
            return {name: sorted(records) for name, records in self.database.tables.items()}
        if not references:
            return self._found(tool, arguments)
        record = self._existing(arguments)
        named, names = {one.place[0] for one in references}, self.database.names
        filters = {n: v for n, v in arguments.items() if n not in named and n in names}
        if not {(name, str(value).casefold()) for name, value in filters.items()} <= facts(record):
            raise HTTPException(404)
        return record

    def _found(self, tool: Declared, wanted: Json) -> Json:
        matches = self.database.matching(wanted)
        if tool.returns.lower().startswith("list"):
            return {"items": [record for _, record in matches]}
        if not matches:
            raise HTTPException(404)
        key, record = matches[0]
        return {"result": key} if tool.returns == "str" else record

    def _write(self, tool: Declared, arguments: Json, key: str | None) -> Json:
        if key is None:
            raise HTTPException(400)
        if key in self.results:
            return self.results[key]
        record = self._existing(arguments)
        _change(record, arguments)
        result = {**copy.deepcopy(record), "effect": len(self.performed) + 1}
        self.performed.append({"tool": tool.name, "key": key, "arguments": arguments})
        self.results[key] = result
        return result

    def _existing(self, arguments: Json) -> Json:
        """The record that the arguments are about. Raises 404 where an id in them is unknown."""
        references = self.database.references(arguments)
        if not all(self.database.exists(one) for one in references):
            raise HTTPException(404)
        own = [one for one in references if len(one.place) == 1]
        first = next(iter(own), None)
        return {} if first is None else self.database.things[first.kind][first.value]


def create_app(folder: Path) -> FastAPI:
    """The service over a folder. Raises `DataError`."""
    found = read_folder(folder)
    backend = Backend({tool.name: tool for tool in found.tools}, Database(found.tables))
    app = FastAPI(title="The backend of a folder of tasks")

    @app.post("/tools/{name}")
    def call(
        name: str, arguments: Json, idempotency_key: Annotated[str | None, Header()] = None
    ) -> Json:
        return backend.answer(name, arguments, idempotency_key)

    @app.get("/effects/{key}")
    def effect(key: str) -> Json:
        if key not in backend.results:
            raise HTTPException(404)
        return {"key": key, "result": backend.results[key]}

    @app.get("/_control/stats")
    def stats() -> Json:
        return {"calls": backend.calls, "performed": backend.performed}

    return app


def _generic(arguments: Json) -> Json:
    """A tool that neither reads nor writes: sums are worked out, anything else is noted."""
    if set(arguments) != {"expression"}:
        return {"noted": True}
    try:
        return {"result": _worth(ast.parse(str(arguments["expression"]), mode="eval").body)}
    except (SyntaxError, ValueError, ZeroDivisionError, RecursionError) as error:
        raise HTTPException(422) from error


def _worth(node: ast.AST) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_worth(node.operand)
    if isinstance(node, ast.BinOp) and type(node.op) in SUMS:
        return SUMS[type(node.op)](_worth(node.left), _worth(node.right))
    raise ValueError("not a sum")


def _change(record: Json, arguments: Json) -> None:
    """Set the fields that the record and the arguments share; ids stay what they are."""
    for name, value in record.items():
        if isinstance(value, dict) and not is_nested_table(value):
            _change(value, arguments)
        elif name in arguments and not name.endswith("_id"):
            record[name] = arguments[name]


def _listener_on(port: int) -> socket.socket:
    """A socket on loopback; port 0 takes a free one."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    return listener


def main() -> None:
    """Serve on loopback until told to stop; the first line printed is the port."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--tasks", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    options: Any = parser.parse_args()
    listener = _listener_on(options.port)
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    config = uvicorn.Config(create_app(options.tasks), log_level="critical")
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
