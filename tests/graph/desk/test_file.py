"""A desk.yaml is read whole or refused with every mistake at its line."""

import os
from pathlib import Path

import pytest

from graph.desk.file import load_desk
from graph.desk.folder import load_desks
from graph.desk.problems import DeskInvalid
from graph.desk.wording import greeted
from graph.desk.yaml_nodes import MAX_BYTES
from tests.graph.desk.files import BASE, write


def test_variables_are_filled_in_services_only(tmp_path: Path) -> None:
    """A set variable wins over its default."""
    text = BASE + "services:\n  s:\n    base_url: ${U:-http://a}\n"
    path = write(tmp_path, text + '    token: "${T:-}"\n')
    desk = load_desk(path, environment={"T": "007"})
    assert desk.services["s"].base_url == "http://a"
    assert desk.services["s"].token == "007"


def test_aliases_that_unfold_are_bounded(tmp_path: Path) -> None:
    """A small file whose aliases unfold to millions of values is refused quickly."""
    lines = ["a0: &a0 [1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    with pytest.raises(DeskInvalid, match="more than 50,000 values"):
        load_desk(write(tmp_path, BASE + "\n".join(lines)))


def test_a_large_file_is_not_read(tmp_path: Path) -> None:
    """A file over the bound is refused without being parsed."""
    with pytest.raises(DeskInvalid, match="is larger than 256 KB"):
        load_desk(write(tmp_path, "#" * (MAX_BYTES + 1)))


def test_bytes_that_are_not_utf8_are_named_with_their_line(tmp_path: Path) -> None:
    """A Latin-1 file is refused at the first wrong line."""
    path = tmp_path / "desk.yaml"
    path.write_bytes(b"tenant: acme\ncompany: Caf\xe9\n")
    with pytest.raises(DeskInvalid, match=r"desk.yaml:2: is not UTF-8"):
        load_desk(path)


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    """Without a desk the reader learns of `deskhand init`."""
    with pytest.raises(DeskInvalid, match="run `deskhand init`"):
        load_desks(tmp_path / "desk.yaml")


def test_a_folder_gives_one_desk_a_tenant(tmp_path: Path) -> None:
    """Every *.yaml file of a folder is read, other files are not."""
    write(tmp_path, BASE, "a.yaml")
    write(tmp_path, BASE.replace("acme", "bolt"), "b.yml")
    write(tmp_path, "[", "notes.txt")
    assert sorted(load_desks(tmp_path)) == ["acme", "bolt"]


def test_two_files_of_one_tenant_are_refused(tmp_path: Path) -> None:
    """The second file of a tenant is refused, together with the mistakes of all others."""
    write(tmp_path, BASE, "a.yaml")
    write(tmp_path, "company: Two\ntenant: acme\n", "b.yaml")
    write(tmp_path, "tenant: acme\n", "c.yaml")
    with pytest.raises(DeskInvalid) as raised:
        load_desks(tmp_path)
    assert str(raised.value).splitlines() == [
        "b.yaml:2: tenant: 'acme' has a desk in a.yaml already: give each its own",
        "c.yaml:1: company: is missing: add it",
    ]


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    """A folder without a desk is refused."""
    with pytest.raises(DeskInvalid, match="holds no"):
        load_desks(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_is_an_error(tmp_path: Path) -> None:
    """A file without read permission is named with the reason."""
    path = write(tmp_path, BASE)
    path.chmod(0)
    with pytest.raises(DeskInvalid, match="cannot be read: Permission denied"):
        load_desk(path)


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    """Neither as a desk, nor as the document of a service's operations, nor as a secret's file."""
    service = "services:\n  s: {base_url: 'http://a', openapi: pipe.json}\n"
    tool = "tools:\n  - {name: look, service: s, operation: getIt}\n"
    desk = write(tmp_path, BASE + service + tool)
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(DeskInvalid, match="and not a file"):
        load_desk(desk)
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(DeskInvalid, match=r"pipe\.yaml: cannot be read: it is a folder, a pipe"):
        load_desk(tmp_path / "pipe.yaml")
    secret = write(tmp_path, BASE + "services:\n  s: {base_url: 'http://a', token: '${KEY}'}\n")
    with pytest.raises(DeskInvalid, match="KEY_FILE names cannot be read: it is a folder, a pipe"):
        load_desk(secret, {"KEY_FILE": str(tmp_path / "pipe.yaml")})


@pytest.mark.parametrize("text", ["Hi{name},", "Dear customer,", "Servus{name} ☀"])
def test_a_greeting_may_name_the_customer(tmp_path: Path, text: str) -> None:
    """With the one field that is filled in, or without."""
    desk = load_desk(write(tmp_path, BASE + f'tone:\n  greeting: "{text}"\n'))
    assert greeted(desk.tone.greeting, "Jo") == text.replace("{name}", " Jo")
    assert greeted(desk.tone.greeting) == text.replace("{name}", "")


def test_the_first_name_may_be_called_so(tmp_path: Path) -> None:
    """Its space goes with it where a customer gives no name; comments beside settings stay."""
    desk = load_desk(
        write(tmp_path, BASE + "tone: # ours\n  greeting: 'Hi {first_name}!' # soft\n")
    )
    assert greeted(desk.tone.greeting, "Jo") == "Hi Jo!"
    assert greeted(desk.tone.greeting) == "Hi!"
