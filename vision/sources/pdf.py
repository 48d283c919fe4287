"""A document opened: its pages one by one as pictures, each with the text that the file itself holds.

The reading of the file is done by a process of its own (``vision/sources/pdfium_worker.py``), which may be
killed.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from config.errors import PictureError
from vision.images.names import shown_name
from vision.images.picture import Picture

MAX_BYTES = 100_000_000
"""The largest document that is read."""

EDGE = 2400
"""Pixels of a page's longer edge at most: A4 at 200 dots an inch."""

ANSWER_S = 4.0
"""The most work that a page may take, of the first one opening included: seconds of the processor, since a
busy machine makes no document worse. Then the process is ended."""

FAR_S = 60.0
"""The longest that a page is waited for, whatever the processor does meanwhile."""

KEPT = 4
"""Pages that stay drawn."""


def is_document(data: bytes) -> bool:
    """Whether these bytes are a PDF: readers take its mark anywhere in the first kilobyte."""
    return b"%PDF-" in data[:1024]


def open_document(source: str | os.PathLike[str] | bytes, name: str = "") -> Document:
    """Open a file, or bytes that are one. Blocking, about 0.3 s: call it in a thread.

    ``close`` it, or use it as a context manager. Raises ``PictureError``.
    """
    from vision.images.files import read_file

    if isinstance(source, bytes):
        data, name = source, shown_name(name, otherwise="the document")
    else:
        name = shown_name(name or os.path.basename(os.fspath(source)), otherwise="the document")
        data = read_file(source, name, MAX_BYTES)
    if not is_document(data):
        raise PictureError(f"{name} is not a PDF document.", todo="Give a PDF or a picture.")
    return Document(data, name)


class Document:
    """``pages`` of them. Not shared between processes; threads may use it together."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self._lock = threading.Lock()
        self._drawn: dict[int, Picture] = {}
        # By its path and isolated: nothing of this folder, or of the person's, is imported instead.
        program = [sys.executable, "-I", str(Path(__file__).with_name("pdfium_worker.py"))]
        self._process = subprocess.Popen(
            program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        try:
            opening = json.dumps({"size": len(data), "work_s": ANSWER_S}).encode() + b"\n" + data
            answer, _ = self._ask(opening, f"{name} takes too long to open, or is damaged")
            if "error" in answer:
                raise self._refused(answer["error"], name)
            self.pages: int = answer["pages"]
            if self.pages < 1:
                raise PictureError(f"{name} has no pages.", todo="Save it again.")
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Document:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def page(self, number: int) -> Picture:
        """Page 1, 2, ...: drawn, with ``text`` where the file has it. Blocking. Raises ``PictureError``.

        The same page is the same ``Picture``, as long as it is among the last ones asked for.
        """
        if not 1 <= number <= self.pages:
            count = f"{self.pages} pages" if self.pages > 1 else "only one page"
            raise PictureError(f"{self.name} has {count}; there is no page {number}.")
        with self._lock:
            if number not in self._drawn:
                self._drawn[number] = self._draw(number)
                if len(self._drawn) > KEPT:
                    self._drawn.pop(next(iter(self._drawn)))
            return self._drawn[number]

    def close(self) -> None:
        """End its process. Pages already given stay good."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                try:
                    pipe.close()
                except OSError:  # what was to be written has nobody to read it
                    continue
        self._process.wait()

    def _draw(self, number: int) -> Picture:
        from PIL import Image

        where = f"Page {number} of {self.name}"
        wanted = json.dumps({"page": number - 1, "edge": EDGE, "work_s": ANSWER_S}).encode() + b"\n"
        answer, pixels = self._ask(wanted, f"{where} takes too long to draw, or is damaged")
        if "error" in answer:
            raise self._refused(answer["error"], where)
        size = (answer["width"], answer["height"])
        image = Image.frombytes("RGB", size, pixels)
        source = f"page {number} of {self.pages} of {self.name}" if self.pages > 1 else self.name
        text = in_order(answer["runs"])
        return Picture(source, image, 1, size, text=text, page=number, pages=self.pages)

    def _ask(self, request: bytes, failed: str) -> tuple[dict[str, Any], bytes]:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin
        assert stdout
        # Where the system does not count a process's work (Windows), the clock on the wall stands for it.
        clock = threading.Timer(FAR_S if hasattr(signal, "setitimer") else ANSWER_S, self._process.kill)
        clock.start()
        try:
            stdin.write(request)
            stdin.flush()
            answer: dict[str, Any] = json.loads(stdout.readline())
            size = answer.get("width", 0) * answer.get("height", 0) * 3
            if not 0 <= size <= 3 * EDGE * EDGE:
                raise ValueError("no page is so large")
            pixels = stdout.read(size)
            if len(pixels) == size:
                return answer, pixels
        except (OSError, ValueError):
            pass  # its end of the pipe is closed: it was killed, or died of the document
        finally:
            clock.cancel()
        raise PictureError(f"{failed}.", todo="Save it as pictures, or print it to a new PDF.")

    @staticmethod
    def _refused(why: str, what: str) -> PictureError:
        if why == "password":
            return PictureError(
                f"{what} is protected by a password.", todo="Save a copy without it, and show that."
            )
        if why == "memory":
            return PictureError(f"{what} needs too much memory.", todo="Print it to a new PDF.")
        return PictureError(f"{what} is damaged and cannot be opened.", todo="Copy or download it again.")


def in_order(runs: Sequence[Sequence[Any]]) -> str:
    """Runs of ``(left, top, right, bottom, words)`` in reading order, paragraphs parted by an empty line.

    Empty when hardly any of it is words: the file's letters then stand for drawings and mean nothing.
    """
    from vision.ocr.layout import paragraphs

    words = [str(run[4]) for run in runs]
    if not are_words("".join(words)):
        return ""
    boxes = []
    for left, top, right, bottom, _ in runs:
        more = (bottom - top) // 6  # the boxes end with the ink; a line is higher than that
        boxes.append((int(left), int(top) - more, int(right), int(bottom) + more))
    parts = [[" ".join(words[i] for i in row) for row in part] for part in paragraphs(boxes)]
    return "\n\n".join("\n".join(rows) for rows in parts)


def are_words(letters: str) -> bool:
    """Whether most of it is in letters that people write, and not in those that a font has for drawings."""
    told = sum(unicodedata.category(letter)[0] in "LNPSZM" for letter in letters)
    return bool(letters) and told >= 0.8 * len(letters)
