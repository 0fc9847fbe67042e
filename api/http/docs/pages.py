"""`/docs` and `/redoc` from files of this installation, under a policy that lets nothing else in."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.staticfiles import StaticFiles

HOME = "/console/"
FILES = "/docs/files"
START = Path(__file__).parent / "files"

_ONLY_US = "default-src 'none'; script-src 'self'; img-src 'self' data:; connect-src 'self'"
_CLOSED = "font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# Both readers set styles on their elements, and one reads the document in a worker of its own.
POLICY = f"{_ONLY_US}; style-src 'self' 'unsafe-inline'; worker-src blob:; {_CLOSED}"
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Deskhand API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">{head}</head>
<body>{body}</body></html>
"""

router = APIRouter(include_in_schema=False)


@router.get("/")
async def home() -> RedirectResponse:
    """Lead people to the console."""
    return RedirectResponse(HOME, 307)


@router.get("/docs")
async def docs() -> HTMLResponse:
    """The document to try things with."""
    scripts = _scripts("swagger-ui-bundle.js") + f'<script src="{FILES}/start.js"></script>'
    head = f'<link rel="stylesheet" href="{FILES}/reader/swagger-ui.css">'
    return _page(head, f'<div id="swagger-ui"></div>{scripts}')


@router.get("/redoc")
async def redoc() -> HTMLResponse:
    """The document to read."""
    reader = '<redoc spec-url="/openapi.json"></redoc>'
    return _page("", reader + _scripts("redoc.standalone.js"))


def install(app: FastAPI) -> None:
    """Serve the pages and their files."""
    app.mount(f"{FILES}/reader", StaticFiles(directory=_reader()))
    app.mount(FILES, StaticFiles(directory=START))
    app.include_router(router)


def _reader() -> Path:
    # The package brings the readers' files; its code, which serves them without a policy, is not
    # used.
    found = find_spec("fastapi_offline")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "static"


def _scripts(name: str) -> str:
    return f'<script src="{FILES}/reader/{name}"></script>'


def _page(head: str, body: str) -> HTMLResponse:
    words = _PAGE.format(head=head, body=body)
    return HTMLResponse(words, headers={"Content-Security-Policy": POLICY})
