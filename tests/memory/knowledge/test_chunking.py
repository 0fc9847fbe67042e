"""Passages of articles."""

from hypothesis import given
from hypothesis import strategies as st

from memory.knowledge.chunking import content_hash, split, windows
from memory.knowledge.documents.pieces import MAX_CHARS
from memory.knowledge.vectors import encoded_windows

FENCED = (
    "# Title\n\n## Install\n\nRun this:\n\n```sh\n# not a heading\nmake\n```\n\n## Use\n\n"
    + "x " * 150
)


def test_headings_are_kept_apart_from_the_title() -> None:
    """A passage knows where it stands; the article's own title is not repeated."""
    text = "# Title\n\n" + "intro " * 50 + "\n\n## Install\n\n" + "step " * 60
    assert [one.heading for one in split("acme", "a", "Title", text)] == ["", "Install"]


def test_a_comment_in_a_fence_is_no_heading() -> None:
    """Code is not cut at its comments."""
    passages = split("acme", "a", "Title", FENCED)
    assert any("# not a heading\nmake" in one.text for one in passages)
    assert all("not a heading" not in one.heading for one in passages)


def test_small_sections_join() -> None:
    """Sections of a few words do not become passages of a few words."""
    text = "\n\n".join(f"## Step {n}\n\nPress {n}." for n in range(5))
    (passage,) = split("acme", "a", "Title", text)
    assert "## Step 4\n\nPress 4." in passage.text


@given(st.text(min_size=1).filter(str.strip))
def test_any_text_has_bounded_passages(text: str) -> None:
    """One at least, none empty, none over the bound, ids distinct."""
    passages = split("acme", "a", "Title", text)
    assert passages
    assert all(0 < len(one.text) <= MAX_CHARS for one in passages)
    assert len({one.id for one in passages}) == len(passages)


def test_ids_follow_from_tenant_document_and_content() -> None:
    """The same article has the same ids; anything else has others."""
    one = split("acme", "a", "T", "text")[0].id
    assert one == split("acme", "a", "T", "text")[0].id
    others = [split("other", "a", "T", "text"), split("acme", "b", "T", "text")]
    others.append(split("acme", "a", "T", "text!"))
    assert one not in {passages[0].id for passages in others}
    assert content_hash("T", "text") != content_hash("Tt", "ext")


def test_what_is_repeated_is_encoded_once() -> None:
    """A search follows a graph of vectors, and hundreds of equal ones hide what lies behind them."""
    said = "Press the button for as long as the lamp is red, and then let go of it. Wait for the second lamp."
    found = windows("\n\n".join([said] * 200))
    assert len(found) == len(set(found)) < 5


def test_a_long_title_leaves_room_for_what_is_said() -> None:
    """An encoder reads the beginning only: with nothing but the title in it, all windows are equal."""
    (found,) = encoded_windows("t" * 500, "The lamp turns green.")
    assert len(found) < 200
    assert found.endswith("The lamp turns green.")
