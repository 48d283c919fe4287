"""A profile a wire; and of many pictures in play the last ones, the rest by name."""

from __future__ import annotations

from PIL import Image

from config.settings.model import VisionSettings
from pipeline.llm.base import Message
from pipeline.llm.image_limits import LOCAL_COUNT, image_limits_for
from pipeline.pictures.fence import Fence, read
from pipeline.pictures.prepare import NOT_SENT, within
from vision.images.picture import Picture


def test_each_wire_has_its_own() -> None:
    here = image_limits_for("127.0.0.1", "", VisionSettings())
    assert (here.edge, here.count) == (1024, LOCAL_COUNT)
    anthropic = image_limits_for("api.anthropic.com", "api.anthropic.com", VisionSettings())
    assert anthropic.edge == 1568
    assert anthropic.max_bytes * 4 / 3 < 5_000_000
    gemini = image_limits_for(
        "generativelanguage.googleapis.com", "generativelanguage.googleapis.com", VisionSettings()
    )
    assert gemini.count * gemini.max_bytes * 4 / 3 <= 20_000_000
    assert image_limits_for("api.openai.com", "api.openai.com", VisionSettings(edge_cloud=4000)).edge == 2048
    assert image_limits_for("example.org", "example.org", VisionSettings(edge_cloud=2000)).edge == 2000


def test_too_many_pictures_stand_as_their_names_the_last_ones_go() -> None:
    pictures = [Picture(f"{n}.png", Image.new("RGB", (8, 8))) for n in range(5)]
    messages = [
        Message("system", "Be brief."),
        Message("user", "These", pictures=tuple(pictures[:3])),
        Message("assistant", "Yes."),
        Message("user", "And these?", pictures=tuple(pictures[3:])),
    ]
    sent = within(messages, 3, lambda picture: picture.source)
    assert [m.pictures for m in sent] == [(), (pictures[2],), (), (pictures[3], pictures[4])]
    assert read(sent[1].text) == ((Fence(NOT_SENT, ("0.png", "1.png")),), "These")
    assert within(messages, 5, lambda picture: picture.source) == messages
