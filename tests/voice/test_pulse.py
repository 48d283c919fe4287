"""PulseAudio's client library leaves nothing in the home of a person who has no session."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from config.paths import state_dir
from voice.pulse import keep_within


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nobody's, without a session. What is set in the environment meanwhile is forgotten."""
    monkeypatch.setenv("PULSE_RUNTIME_PATH", "")
    for name in ("PULSE_RUNTIME_PATH", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    return tmp_path


def test_without_a_session_it_is_within_the_state_folder(home: Path) -> None:
    keep_within()
    assert os.environ["PULSE_RUNTIME_PATH"] == str(state_dir() / "pulse")
    assert state_dir().is_dir()


@pytest.mark.parametrize("name", ["XDG_RUNTIME_DIR", "PULSE_RUNTIME_PATH"])
def test_a_place_that_is_set_stays(home: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "/somewhere")
    keep_within()
    assert os.environ.get("PULSE_RUNTIME_PATH") == ("/somewhere" if name == "PULSE_RUNTIME_PATH" else None)


def test_a_server_that_was_there_before_is_still_found(home: Path) -> None:
    (home / ".config" / "pulse").mkdir(parents=True)
    (home / ".config" / "pulse" / "0123-runtime").symlink_to(home / "elsewhere")
    keep_within()
    assert "PULSE_RUNTIME_PATH" not in os.environ


def test_a_path_too_long_for_a_socket_is_not_taken(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALOUD_HOME", str(home / ("long" * 20)))
    keep_within()
    assert "PULSE_RUNTIME_PATH" not in os.environ
