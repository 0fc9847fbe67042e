"""The misbehaving MCP server on stdio: a process of its own before the misbehaving service.

    python -m evals.faults.mcp_stdio http://127.0.0.1:PORT

What happens to each call, and what is performed, stands in the service. One message at a time:
while it hangs, not even a ping is answered.
"""

import json
import os
import sys
import time
import urllib.request
from typing import Any

from evals.faults import mcp_answers as office

Json = dict[str, Any]


class Server:
    """Answers lines with lines."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url

    def serve(self) -> None:
        """Until the input ends."""
        for line in sys.stdin:
            message = json.loads(line)
            name = office.operation_of(message)
            if name is None:
                self._say(office.handshake(message, changed=self._changed()))
            else:
                self._call(name, message)

    def _call(self, name: str, message: Json) -> None:
        fault = self._post("take", {"operation": name})
        kind = fault["kind"]
        if kind in ("hang", "slow"):
            time.sleep(fault["seconds"])
        if kind in ("hang", "drop"):
            os._exit(1)
        if kind == "other_listing":
            self._say(office.LIST_CHANGED)
            self._say(office.failed(message, 400))
            return
        self._say(self._refusal(fault, message) or self._after(fault, name, message))

    def _refusal(self, fault: Json, message: Json) -> Json | None:
        if fault["kind"] in ("error", "redirect"):
            return office.failed(message, fault["status"] if fault["kind"] == "error" else 400)
        if fault["kind"] == "throttle":
            return office.failed(message, 429, fault["retry_after"])
        return None

    def _after(self, fault: Json, name: str, message: Json) -> Json:
        """Do the work, then spoil the answer."""
        kind = fault["kind"]
        if kind == "repeat_old":
            old = self._post("old", {"operation": name})["answer"]
            return {**old, "id": message["id"]}
        good = office.worked(message, self._perform, self._find)
        if kind == "perform_then_hang":
            time.sleep(fault["seconds"])
        if kind in ("perform_then_hang", "perform_then_drop"):
            os._exit(1)
        line = json.dumps(good)
        if kind in ("truncate", "half_json"):
            sys.stdout.write(line[: len(line) // 2] + ("\n" if kind == "half_json" else ""))
            sys.stdout.flush()
            if kind == "truncate":
                os._exit(1)
            return office.LIST_CHANGED
        self._post("keep", {"operation": name, "answer": good})
        return office.spoilt(kind, good, fault["wrong"])

    def _say(self, message: Json | None) -> None:
        if message is not None:
            sys.stdout.write(json.dumps(message) + "\n")
            sys.stdout.flush()

    def _changed(self) -> bool:
        return bool(self._post("listing", {})["changed"])

    def _perform(self, name: str, body: Json, key: str | None) -> Json:
        return self._post("perform", {"operation": name, "body": body, "key": key})

    def _find(self, key: str) -> Json | None:
        found: Json | None = self._post("find", {"key": key})["result"]
        return found

    def _post(self, what: str, body: Json) -> Json:
        request = urllib.request.Request(  # noqa: S310  our own service on loopback
            f"{self._base_url}/_control/{what}",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            found: Json = json.load(answer)
            return found


if __name__ == "__main__":
    Server(sys.argv[1]).serve()
