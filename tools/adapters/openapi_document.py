"""OpenAPI documents: from a file, or from the very host that the tenant listed for the service."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

from memory.regular_files import open_regular
from tools.contract import Json
from tools.outside import AddressRefused, origin, shown, web_address

MOST_BYTES = 4_194_304
"""A larger document is not read."""
FETCH_SECONDS = 5.0
"""Time-out of each step of a fetch."""


class OpenApiFault(ValueError):
    """The document cannot be used for what the desk wants of it; the message says why."""


def read_document(where: str, *, folder: Path, base_url: str, token: str = "") -> Json:
    """The document of a file (relative to `folder`) or of a URL on the host of `base_url`.

    Raises `OpenApiFault`.
    """
    remote = where.startswith(("http://", "https://"))
    raw = _fetched(where, base_url, token) if remote else _read(folder / where)
    if len(raw) > MOST_BYTES:
        raise OpenApiFault(f"the document is larger than {MOST_BYTES // 1_048_576} MB")
    try:
        found = json.loads(raw) if raw.lstrip()[:1] == b"{" else yaml.safe_load(raw)
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        raise OpenApiFault("the document is neither JSON nor YAML") from error
    if not isinstance(found, dict) or not str(found.get("openapi", "")).startswith("3."):
        raise OpenApiFault("the document is not an OpenAPI 3 document")
    return found


def _fetched(url: str, base_url: str, token: str) -> bytes:
    import httpx2

    try:
        home, there = origin(web_address(base_url)), origin(web_address(url, query=True))
    except AddressRefused as refused:
        raise OpenApiFault(str(refused)) from refused
    named = shown(url)
    if there != home:
        raise OpenApiFault(f"{named} is not on the service's host {home}")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        with (
            httpx2.Client(trust_env=False, timeout=FETCH_SECONDS) as client,
            client.stream("GET", url, headers=headers) as answer,
        ):
            if not answer.is_success:
                raise OpenApiFault(f"{named} answered {answer.status_code}")
            raw = b""
            for chunk in answer.iter_bytes():
                raw += chunk
                if len(raw) > MOST_BYTES:
                    break
            return raw
    except httpx2.HTTPError as error:
        raise OpenApiFault(f"{named} cannot be read ({type(error).__name__})") from error


def _read(path: Path) -> bytes:
    try:
        with open_regular(path) as stream:
            return stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise OpenApiFault(f"{path}: cannot be read ({error.strerror})") from error
