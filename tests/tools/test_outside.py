"""One reading of addresses for all that is called, and none that tells what may be secret."""

import pytest

from tools.outside import AddressRefused, is_host, origin, shown, web_address


@pytest.mark.parametrize(
    "text",
    [
        "https://shop.example",
        "http://127.0.0.1:8080/api",
        "https://[2001:db8::1]:8443/x",
        "http://my_service:3000",
        "https://shop.example./a@b;c=1",
    ],
)
def test_an_address_is_taken_as_it_is(text: str) -> None:
    """Names of containers, numbers and the signs of paths are all in use."""
    assert web_address(text).geturl() == text


@pytest.mark.parametrize(
    "text",
    [
        "https://exa mple.com/",
        "https://exa\tmple.com/",
        "https://good.example\\@evil.example/",
        "https://good.example\\.evil.example/",
        "https://exa<mple.com/",
        "https://*.example.com",
        "https://a..example.com",
        "https://-a.example.com",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://1.2.3.4.5/",
        "https://[::1",
        "https://[shop.example]/",
        "https://shop.example:/",
        "https://shop.example:0/",
        "https://shop.example:99999/",
        "https://shop%2eexample/",
        "https://b\u00fccher.example/",
        "https://" + "a" * 64 + ".example/",
        "https:///path",
        "https:shop.example",
        "javascript://shop.example/",
        "//shop.example",
        "",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    """Whatever two programs could read in two ways is none."""
    with pytest.raises(AddressRefused, match=r"not a web address|names a user"):
        web_address(text, query=True)


@pytest.mark.parametrize(
    "text",
    [
        "https://shop.example/?token=s3cret",
        "https://me:s3cret@shop.example/",
        "https://me:s3cret?x@shop.example/",
        "https://me:#s3cret@shop.example/",
        "me:s3cret@shop.example",
        "shop.example?token=s3cret",
        "https://exa mple.com/?token=s3cret",
        "https://[shop.example/?token=s3cret",
        "https://shop.example/#s3cret",
        "https://shop.example/" + "a" * 2_000 + "?s3cret",
    ],
)
def test_a_refused_address_shows_no_secret(text: str) -> None:
    """Neither in the words that refuse it nor where it is told of later."""
    with pytest.raises(AddressRefused) as raised:
        web_address(text)
    assert "s3cret" not in str(raised.value)
    assert "s3cret" not in shown(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("https://shop.example:8/a", "https://shop.example:8/a"),
        ("https://shop.example/a?b=c", "https://shop.example/a?..."),
        ("https://me:pw@shop.example/a", "https://shop.example/a"),
        ("127.0.0.1:11434", "127.0.0.1:11434"),
        ("https://social.example/@us", "https://social.example/@us"),
        ("https://hooks.example/T01/B02/q7Xw0Zr1Lk9Pm3Nv", "https://hooks.example/T01/B02/..."),
        ("https://hooks.example/hooks/AbCdEfGhIjKlMn/go", "https://hooks.example/hooks/.../go"),
        (
            "https://a.example/v1/openapi-v3-definition.json",
            "https://a.example/v1/openapi-v3-definition.json",
        ),
        (
            "https://a.example/Subscriptions/notifications",
            "https://a.example/Subscriptions/notifications",
        ),
        ("https://a.example/getOrderStatus", "https://a.example/getOrderStatus"),
        ("https://a.example/Handbuecher2026/a", "https://a.example/Handbuecher2026/a"),
        ("https://a.example/handbuecher2163", "https://a.example/..."),
        (
            "https://a.example/hooks/7b9c1c9e-3f0a-4d52-9a41-0c2de8f76b15",
            "https://a.example/hooks/...",
        ),
        ("https://a.example/deadbeefcafebabe/go", "https://a.example/.../go"),
        ("https://a.example/qhzvpkwnxtrbmdjl", "https://a.example/..."),
        ("https://a.example/K7QP-M2XA-9TRD-W4ZE", "https://a.example/..."),
        ("https://a.example/" + "satotonarimelu" * 2, "https://a.example/..."),
        (
            "https://a.example/benutzerverwaltung/incomingwebhooks/2026-11-29",
            "https://a.example/benutzerverwaltung/incomingwebhooks/2026-11-29",
        ),
    ],
)
def test_an_address_is_shown_without_what_may_be_secret(text: str, told: str) -> None:
    """So that people still know which one it is."""
    assert shown(text) == told


def test_a_website_is_named_as_a_browser_names_it() -> None:
    """Another spelling would never match what its pages send."""
    assert origin(web_address("HTTPS://Shop.Example:443/x")) == "https://shop.example"
    assert origin(web_address("http://[::1]:3000")) == "http://[::1]:3000"


@pytest.mark.parametrize(
    ("text", "well"),
    [
        *[(one, True) for one in ("mail.example.com", "h", "10.0.0.1", "::1", "my_mail")],
        *[
            (one, False)
            for one in ("", "a b", "mail:993", "m@x", "mail/x", "10.1", "http://m", "[::1]")
        ],
    ],
)
def test_a_host_is_a_name_or_an_address_alone(text: str, well: bool) -> None:
    """Of mail servers and vector servers."""
    assert is_host(text) is well


def test_an_address_in_other_letters_is_told_how_it_is_written() -> None:
    """A browser shows it so, and nothing else about it looks wrong."""
    with pytest.raises(AddressRefused, match="a host with other letters begins with xn--"):
        web_address("https://b\u00fccher.example/")
    with pytest.raises(AddressRefused, match=r"\[/path\]$"):
        web_address("https://b cher.example/")
