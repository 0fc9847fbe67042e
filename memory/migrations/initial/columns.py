"""Columns of one kind, by their names."""

from typing import Any

import sqlalchemy as sa

Columns = list[sa.Column[Any]]


def _columns(kind: Any, names: tuple[str, ...], *, null: bool) -> Columns:
    return [sa.Column(name, kind, nullable=null) for name in names]


def text(*names: str, null: bool = False) -> Columns:
    return _columns(sa.String(), names, null=null)


def long(*names: str, null: bool = False) -> Columns:
    return _columns(sa.Text(), names, null=null)


def whole(*names: str, null: bool = False) -> Columns:
    return _columns(sa.Integer(), names, null=null)


def big(*names: str, null: bool = False) -> Columns:
    return _columns(sa.BigInteger(), names, null=null)


def real(*names: str, null: bool = False) -> Columns:
    return _columns(sa.Float(), names, null=null)


def truth(*names: str, null: bool = False) -> Columns:
    return _columns(sa.Boolean(), names, null=null)


def octets(*names: str) -> Columns:
    return _columns(sa.LargeBinary(), names, null=False)


def json(*names: str, null: bool = False) -> Columns:
    return _columns(sa.JSON(), names, null=null)


def moment(*names: str, null: bool = False) -> Columns:
    return _columns(sa.DateTime(timezone=True), names, null=null)
