"""What a hub lists, and what of it is believed; where its addresses lead, and what is shown to whom."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import ModelError
from config.models.catalogue import known
from config.models.hub_address import HubAddress, Origin, hub_address, origin_of_url
from config.models.names import is_digest, is_file_name
from config.models.tree import NoListError, RemoteFile, TreeError, check_size, check_tree, read_page
from tests.tables import for_each

TINY = known("tiny.en")
SHA1, SHA256 = "a" * 40, "b" * 64


def entry(path: str = "config.json", size: Any = 2, oid: Any = SHA1, **more: Any) -> dict[str, Any]:
    return {"type": "file", "path": path, "size": size, "oid": oid, **more}


def large(size: Any = 9, told: Any = 9, oid: Any = SHA256) -> dict[str, Any]:
    return entry("model.bin", told, lfs={"oid": oid, "size": size})


def page(*entries: Any) -> list[RemoteFile]:
    return read_page(json.dumps(entries).encode(), TINY)


def test_a_file_of_either_kind_is_read_and_all_else_is_left() -> None:
    others = [entry("README.md"), entry("a/config.json"), {"type": "directory", "path": "config.json"}]
    assert page(entry(), large(), *others) == [
        RemoteFile("config.json", 2, "", SHA1),
        RemoteFile("model.bin", 9, SHA256, ""),
    ]


NAMES = [r"vocabulary.\..\..\evil.bat", "vocabulary.txt ", "vocabulary.txt.", "vocabulary.\x1b]0;a\x07",
         "vocabulary.ｔxt", "vocabulary.a:b", "vocabulary.\u202etxt", "vocabulary.\n", "vocabulary.x.part",
         "vocabulary." + "x" * 300, "vocabulary.*", "vocabulary.%2e%2e", "vocabulary.\x00"]  # fmt: skip


SIZES: list[Any] = [-1, 2.0, True, "2", None, 1e999, 10**30, [], 2**53 + 1]
OIDS: list[Any] = ["", None, 7, "../../../x" * 4, "A" * 40, "g" * 40, SHA256, SHA1 + "\n"]
LARGE_OIDS: list[Any] = [SHA1, "", None, "/etc/passwd", "z" * 64]
LFS: list[Any] = [[], "x", 7]


@for_each(
    ("wrong", "words"),
    [(entry(name), "a name that not every system can take") for name in NAMES]
    + [(entry(size=size), "a size that cannot be") for size in SIZES]
    + [(entry(oid=oid), "the checksum") for oid in OIDS]
    + [(large(oid=oid), "the checksum") for oid in LARGE_OIDS]
    + [(large(9, 8), "two sizes"), (large(-9, -9), "cannot be"), (large(9.0, 9.5), "cannot be")]
    + [(entry("model.bin", 9, lfs=lfs), "the checksum") for lfs in LFS],
)
def test_what_cannot_be_is_refused(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(TreeError, match=words) as told:
        page(wrong)
    assert str(told.value).isprintable()


@for_each("data", [b"<html>", b"", b"{}", b"null", b"7", b'"a"', b"[7]", b"[[]]", b'[{"type": "file"}]',
                   b'[{"path": 7}]', b"\xff\xfe", b"[" * 100_000, b'[{"a":' * 50_000,
                   b"[" + b"9" * 9000 + b"]", b"[{" + b'"path":"' * 9])  # fmt: skip
def test_what_is_no_list_is_none(data: bytes) -> None:
    with pytest.raises(NoListError):
        read_page(data, TINY)


def test_all_together_is_looked_at_too() -> None:
    good = page(entry(), large())
    check_tree(good)
    for wrong, words in [
        (page(entry(), entry()), "config.json twice"),
        (page(entry("vocabulary.txt"), entry("vocabulary.TXT")), "twice"),
        (page(*[entry(f"vocabulary.{n}") for n in range(40)]), "more files than a model has"),
        (page(entry(size=0)), "config.json in it is empty"),
    ]:
        with pytest.raises(TreeError, match=words):
            check_tree(wrong)
    check_size(good, TINY)
    with pytest.raises(TreeError, match=r"gives tiny\.en 400 GB, and such a model has about 78 MB"):
        check_size(page(large(4 * 10**11, 4 * 10**11)), TINY)
    with pytest.raises(TreeError, match="such a model has at most 20 GB"):
        check_size(page(large(4 * 10**11, 4 * 10**11)), known("some/whisper"))


@for_each("name", ["con", "NUL", "nul.txt", "Com1", "lpt9.json", "aux.tar.gz", "..", ".", "", "a.", "a ",
                   "a/b", "a\\b", "a:b", "é", "a\n", "a" * 201, "~", "a*", "conin$"])  # fmt: skip
def test_names_that_lead_elsewhere_or_are_devices(name: str) -> None:
    assert not is_file_name(name)


@given(st.text("abCNUnul01.-_/\\: *é\n\0", max_size=9))
def test_a_name_that_is_one_stays_in_its_folder_everywhere(name: str) -> None:
    if is_file_name(name):
        assert name.isascii()
        assert not set(name) & set('/\\:*?"<>| \0')
        assert name.strip(". ") in name.rstrip(". ") == name
    assert not is_digest(name, 40) or len(bytes.fromhex(name)) == 20


@for_each(
    ("url", "origin"),
    [
        ("https://huggingface.co/a", Origin("https", "huggingface.co", 443)),
        ("HTTPS://Hub.Example:8443", Origin("https", "hub.example", 8443)),
        ("http://[::1]:80/x", Origin("http", "::1", 80)),
        ("https://bücher.example", Origin("https", "xn--bcher-kva.example", 443)),
        *[(url, None) for url in (
            "file:///etc/passwd", "ftp://a/b", "//a", "a", "", "http://", "http://[::1", "http://a:99999/", "http://a:0",
            "http://a b/", "http://a\\@b/", "http://a\n/", "http://..", "http://a..b", "http://" + "a" * 300, "http://a_*b",
            "javascript:alert(1)", "data:,x", "gopher://a", "https:///x", "http://-a-", "http://\x1b[2J/",
        )],
    ],
)  # fmt: skip
def test_whom_an_address_means(url: str, origin: Origin | None) -> None:
    assert origin_of_url(url) == origin


@for_each(
    ("endpoint", "to", "shown"),
    [
        ("https://hub.example/x", "https://hub.example/y", "Bearer hf_mine"),
        ("https://hub.example", "https://hub.example:443/y", "Bearer hf_mine"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/y", "Bearer hf_mine"),
        ("http://localhost", "http://localhost/y", "Bearer hf_mine"),
        ("http://hub.example", "http://hub.example/y", ""),
        ("https://hub.example", "http://hub.example/y", ""),
        ("https://hub.example", "https://hub.example:8443/", ""),
        ("https://hub.example", "https://hub.example.evil.example/", ""),
        ("https://hub.example", "https://cdn.hub.example/", ""),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8081/", ""),
        ("http://hub.localhost", "http://hub.localhost/", ""),
    ],
)
def test_a_token_stays_at_its_origin(
    endpoint: str, to: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_mine")
    address, origin = hub_address(endpoint), origin_of_url(to)
    assert address
    assert origin
    assert address.headers(origin).get("Authorization", "") == shown


def test_a_password_in_the_address_is_sent_as_one_and_shown_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    address = hub_address("https://me:s%40cret@hub.example/models/")
    assert isinstance(address, HubAddress)
    assert (address.base, str(address.origin)) == ("https://hub.example/models", "hub.example")
    assert address.headers(address.origin) == {"Authorization": "Basic bWU6c0BjcmV0"}
    assert "cret" not in repr(address)


@for_each("token", ["hf a", "hf\x01", "hf_é", "hf\r\nX: y"])
def test_what_cannot_be_a_token_is_not_sent_and_not_said(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", token)
    address = hub_address("https://hub.example")
    assert address
    with pytest.raises(ModelError, match="What HF_TOKEN holds cannot be a token") as told:
        address.headers(address.origin)
    assert token not in str(told.value)
