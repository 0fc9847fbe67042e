"""What a file is by its first bytes, and what somebody should know before they open it. Pure."""

from __future__ import annotations

from enum import StrEnum

from memory.patterns import linear

UNKNOWN = "application/octet-stream"
HEAD_BYTES = 1_024
"""Of a file that are looked at."""
_EXECUTABLE = "application/vnd.microsoft.portable-executable"
_SIGNS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"MZ", _EXECUTABLE),
    (b"\x7fELF", "application/x-elf"),
    (b"\xca\xfe\xba\xbe", "application/java-vm"),
    (b"#!", "text/x-script"),
    (b"{\\rtf", "application/rtf"),
)
"""How the content of a file begins."""
_PAGES = (b"<!doctype html", b"<html", b"<script", b"<svg", b"<?xml")
_NAMED = linear(r"^[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,80}$")


class Danger(StrEnum):
    """Why a file may do harm to whoever opens it."""

    PROGRAM = "program"
    MACROS = "macros"
    PAGE = "page"
    ARCHIVE = "archive"
    DISGUISED = "disguised"


_PROGRAMS = frozenset(
    """
    app apk bat bin cmd com cpl dll dmg exe hta iso img jar js jse lnk msi msp pif pkg ps1 py
    reg scf scr sh url vb vbe vbs wsf wsh
    """.split()
)
_MACROS = frozenset(["doc", "docm", "dotm", "pptm", "ppt", "xls", "xlsb", "xlsm", "xltm", "rtf"])
_PAGE_ENDINGS = frozenset(["htm", "html", "mht", "mhtml", "shtml", "svg", "xht", "xhtml", "xml"])
_ARCHIVES = frozenset(["7z", "ace", "arj", "bz2", "cab", "gz", "rar", "tar", "tgz", "xz", "zip"])
_BY_TYPE = {
    _EXECUTABLE: Danger.PROGRAM,
    "application/x-elf": Danger.PROGRAM,
    "application/java-vm": Danger.PROGRAM,
    "text/x-script": Danger.PROGRAM,
    "application/x-ole-storage": Danger.MACROS,
    "application/rtf": Danger.MACROS,
    "text/html": Danger.PAGE,
    "image/svg+xml": Danger.PAGE,
    "application/xml": Danger.PAGE,
    "application/gzip": Danger.ARCHIVE,
    "application/x-7z-compressed": Danger.ARCHIVE,
    "application/vnd.rar": Danger.ARCHIVE,
}
_HARMLESS = {
    "application/pdf": frozenset({"pdf"}),
    "image/png": frozenset({"png"}),
    "image/jpeg": frozenset({"jpg", "jpeg", "jpe", "jfif"}),
    "image/gif": frozenset({"gif"}),
}
"""Types whose files have one of these endings, and no other file has."""
_OFFICE = frozenset(["docx", "xlsx", "pptx", "odt", "ods", "odp", "epub"])
"""Archives by their bytes, documents by what they are for."""


def sniffed(content: bytes, said: str) -> str:
    """The media type by the first bytes; what was said where they tell nothing."""
    head = content[:HEAD_BYTES]
    found = next((kind for sign, kind in _SIGNS if head.startswith(sign)), None)
    if found is not None and (found != _EXECUTABLE or b"\0" in head):  # a text may begin with MZ
        return found
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(_PAGES):
        return "image/svg+xml" if b"<svg" in start else "text/html"
    kind = said.partition(";")[0].strip().lower()
    return kind if _NAMED.match(kind) else UNKNOWN


def danger_of(name: str, media_type: str) -> Danger | None:
    """What to be told of before it is opened: by its name, which a computer goes by, and its bytes."""
    ending = name.rpartition(".")[2].strip().lower() if "." in name else ""
    by_name = _by_ending(ending)
    if by_name is Danger.PROGRAM or _BY_TYPE.get(media_type) is Danger.PROGRAM:
        return Danger.PROGRAM
    ours = _HARMLESS.get(media_type)
    claims = any(ending in endings for endings in _HARMLESS.values())
    if (ours is None and claims) or (ours is not None and ending and ending not in ours):
        return Danger.DISGUISED
    if media_type == "application/zip":
        return by_name or (None if ending in _OFFICE else Danger.ARCHIVE)
    return by_name or _BY_TYPE.get(media_type)


def _by_ending(ending: str) -> Danger | None:
    kinds = (
        (_PROGRAMS, Danger.PROGRAM),
        (_MACROS, Danger.MACROS),
        (_PAGE_ENDINGS, Danger.PAGE),
        (_ARCHIVES, Danger.ARCHIVE),
    )
    return next((danger for endings, danger in kinds if ending in endings), None)
