"""Beside RapidOCR itself, with OpenCV: the same lines, boxes and confidences; and without either."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from vision.images.warp import Pixels, cut_out
from vision.ocr import rapidocr as ours
from vision.ocr.detector import lines
from vision.ocr.recogniser import characters

FONT = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", 19)
TEXT = ["Invoice 1,234.50 due on 12/05/2026", "Größe: déjà vu, señor", "съешь же ещё этих булок"]


@pytest.fixture(scope="module")
def theirs() -> Any:
    import rapidocr

    models = Path(rapidocr.__file__).parent / "models"
    files = {
        f"{kind}.model_path": str(next(models.glob(f"*_{kind.lower()}_*.onnx"))) for kind in ("Det", "Rec")
    }
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "Global.use_vertical_padding": False,
            "Global.return_word_box": True,
            "Det.limit_type": "max",
            "Det.limit_side_len": ours.LARGEST,
            "Rec.rec_batch_num": 1,
            **files,
        }
    )


@pytest.fixture(scope="module")
def own() -> ours.Engine:
    return ours._load()


def page(turned: float = 0.0, grain: float = 0.0, scale: float = 1.0) -> Pixels:
    image = Image.new("RGB", (430, 150), "white")
    for number, line in enumerate(TEXT):
        ImageDraw.Draw(image).text((20, 20 + 40 * number), line, fill="#222", font=FONT)
    image = image.rotate(turned, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC)
    image = image.resize((round(image.width * scale), round(image.height * scale)))
    noise = np.random.default_rng(1).normal(0, grain, (image.height, image.width, 3))
    return np.ascontiguousarray(np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8)[:, :, ::-1])


@pytest.mark.parametrize(
    "given",
    [
        page(),
        page(turned=7, grain=45),
        page(turned=-48, scale=1.4),
        page(turned=90),
        page(scale=0.55, grain=8),
        page(scale=2.2),
    ],
    ids=["plain", "grainy_aslant", "steep", "sideways", "small", "large"],
)
def test_lines_words_and_confidences_are_the_same(theirs: Any, own: ours.Engine, given: Pixels) -> None:
    crops, found = theirs.detect_and_crop(given, {})
    quads = lines(own.finds, given, ours.LARGEST)
    assert np.array_equal(quads, found.boxes)
    for crop, quad in zip(crops, quads, strict=True):
        line = ours._lying(cut_out(given, quad))
        assert np.array_equal(line, crop)
        read, known = characters(own.reads, own.letters, line), theirs.recognize_txt([crop])
        assert (read.text, read.confidence) == (known.txts[0], known.scores[0])
        assert read.confidences == (known.word_results[0].confs if read.text else [])


def test_a_picture_without_text_has_no_lines(own: ours.Engine) -> None:
    for shape in ((64, 64, 3), (15, 200, 3), (200, 15, 3)):
        assert lines(own.finds, np.full(shape, 255, np.uint8), ours.LARGEST).shape == (0, 4, 2)


def test_text_faces_and_lamps_are_found_where_opencv_is_not() -> None:
    """As in the environment of requirements.lock."""
    absent = ["cv2", "pyclipper", "shapely", "omegaconf", "requests", "colorlog", "six", "hf_xet"]
    script = f"""
import sys
sys.modules.update(dict.fromkeys({absent}))
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from vision.images.open import from_pixels
from vision.ocr.read import read
from vision.describe.faces import faces_in
from vision.watch.lights import lamps
image = Image.new("RGB", (300, 60), "white")
ImageDraw.Draw(image).text((20, 15), "Platform 9", fill="black", font=ImageFont.truetype({FONT.path!r}, 24))
print(read(from_pixels(image, "sign")).text)
print(faces_in(from_pixels(image, "sign")))
print(len(lamps(np.asarray(image))))
import faster_whisper
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=100)
    assert done.stdout.split("\n")[:3] == ["Platform 9", "()", "0"], done.stderr
    assert done.returncode == 0, done.stderr
