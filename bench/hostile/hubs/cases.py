"""Hubs that mean ill or are only broken: each a name, what it answers, and how Aloud must end."""

from __future__ import annotations

import gzip
import itertools
import json
import os
import zlib
from collections.abc import Iterator

from bench.hostile.hubs.replies import (
    BODY,
    Case,
    changed_meanwhile,
    closes_at,
    drip,
    endless,
    file_is,
    in_folder,
    json_of,
    link_for_folder,
    link_to,
    list_is,
    list_is_to,
    listed,
    lists,
    many,
    other_range,
    pages_without_end,
    part_is,
    second_time,
    swaps_the_folder,
    to,
)
from bench.hostile.hubs.server import entries, entry, honest, http

BOMB = gzip.compress(b" " * 50_000_000, 9)
SHA1, SHA256 = "a" * 40, "b" * 64
EVIL = {
    "a backslash": r"vocabulary.\..\..\evil.bat",
    "a stroke in code": "vocabulary.%2F..%2Fevil",
    "a device of Windows": "vocabulary.\u0000",
    "a space last": "vocabulary.txt ",
    "a dot last": "vocabulary.txt.",
    "an escape sequence": "vocabulary.\x1b]52;c;ZXZpbA==\x07",
    "a bidi override": "vocabulary.\u202etxt",
    "a colon": "vocabulary.txt:evil",
    "half a surrogate pair": "vocabulary.\ud83d",
    "9,000 letters": "vocabulary." + "x" * 9000,
    "the ending of a part": "vocabulary.txt.part",
    "a star": "vocabulary.*",
    "a line break": "vocabulary.\nevil",
}


def cases() -> list[Case]:
    return [*_lists(), *_ways_on(), *_files(), *_disks(), *_swaps(), *_environments(), *_encrypted()]


def _lists() -> Iterator[Case]:
    yield Case("honest", honest, (0,))
    for name, path in EVIL.items():
        yield Case(f"a name with {name}", lists(more=[entry(path, b"evil")]))
    for path in (
        "../config.json",
        "/etc/passwd",
        "..\\config.json",
        "a/../../config.json",
        "",
        "./config.json",
    ):
        yield Case(f"a path {path!r} beside the others", lists(more=[entry(path, b"evil")]), (0,))
    for size in (-1, 0, 1.5, 1e999, True, "300000", None, 10**30, 2**62, [1]):
        yield Case(f"a size of {size!r}", lists(size=size, lfs={"oid": SHA256, "size": size}))
    yield Case("two sizes", lists(size=7))
    yield Case("a size that is too small", lists(size=299_000, lfs={**entries()[-1]["lfs"], "size": 299_000}))  # type: ignore[dict-item]
    yield Case("a size that is too large", lists(size=300_500, lfs={**entries()[-1]["lfs"], "size": 300_500}))  # type: ignore[dict-item]
    yield Case("400 GB", lists(size=4 * 10**11, lfs={"oid": SHA256, "size": 4 * 10**11}))
    for oid in ("", None, 7, "../../../../evil", "g" * 64, SHA1, SHA256.upper(), SHA256 + "\n", [SHA256]):
        yield Case(f"a checksum {oid!r}", lists(lfs={"oid": oid, "size": len(BODY)}))
    yield Case("another checksum", lists(lfs={"oid": SHA256, "size": len(BODY)}), says="arrived damaged")
    for lfs in ([], 7, "x", True):
        yield Case(f"lfs {lfs!r}", lists(lfs=lfs))
    yield Case(
        "no checksum at all",
        listed(lambda all_: [e.pop("oid", 0) and e.pop("lfs", 0) for e in all_] and None),
    )
    yield Case("the same file twice", lists(more=entries()))
    yield Case("names that differ by case", lists(more=[entry("vocabulary.TXT", b"evil")]))
    yield Case("a file is missing", listed(lambda all_: all_.pop()))
    for name, body in {
        "a page of a hotel": b"<html>Sign in</html>",
        "nothing": b"",
        "a number": b"7",
        "an object": b"{}",
        "null": b"null",
        "no UTF-8": b"\xff\xfe[",
        "deep lists": b"[" * 900_000,
        "deep objects": b'{"a":' * 300_000,
        "numbers": b"[7, 8]",
        "a long number": b"[" + b"9" * 100_000 + b"]",
        "NaN": b"[NaN]",
        "a cut list": b'[{"type": "fi',
        "4 MB of empty lists": b"[" + b"[]," * 1_300_000 + b"[]]",
    }.items():
        yield Case(f"the list is {name}", list_is(http(200, body)))
    yield Case("822 MB of JSON", list_is(lambda: json_of(822 << 20)))
    yield Case("300,000 files", list_is(lambda: many(300_000)))
    yield Case("a list without end", list_is(lambda: endless("Connection: close", b"[" * 65536)))
    yield Case("a list a byte at a time", list_is(lambda: drip(http(200, b"[" + b" " * 10**6))))
    yield Case("headers a byte at a time", list_is(lambda: drip(b"HTTP/1.1 200 OK\r\nX: ")))
    yield Case("a header without end", list_is(lambda: endless("X: ", b"a" * 65536)))
    yield Case("headers without end", list_is(lambda: itertools.repeat(b"HTTP/1.1 100 X\r\n\r\n", 10**7)))
    yield Case("silence", list_is(lambda: iter([30.0])))
    yield Case("no HTTP", list_is(b"SSH-2.0-OpenSSH\r\n"))
    yield Case("closed at once", list_is(b""))
    packed = gzip.compress(json.dumps(entries()).encode())
    yield Case("a packed list", list_is(http(200, packed, Content_Encoding="gzip")))
    yield Case("a bomb for a list", list_is(http(200, BOMB, Content_Encoding="gzip")))
    yield Case("a bomb in a bomb", list_is(http(200, zlib.compress(BOMB), Content_Encoding="deflate, gzip")))
    for status in (204, 206, 304, 400, 401, 403, 404, 407, 418, 429, 451, 500, 503, 599, 999):
        yield Case(f"status {status}", list_is(http(status, b"\x1b]0;evil\x07")))
    yield Case("pages without end", pages_without_end)
    yield Case("a page that leads to itself", link_to("{hub}/api?cursor="))
    yield Case("the next page elsewhere", link_to("{elsewhere}/api?cursor=two"), (0,))
    yield Case("the next page is a file", link_to("file:///etc/passwd?cursor=two"), (0,))
    yield Case("the next page is no address", link_to("http://[::1?cursor=two"))


def _ways_on() -> Iterator[Case]:
    bad = (
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "//",
        "http://",
        "http://[::1",
        "http://a:99999/",
        "javascript:1",
        "\x7f",
        "http://a b/",
        "data:,x",
        "http://me:secret@127.0.0.1:9/",
        "http://..",
        "http://" + "a" * 9000,
        "ws://127.0.0.1:9/",
    )
    for location in bad:
        yield Case(f"the list sends on to {location[:40]!r}", list_is_to(location))
        yield Case(f"a file sends on to {location[:40]!r}", file_is(to(location)))
    yield Case("the list goes round in a circle", list_is_to("{hub}/api/again"))
    yield Case("a file goes round in a circle", file_is(to("{hub}/x/resolve/main/model.bin")))
    yield Case("sent on without a place", file_is(lambda asked: http(302)))
    yield Case("sent on with two places", file_is(lambda asked: http(302, Location="/a", location="/b")))
    yield Case("a file comes from elsewhere", file_is(to("{elsewhere}/x/resolve/main/model.bin")), (0,))
    yield Case("the list comes from elsewhere", list_is_to("{elsewhere}/api/x"), (0,))
    yield Case("300 and no place", file_is(lambda asked: http(300, b"choose")))


def _files() -> Iterator[Case]:
    yield Case("closed at 99 % each time", file_is(closes_at(0.99)), (0, 4))
    yield Case("closed at 99 % and no ranges", file_is(lambda a: http(200, BODY)[:297_000]), says="kept")
    yield Case("closed at 0 %", file_is(lambda asked: b""), says="lost")
    yield Case("another range", file_is(other_range), says="another piece than was asked for")
    yield Case(
        "a range without a place", file_is(second_time(closes_at(0.5), lambda a: http(206, BODY[a.start :])))
    )
    yield Case("200 for a range", file_is(second_time(closes_at(0.5), lambda a: http(200, BODY))), (0,))
    yield Case("416", file_is(second_time(closes_at(0.5), lambda a: http(416))), says="status 416")
    yield Case("it changes meanwhile", file_is(changed_meanwhile), says="arrived damaged")
    yield Case("another content", file_is(lambda a: http(200, bytes(len(BODY)))), says="arrived damaged")
    yield Case("more than it lists", file_is(lambda a: http(200, BODY + b"more")), says="arrived damaged")
    yield Case("without end", file_is(lambda a: endless("Connection: close", b"a" * 65536)))
    yield Case("less than it lists", file_is(lambda a: http(200, BODY[:-9])))
    yield Case("a byte at a time", file_is(lambda a: drip(http(200, BODY)[:200])), says="next to nothing")
    yield Case("silence after the headers", file_is(lambda a: iter([http(200, BODY)[:60], 30.0])))
    yield Case("a bomb", file_is(lambda a: http(200, BOMB, Content_Encoding="gzip")), says="packed")
    yield Case("packed in what nobody knows", file_is(lambda a: http(200, BODY, Content_Encoding="x\x07")))
    yield Case("bad chunks", file_is(lambda a: b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"))
    yield Case(
        "a chunk of 16 EB",
        file_is(lambda a: b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n" + b"f" * 16 + b"\r\nab"),
    )
    yield Case("a length below zero", file_is(lambda a: b"HTTP/1.1 200 X\r\nContent-Length: -5\r\n\r\nab"))
    yield Case(
        "two lengths",
        file_is(lambda a: b"HTTP/1.1 200 X\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\nabcde"),
    )
    yield Case(
        "a small file is a page",
        file_is(lambda a: http(200, b"<html>Sign in</html>"), "config.json"),
        says="arrived damaged",
    )
    for status in (204, 401, 403, 404, 429, 500, 503):
        yield Case(f"a file has status {status}", file_is(lambda a, s=status: http(s, b"\x1b[2J")))  # type: ignore[misc]


def _disks() -> Iterator[Case]:
    yield Case(
        "a link for the part", honest, (0,), prepare=part_is(lambda part, victim: part.symlink_to(victim))
    )
    yield Case(
        "a hard link for the part", honest, (0,), prepare=part_is(lambda part, victim: os.link(victim, part))
    )
    yield Case("a pipe for the part", honest, (0,), prepare=part_is(lambda part, _: os.mkfifo(part)))
    yield Case("a folder for the part", honest, prepare=part_is(lambda part, _: part.mkdir()))
    yield Case(
        "a longer part", honest, (0,), prepare=part_is(lambda part, _: part.write_bytes(b"x" * 400_000))
    )
    yield Case(
        "a wrong part", honest, (0,), prepare=part_is(lambda part, _: part.write_bytes(b"x" * 200_000))
    )
    yield Case("a link for the folder", honest, prepare=link_for_folder, says="a link to another place")
    for name in ("config.json", "ORIGIN", "LICENCE"):
        yield Case(
            f"a link for {name}", honest, (0,), prepare=in_folder(lambda f, v, n=name: (f / n).symlink_to(v))
        )  # type: ignore[misc]
    yield Case("a link for the lock", honest, prepare=in_folder(lambda f, v: (f / ".lock").symlink_to(v)))
    yield Case("a pipe for the lock", honest, prepare=in_folder(lambda f, v: os.mkfifo(f / ".lock")))
    yield Case("a folder for a file", honest, prepare=in_folder(lambda f, v: (f / "model.bin").mkdir()))
    yield Case("a pipe for a file", honest, (0,), prepare=in_folder(lambda f, v: os.mkfifo(f / "model.bin")))


def _swaps() -> Iterator[Case]:
    yield Case(
        "the folder is swapped for a link meanwhile", swaps_the_folder, says="another was put in its place"
    )
    for most in (0, 5, 330, 100_000):
        yield Case(f"a disk that is full after {most} bytes", honest, most_bytes=most)


def _environments() -> Iterator[Case]:
    for text in (
        "nonsense",
        "http://",
        "file:///etc",
        "http://[::1",
        "http://h:99999",
        "http://a b",
        "http://" + "a" * 300,
        "\x1b]0;x\x07",
        "https://me:secret@",
        "http://h/?a=b",
        "//h",
        "http://me:se/cret@h",
        "http://..",
        "http://é\u202e",
    ):
        yield Case(f"HF_ENDPOINT {text[:30]!r}", honest, environment={"HF_ENDPOINT": text})
    yield Case("a password over http", honest, environment={"HF_ENDPOINT": "http://me:secret@hub.invalid"})
    yield Case("nobody there", honest, environment={"HF_ENDPOINT": "http://127.0.0.1:9"})
    yield Case("TLS where there is none", honest, environment={"HF_ENDPOINT": "https://{host}"})
    for value in (
        "foo://x",
        "http://[::1",
        "socks5://127.0.0.1:9",
        "http://me:secret@:x",
        "http://127.0.0.1:9",
    ):
        yield Case(f"HTTP_PROXY {value!r}", honest, environment={"http_proxy": value, "no_proxy": ""})
    yield Case("SSL_CERT_FILE that is not there", honest, environment={"SSL_CERT_FILE": "/no/such.pem"})
    yield Case("SSL_CERT_DIR that is not there", honest, environment={"SSL_CERT_DIR": "/no/such"})
    for token in ("hf a", "hf\x01", "hf_é"):
        yield Case(f"HF_TOKEN {token!r}", honest, environment={"HF_TOKEN": token}, says="HF_TOKEN")


def _encrypted() -> Iterator[Case]:
    yield Case("over TLS", honest, (0,), tls="trusted")
    for kind in ("unknown", "another"):
        yield Case(f"a certificate: {kind}", honest, tls=kind, says="certificate could not be verified")
    yield Case(
        "the list sends on without TLS", list_is_to("{elsewhere}/api"), tls="trusted", says="encryption"
    )
    yield Case(
        "a file sends on without TLS", file_is(to("{elsewhere}/model.bin")), tls="trusted", says="encryption"
    )
    yield Case("over TLS closed at 99 %", file_is(closes_at(0.99)), (0, 4), tls="trusted")
    yield Case("over TLS a byte at a time", list_is(lambda: drip(b"HTTP/1.1 200 X\r\nA: ")), tls="trusted")
