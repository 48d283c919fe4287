"""Small files: whole at any moment, damaged ones put aside, none lost to another program, none waited for."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config.errors import UsageError
from config.files import measured_file
from config.files.whole_file import read_bounded, write_whole
from config.settings.loading import load
from tests.tables import for_each

DAMAGED: dict[str, Callable[[Path], object]] = {
    "text": lambda path: path.write_text("no JSON"),
    "no text": lambda path: path.write_bytes(b"\xff\xfe{"),
    "a list": lambda path: path.write_text("[1]"),
    "deep": lambda path: path.write_text("[" * 100_000),
    "digits": lambda path: path.write_text('{"x": ' + "9" * 5000 + "}"),
    "long": lambda path: path.write_text(" " * 1_000_001),
    "a folder": Path.mkdir,
    "a pipe": os.mkfifo,
    "endless": lambda path: path.symlink_to("/dev/zero"),
    "a circle": lambda path: path.symlink_to(path),
}


@for_each("kind", DAMAGED)
def test_a_damaged_file_of_figures_is_put_aside(kind: str, tmp_path: Path) -> None:
    file = tmp_path / kind / "speeds.json"
    file.parent.mkdir()
    DAMAGED[kind](file)
    assert measured_file.read(file) == {}
    measured_file.keep(file, "kernel", 1)
    assert measured_file.read(file) == {"kernel": 1}
    assert len(list(file.parent.glob("speeds-damaged-*.json"))) == 1
    assert len(list(file.parent.iterdir())) == 2


def test_none_of_what_many_keep_at_once_is_lost(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: measured_file.keep(tmp_path / "x.json", str(n), n), range(8)))
    assert measured_file.read(tmp_path / "x.json") == {str(n): n for n in range(8)}


def test_what_cannot_be_written_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, link = tmp_path / "x", tmp_path / "link"
    link.symlink_to(file)
    write_whole(link, b"before")
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"before", 0o600)

    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(link, b"after")
    assert read_bounded(file) == b"before"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["link", "x"]


SETTINGS: dict[str, bytes] = {
    "UTF-16": "[llm]".encode("utf-16"),
    "Latin": b"[llm]\nengine = '\xfc'\n",
    "zeros": bytes(100),
    "twice": b"[llm]\n[llm]\n",
    "deep": b"x = " + b"[" * 5000,
    "deep keys": b".".join([b"a"] * 2000) + b" = 1",
    "digits": b"listen.silence_ms = " + b"9" * 5000,
    "long": b"#" * 1_000_001,
    "controls": b'"\\u001b[2J" = 1',
    "no name": b'"" = 1',
}


@for_each("kind", [*SETTINGS, "a folder", "a pipe", "endless", "a circle", "nowhere"])
def test_settings_that_cannot_be_read_are_one_sentence_with_a_way_on(kind: str, tmp_path: Path) -> None:
    home = tmp_path / kind
    file = home / "config" / "aloud.toml"
    file.parent.mkdir(parents=True)
    if kind == "nowhere":
        file.symlink_to("/nowhere/at/all")
    elif kind in SETTINGS:
        file.write_bytes(SETTINGS[kind])
    else:
        DAMAGED[kind](file)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ALOUD_HOME", str(home))
        with pytest.raises(UsageError) as told:
            load(environment={})
    assert f"settings file {file} " in str(told.value) or f"(file {file})" in str(told.value)
    assert f"mv '{file}' '{file}'.old" in str(told.value).replace(
        f"mv {file} {file}", f"mv '{file}' '{file}'"
    )
    assert str(told.value).isprintable()


def test_settings_with_a_mark_of_their_encoding_are_read() -> None:
    from config.settings.paths import config_file

    write_whole(config_file(), b"\xef\xbb\xbfoffline = true\r\n")
    assert load(environment={}).settings.offline
