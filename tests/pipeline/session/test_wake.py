""" "Go to sleep": what is to hear the wake word is loaded first, and the talk's loop does not wait for it."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from config.settings.model import WakeSettings
from pipeline.session.wake import WakeWordControl


@pytest.mark.anyio
async def test_the_network_loads_beside_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded_in: list[int] = []
    monkeypatch.setattr(
        "voice.turns.wake.wake_word.WakeWord.warm", lambda self: loaded_in.append(threading.get_ident())
    )
    assistant: Any = SimpleNamespace(controls=SimpleNamespace())
    segmenter: Any = None
    WakeWordControl(WakeSettings(), assistant, segmenter)
    assert "okay nabu" in await assistant.controls.sleep("en")
    assert len(loaded_in) == 1
    assert threading.get_ident() not in loaded_in
