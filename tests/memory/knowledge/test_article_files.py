"""Articles from files."""

import json
import os
from pathlib import Path

import pytest

from memory.knowledge import article_files, record_files
from memory.knowledge.article_draft import ArticleDraft, Skipped
from memory.knowledge.article_files import read_articles

HTML = """<html><head><title>Refunds</title></head><body><nav>Home</nav><article>
<h1>Refunds</h1><p>Money goes back to the card that was used within five business days of the
request, and you will receive a credit note by mail on the same day.</p></article></body></html>"""


def _drafts(path: Path) -> list[ArticleDraft]:
    return [one for one in read_articles(path) if isinstance(one, ArticleDraft)]


def _skipped(path: Path) -> list[Skipped]:
    return [one for one in read_articles(path) if isinstance(one, Skipped)]


def test_a_folder_of_markdown(tmp_path: Path) -> None:
    """The doc_id is the path, the title comes from the front matter or the first heading."""
    (tmp_path / "billing").mkdir()
    (tmp_path / "billing" / "refunds.md").write_text("---\ntitle: Refunds\nurl: x.y/z\n---\nBody")
    (tmp_path / "clock.md").write_text("# Set up a clock\n\nPlug it in.")
    (tmp_path / "reset_password.md").write_text("Ask for a link.")
    (tmp_path / "logo.png").write_bytes(b"\x89PNG")
    found = {draft.doc_id: draft for draft in _drafts(tmp_path)}
    assert found["billing/refunds"].title == "Refunds"
    assert found["billing/refunds"].url == "x.y/z"
    assert found["billing/refunds"].text == "Body"
    assert found["clock"].title == "Set up a clock"
    assert found["reset_password"].title == "Reset password"
    assert [Path(one.source).name for one in _skipped(tmp_path)] == ["logo.png"]


def test_html_keeps_the_article_only(tmp_path: Path) -> None:
    """Navigation is no part of an article."""
    (tmp_path / "refunds.html").write_text(HTML)
    (draft,) = _drafts(tmp_path)
    assert draft.title == "Refunds"
    assert "credit note" in draft.text
    assert "Home" not in draft.text


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("empty.md", b"  \n", "empty"),
        ("foreign.md", "Привет".encode("koi8-r"), "not UTF-8"),
        ("matter.md", b"---\ntitle: [\n---\nBody", "front matter"),
        ("nothing.html", b"<html><body></body></html>", "no article text"),
        ("broken.jsonl", b'{"doc_id": "a"', "not JSON"),
        ("list.jsonl", b"[1]", "not a JSON object"),
        ("nameless.jsonl", b'{"title": "?", "text": "b"}', "'doc_id'"),
        ("number.jsonl", b'{"doc_id": "a", "title": 1, "text": "b"}', "must be texts"),
        ("blank.jsonl", b'{"doc_id": "a", "title": "A", "text": " "}', "empty"),
        ("bytes.jsonl", b'{"doc_id": "\xff"}', "not UTF-8"),
    ],
)
def test_a_bad_article_is_skipped_and_the_rest_is_read(
    tmp_path: Path, name: str, content: bytes, why: str
) -> None:
    """Each fault is named with its place; the good neighbour is read all the same."""
    (tmp_path / "good.md").write_text("# Good\n\nText")
    (tmp_path / name).write_bytes(content)
    (skipped,) = _skipped(tmp_path)
    assert name in skipped.source
    assert why in skipped.why
    assert [draft.doc_id for draft in _drafts(tmp_path)] == ["good"]


def test_lines_are_numbered(tmp_path: Path) -> None:
    """Of a file with one broken line the others are read, and the line is named."""
    rows = [json.dumps({"doc_id": str(n), "title": "T", "text": "x"}) for n in range(3)]
    (tmp_path / "kb.jsonl").write_text("\n".join([rows[0], "{", rows[1], "", rows[0]]))
    assert [draft.doc_id for draft in _drafts(tmp_path / "kb.jsonl")] == ["0", "1"]
    broken, again = _skipped(tmp_path / "kb.jsonl")
    assert broken.source.endswith("kb.jsonl:2")
    assert again.source.endswith("kb.jsonl:5")
    assert "already read" in again.why


def test_a_dump_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound on size holds for files and for lines."""
    monkeypatch.setattr(article_files, "MAX_ARTICLE_BYTES", 10)
    monkeypatch.setattr(record_files, "MAX_ROW_BYTES", 10)
    (tmp_path / "long.md").write_text("x" * 11)
    (tmp_path / "long.jsonl").write_text(json.dumps({"doc_id": "a", "text": "long"}))
    assert ["larger" in one.why for one in _skipped(tmp_path)] == [True, True]


def test_what_no_database_stores_is_left_out(tmp_path: Path) -> None:
    """NUL and lone surrogates do not stop an article."""
    row = json.dumps({"doc_id": "a", "title": "T\u0000", "text": "a\ud800b"})
    (tmp_path / "kb.jsonl").write_text(row)
    (draft,) = _drafts(tmp_path)
    assert (draft.title, draft.text) == ("T", "a?b")


def test_a_missing_path_is_an_error(tmp_path: Path) -> None:
    """A mistyped path must not look like an empty base."""
    with pytest.raises(FileNotFoundError):
        read_articles(tmp_path / "nowhere")


def test_what_is_no_file_or_leads_out_of_the_folder_is_said(tmp_path: Path) -> None:
    """Whoever writes into a folder of articles must not have any file of the machine published."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (tmp_path / "secret.md").write_text("# Ours\n\nA token.\n")
    (folder / "a.md").write_text("# A\n\nText.\n")
    (folder / "again.md").symlink_to("a.md")
    (folder / "out.md").symlink_to("../secret.md")
    (folder / "gone.md").symlink_to("nowhere.md")
    os.mkfifo(folder / "pipe.md")
    found = {Path(one.source).name: one for one in read_articles(folder)}
    assert [name for name, one in found.items() if isinstance(one, ArticleDraft)] == [
        "a.md",
        "again.md",
    ]
    skipped = {name: one.why for name, one in found.items() if isinstance(one, Skipped)}
    assert skipped == {
        "gone.md": "a link to no file",
        "out.md": "a link out of the folder: put the file itself there",
        "pipe.md": "not a file",
    }


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Lamps and shades\nLamps are lent for two weeks.", "Lamps and shades"),
        ("Is it broken?\nBring the lamp to us on any weekday.", "Is it broken?"),
        ("Name: Lamp two\nPlace: the shelf in the corner", "Odd"),
        ("Lamps are lent for two weeks, shades\nfor three of them.", "Odd"),
    ],
)
def test_a_first_line_is_a_title_without_a_blank_below(
    tmp_path: Path, text: str, title: str
) -> None:
    """As people write plain texts; a label and a wrapped sentence are none."""
    (tmp_path / "odd.txt").write_text(text)
    assert [one.title for one in _drafts(tmp_path)] == [title]
