"""Completes the tools of a desk that name an operation of an OpenAPI or MCP service."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from yaml.nodes import Node

from graph.desk.model import Desk
from graph.desk.problems import DeskInvalid, DeskProblem, Loc, dotted, locate
from tools.adapters.mcp.listing import read_operations
from tools.adapters.mcp.schemas import McpFault
from tools.adapters.mcp.schemas import complete as complete_mcp
from tools.adapters.openapi import complete
from tools.adapters.openapi_document import OpenApiFault, read_document
from tools.contract import ToolSpec


def with_operations(desk: Desk, root: Node, path: Path) -> Desk:
    """The desk with each tool that names an operation filled in from its service's document.

    `path` is the desk's file. Raises `DeskInvalid`.
    """
    if not any(tool.operation for tool in desk.tools):
        return desk
    desk = _with_folders(desk, path.parent)
    documents: dict[str, dict[str, Any]] = {}  # by service: each says where its own may come from
    tools, problems = [], []
    for index, tool in enumerate(desk.tools):
        try:
            tools.append(_completed(tool, desk, path.parent, documents))
        except (OpenApiFault, McpFault) as fault:
            loc: Loc = ("tools", index, "operation")
            line = locate(root, loc)[0].start_mark.line + 1
            problems.append(DeskProblem(path.name, line, dotted(loc), str(fault)))
    if problems:
        raise DeskInvalid(problems)
    return desk.model_copy(update={"tools": tuple(tools)})


def _completed(
    tool: ToolSpec, desk: Desk, folder: Path, documents: dict[str, dict[str, Any]]
) -> ToolSpec:
    if tool.operation is None:
        return tool
    service = desk.services.get(tool.service or "")
    if service is not None and service.mcp is not None:
        if tool.service not in documents:
            documents[tool.service or ""] = dict(read_operations(service.mcp, service.token))
        return complete_mcp(tool, documents[tool.service or ""])
    if service is None or service.openapi is None:
        raise OpenApiFault("the tool's service has no document: add `openapi` to it")
    name = tool.service or ""
    if name not in documents:
        documents[name] = read_document(
            service.openapi, folder=folder, base_url=service.base_url, token=service.token
        )
    return complete(tool, documents[name])


def _with_folders(desk: Desk, folder: Path) -> Desk:
    """The desk with the folders of its MCP servers seen from the desk's own."""
    services = {
        name: service.model_copy(
            update={
                "mcp": service.mcp.model_copy(
                    update={"folder": str((folder / (service.mcp.folder or ".")).resolve())}
                )
            }
        )
        if service.mcp is not None and service.mcp.command is not None
        else service
        for name, service in desk.services.items()
    }
    return desk.model_copy(update={"services": services})
