"""A process of its own that opens one PDF: ``python pdfium_worker.py``, started by ``vision.sources.pdf``.

PDFium is a million lines that read files from strangers. Here it may use 300 MB, write no file, work for so
long, and be killed; whatever becomes of it, the conversation goes on. It imports nothing of ours.

Standard input: a line of JSON ``{"size": N, "work_s": 4.0}`` and N bytes, the document. Then a line for each
page wanted: ``{"page": 0, "edge": 2400, "work_s": 4.0}``. Standard output: a line of JSON each; after a
page's, ``pixels`` bytes of RGB.
An answer with ``error`` says why there is no other: ``password``, ``damaged``, ``memory``.
"""

from __future__ import annotations

import ctypes
import json
import signal
import sys
from typing import Any

MEMORY = 300_000_000
MOST_LETTERS = 40_000
MOST_RECTS = 3_000
POINTS_TO_PIXELS = 200 / 72
"""Pages are drawn at 200 dots an inch, as scans for reading are, within the edge that is asked for."""


def confine() -> None:
    """Limits that the system keeps; where it has none (Windows), the parent's clock is the only one."""
    try:
        import resource
    except ImportError:
        return
    for limit, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(limit, (most, most))
        except (ValueError, OSError):
            continue


def allow(seconds: float, *, of_what_is_left: bool = False) -> None:
    """The system ends this process when it has worked for so long from now on.

    ``of_what_is_left``: since it was last said, at least a quarter of it anew.
    """
    if not hasattr(signal, "setitimer"):
        return
    if of_what_is_left:
        seconds = max(signal.getitimer(signal.ITIMER_PROF)[0], seconds / 4)
    signal.setitimer(signal.ITIMER_PROF, seconds)


def tell(answer: dict[str, Any], pixels: bytes = b"") -> None:
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + pixels)
    sys.stdout.buffer.flush()


def draw(document: Any, number: int, edge: int) -> tuple[dict[str, Any], bytes]:
    """A page's pixels, and its text: every run of one line with its box in those pixels."""
    page = document[number]
    try:
        width, height = page.get_size()
        scale = min(POINTS_TO_PIXELS, edge / max(width, height, 1e-6))
        if not 0 < scale * min(width, height) <= edge:
            return {"error": "damaged"}, b""
        bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
        image = bitmap.to_pil().convert("RGB")
        runs = lines(page, image.size)
        return {"width": image.width, "height": image.height, "runs": runs}, image.tobytes()
    finally:
        page.close()


def lines(page: Any, size: tuple[int, int]) -> list[tuple[int, int, int, int, str]]:
    text = page.get_textpage()
    try:
        if not 0 < text.count_chars() <= MOST_LETTERS:
            return []
        found = []
        for i in range(min(text.count_rects(), MOST_RECTS)):
            rect = text.get_rect(i)
            words = " ".join(text.get_text_bounded(*rect).split())
            if words:
                found.append((*_box(page, rect, size), words))
        return found
    finally:
        text.close()


def _box(page: Any, rect: tuple[float, ...], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """From points of the page, its origin at the bottom and however turned, to pixels."""
    import pypdfium2.raw as raw

    corners = []
    for x, y in ((rect[0], rect[1]), (rect[2], rect[3])):
        across, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, across, down)
        corners.append((across.value, down.value))
    (left, top), (right, bottom) = corners
    return min(left, right), min(top, bottom), max(left, right), max(top, bottom)


def main() -> None:
    import pypdfium2

    confine()
    stdin = sys.stdin.buffer
    opening = json.loads(stdin.readline())
    allow(opening["work_s"])
    try:
        document = pypdfium2.PdfDocument(stdin.read(int(opening["size"])))
        document.init_forms()  # what was filled in is on the page too
        tell({"pages": len(document)})
    except pypdfium2.PdfiumError as error:
        return tell({"error": "password" if "password" in str(error).lower() else "damaged"})
    for number, line in enumerate(iter(stdin.readline, b"")):
        wanted = json.loads(line)
        allow(wanted["work_s"], of_what_is_left=not number)  # opening has no page to show for it
        try:
            answer, pixels = draw(document, wanted["page"], wanted["edge"])
        except MemoryError:
            answer, pixels = {"error": "memory"}, b""
        except Exception:  # whatever a damaged page brings about, the next one may be whole
            answer, pixels = {"error": "damaged"}, b""
        tell(answer, pixels)
    return None


if __name__ == "__main__":
    main()
