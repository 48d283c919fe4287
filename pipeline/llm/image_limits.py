"""How pictures are made ready for each wire: what its documentation takes, and what its models make use of.

JPEG and PNG everywhere: llama.cpp and Ollama decode nothing else, and the clouds take both.
"""

from __future__ import annotations

from config.settings.model import VisionSettings
from vision.images.picture import ImageLimits

LOCAL_COUNT = 4
"""A picture is about 1000 tokens (Qwen-VL at 1024 pixels); a model here mostly has 8192, talk included."""

CLOUDS: dict[str, tuple[int, int, int]] = {
    "api.openai.com": (2048, 20_000_000, 20),
    "api.anthropic.com": (1568, 3_700_000, 20),
    "generativelanguage.googleapis.com": (3072, 1_500_000, 10),
}
"""By host: the longest edge it looks at, bytes of a picture, pictures at once.

OpenAI fits pictures into 2048 pixels and takes 20 MB each. Anthropic scales to 1568 pixels, takes 5 MB each
in base64, and has a smaller limit of pixels above 20 pictures. Gemini fits into 3072 pixels and takes 20 MB a
request, all together in base64.
"""
OTHER = (4096, 5_000_000, 10)


def image_limits_for(host: str, remote_host: str, vision: VisionSettings) -> ImageLimits:
    """``remote_host``: as ``Llm.remote_host``; empty for a model on this machine."""
    if not remote_host:
        return ImageLimits(vision.edge_local, quality=vision.quality, count=LOCAL_COUNT)
    edge, most, count = CLOUDS.get(host, OTHER)
    return ImageLimits(min(edge, vision.edge_cloud), most, vision.quality, count)
