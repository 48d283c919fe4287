"""The published models that tests run on: fetched once into this checkout, by the code that serves people.

``make test`` fetches them (``scripts/published``). Where they could not be had, the tests that need them say
``not run: no model``; with ``MODELS=required`` they fail.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from config.models.catalogue import find

HOME = Path(__file__).parent.parent / ".tools" / "published"
STT, VOICE = "tiny.en", "en_US-joe-medium"


def published(name: str) -> Path:
    """What the engine opens: a folder for a Whisper, an ``.onnx`` for a voice."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ALOUD_HOME", str(HOME))
        path = find(name)
    if path is None:
        if os.environ.get("MODELS") == "required":
            pytest.fail(f"not run: no model {name}; sh scripts/published fetches it")
        pytest.skip(f"not run: no model {name}")
    return path
