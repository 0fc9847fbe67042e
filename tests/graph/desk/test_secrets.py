"""Secrets do not stand in a desk's file, whatever they are called and wherever they are put."""

from pathlib import Path

import pytest

from graph.desk.file import load_desk
from graph.desk.problems import DeskInvalid
from tests.graph.desk.files import BASE, write

SERVICE = BASE + "services:\n  s:\n    {}\n"
SAID = "a secret does not belong in a file"


def told(folder: Path, line: str, **environment: str) -> str:
    """What is wrong with a service."""
    try:
        load_desk(write(folder, SERVICE.format(line)), environment=environment)
    except DeskInvalid as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    "name",
    "apiKey clientSecret accessToken APIKey PASS DB_PASS PGPASSWORD passphrase pwd authorization"
    " proxy-authorization credentials GITHUBTOKEN x-api-key public_api_key".split(),
)
def test_a_secret_is_known_by_any_spelling_of_its_name(tmp_path: Path, name: str) -> None:
    """As an option of an adapter, and as a variable of a program."""
    assert SAID in told(tmp_path, f"mcp: {{command: shop, env: {{{name}: abc123}}}}")
    assert SAID in told(tmp_path, f"adapter: http\n    options: {{{name}: abc123}}")


@pytest.mark.parametrize(
    "name",
    "sortKey foreign_key nextPageToken primarykey pagetoken maxTokens bypass compass KEYBOARD"
    " tokenizer TOKEN_URL secretary passes".split(),
)
def test_what_only_sounds_like_a_secret_may_stand_there(tmp_path: Path, name: str) -> None:
    """A column, a place in a list, a word that has the letters in it."""
    assert SAID not in told(tmp_path, f"mcp: {{command: shop, env: {{{name}: abc123}}}}")


@pytest.mark.parametrize(
    "line",
    [
        "mcp: {command: shop, args: [--token, abc123]}",
        "mcp: {command: shop, args: [--api-key=abc123]}",
        "mcp: {command: shop, args: [--header, 'Authorization: Bearer abc123']}",
        "mcp: {command: shop, args: ['--header=Authorization: Bearer abc123']}",
        "mcp: {command: shop, args: ['postgres://me:abc123@db/shop']}",
        "mcp: {command: shop, env: {DATABASE_URL: 'postgres://me:abc123@db/shop'}}",
        "mcp: {command: shop, env: {HEADER: 'Bearer abc123'}}",
        "mcp: {url: 'https://tools.example/mcp?apiKey=abc123'}",
        "base_url: https://shop.example\n    openapi: https://shop.example/api.json?key=abc123",
        "base_url: https://shop.example\n    token: //abc123",
        "mcp: {command: shop, env: {DSN: 'host=db password=abc123${T:-} user=me'}}",
        "mcp: {command: shop, args: ['--api-key=${T:-}abc123']}",
    ],
)
def test_a_secret_is_found_where_it_stands_in_a_text(tmp_path: Path, line: str) -> None:
    """In what a program is started with, in an address, in a header; and it is not told on."""
    found = told(tmp_path, line)
    assert SAID in found
    assert "abc123" not in found


@pytest.mark.parametrize(
    "line",
    [
        "mcp: {command: shop, args: [--token, '${T}']}",
        "mcp: {command: shop, args: ['--api-key=${T}', --verbose]}",
        "mcp: {command: shop, args: [--header, 'Authorization: Bearer ${T}']}",
        "mcp: {command: shop, args: [--token, --verbose, --sort-key=name]}",
        "mcp: {command: shop, env: {DATABASE_URL: 'postgres://me:${T}@db/shop'}}",
        "mcp: {url: 'https://tools.example/mcp?apiKey=${T}&region=eu'}",
        "mcp: {command: shop, env: {DSN: 'host=db password=${T} dbname=shop'}}",
        "mcp: {command: shop, env: {DSN: 'Server=db;Password=${T};Encrypt=true'}}",
        "mcp: {command: shop, env: {AUTHORIZATION: 'GenieKey ${T}'}}",
        "mcp: {command: shop, args: [--header, 'Authorization: Token token=${T}']}",
        "mcp: {command: sh, args: [-c, 'API_KEY=${T} exec shop --all']}",
        "mcp: {command: shop, args: [--key, /etc/ssl/shop.key, '--ssl-key=./shop.pem']}",
        "base_url: https://shop.example\n    token: ${T}",
    ],
)
def test_a_variable_in_its_place_is_well(tmp_path: Path, line: str) -> None:
    """As everybody writes them."""
    assert told(tmp_path, line, T="abc123") == ""


@pytest.mark.parametrize("form", ["${T-x}", "${T:=x}", "${T:?x}", "${ T }", "${T", "${T:-${U}}"])
def test_a_variable_in_another_form_is_told(tmp_path: Path, form: str) -> None:
    """A shell knows it, we do not, and it would have been sent as it stands."""
    found = told(tmp_path, f"mcp: {{command: shop, args: ['{form}']}}", T="abc123", U="y")
    assert "names a variable in a way that is not known" in found


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/v1?token=abc123",
        "https://shop.example/v1?token=${T:-abc123}",
        "https://shop.example?",
    ],
)
def test_an_address_to_which_paths_are_added_has_no_query(tmp_path: Path, url: str) -> None:
    """Each path would have ended in it."""
    assert "https://shop.example" in (found := told(tmp_path, f"base_url: {url}"))
    assert "has a query: leave it out" in found
    assert "abc123" not in found


def test_a_mail_server_is_a_host(tmp_path: Path) -> None:
    """An address, or a host with its port, would have been looked up as a name for ever."""
    text = "channels:\n  mail:\n    address: a@b.example\n    imap: {host: 'imap.b.example:993', port: 1}\n"
    with pytest.raises(DeskInvalid, match="is not a host: write it as"):
        load_desk(write(tmp_path, BASE + text + "    smtp: {host: h, port: 1}\n"), environment={})
