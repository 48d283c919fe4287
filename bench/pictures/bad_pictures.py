"""Files that no camera and no honest program makes: cut off, disguised, endless, hostile. All made by code.

``bad_files`` gives each with its name; ``survive`` opens them all in a process of its own and says what came
of it. Every one must end in a picture or in one sentence, soon and in bounded memory.
"""

from __future__ import annotations

import gzip
import io
import json
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from aloud.cli.bench import Figure

POINTS = 50
MOST_S = 5.0
MOST_MB = 1000.0
KINDS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF", "JPEG2000", "SVG", "PDF")

Named = tuple[str, bytes]


def bad_files(points: int = POINTS) -> Iterator[Named]:
    """About 600: each kind cut off at ``points`` places, then the others; with all points the slow ones."""
    for kind in KINDS:
        yield from cut_off(kind, sound(kind), points)
    yield from disguised()
    yield from bombs()
    yield from drawings()
    yield from documents()
    if points >= POINTS:
        yield from endless()


def sound(kind: str) -> bytes:
    from PIL import Image

    from vision.images.pixels import quiet_pillow

    if kind == "SVG":
        return f"{_SVG}<title>Plan</title><text>Door</text></svg>".encode()
    if kind == "PDF":
        return pdf(["BT /F1 18 Tf 72 760 Td (Dear Ann) Tj ET"])
    quiet_pillow()
    out = io.BytesIO()
    Image.radial_gradient("L").resize((120, 90)).convert("RGB").save(out, kind)
    return out.getvalue()


def cut_off(kind: str, whole: bytes, points: int) -> Iterator[Named]:
    for point in range(points):
        size = len(whole) * point // points
        yield f"{kind} cut off at {size} of {len(whole)}", whole[:size]


def disguised() -> Iterator[Named]:
    """One thing that claims to be another, or is two at once."""
    png, gif, document = sound("PNG"), sound("GIF"), sound("PDF")
    yield "HTML named GIF", b"GIF89a/*" + b"<script>alert(1)</script>*/=1;"
    yield "PNG with a PDF behind", png + document
    yield "PDF with a PNG in front", png[:200] + document
    yield "GIF with a ZIP behind", gif + b"PK\x03\x04" + bytes(200)
    yield "JPEG head, PNG body", b"\xff\xd8\xff\xe0\0\x10JFIF\0" + png
    yield "PostScript", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) run\n"
    yield "ImageMagick script", b"push graphic-context\nimage over 0,0 0,0 'http://127.0.0.1:1/x'\n"
    yield "playlist", b"#EXTM3U\nhttp://127.0.0.1:1/x.ts\n"
    yield "zeros", bytes(1_000_000)
    yield "program", b"\x7fELF" + bytes(500)


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_of(width: int, height: int, *extra: bytes, rows: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    data = chunk(b"IDAT", rows or zlib.compress(bytes(min(1 + 3 * width, 1_000_000)) * min(height, 4)))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + data + chunk(b"IEND", b"")


def bombs() -> Iterator[Named]:
    """Small files that would be large: by pixels, by packed remarks, by frames."""
    packed = zlib.compress(bytes(60_000_000), 1)
    yield "PNG of 200 megapixels", png_of(20_000, 10_000)
    yield "PNG of 4 terapixels", png_of(2**31 - 1, 2**31 - 1)
    yield "PNG one pixel high and 80 million wide", png_of(80_000_000, 1)
    yield "PNG with 60 MB in a remark", png_of(9, 9, chunk(b"zTXt", b"Comment\0\0" + packed))
    yield "PNG with 60 MB in a profile", png_of(9, 9, chunk(b"iCCP", b"icc\0\0" + packed))
    yield "PNG with 60 MB behind 9 pixels", png_of(3, 3, rows=packed)
    bmp = bytearray(sound("BMP"))
    bmp[18:26] = struct.pack("<ii", 60_000, 60_000)
    yield "BMP of 3600 megapixels", bytes(bmp)
    yield "TIFF whose pages go round", _tiff_ring()
    yield "TIFF whose second page breaks off", _tiff_of_two()[:-2000]
    yield "GIF of 10,000 frames", gif_of(10_000, 8)
    yield "GIF of 10,000 frames of 4 megapixels", gif_of(10_000, 2000)
    control = chunk(b"acTL", struct.pack(">II", 10_000_000, 0))
    yield "APNG that tells of ten million frames", png_of(9, 9, control)
    webp = sound("WEBP")
    canvas = b"VP8X" + struct.pack("<I", 10) + b"\x10\0\0\0" + b"\xfe\x3f\0" * 2 + webp[12:]
    yield "WebP of 268 megapixels", b"RIFF" + struct.pack("<I", len(canvas) + 4) + b"WEBP" + canvas


def gif_of(frames: int, side: int) -> bytes:
    """A canvas of ``side`` pixels; every frame is four pixels of it, and differs from the last."""
    out = b"GIF89a" + struct.pack("<HHBBB", side, side, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    places = (struct.pack("<HHHHB", n % 4, n // 4 % 4, 2, 2, 0) for n in range(frames))
    return (
        out + b"".join(b"\x21\xf9\4\0\1\0\0\0\x2c" + place + b"\2\3\x44\x02\x05\0" for place in places) + b";"
    )


def _tiff_ring() -> bytes:
    data = bytearray(sound("TIFF"))
    first = struct.unpack("<I", data[4:8])[0]
    entries = struct.unpack("<H", data[first : first + 2])[0]
    data[first + 2 + 12 * entries : first + 6 + 12 * entries] = struct.pack("<I", first)
    return bytes(data)


def _tiff_of_two() -> bytes:
    from PIL import Image

    page, out = Image.radial_gradient("L").resize((90, 60)).convert("RGB"), io.BytesIO()
    page.save(out, "TIFF", save_all=True, append_images=[page.rotate(90)])
    return out.getvalue()


_SVG = '<svg xmlns="http://www.w3.org/2000/svg">'


def drawings() -> Iterator[Named]:
    def declared(entities: str, body: str) -> bytes:
        return f"<!DOCTYPE svg [{entities}]>{_SVG}<text>{body}</text></svg>".encode()

    laughs = '<!ENTITY a "ha ha ha">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    yield "SVG that takes a file", declared('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;")
    yield "SVG that asks a server", declared('<!ENTITY x SYSTEM "http://127.0.0.1:1/x">', "&x;")
    yield "SVG with a parameter entity", declared('<!ENTITY % x SYSTEM "http://127.0.0.1:1/x"> %x;', "")
    yield "SVG of a billion laughs", declared(laughs, "&i;")
    yield "SVG with scripts", f"{_SVG}<script>fetch('http://127.0.0.1:1')</script></svg>".encode()
    yield "SVG with pictures elsewhere", f"{_SVG}<image href='http://127.0.0.1:1/x.png'/></svg>".encode()
    yield "SVG 100,000 deep", f"{_SVG}{'<g>' * 100_000}{'</g>' * 100_000}</svg>".encode()
    yield "SVG packed a thousandfold", gzip.compress(_SVG.encode() + b" " * 60_000_000, 1)


def pdf(pages: Sequence[str], catalogue: str = "", page: str = "/MediaBox [0 0 595 842]") -> bytes:
    """Page n is object 4 + 2n, its content the next one."""
    bodies = [
        f"<< /Type /Catalog /Pages 2 0 R {catalogue} >>",
        f"<< /Type /Pages /Kids [{' '.join(f'{4 + 2 * n} 0 R' for n in range(len(pages)))}]"
        f" /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, content in enumerate(pages):
        font = "/Resources << /Font << /F1 3 0 R >> >>"
        bodies.append(f"<< /Type /Page /Parent 2 0 R {page} /Contents {5 + 2 * number} 0 R {font} >>")
        bodies.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    return pdf_of([body.encode() for body in bodies])


def pdf_of(bodies: Sequence[bytes], trailer: str = "") -> bytes:
    out, places = [b"%PDF-1.4\n"], []
    at = len(out[0])
    for number, body in enumerate(bodies, 1):
        places.append(at)
        out.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        at += len(out[-1])
    table = f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n"
    table += "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"trailer << /Size {len(bodies) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{at}\n%%EOF"
    return b"".join(out) + (table + end).encode()


def documents() -> Iterator[Named]:
    yield "PDF of 100,000 pages", pdf([""] * 100_000)
    yield "PDF with a password", encrypted()
    yield (
        "PDF whose pages go round",
        pdf_of(
            [
                b"<< /Type /Catalog /Pages 2 0 R >>",
                b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9 /Parent 2 0 R >>",
            ]
        ),
    )
    yield "PDF page of a square mile", pdf([""], page="/MediaBox [0 0 9999999 9999999]")
    yield "PDF page of nothing", pdf([""], page="/MediaBox [0 0 0 0]")
    yield "PDF page a hair wide", pdf([""], page="/MediaBox [0 0 0.001 9999]")
    yield (
        "PDF with a script",
        pdf([""], "/OpenAction << /S /JavaScript /JS (app.launchURL('http://127.0.0.1:1')) >>"),
    )
    yield "PDF that starts a program", pdf([""], "/OpenAction << /S /Launch /F (/bin/true) >>")


def endless() -> Iterator[Named]:
    packed = zlib.compress(b"0 0 m 9 9 l S " * 5_000_000, 1)
    head = b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed)
    yield "PDF page of 70 MB packed", pdf_of([
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R >>",
        head + packed + b"\nendstream",
    ])  # fmt: skip
    yield "PDF page that never ends", pdf(["0.5 g 0 0 595 842 re f* " * 300_000])


def encrypted() -> bytes:
    """Forty bits, and a password that nobody knows."""
    secret = "41" * 32
    lock = f"<< /Filter /Standard /V 1 /R 2 /O <{secret}> /U <{secret}> /P -4 >>"
    bodies = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>", lock.encode()]
    return pdf_of(bodies, f"/Encrypt 3 0 R /ID [<{'00' * 16}> <{'00' * 16}>]")


_SURVIVE = """
import json, sys, time
from bench.pictures.bad_pictures import bad_files, outcome, peak_mb
for name, data in bad_files(int(sys.argv[1])):
    began = time.perf_counter()
    came = outcome(data)
    seconds = time.perf_counter() - began
    print(json.dumps({"name": name, "seconds": seconds, "came": came, "peak_mb": peak_mb()}), flush=True)
"""


def outcome(data: bytes) -> str:
    """``picture``, or the sentence; whatever else comes of it begins with ``FAULT``."""
    from config.errors import AloudError
    from vision.images.encode import encode
    from vision.images.picture import ImageLimits, Picture
    from vision.sources.open import open_shown

    try:
        shown = open_shown(data, "the file")
        if not isinstance(shown, Picture):
            with shown:
                shown = shown.page(1)
        encode(shown, ImageLimits())
    except AloudError as error:
        return error.failed if error.failed.endswith(".") else f"FAULT no sentence: {error.failed!r}"
    except BaseException as error:
        return f"FAULT {error!r}"
    return "picture"


def peak_mb() -> float:
    """The most memory of this process, and of the children that have ended, since they began."""
    import resource

    scale = 1e6 if sys.platform == "darwin" else 1e3
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / scale
    status = Path("/proc/self/status")
    if not status.exists():
        return max(children, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale)
    # ru_maxrss would count what the process was before it became this program.
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return max(children, int(line.split()[1]) * 1024 / 1e6)


def survive(points: int = POINTS) -> list[dict[str, Any]]:
    """What came of each, in order. The files themselves are made in that process: its peak holds them too."""
    command = [sys.executable, "-c", _SURVIVE, str(points)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode:
        last = told[-1]["name"] if told else "the first"
        told.append(
            {"name": f"after {last}", "seconds": 0.0, "came": f"FAULT {done.stderr[-300:]}", "peak_mb": 0.0}
        )
    return told


def figures(told: Sequence[dict[str, Any]]) -> list[Figure]:
    faults = [each for each in told if str(each["came"]).startswith("FAULT")]
    return [
        Figure("bad files", len(told), "", None),
        Figure("bad files without a picture or a sentence", len(faults), "", 0),
        Figure("bad files, slowest", max(each["seconds"] for each in told), "s", MOST_S),
        Figure("bad files, peak memory", max(each["peak_mb"] for each in told), "MB", MOST_MB),
    ]
