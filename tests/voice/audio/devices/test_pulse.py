"""PulseAudio's client library leaves nothing in the home: its folder and its key are among Aloud's."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from config.settings.paths import state_dir
from voice.audio.devices.pulse import keep_within

NAMES = ("PULSE_RUNTIME_PATH", "PULSE_COOKIE")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nobody's, without a session. What is set in the environment meanwhile is forgotten."""
    for name in NAMES:
        monkeypatch.setenv(name, "")
    for name in (*NAMES, "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    return tmp_path


def test_without_a_session_both_are_in_the_state_folder(home: Path) -> None:
    keep_within()
    assert os.environ["PULSE_RUNTIME_PATH"] == str(state_dir() / "pulse")
    key = Path(os.environ["PULSE_COOKIE"])
    assert key.parent == state_dir()
    assert (key.stat().st_size, key.stat().st_mode & 0o777) == (256, 0o600)


def test_the_key_stays_the_same(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_within()
    first = Path(os.environ["PULSE_COOKIE"]).read_bytes()
    monkeypatch.delenv("PULSE_COOKIE")
    keep_within()
    assert Path(os.environ["PULSE_COOKIE"]).read_bytes() == first


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


@pytest.mark.parametrize("name", [".config/pulse/cookie", ".pulse-cookie"])
def test_a_key_that_a_server_made_stays_in_use(home: Path, name: str) -> None:
    (home / name).parent.mkdir(parents=True, exist_ok=True)
    (home / name).write_bytes(bytes(256))
    keep_within()
    assert "PULSE_COOKIE" not in os.environ


def test_a_path_too_long_for_a_socket_is_not_taken(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALOUD_HOME", str(home / ("long" * 20)))
    keep_within()
    assert "PULSE_RUNTIME_PATH" not in os.environ


def test_a_folder_that_cannot_be_made_keeps_nobody_from_the_sound(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "file").write_text("")
    monkeypatch.setenv("ALOUD_HOME", str(home / "file"))
    keep_within()
    assert not set(NAMES) & os.environ.keys()
