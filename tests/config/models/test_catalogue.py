"""The models we know: places, names, what is installed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from config.errors import ModelError, UsageError
from config.models.catalogue import KINDS, catalogue, find, hub, installed, known, remove
from config.models.named import check_model
from config.models.wheels import wheels_of
from config.settings.paths import models_dir
from tests.tables import for_each


@pytest.fixture(autouse=True)
def _no_hub_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HF_HUB_CACHE", "HF_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))


def put(name: str, *files: str) -> Path:
    folder = known(name).folder
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        (folder / file).write_bytes(b"12345")
    return folder


def test_every_entry_is_whole() -> None:
    names = [model.name for model in catalogue()]
    assert len(names) == len(set(names)) >= 25
    for model in catalogue():
        assert model.repo.count("/") == 1 or wheels_of(model)
        assert (model.kernels > 0) == (model.kind == "whisper")
        assert model.languages
        assert model.licence
        assert model.about_mb > 5
        assert model.note.endswith(".")
        assert bool(model.place) == (model.kind == "piper")
        assert known(model.spec) == model


def test_whispers_are_those_of_faster_whisper() -> None:
    from faster_whisper.utils import _MODELS

    for model in catalogue():
        if model.kind == "whisper":
            assert _MODELS[model.name] == model.repo


def test_a_voice_lies_where_piper_downloads_it_from() -> None:
    from piper.download_voices import URL_FORMAT, VOICE_PATTERN

    for model in catalogue():
        if model.kind == "piper":
            match = VOICE_PATTERN.match(model.name)
            assert match is not None
            code = f"{match['lang_family']}_{match['lang_region']}"
            url = URL_FORMAT.format(extension=".onnx", lang_code=code, **match.groupdict())
            assert f"/{model.repo}/resolve/main/{model.place}/{model.name}.onnx?" in url


def test_a_voice_and_a_repository_we_do_not_list_are_known_by_their_form() -> None:
    voice = known("piper:de_DE-eva_k-x_low")
    assert (voice.kind, voice.place) == ("piper", "de/de_DE/eva_k/x_low")
    assert known("someone/their-whisper-ct2").repo == "someone/their-whisper-ct2"


@pytest.mark.parametrize(
    "name", ["nothing", "", "../../etc/passwd", "..", "a/../b", "/etc", "x/..", ".ssh/id", "a/b/c"]
)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(UsageError, match="aloud models list"):
        known(name)
    assert find(name) is None
    with pytest.raises(ModelError, match="not installed"):
        remove(name)


def test_a_model_counts_when_its_needed_files_are_there() -> None:
    assert find("base.en") is None
    put("base.en", "model.bin", "config.json", "tokenizer.json")
    assert find("base.en") is None
    assert [(one.name, one.complete, one.size) for one in installed()] == [("base.en", False, 15)]
    folder = put("base.en", "vocabulary.txt")
    assert find("base.en") == find("whisper:base.en") == folder
    assert [(one.name, one.complete, one.size) for one in installed()] == [("base.en", True, 20)]


def test_a_part_and_an_empty_file_do_not_count() -> None:
    folder = put("en_US-lessac-medium", "en_US-lessac-medium.onnx.json", "en_US-lessac-medium.onnx.abc.part")
    assert find("en_US-lessac-medium") is None
    (folder / "en_US-lessac-medium.onnx").touch()
    assert find("en_US-lessac-medium") is None
    (folder / "en_US-lessac-medium.onnx").write_bytes(b"x")
    assert find("piper:en_US-lessac-medium") == folder / "en_US-lessac-medium.onnx"


def test_what_is_no_file_does_not_count_and_ends_nothing(tmp_path: Path) -> None:
    makes: dict[str, Callable[[Path], None]] = {
        "tiny.en": lambda path: path.symlink_to("/nowhere"),
        "base.en": os.mkfifo,
        "small.en": lambda path: path.symlink_to(path.name),
        "base": Path.mkdir,
    }
    for name, make in makes.items():
        folder = put(name, "config.json", "tokenizer.json", "vocabulary.txt")
        make(folder / "model.bin")
        assert find(name) is None
    (models_dir() / "whisper" / "tiny").symlink_to("/nowhere")
    assert {one.name: one.complete for one in installed()} == dict.fromkeys(
        ("tiny.en", "base.en", "small.en", "base"), False
    )


TYPED = ["a" * 5000, "~nobody/x", "a/" * 3000, "\x00", "a\x00b.onnx", "\ud83d", "~", "/", "", "." * 300,
         "con/..", f"{'a' * 200}/b", f"a/{'b' * 200}", f"en_US-{'x' * 300}-low", "a/b.",
         "\uff41/b"]  # fmt: skip


@for_each("name", TYPED)
def test_whatever_is_typed_is_a_model_or_none(name: str) -> None:
    assert find(name) is None
    for kind in KINDS:
        with pytest.raises((UsageError, ModelError)):
            check_model(kind, name, "", called="model", needs="a file")


def test_a_turn_model_is_one_file() -> None:
    turn = known("turn:smart-turn-v3.2-cpu")
    assert (turn.kind, turn.place, turn.patterns) == ("turn", "", ("smart-turn-v3.2-cpu.onnx",))
    assert find("smart-turn-v3.2-cpu") is None
    folder = put("smart-turn-v3.2-cpu", "smart-turn-v3.2-cpu.onnx")
    assert folder == models_dir() / "turn" / "smart-turn-v3.2-cpu"
    assert find("smart-turn-v3.2-cpu") == folder / "smart-turn-v3.2-cpu.onnx"
    assert [(one.name, one.kind, one.complete) for one in installed()] == [(turn.name, "turn", True)]


def test_a_path_is_taken_as_it_is(models: Path) -> None:
    assert find(str(models / "whisper-micro")) == models / "whisper-micro"
    voice = models / "piper-micro" / "piper-micro.onnx"
    assert find(f"piper:{voice}") == voice
    assert find(f"piper:{models / 'piper-micro'}") == voice
    assert find(str(models / "llm-micro")) is None
    assert find(str(models / "absent.onnx")) is None


def test_what_the_hub_client_cached_is_found(tmp_path: Path) -> None:
    place = tmp_path / "hf" / "hub" / "models--Systran--faster-whisper-tiny"
    snapshot = place / "snapshots" / "abc"
    snapshot.mkdir(parents=True)
    (place / "refs").mkdir()
    (place / "refs" / "main").write_text("abc")
    assert find("tiny") is None
    for file in ("model.bin", "config.json", "tokenizer.json", "vocabulary.json"):
        (snapshot / file).write_text("x")
    assert find("tiny") == snapshot


def test_remove_frees_what_it_says() -> None:
    folder = put("someone/theirs", "model.bin", "config.json", "tokenizer.json", "vocabulary.txt")
    assert find("someone/theirs") == folder
    assert folder.parent == models_dir() / "whisper"
    assert remove("whisper:someone/theirs") == 20
    assert not folder.exists()
    assert installed() == []


def test_the_hub_can_be_another(monkeypatch: pytest.MonkeyPatch) -> None:
    assert hub().startswith("https://")
    monkeypatch.setenv("HF_ENDPOINT", "http://mirror.example/")
    assert hub() == "http://mirror.example"
