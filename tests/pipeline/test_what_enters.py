"""What comes from outside is clean from the moment on in which it is a value of ours, whoever makes that."""

from __future__ import annotations

from PIL import Image

from pipeline.llm.base import Delta, ToolCall
from tests.tables import for_each
from vision.images.picture import Picture
from voice.stt.base import Transcript

UNCLEAN = "a\x1b]52;c;ZXZpbA==\x07\u202eb\x9b31m\ud83d\r\nc"
CLEAN = "a]52;c;ZXZpbA==b31m\ufffd\nc"
CALL = ToolCall(UNCLEAN, UNCLEAN, {UNCLEAN: [{"at": UNCLEAN}]}, UNCLEAN)
PICTURE = Picture(UNCLEAN, Image.new("RGB", (1, 1)), text=UNCLEAN)


@for_each(
    ("entered", "clean"),
    [
        (Delta(UNCLEAN).text, CLEAN),
        ((CALL.id, CALL.name, CALL.malformed), (CLEAN, CLEAN, CLEAN)),
        (CALL.arguments, {CLEAN: [{"at": CLEAN}]}),
        (Transcript(UNCLEAN, 0.9).text, CLEAN),
        (PICTURE.text, CLEAN),
        (PICTURE.source, CLEAN.replace("\n", " ")),
    ],
)
def test_a_value_is_clean_as_it_is_made(entered: object, clean: object) -> None:
    assert entered == clean
