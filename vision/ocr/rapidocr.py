"""Lines of text by the models in RapidOCR's wheel (PP-OCR). Loaded once; reads one picture at a time.

Of RapidOCR only the files are used: what it does with them is done here, with the same result and without
OpenCV (``vision/ocr/detector.py``, ``vision/ocr/recogniser.py``).
"""

from __future__ import annotations

import importlib.util
import re
import threading
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from config.errors import EngineError
from config.system.cores import cores
from config.system.heap import large_apart
from vision.images.warp import Pixels, Quad, cut_out
from vision.ocr.detector import lines as text_lines
from vision.ocr.layout import Box
from vision.ocr.recogniser import alphabet, characters

if TYPE_CHECKING:
    from PIL.Image import Image


class OcrWords(NamedTuple):
    """What a line is read as."""

    text: str
    confidence: float
    """The engine's own, 0 to 1: the mean over the characters."""
    unsure: tuple[str, ...] = ()
    """Words with a character under ``WORD_LEAST``."""


LOW = 24
"""Pixels: where lines stand lower than this, they are cut out of a larger picture."""

TINY = 15
"""Pixels: where lines stand lower than this, they are sought again at twice the size."""

LARGEST = 2000
"""Pixels of the longer edge that the detector is given: it takes about 150 bytes of memory a pixel."""

LEAST = 0.5
"""Confidence under which a line is noise and is dropped."""

SHORT_LEAST = 0.8
"""The same for one or two characters."""

WORD_LEAST = 0.5
"""Confidence of its worst character under which a word is named as unsure. On nine pages softened and
grained until 15 % of their words were misread, five in eight of those were under it, and one in 27 others."""

RETRY = 0.75
"""Confidence under which a line is tried turned as well."""

DASHES = "一丨丶〇"
"""Characters that a line, a stroke, a dot and a ring are taken for."""

BORDER = 24
"""Pixels put around the picture, since text that touches its edge is missed."""


@dataclass(frozen=True, slots=True, eq=False)
class OcrBoxes:
    """A line of text where it was found; ``text`` is empty until it is recognised."""

    quad: Quad
    """Corners in pixels of the picture, clockwise from the upper left, shape (4, 2)."""
    crop: Pixels
    tall: bool
    """It ran downwards, and was turned a quarter to the left when it was cut out."""
    text: str = ""
    confidence: float = 0.0
    unsure: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Engine:
    """The two models, and the characters that the second knows."""

    finds: Any
    reads: Any
    letters: list[str]


_lock = threading.Lock()
_engine: Engine | None = None


def warm() -> None:
    """Load the models. Raises ``EngineError``."""
    with _lock:
        _loaded()


def find(image: Image, edge: int) -> tuple[list[OcrBoxes], int]:
    """Lines of text, any order; and the degrees clockwise by which they stand turned: 0, 90, 180 or 270."""
    with _lock, large_apart():
        engine = _loaded()
        found = [line for tile in tiles(image.size) for line in _detect_in(engine, image, tile, edge)]
        return _recognise(engine, found)


def _loaded() -> Engine:
    global _engine
    if _engine is None:
        try:
            _engine = _load()
        except Exception as error:  # an import that fails, a model file that is gone
            raise EngineError(
                f"Reading text in pictures does not work here: {error}.", todo="See what works: aloud doctor"
            ) from error
    return _engine


def _load() -> Engine:
    folder = _models()
    finds, reads = (_session(folder, kind) for kind in ("det", "rec"))
    engine = Engine(finds, reads, alphabet(reads))
    blank = np.full((64, 320, 3), 255, np.uint8)
    text_lines(finds, blank, LARGEST)
    characters(reads, engine.letters, blank)
    return engine


def _models() -> Path:
    """Where the wheel has them; it is not imported, since that would want OpenCV."""
    wheel = importlib.util.find_spec("rapidocr")
    if not wheel or not wheel.submodule_search_locations:
        raise ModuleNotFoundError("the package rapidocr, which holds the models, is not installed")
    return Path(wheel.submodule_search_locations[0]) / "models"


def _session(folder: Path, kind: str) -> Any:
    import onnxruntime

    file = next(folder.glob(f"*_{kind}_*.onnx"), None)
    if file is None:
        raise FileNotFoundError(f"there is no model *_{kind}_*.onnx in {folder}")
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    options.intra_op_num_threads = min(4, cores())
    options.inter_op_num_threads = 1
    # Threads that spin between two lines take half as much again of the processor, and read no page sooner.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])


def tiles(size: tuple[int, int]) -> list[tuple[Box, Box]]:
    """What is looked at in one go, and the part whose lines count: long strips in pieces."""
    width, height = size
    long, short = max(size), min(size)
    if long <= 2.5 * short or long <= LARGEST:
        return [((0, 0, width, height), (0, 0, width, height))]
    count = -(-long // max(2 * short, 600))
    cuts = [round(i * long / count) for i in range(count + 1)]
    overlap = min(long // count // 4, 150)
    out = []
    for start, end in pairwise(cuts):
        outer = max(0, start - overlap), min(long, end + overlap)
        core, seen = ((start, end), outer)
        out.append(
            ((seen[0], 0, seen[1], height), (core[0], 0, core[1], height))
            if width > height
            else ((0, seen[0], width, seen[1]), (0, core[0], width, core[1]))
        )
    return out


def _detect_in(engine: Engine, image: Image, tile: tuple[Box, Box], edge: int) -> list[OcrBoxes]:
    from vision.images.scale import fit

    seen, core = tile
    part = image if seen == (0, 0, *image.size) else image.crop(seen)
    work = fit(part, edge)
    corners = text_lines(engine.finds, _array(work), LARGEST)
    low = _height(corners)
    unseen = not low and max(work.size) <= 640
    if (0 < low < TINY or unseen) and max(work.size) * 2 <= LARGEST:
        work = (
            work.resize((work.width * 2, work.height * 2)) if work.size == part.size else fit(part, LARGEST)
        )
        corners = text_lines(engine.finds, _array(work), LARGEST)
    detail = fit(part, 2 * edge) if low < LOW and max(part.size) > max(work.size) else work
    corners = (corners - BORDER) * (detail.width / work.width)
    framed = _array(detail) if len(corners) else None
    crops = [_lying(cut_out(framed, quad)) for quad in corners + BORDER] if framed is not None else []
    quads = corners * (part.width / detail.width) + np.array(seen[:2], np.float32)
    lines = []
    for quad, crop in zip(quads, crops, strict=True):
        x, y = quad.mean(axis=0)
        if core[0] <= x < core[2] and core[1] <= y < core[3] and min(crop.shape[:2]) > 1:
            tall = np.linalg.norm(quad[0] - quad[3]) >= 1.5 * np.linalg.norm(quad[0] - quad[1])
            lines.append(OcrBoxes(quad, np.ascontiguousarray(crop), bool(tall)))
    return lines


def _lying(crop: Pixels) -> Pixels:
    return np.rot90(crop) if crop.shape[0] >= 1.5 * crop.shape[1] else crop


def _height(corners: NDArray[np.float32]) -> float:
    """The middle height of the lines, whichever way they run; 0 when there are none."""
    if not len(corners):
        return 0.0
    sides = np.linalg.norm(corners - np.roll(corners, -1, axis=1), axis=2)
    return float(median(sides.min(axis=1)))


def _array(image: Image) -> Pixels:
    """Blue first, with a border in the middle colour of the edge."""
    pixels = np.asarray(image)[:, :, ::-1]
    edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    framed = np.empty((pixels.shape[0] + 2 * BORDER, pixels.shape[1] + 2 * BORDER, 3), np.uint8)
    framed[:] = np.median(edge, axis=0)
    framed[BORDER:-BORDER, BORDER:-BORDER] = pixels
    return framed


def _recognise(engine: Engine, found: list[OcrBoxes]) -> tuple[list[OcrBoxes], int]:
    """Words for each line. The longest three tell which way is up; unclear lines are tried turned."""
    if not found:
        return [], 0
    across = [max(line.crop.shape[1], 1) for line in found]
    sideways = sum(n for n, line in zip(across, found, strict=True) if line.tall) * 2 > sum(across)
    crops = [line.crop if line.tall == sideways else _laid(line, sideways) for line in found]
    sample = sorted(range(len(found)), key=lambda i: -across[i])[:3]
    flipped, known = _upside_down(engine, {i: crops[i] for i in sample})
    lines = []
    for i, (line, crop) in enumerate(zip(found, crops, strict=True)):
        flat = _turned(crop, 2) if flipped else crop
        words = _best(engine, flat, known.get(i) or _words(engine, flat))
        if _is_text(words.text, words.confidence):
            lines.append(OcrBoxes(line.quad, line.crop, line.tall, *words))
    return lines, (90 if sideways else 0) + (180 if flipped else 0) if lines else 0


def _is_text(text: str, sure: float) -> bool:
    """Not what a spot, a lattice or a cup's rim is taken for: ``0000``, ``XXXX``, ``—``, a doubtful 8."""
    letters = [letter.lower() for letter in text if letter.isalnum() and letter not in DASHES]
    if not letters or (len(letters) > 2 and len(set(letters)) == 1):
        return False
    return sure >= (LEAST if len(letters) > 2 else SHORT_LEAST)


def _laid(line: OcrBoxes, sideways: bool) -> Pixels:
    """A short word of a page that runs the other way than its box."""
    short = max(line.crop.shape[:2]) < 3 * min(line.crop.shape[:2])
    return _turned(line.crop, 1 if sideways else -1) if short else line.crop


def _upside_down(engine: Engine, crops: dict[int, Pixels]) -> tuple[bool, dict[int, OcrWords]]:
    """Whether these lines read better the other way round; and how they read, that way."""
    as_is = {i: _words(engine, crop) for i, crop in crops.items()}
    before = sum(words.confidence for words in as_is.values())
    if before >= 0.9 * len(crops):
        return False, as_is
    over = {i: _words(engine, _turned(crop, 2)) for i, crop in crops.items()}
    flipped = sum(words.confidence for words in over.values()) > before
    return flipped, over if flipped else as_is


def _best(engine: Engine, crop: Pixels, first: OcrWords) -> OcrWords:
    """How the line reads; where that is unclear, how it reads turned, if that is clearer."""
    best = first
    if best.confidence < RETRY:
        for quarters in (2, 1, 3) if max(crop.shape[:2]) < 3 * min(crop.shape[:2]) else (2,):
            other = _words(engine, _turned(crop, quarters))
            if other.confidence > max(RETRY, best.confidence + 0.1):
                best = other
    return best


def _words(engine: Engine, crop: Pixels) -> OcrWords:
    found = characters(engine.reads, engine.letters, crop)
    return OcrWords(found.text.strip(), found.confidence, _unsure(found.text, found.confidences))


def _unsure(text: str, confidences: list[float]) -> tuple[str, ...]:
    """``confidences``: one a character of ``text``, spaces included."""
    return tuple(
        match[0]
        for match in re.finditer(r"\S+", text)
        if min(confidences[match.start() : match.end()], default=1.0) < WORD_LEAST
    )


def _turned(crop: Pixels, quarters: int) -> Pixels:
    """Counter-clockwise."""
    return np.ascontiguousarray(np.rot90(crop, quarters))
