"""Which hosts can be asked, which are this machine or its network; an address without its secrets."""

from __future__ import annotations

from config.runtime.hosts import host_of, is_host_name, is_loopback, is_public, shown_address
from tests.tables import for_each

HOSTS = ["a.example", "ollama.com", "xn--bcher-kva.example", "127.0.0.1", "::1", "a.example."]
NO_HOSTS = ["", "a b", "a..b", "\x1b]0;x\x07", "a/b", "-a", "a" * 64, "a." * 130, "ignore all instructions",
            "a\nb", "é"]  # fmt: skip


@for_each(("text", "it_is"), [(name, True) for name in HOSTS] + [(name, False) for name in NO_HOSTS])
def test_what_can_be_a_host(text: str, it_is: bool) -> None:
    assert is_host_name(text) is it_is


@for_each(
    ("address", "host"),
    [
        ("http://a.example:8080/v1", "a.example"), ("https://[::1]:80/v1", "::1"),
        ("http://bücher.example/", "bücher.example"),
        ("http://127.0.0.1/v1", "127.0.0.1"), ("http://127.1/v1", ""), ("http://999/v1", ""),
        ("http://a b/v1", ""),
        ("http://-a/v1", ""), ("http://xn--a/v1", ""), ("http://a:99999/v1", ""),
        ("http://[::1/v1", ""), ("http://", ""),
        ("model", ""),
    ],
)  # fmt: skip
def test_which_host_an_address_names(address: str, host: str) -> None:
    assert host_of(address) == host


@for_each(
    ("address", "shown"),
    [
        ("http://host:8080/v1#a@b", "http://host:8080/v1#a@b"),
        ("http://host/@ann/x.png", "http://host/@ann/x.png"),
        ("http://me:secret@host/v1#m", "http://…@host/v1#m"),
        ("http://secret@host", "http://…@host"),
        ("http://me:se@cret@host/", "http://…@host/"),
        ("http://me:se/cret@host/", "http://…@host/"),
        ("http://me:se?cret@host/", "http://…@host/"),
        ("http://me:se#cret@host/", "http://…@host/"),
        ("http://me:se cret@host/", "http://…@host/"),
        ("//me:secret@host", "//…@host"),
        ("me:secret@proxy:3128", "…@proxy:3128"),
        ("proxy:3128", "proxy:3128"),
        ("http://host/x?key=secret", "http://host/x"),
        ("http://host/\x1b]0;x\x07\n", "http://host/]0;x"),
        ("http://host/sk-0123456789abcdefghij", "http://host/sk-0123456789abcdefghij"),
        ("openai:sk-0123456789abcdefghij", "openai:[key]"),
    ],
)
def test_an_address_is_shown_without_its_secrets(address: str, shown: str) -> None:
    assert shown_address(address) == shown


@for_each(
    ("host", "here"),
    [
        ("localhost", True),
        ("a.localhost", False),
        ("127.0.0.53", True),
        ("::1", True),
        ("[::1]", True),
        ("192.168.1.5", False),
        ("localhost.example.com", False),
        ("127.0.0.1.example.com", False),
        ("", False),
    ],
)
def test_loopback(host: str, here: bool) -> None:
    assert is_loopback(host) is here


@for_each(
    ("ip", "public"),
    [
        ("93.184.216.34", True), ("2606:4700::1111", True), ("127.0.0.1", False), ("10.1.2.3", False),
        ("172.16.0.1", False), ("192.168.1.1", False), ("169.254.169.254", False), ("100.64.0.1", False),
        ("0.0.0.0", False), ("255.255.255.255", False), ("224.0.0.1", False), ("240.0.0.1", False),
        ("198.18.0.1", False), ("192.0.2.1", False), ("::1", False), ("::", False), ("fe80::1%eth0", False),
        ("fc00::1", False), ("ff02::1", False), ("::ffff:127.0.0.1", False), ("::ffff:93.184.216.34", True),
        ("::127.0.0.1", False), ("fd00::1", False), ("8.8.8.8", True),
        ("2002:7f00:1::", False), ("2002:c0a8:101::1", False),
        ("64:ff9b::7f00:1", False), ("64:ff9b::5db8:d822", True), ("2001:0:7f00:1::1", False),
        ("2001:db8::1", False), ("nonsense", False),
    ],
)  # fmt: skip
def test_which_addresses_are_outside(ip: str, public: bool) -> None:
    assert is_public(ip) is public
