"""Pictures: from the file to what leaves for an LLM, or is spoken. Each measurement is a function."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from aloud.cli.bench import Figure, Options
from bench.pictures import bad_pictures, first_word, reading_pages

PHOTO = (4000, 3000)
READY_MS = 120.0
MOST_MB = 1000.0
MOST_S = 5.0


def measure(options: Options) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        return [
            *ready(Path(folder), options.rounds or 9),
            *memory(Path(folder)),
            *bad_pictures.figures(bad_pictures.survive()),
            *reading_pages.measure(options),
            *first_word.measure(options),
        ]


def photo(path: Path, size: tuple[int, int] = PHOTO) -> Path:
    """Smooth shapes with grain, as a camera has it; about 4 MB as JPEG for 12 megapixels."""
    import numpy as np
    from PIL import Image

    rng = np.random.default_rng(1)
    shapes = Image.fromarray(rng.integers(0, 255, (size[1] // 40, size[0] // 40, 3)).astype(np.uint8))
    grain = rng.normal(0, 6, (size[1], size[0], 1)).astype(np.int16)
    grained = np.asarray(shapes.resize(size, Image.Resampling.BICUBIC)).astype(np.int16) + grain
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(np.clip(grained, 0, 255).astype(np.uint8)).save(path, "JPEG", quality=90, exif=exif)
    return path


def ready(folder: Path, rounds: int) -> list[Figure]:
    """As ``aloud describe`` opens it, up to the bytes for a model on this machine; decoders are loaded."""
    from vision.images.encode import encode
    from vision.images.picture import ImageLimits, Picture
    from vision.sources.open import open_shown

    path = photo(folder / "photo.jpg")
    times: list[float] = []
    for _ in range(rounds + 1):
        began = time.perf_counter()
        picture = open_shown(path)
        assert isinstance(picture, Picture)
        encode(picture, ImageLimits())
        times.append((time.perf_counter() - began) * 1000)
    return [
        Figure("12 MP JPEG, file to ready, median", statistics.median(times[1:]), "ms", READY_MS),
        Figure("12 MP JPEG, file to ready, slowest", max(times[1:]), "ms"),
        Figure("12 MP JPEG, file to ready, first", times[0], "ms"),
    ]


_OPEN = """
import json, sys, time
from bench.pictures.bad_pictures import peak_mb
from config.errors import PictureError
from vision.images.encode import encode
from vision.images.picture import ImageLimits
from vision.sources.open import open_shown
began, said = time.perf_counter(), ""
try:
    encode(open_shown(sys.argv[1]), ImageLimits())
except PictureError as error:
    said = error.failed
print(json.dumps({"peak_mb": peak_mb(), "seconds": time.perf_counter() - began, "said": said}))
"""


def opened_apart(path: Path) -> dict[str, float | str]:
    """Opened in a process of its own: its peak in MB, the seconds, and what it said if it refused."""
    command = [sys.executable, "-c", _OPEN, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told: dict[str, float | str] = json.loads(done.stdout)
    return told


def memory(folder: Path) -> list[Figure]:
    """A PNG of 100 megapixels is refused from its header; of 89, the most that is opened, it is decoded: with
    alpha and lying on its side, which takes the most memory.
    """
    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6
    figures = []
    for megapixels, side in ((100, 10_000), (89, 9_434)):
        path = folder / f"{megapixels}.png"
        Image.new("RGBA", (side, side), (20, 90, 200, 128)).save(path, compress_level=1, exif=exif)
        told = opened_apart(path)
        what = "refused" if told["said"] else "opened"
        figures += [
            Figure(f"{megapixels} MP PNG, {what}: peak memory", float(told["peak_mb"]), "MB", MOST_MB),
            Figure(f"{megapixels} MP PNG, {what}: time", float(told["seconds"]), "s", MOST_S),
        ]
    return figures
