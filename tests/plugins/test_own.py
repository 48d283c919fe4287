"""Aloud's own parts: the same kind of thing, and named by the options' help as the registries have them."""

from __future__ import annotations

from typing import Any

import pytest

from aloud.cli import options
from aloud.cli.dictation.command import dictate
from config.runtime import installation
from config.runtime.installation import Copy, removed_line
from config.runtime.plugins import Factory, Registry, one_of
from pipeline.dictation.targets.registry import TARGETS
from pipeline.llm.registry import LLM
from vision.sources.registry import SOURCES
from voice.stt.registry import STT
from voice.tts.registry import TTS

EVERY: tuple[Registry[Any], ...] = (STT, TTS, LLM, SOURCES, TARGETS)


@pytest.mark.parametrize("registry", EVERY, ids=lambda registry: registry.group)
def test_each_is_a_factory_in_its_own_file(registry: Registry[Any]) -> None:
    for name in registry._own:
        assert isinstance(registry.find(name), Factory)
    assert registry.find("not-to-be-had") is None


def test_the_options_name_them() -> None:
    to = next(option for option in dictate.__annotations__.values() if "TARGET" in str(vars_of(option)))
    for registry, option in ((STT, options.SttOption), (TTS, options.TtsOption), (TARGETS, to)):
        for form in registry.forms():
            assert form in vars_of(option)["help"]


def vars_of(option: Any) -> dict[str, Any]:
    return vars(option.__metadata__[0]) if hasattr(option, "__metadata__") else {}


def test_the_line_that_takes_one_away(monkeypatch: pytest.MonkeyPatch) -> None:
    assert removed_line("aloud-beeps").endswith("pip uninstall aloud-beeps")
    monkeypatch.setattr(installation, "this_copy", lambda: Copy("pipx"))
    assert removed_line("aloud-beeps").endswith("aloud-beeps")
    assert removed_line("aloud-beeps").startswith("pipx uninject ")


def test_forms_in_a_sentence() -> None:
    assert [one_of(forms) for forms in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a or b",
        "a, b or c",
    ]
