"""A dictation hears by its own settings, not by those of a conversation."""

from __future__ import annotations

import pytest

from config.settings.model import DictateSettings, Settings
from pipeline.session.dictation.dictate import settle


def test_its_pauses_and_its_longest_utterance_are_its_own() -> None:
    own = DictateSettings(preflight_ms=320, longest_s=21)
    listen = settle(Settings(dictate=own)).listen
    assert (listen.preflight_ms, listen.longest_s) == (320, 21)
    assert listen.silence_ms == Settings().listen.silence_ms


def test_a_setting_that_there_is_not_is_not_replaced() -> None:
    assert Settings().listen.replaced(silence_ms=700).silence_ms == 700
    with pytest.raises(AttributeError, match="draft_ms"):
        Settings().listen.replaced(draft_ms=320)
