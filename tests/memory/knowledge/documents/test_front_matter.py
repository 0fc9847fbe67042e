"""What stands above an article."""

import pytest

from memory.knowledge.documents import front_matter
from memory.knowledge.documents.front_matter import Malformed, shown, split


@pytest.mark.parametrize(
    ("above", "title"),
    [
        ("---\ntitle: 2026-03-01\n---\n", "2026-03-01"),
        ("---\ntitle: yes\n---\n", "yes"),
        ("---\ntitle: 1.10\n---\n", "1.10"),
        ("---\ntitle: [Cards, Cash]\n---\n", "Cards, Cash"),
        ("---\ntitle: Cards: how to pay\nurl: x\n---\n", "Cards: how to pay"),
        ("---   \n# comment\ntitle: >-\n  two\n  lines\n...\n", "two lines"),
        ('+++\ntitle = "Cards"\ndraft = true\n+++\n', "Cards"),
        ("---\ntitle: ''\n---\n", ""),
    ],
)
def test_a_title_is_text_whatever_it_looks_like(above: str, title: str) -> None:
    """Dates, yes and no, numbers and lists are shown as they are written."""
    found = split(f"{above}Body\n")
    assert (shown(found.fields["title"]), found.body) == (title, "Body\n")
    assert found.line == above.count("\n") + 1


@pytest.mark.parametrize(
    "text",
    [
        "---\n\nWelcome.\n\n---\n\n# Hours\n",
        "---\nWelcome to us.\n---\nMore.\n",
        "---\n\nNote: bring two passports.\n\n---\n",
        "--- \nno end",
        "no rule\n---\na: b\n---\n",
        "----\na: b\n----\n",
    ],
)
def test_a_rule_above_running_text_is_no_front_matter(text: str) -> None:
    """Nothing between two rules may get lost for looking like fields."""
    assert (split(text).fields, split(text).body) == ({}, text)


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: [\n---\nBody",
        "---\ntitle: {a: [}\n---\nBody",
        "+++\ntitle = \n+++\nBody",
        "---\na: " + "[" * 15_000 + "\n---\n",
        "---\na: b\n" + "c: d\n" * 9_000 + "---\n",
        "---\n" + "".join(f"a{n}: b\n" for n in range(300)) + "---\n",
    ],
)
def test_broken_front_matter_is_said(text: str) -> None:
    """Fields that cannot be read are no text either: a person must look."""
    with pytest.raises(Malformed, match="front matter"):
        split(text)


def test_aliases_do_not_blow_up() -> None:
    """A few lines that name each other many times over stay a few lines."""
    lines = ["a0: &a0 [x]"] + [
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)
    ]
    assert len(front_matter.split("---\n" + "\n".join(lines) + "\n---\n").fields) == 12
