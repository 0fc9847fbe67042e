"""What reads articles takes time that grows with them and no faster."""

from collections.abc import Callable
from contextlib import suppress

import pytest

from memory.knowledge import content_audit, coverage, fulltext
from memory.knowledge.chunking import split, windows
from memory.knowledge.documents import front_matter
from memory.knowledge.documents.completeness import compare
from memory.knowledge.documents.decode import decode, storable
from memory.knowledge.documents.html import read_html
from memory.knowledge.documents.markdown import read_markdown, visible_markdown
from memory.knowledge.documents.parse import parse
from memory.knowledge.documents.render import render
from tests import growth
from tests.adversarial import FAMILIES, between, repeated

DENSE = frozenset(
    {"numbered list", "dashed lines", "backticks", "closings", "new lines", "footnotes", "fences"}
    | {"table", "nested list"}
)
"""A block, a cell or a mark every five characters: ten thousand cost what ten thousand cost."""
DENSE_SECONDS = 0.25

OWN = {
    "attributes of many names": lambda size: "<p " + "".join(f"a{n}=1 " for n in range(size // 8)),
    "entities in a row": repeated("&euro;"),
    "table of many columns": lambda size: "|a" * (size // 4) + "|\n" + "|-" * (size // 4) + "|\n",
    "template tags": repeated("{% hint %}"),
    "colons": repeated(":::note\n"),
    "nested fold-outs": repeated("<details><summary>a</summary>"),
    "nested tables": repeated("<table><tr><td>"),
    "footnotes": repeated("[^1]: a\n"),
    "references": repeated("[a]: /b\n"),
    "fences": repeated("```\n"),
    "unclosed quote": between("<p title='", "a ", ">"),
    "lists within lists": repeated("- "),
    "fields": repeated("a: b\n"),
    "amounts without a unit": repeated("1,"),
}


def _fields(text: str) -> None:
    with suppress(front_matter.Malformed):
        front_matter.split(f"---\n{text}\n---\n")


pytestmark = pytest.mark.usefixtures("no_collector")

READERS: dict[str, Callable[[str], object]] = {
    "Markdown": read_markdown,
    "visible Markdown": visible_markdown,
    "HTML": read_html,
    "stored text": lambda text: render(parse(text)),
    "passages": lambda text: split("acme", "a", "T", text),
    "windows": windows,
    "encoding": lambda text: storable(decode(text.encode()).text),
    "front matter": _fields,
    "completeness": lambda text: compare(text, [text]),
    "terms": fulltext.terms,
    "coverage": lambda text: coverage.covered(coverage.asked_for(text), text),
    "figures": lambda text: content_audit.differing(text, text),
}


@pytest.mark.parametrize("reader", READERS)
def test_the_time_grows_with_the_article_and_no_faster(reader: str) -> None:
    """Twice the text takes at most about twice the time, and 64 kB a tenth of a second."""
    read = READERS[reader]
    read("warm")
    found = [
        growth.fault(read, name, made, most=DENSE_SECONDS if name in DENSE else growth.MOST_SECONDS)
        for name, made in (FAMILIES | OWN).items()
    ]
    assert [one for one in found if one] == []
