"""What is no YAML is told where it was written, with what to change there."""

from pathlib import Path

import pytest

from graph.desk.file import load_desk
from graph.desk.problems import DeskInvalid
from tests.graph.desk.files import BASE

BROKEN = {
    "a quote left open": (
        BASE + 'tone:\n  greeting: "Hi,\n  closing: "Bye"\n',
        "desk.yaml:4: the quote that opens here ends on line 5: close it",
    ),
    "a quote never closed": (
        BASE + 'tone:\n  greeting: "Hi\n',
        "desk.yaml:4: the quote that opens here is never closed",
    ),
    "text behind a quote": (
        BASE + 'tone:\n  greeting: "Hi" there\n',
        "desk.yaml:4: text behind the closing quote",
    ),
    "a bare brace": (
        BASE + "tone:\n  greeting: {name}, hello\n",
        "desk.yaml:4: put a value that begins with { or [ in quotes",
    ),
    "a wide colon": (BASE + "tone：\n  greeting: Hi\n", "desk.yaml:3: YAML: while scanning"),
    "a name without a colon": (BASE + "hours\ntone: {}\n", "desk.yaml:3: YAML: while scanning"),
    "a bare star": (
        BASE + "company: *acme\n",
        "desk.yaml:3: YAML: found undefined alias 'acme' (quote a value that begins with *)",
    ),
    "a merge": (
        BASE + "<<<<<<< mine\nlanguage: en\n=======\nlanguage: de\n>>>>>>> theirs\n",
        "desk.yaml:3: a merge stopped here",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_it_is_told_where_it_was_written(name: str, tmp_path: Path) -> None:
    """Not where a parser noticed it."""
    text, said = BROKEN[name]
    file = tmp_path / "desk.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DeskInvalid) as caught:
        load_desk(file, {})
    assert str(caught.value).startswith(said)
