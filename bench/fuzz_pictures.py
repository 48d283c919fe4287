"""Damaged and hostile files against everything that opens pictures, for so many minutes.

    python bench/fuzz_pictures.py --minutes 10 --keep /tmp/finds

Every case is made from sound files by mutation, from a number alone, so that a find can be made again. It is
opened in a process of its own that may take five seconds and a gigabyte a case, and must end in a picture or
in one of Aloud's sentences. What does not is kept as a file and told; the exit status is then 1.
"""

from __future__ import annotations

import argparse
import gzip
import io
import os
import random
import resource
import selectors
import subprocess
import sys
import time
import traceback
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

CASE_S = 5.0
CASE_MB = 1000
BATCH = 400
"""Cases a process lives for: its memory is then known to be theirs."""

WEIGHTS = {
    "jpeg": 4, "png": 4, "apng": 2, "webp": 3, "gif": 3, "bmp": 2, "tiff": 4, "avif": 2, "heic": 3, "jp2": 2,
    "scan": 3, "svg": 4, "svgz": 1, "pdf": 2, "url": 3,
}  # fmt: skip
KINDS = tuple(WEIGHTS)
WORDS = (
    b"\0", b"\xff", b"\x7f", b"\x80", b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\xff\xff",
    b"&x;", b"<!ENTITY x SYSTEM 'file:///etc/passwd'>", b"<svg>", b"</svg>", b"]]>", b"99999999999", b"-1",
    b"obj", b"endstream", b"/Length 0", b"/Kids [1 0 R]", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a",
    b"%PDF-",
)  # fmt: skip


def sound(kind: str) -> bytes:
    """A small sound file of this kind."""
    from PIL import Image

    from tests.vision.samples import pdf, words
    from vision.images.pixels import quiet_pillow

    quiet_pillow()
    if kind in ("svg", "svgz"):
        plain = (
            b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY co "Tom">]><svg xmlns="http://www.w3.org/2000/svg">'
            b"<title>Plan</title><desc>Of a house</desc><g><text x='1'>Door <tspan>&co;</tspan></text></g>"
            b"<script>x</script><image href='data:image/png;base64,AAAA'/></svg>"
        )
        return plain if kind == "svg" else gzip.compress(plain)
    if kind == "pdf":
        return pdf([words("Dear Ann,", "all is well."), words("Tom")])
    image = Image.radial_gradient("L").resize((60, 40)).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    names = {"apng": "PNG", "heic": "HEIF", "jp2": "JPEG2000", "scan": "TIFF"}
    more: dict[str, Any] = {"exif": exif} if kind in ("jpeg", "png", "webp", "tiff", "avif") else {}
    if kind in ("apng", "gif", "scan"):
        more |= {"save_all": True, "append_images": [image.rotate(90), image.rotate(180)]}
    if kind == "gif":
        image = image.quantize(32)
    image.save(out, names.get(kind, kind.upper()), **more)
    return out.getvalue()


def mutated(data: bytes, other: bytes, rng: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4, 8, 30))):
        if not out:
            break
        at, length = rng.randrange(len(out)), rng.choice((1, 2, 4, 16, 200))
        # Most of what decides is in the first bytes.
        at = rng.randrange(min(len(out), 120)) if rng.random() < 0.4 else at
        match rng.randrange(8):
            case 0:
                out[at] ^= 1 << rng.randrange(8)
            case 1:
                out[at] = rng.randrange(256)
            case 2:
                word = rng.choice(WORDS)
                out[at : at + len(word)] = word
            case 3:
                out[at:at] = rng.choice(WORDS)
            case 4:
                del out[at : at + length]
            case 5:
                out[at:at] = out[at : at + length] * rng.choice((1, 2, 50))
            case 6:
                del out[at : len(out) if rng.random() < 0.3 else at + 1]
            case _:
                cut = rng.randrange(len(other))
                out[at:] = other[cut : cut + rng.choice((8, 100, 10_000))]
    return bytes(out)


def checked(png: bytes) -> bytes:
    """With the checksums that its parts now have, so that a decoder goes on to what is in them."""
    out, at = png[:8], 8
    while at + 12 <= len(png):
        size = int.from_bytes(png[at : at + 4], "big")
        body = png[at + 4 : at + 8 + size]
        out += png[at : at + 4] + body + zlib.crc32(body).to_bytes(4, "big")
        at += 12 + size
    return out + png[at:]


SCHEMES = (
    "http",
    "https",
    "HTTP",
    "file",
    "ftp",
    "data",
    "javascript",
    "gopher",
    "http:http",
    "ht\ttp",
    "ws",
)
HOSTS = (
    "127.0.0.1", "localhost", "0", "0x7f000001", "2130706433", "127.1", "[::1]", "[::ffff:7f00:1]", "例え.jp",
    "[fe80::1%25lo]", "example.org", "a" * 300, "..", "xn--", "１２７.0.0.1", "①②⑦.0.0.1", "%31%32%37.0.0.1",
    "", "[", "a b",
)  # fmt: skip
LETTERS = "\0\t\n\r #%/@\\/\u3002\uff0f\u202e\ud800"


def address(rng: random.Random) -> str:
    url = rng.choice(SCHEMES) + rng.choice(("://", ":/", "://", ":", "//", ":\\\\"))
    url += rng.choice(("", "", "", "a:b@", "example.org@", "@", "a%40")) + rng.choice(HOSTS)
    url += rng.choice(("", "", ":80", ":0", ":99999", ":-1", ":x", ":", "#@a/"))
    url += rng.choice(("", "/", "/a.png", "/../..", "\\x"))
    for _ in range(rng.choice((0, 0, 1, 3))):
        at = rng.randrange(len(url) + 1)
        url = url[:at] + rng.choice(LETTERS) + url[at:]
    return url


def case(number: int) -> tuple[str, bytes]:
    """The kind, and the bytes, of case ``number``: always the same."""
    rng = random.Random(number)
    kind = rng.choices(KINDS, tuple(WEIGHTS.values()))[0]
    if kind == "url":
        return kind, address(rng).encode("utf-8", "surrogatepass")
    other = sound(rng.choice([k for k in KINDS if k != "url"]))
    data = mutated(sound(kind), other, rng)
    return kind, checked(data) if kind in ("png", "apng") and number % 4 else data


def opened(kind: str, data: bytes) -> str:
    """``picture`` or ``refused``; raises for whatever else comes of it."""
    from config.errors import AloudError
    from pipeline.pictures.prepare import describe_picture
    from vision.images.encode import encode
    from vision.images.picture import ImageLimits, Picture
    from vision.sources.open import open_shown

    try:
        if kind == "url":
            fetched(data.decode("utf-8", "surrogatepass"))
            return "fetched"
        shown = open_shown(data, "the file")
        if not isinstance(shown, Picture):
            with shown:
                shown = shown.page(1)
        encode(shown, ImageLimits())
        if kind in ("svg", "svgz"):
            assert "root:" not in shown.text
            assert describe_picture(shown)
    except AloudError as error:
        if not error.failed.endswith(".") or "\n" in error.failed:
            raise AssertionError(f"no sentence: {error.failed!r}") from None
        return "refused"
    return "picture"


def fetched(url: str) -> None:
    """Every name leads inside here: nothing may be connected to."""
    import anyio
    import httpcore

    from vision.sources import ssrf_guard
    from vision.sources import url as addresses
    from vision.sources.open import is_address

    async def look_up(host: object, port: int, **_: object) -> list[Any]:
        return [(2, 1, 6, "", ("127.0.0.1", port))]

    async def connect(*_: object) -> None:
        raise AssertionError(f"connected for {url!r}")

    ssrf_guard.anyio.getaddrinfo = look_up  # type: ignore[assignment]
    httpcore.AnyIOBackend.connect_tcp = connect  # type: ignore[assignment,method-assign]
    if is_address(url):
        anyio.run(addresses.fetch, url)


def work(first: int, count: int) -> None:
    """In the process of its own: a line before each case, and one after it."""
    for number in range(first, first + count):
        print(f"begin {number}", flush=True)
        kind, data = case(number)
        try:
            outcome = opened(kind, data)
        except BaseException:
            outcome = "FOUND " + traceback.format_exc().strip().replace("\n", " | ")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000
        children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1000
        print(f"end {number} {max(peak, children)} {kind} {outcome}", flush=True)


def lines(worker: subprocess.Popen[bytes], until: float) -> Iterator[str]:
    """What it writes, line by line; ``silent`` when a case takes too long, ``gone`` when it has ended."""
    assert worker.stdout is not None
    ready = selectors.DefaultSelector()
    ready.register(worker.stdout, selectors.EVENT_READ)
    waiting, delay = b"", CASE_S + 10  # the first case pays for the imports
    while time.monotonic() < until:
        if not ready.select(delay):
            yield "silent"
            return
        data = os.read(worker.stdout.fileno(), 65_536)
        if not data:
            yield "gone"
            return
        *whole, waiting = (waiting + data).split(b"\n")
        delay = CASE_S
        yield from (line.decode("utf-8", "replace") for line in whole)


class Run:
    def __init__(self, keep: Path) -> None:
        self.keep = keep
        self.counts: Counter[str] = Counter()
        self.finds: list[str] = []
        self.slowest = 0.0
        self.peak = 0

    def batch(self, first: int, until: float) -> int:
        """Cases from ``first`` on, in one process; the number to go on with."""
        command = [sys.executable, __file__, "--work", str(first)]
        worker = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT)
        number, began = first, time.monotonic()
        try:
            for line in lines(worker, until):
                word, _, rest = line.partition(" ")
                if word == "begin":
                    number, began = int(rest), time.monotonic()
                elif word == "end":
                    self.ended(number, rest, time.monotonic() - began)
                elif word == "silent":
                    self.found(number, f"took more than {CASE_S:g} s")
                elif worker.wait() or number < first + BATCH - 1:
                    self.found(number, f"its process died with {worker.returncode}")
        finally:
            worker.kill()
            worker.wait()
        return number + 1

    def ended(self, number: int, rest: str, seconds: float) -> None:
        _, peak, kind, outcome = rest.split(" ", 3)
        self.slowest, self.peak = max(self.slowest, seconds), max(self.peak, int(peak))
        self.counts[f"{kind} {outcome.split()[0]}"] += 1
        if outcome.startswith("FOUND"):
            self.found(number, outcome)
        elif int(peak) > CASE_MB:
            self.found(number, f"{peak} MB")

    def found(self, number: int, why: str) -> None:
        kind, data = case(number)
        self.finds.append(f"case {number} ({kind}): {why}")
        print(self.finds[-1], file=sys.stderr, flush=True)
        self.keep.mkdir(parents=True, exist_ok=True)
        (self.keep / f"{number}.{kind}").write_bytes(data)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--seed", type=int, default=0, help="number of the first case")
    options.add_argument("--keep", type=Path, default=Path("finds"))
    options.add_argument("--work", type=int, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.work is not None:
        os.nice(5)
        return work(chosen.work, BATCH)
    run, number = Run(chosen.keep), chosen.seed
    until = time.monotonic() + chosen.minutes * 60
    while time.monotonic() < until:
        number = run.batch(number, until)
    for name, count in sorted(run.counts.items()):
        print(f"{name:<16} {count:6}")
    total = sum(run.counts.values())
    print(f"{total} cases, {len(run.finds)} finds; slowest {run.slowest:.2f} s, most memory {run.peak} MB")
    return sys.exit(1 if run.finds else 0)


if __name__ == "__main__":
    main()
