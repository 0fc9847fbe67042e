"""A stranger's document is read by a process of its own, within bounds, and leaves nothing behind."""

import io
import json
import resource
import subprocess
import sys
import zipfile

import openpyxl
import pytest

from api.channels.extract import MARKUP_BYTES, extracted


def table(*cells: str) -> bytes:
    """A workbook with one row."""
    book = openpyxl.Workbook()
    book.active.append(cells)
    book.active.append(cells)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_no_file_is_written_to_read_one() -> None:
    """A process that is ended for what it takes would leave the customer's words in it, beyond any erasure."""

    def write_nothing() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    done = subprocess.run(
        [sys.executable, "-P", "-m", "api.channels.extract", ".xlsx"],
        input=table("Key", "12 euros"),
        capture_output=True,
        check=True,
        preexec_fn=write_nothing,
    )
    told = json.loads(done.stdout)
    assert (told["trouble"], "12 euros" in told["text"]) == ("", True)


@pytest.mark.parametrize("ending", [".docx", ".xlsx"])
def test_what_unpacks_to_much_is_not_parsed(ending: str) -> None:
    """It is known from the list of its parts."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("word/document.xml", "<a>" + " " * MARKUP_BYTES)
    assert len(packed.getvalue()) < 10_000
    text, trouble = extracted(packed.getvalue(), ending)
    assert (text, trouble.startswith("holds more than 4,000,000 bytes")) == ("", True)


def test_a_file_of_countless_parts_is_refused() -> None:
    """Each costs a look, also where it is empty."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        for number in range(5_001):
            made.writestr(f"word/{number}", "")
    assert extracted(packed.getvalue(), ".docx") == ("", "holds more than 5,000 parts: split it")
