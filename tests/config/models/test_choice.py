"""Which models suit a person and a machine."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from config.models.catalogue import Model, known
from config.models.choice import PREFLIGHT_S, quick_enough, region, spoken_language, voices_for, whispers_for
from config.models.speeds import (
    keep_kernel,
    keep_preflight,
    measured_preflight_s,
    predicted_preflight_s,
    preflight_s,
)


@pytest.mark.parametrize(
    ("asked", "locale", "language", "place"),
    [
        ("auto", {"LANG": "en_GB.UTF-8"}, "en", "GB"),
        ("auto", {"LANG": "de_AT.UTF-8", "LC_ALL": "fr_CA"}, "fr", "CA"),
        ("auto", {"LANG": "pt_BR@latin"}, "pt", "BR"),
        ("auto", {"LANG": "C.UTF-8"}, "en", ""),
        ("auto", {"LC_ALL": "POSIX", "LANG": "de_DE"}, "en", ""),
        ("auto", {}, "en", ""),
        ("auto", {"LANG": "???"}, "en", ""),
        ("de-CH", {"LANG": "en_US.UTF-8"}, "de", "CH"),
        ("es", {"LANG": "en_US.UTF-8"}, "es", ""),
    ],
)
def test_whose_language(
    asked: str, locale: Mapping[str, str], language: str, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in locale.items():
        monkeypatch.setenv(name, value)
    assert (spoken_language(asked), region(asked)) == (language, place)


def test_an_english_speaker_has_the_models_of_english_first() -> None:
    names = [model.name for model in whispers_for("en")]
    assert names.index("base.en") < names.index("base") < names.index("tiny.en") < names.index("tiny")
    assert [name for name in names if name.startswith("small")] == ["small.en", "small"]


def test_others_have_only_those_that_hear_them() -> None:
    assert not [model.name for model in whispers_for("de") if model.name.endswith(".en")]


def test_a_voice_of_the_region_comes_first_and_one_of_the_language_at_all() -> None:
    assert voices_for("en")[0].name == voices_for("en", "US")[0].name == "en_US-joe-medium"
    assert voices_for("en", "GB")[0].name.startswith("en_GB")
    assert [voice.name for voice in voices_for("de", "AT")] == ["de_DE-thorsten-medium"]
    assert voices_for("xx") == ()


def costs(**seconds: float) -> dict[str, float]:
    return {name.replace("_", "."): cost for name, cost in seconds.items()}


@pytest.mark.parametrize(
    ("known_costs", "best"),
    [
        (costs(small_en=0.24, base_en=0.06, tiny_en=0.03), "small.en"),
        (costs(small_en=0.9, base_en=PREFLIGHT_S, tiny_en=0.1), "base.en"),
        (costs(small_en=2.0, base_en=0.6, tiny_en=0.3), "tiny.en"),
        (costs(), "tiny.en"),
        (costs(base_en=0.1), "base.en"),
    ],
)
def test_the_largest_whose_draft_is_in_time_or_else_the_smallest(
    known_costs: dict[str, float], best: str
) -> None:
    chosen = quick_enough(whispers_for("en"), lambda model: known_costs.get(model.name))
    assert chosen is not None
    assert chosen.name == best


def test_of_none_none_is_chosen() -> None:
    assert quick_enough((), lambda model: 0.1) is None


def test_a_cost_is_predicted_from_the_machine_until_it_was_measured() -> None:
    base, tiny = known("base.en"), known("tiny.en")
    assert preflight_s(base) is None
    keep_kernel(0.1)
    assert preflight_s(base) == pytest.approx(0.1 * base.kernels)
    assert preflight_s(base, correction=2.0) == pytest.approx(0.2 * base.kernels)
    keep_preflight(base, 0.3)
    assert (preflight_s(base), preflight_s(base, correction=2.0)) == (0.3, 0.3)
    assert predicted_preflight_s(base) == pytest.approx(0.1 * base.kernels)
    assert measured_preflight_s(tiny) is None


def test_a_machine_is_as_quick_as_it_ever_was() -> None:
    assert [keep_kernel(seconds) for seconds in (0.3, 0.9, 0.2)] == [0.3, 0.3, 0.2]
    assert predicted_preflight_s(known("tiny.en")) == pytest.approx(0.2 * known("tiny.en").kernels)


def test_a_draft_measured_on_a_busy_machine_is_put_right_when_it_is_seen_idle() -> None:
    keep_kernel(0.5)
    keep_preflight(known("base.en"), 2.0)
    assert measured_preflight_s(known("base.en")) == 2.0
    keep_kernel(0.1)
    assert measured_preflight_s(known("base.en")) == pytest.approx(0.4)
    keep_kernel(0.9)
    assert measured_preflight_s(known("base.en")) == pytest.approx(0.4)


def test_another_machine_of_the_same_home_is_measured_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_preflight(known("tiny.en"), 0.1)
    monkeypatch.setattr("config.files.measured_file.cores", lambda: 64)
    assert measured_preflight_s(known("tiny.en")) is None


@pytest.mark.parametrize("spoilt", ["", "{", "[]", '{"kernel": "x", "tiny.en": -1}'])
def test_a_spoilt_note_counts_as_none(spoilt: str) -> None:
    from config.settings.paths import state_dir

    keep_kernel(0.1)
    (note,) = (state_dir() / "speeds").glob("*.json")
    note.write_text(spoilt)
    model: Model = known("tiny.en")
    assert preflight_s(model) is None
    keep_preflight(model, 0.2)
    assert preflight_s(model) == 0.2


def test_the_kernel_is_the_one_its_script_writes() -> None:
    from scripts.make_kernel import ONNX, model

    assert ONNX.read_bytes() == model()


def test_the_kernel_takes_time() -> None:
    from config.runtime.kernel import kernel_s

    assert kernel_s(1, runs=1) > 0.001
