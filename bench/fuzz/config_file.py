"""The settings file: any bytes are settings, or one sentence that names the file, which is left as it was."""

from __future__ import annotations

import tempfile
from pathlib import Path

import config.settings
from config.errors import UsageError
from config.settings.loading import load

_FILE = Path(tempfile.mkdtemp(prefix="aloud-fuzz-")) / "aloud.toml"


def seeds() -> list[bytes]:
    whole = Path(config.settings.__file__).with_name("default.toml").read_bytes()
    return [b'[llm]\nengine = "skills"\n', b"\xef\xbb\xbfoffline = true\r\n", *whole.split(b"\n\n")]


def fuzz(data: bytes) -> None:
    """Raises what is no sentence."""
    _FILE.write_bytes(data)
    told = str(_FILE)
    try:
        load(file=_FILE, environment={})
    except UsageError as error:
        told = str(error)
    assert str(_FILE) in told, told
    assert told.isprintable(), told
    assert _FILE.read_bytes() == data
