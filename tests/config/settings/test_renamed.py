"""What a setting was called once is answered with its new name, wherever it came from."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import UsageError
from config.settings.loading import flatten, load
from config.settings.model import Settings
from config.settings.paths import config_file
from config.settings.renamed import FLAGS, new_name


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ears.engine", "stt.engine"),
        ("ears.language", "stt.language"),
        ("mouth.speed", "tts.speed"),
        ("mind.engine", "llm.engine"),
        ("mind.drafts", "llm.preemptive"),
        ("eyes.camera_on", "vision.camera_on"),
        ("listen.draft_ms", "listen.preflight_ms"),
        ("dictate.draft_ms", "dictate.preflight_ms"),
    ],
)
def test_the_new_name_is_a_setting_and_said_wherever_the_old_one_stands(old: str, new: str) -> None:
    known = dict(flatten(Settings().model_dump()))
    assert (new_name(old), new in known, old in known) == (new, True, False)
    said = rf"The setting {old} \(.*\) is called {new} now\."
    group, _, key = old.partition(".")
    config_file().parent.mkdir(parents=True, exist_ok=True)
    config_file().write_text(f"[{group}]\n{key} = 3\n", "utf-8")
    with pytest.raises(UsageError, match=rf"{said} Write .* below \[{new.partition('.')[0]}\]"):
        load(environment={})
    config_file().unlink()
    variable = f"ALOUD_{old.upper().replace('.', '__')}"
    with pytest.raises(
        UsageError, match=rf"{said} Set ALOUD_{new.upper().replace('.', '__')} .*unset {variable}$"
    ):
        load(environment={variable: "3"})
    with pytest.raises(UsageError, match=f"The setting {old} is called {new} now"):
        load({old: 3}, environment={})


def test_a_short_name_in_the_environment() -> None:
    with pytest.raises(UsageError, match=r"\(environment ALOUD_EARS\) is called stt now\. Set ALOUD_STT "):
        load(environment={"ALOUD_EARS": "pocketsphinx"})


def test_a_group_that_is_a_value(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("mind = 'skills'\n", "utf-8")
    with pytest.raises(UsageError, match=r"The setting mind \(file .*own.toml\) is called llm now\."):
        load(file=tmp_path / "own.toml", environment={})


def test_a_name_that_no_setting_had_has_no_new_one() -> None:
    assert (new_name("stt.engine"), new_name("earcons.enabled"), new_name("")) == (None, None, None)
    assert FLAGS == {"--ears": "--stt", "--mouth": "--tts", "--mind": "--llm"}
