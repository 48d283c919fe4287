"""A benchmark says what it was measured with: the published models where they are here, or that none is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aloud.cli import bench
from aloud.cli.bench import Figure, Options, start
from aloud.cli.bench.engines import Engines
from aloud.cli.bench.turn import TimedStt
from bench.conversation.told import ToldStt
from config.errors import ModelError
from config.models.catalogue import known
from voice.stt.base import Transcript


def put(name: str, path: Path) -> None:
    """A published model among those of this home."""
    folder = known(name).folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.symlink_to(path if path.is_dir() else path.parent)


def test_published_models_are_chosen_and_found_from_any_home(
    tiny_en: Path, joe: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("tiny.en", tiny_en)
    put("en_US-joe-medium", joe)
    monkeypatch.setenv("LANG", "de_DE.UTF-8")  # the benchmarks speak English all the same
    engines = Engines()
    stt, tts = engines.choose_stt(None), engines.choose_tts(None)
    assert engines.as_json() == {"stt": "whisper:tiny.en", "tts": "piper:en_US-joe-medium"}
    assert str(engines) == "with whisper:tiny.en, piper:en_US-joe-medium"
    monkeypatch.setenv("ALOUD_HOME", str(tmp_path / "nobody"))
    again = Engines()
    assert (again.choose_stt(stt), again.choose_tts(tts)) == (stt, tts)
    with pytest.raises(ModelError, match="not on this machine"):
        again.choose_stt("whisper:tiny.en")


def test_what_is_lacking_is_said_with_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    engines = Engines()
    assert (engines.choose_stt(None), engines.choose_tts(None)) == ("pocketsphinx", "espeak:en-us")
    lacking = "no published Whisper or voice is here. To fetch one: aloud setup"
    assert str(engines) == f"with pocketsphinx, espeak:en-us: {lacking}"
    asked = Engines()
    asked.choose_stt("pocketsphinx")
    assert str(asked) == "with pocketsphinx"
    assert str(Engines()) == ""


def test_figures_are_printed_with_their_engines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def measure(options: Options) -> list[Figure]:
        options.choose_stt()
        options.engines.tts = "espeak:en-us"
        return [Figure("quick", 3, "ms", 5)]

    monkeypatch.setattr(start, "measure", measure)
    bench.run("start", Options(stt="pocketsphinx"), json=False)
    assert capsys.readouterr().out.splitlines()[0] == "with pocketsphinx, espeak:en-us"
    bench.run("start", Options(stt="pocketsphinx"), json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["engines"] == {"stt": "pocketsphinx", "tts": "espeak:en-us"}


def test_the_time_of_the_ears_counts_once_and_only_since_the_end() -> None:
    now = 0.0

    class Slow(ToldStt):
        def finish(self) -> Transcript:
            nonlocal now
            now += 2.0
            return super().finish()

    timed = TimedStt(Slow(lambda: "words"), lambda: now)
    assert timed.open().finish().text == "words"
    timed.spans.append((1.5, 2.5))  # in another thread, at the same time
    assert timed.worked_since(0.5) == 2.0
    assert timed.worked_since(2.25) == 0.25
    assert timed.worked_since(3.0) == 0.0
