"""Settings: four layers, where each value came from, and what is said when one cannot be used."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import config.settings.model
from config.errors import UsageError
from config.settings.loading import SHORT_NAMES, flatten, load
from config.settings.model import Settings
from config.settings.paths import config_file
from tests.tables import for_each

DEFAULTS = Path(config.settings.model.__file__).with_name("default.toml")


def write(text: str, path: Path | None = None) -> Path:
    path = path or config_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_the_commented_defaults_are_the_defaults() -> None:
    written = dict(flatten(tomllib.loads(DEFAULTS.read_text("utf-8"))))
    assert written == dict(flatten(Settings().model_dump()))
    assert {k: type(v) for k, v in written.items()} == {
        k: type(v) for k, v in flatten(Settings().model_dump())
    }
    assert list(written) == list(dict(flatten(Settings().model_dump())))


def test_every_default_has_a_comment_before_it() -> None:
    lines = DEFAULTS.read_text("utf-8").splitlines()
    for before, line in pairwise(lines):
        if re.match(r"\w+ = ", line):
            assert before.startswith("#"), line


def test_flag_over_environment_over_file_over_default() -> None:
    path = write("[listen]\nsilence_ms = 700\nstart_ms = 210\nbefore_ms = 410\n")
    environment = {"ALOUD_LISTEN__SILENCE_MS": "800", "ALOUD_LISTEN__START_MS": "220"}
    loaded = load({"listen.silence_ms": 900, "listen.preflight_ms": None}, environment=environment)
    listen = loaded.settings.listen
    assert (listen.silence_ms, listen.start_ms, listen.before_ms, listen.preflight_ms) == (900, 220, 410, 32)
    origins = [loaded.origins[f"listen.{name}_ms"] for name in ("silence", "start", "before", "preflight")]
    assert origins == ["flag", "environment ALOUD_LISTEN__START_MS", f"file {path}", "default"]


def test_every_number_has_bounds_so_that_none_makes_it_deaf_or_hang() -> None:
    for group in Settings.model_fields.values():
        fields = getattr(group.annotation, "model_fields", {})
        for name, field in fields.items():
            if field.annotation in (int, float):
                kinds = {type(bound).__name__[:1] for bound in field.metadata}
                assert kinds >= {"L", "G"}, name


def test_every_setting_has_an_origin() -> None:
    assert set(load(environment={}).origins) == set(dict(flatten(Settings().model_dump())))


@pytest.mark.parametrize("short", SHORT_NAMES)
def test_short_names(short: str) -> None:
    value = {"offline": "true", "latency": "true", "plain": "on", "log_level": "info"}.get(short, "something")
    loaded = load(environment={f"ALOUD_{short.upper()}": value})
    found = dict(flatten(loaded.settings.model_dump()))[SHORT_NAMES[short]]
    assert found == (True if value == "true" else value)
    assert loaded.origins[SHORT_NAMES[short]] == f"environment ALOUD_{short.upper()}"


def test_another_file_by_flag_and_by_environment(tmp_path: Path) -> None:
    write("offline = true\n")
    by_name = write("[llm]\nengine = 'skills'\n", tmp_path / "a.toml")
    assert load(file=by_name, environment={}).settings.llm.engine == "skills"
    loaded = load(environment={"ALOUD_CONFIG": str(by_name)})
    assert (loaded.settings.llm.engine, loaded.settings.offline) == ("skills", False)


def test_a_device_may_be_a_number() -> None:
    write("[microphone]\nsource = 2\n")
    assert load(environment={}).settings.microphone.source == "2"


def test_foreign_variables_are_left_alone() -> None:
    assert load(environment={"ALOUD_HOME": "/x", "ALOUDER": "1", "PATH": "/bin"}).settings == Settings()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[listen]\nsilence_ms = 1\n", r"setting listen\.silence_ms \(file .*\) cannot be used: .* 96"),
        ("[listen]\nsilence_ms = 'long'\n", r"listen\.silence_ms \(file .*valid integer"),
        ("[listen]\nsilense_ms = 600\n", r"There is no setting listen\.silense_ms \(file .*\)"),
        ("[lissen]\nsilence_ms = 600\n", r"There is no setting lissen \(file .*\)"),
        ("speed = 1\n", r"There is no setting speed \(file .*\)"),
        ("listen = 3\n", r"listen is a group of settings \(file .*\), not one setting"),
        ("[[listen]]\nsilence_ms = 600\n", r"listen is a group of settings"),
        ("[llm.engine]\nx = 1\n", r"llm\.engine \(file .*valid string"),
        ("[interrupt]\nenabled = 'maybe'\n", r"interrupt\.enabled \(file .*'auto', 'on' or 'off'"),
        ("[tools]\nfolders = ['work']\n", r"tools\.folders \(file .*by their whole path"),
        ("[listen\n", r"is not valid TOML: .*begin anew: mv "),
    ],
)
@pytest.mark.parametrize(
    "environment", [{}, {"ALOUD_LISTEN__PREFLIGHT_MS": "100", "ALOUD_LLM__TIMEOUT_S": "3"}]
)
def test_what_cannot_be_used_is_said(text: str, words: str, environment: dict[str, str]) -> None:
    write(text)
    with pytest.raises(UsageError, match=words):
        load(environment=environment)


@pytest.mark.parametrize(
    ("variable", "meant"),
    [
        ("ALOUD_LLM_FALLBACK", "ALOUD_LLM__FALLBACK"),
        ("ALOUD_LISTEN_SILENCE_MS", "ALOUD_LISTEN__SILENCE_MS"),
        ("ALOUD_LLM__FALBACK", "ALOUD_LLM__FALLBACK"),
        ("ALOUD_LISTEN__SILENCEMS", "ALOUD_LISTEN__SILENCE_MS"),
        ("ALOUD_XYZZY__Q", ""),
    ],
)
def test_a_variable_that_was_to_be_a_setting_is_not_passed_over(variable: str, meant: str) -> None:
    asked = rf" Is it {meant}[?,]" if meant else ""
    with pytest.raises(
        UsageError, match=rf"no setting .*environment {variable}\)\.{asked}.* unset {variable}$"
    ):
        load(environment={variable: "x"})


def test_a_wrong_value_names_its_variable_or_the_flag() -> None:
    with pytest.raises(UsageError, match=r"tts\.speed \(environment (ALOUD_TTS__SPEED)\).*: unset \1$"):
        load(environment={"ALOUD_TTS__SPEED": "fast"})
    with pytest.raises(UsageError, match=r"tts\.speed \(flag\)"):
        load({"tts.speed": 9}, environment={})
    with pytest.raises(UsageError, match=r"There is no setting tts\.sped \(flag\)"):
        load({"tts.sped": 1}, environment={})


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no settings file"):
        load(file=tmp_path / "absent.toml", environment={})
    with pytest.raises(UsageError, match="cannot be read"):
        load(file=tmp_path, environment={})
    (tmp_path / "latin.toml").write_bytes(b"# caf\xe9\n")
    with pytest.raises(UsageError, match="not valid TOML"):
        load(file=tmp_path / "latin.toml", environment={})


@given(
    st.dictionaries(
        st.sampled_from(["listen", "listen.silence_ms", "listen.silence_ms.x", "llm", "x.y.z", ""]),
        st.one_of(st.integers(), st.text(max_size=5), st.booleans(), st.none()),
    )
)
@settings(max_examples=60, deadline=None)
def test_nothing_but_a_sentence_comes_of_wrong_flags(flags: dict[str, object]) -> None:
    try:
        silence_ms = load(flags, environment={}).settings.listen.silence_ms
    except UsageError:
        silence_ms = 96
    assert silence_ms >= 96


@for_each(
    ("flags", "environment", "key"),
    [
        ({}, {}, "MINE"),
        ({"llm.engine": "https://one.example/v1#other"}, {}, "MINE"),
        ({"llm.engine": "https://one.example:443/v2#m"}, {}, "MINE"),
        ({"llm.engine": "http://one.example/v1#m"}, {}, "OPENAI_API_KEY"),
        ({"llm.engine": "https://one.example:8443/v1#m"}, {}, "OPENAI_API_KEY"),
        ({"llm.engine": "http://127.0.0.1:8080/v1"}, {}, "OPENAI_API_KEY"),
        ({"llm.engine": "http://[bad"}, {}, "OPENAI_API_KEY"),
        ({"llm.engine": "openai:m"}, {}, "OPENAI_API_KEY"),
        ({"llm.engine": "auto"}, {}, "OPENAI_API_KEY"),
        ({"llm.engine": "https://two.example/v1#m", "llm.api_key_env": "TWO"}, {}, "TWO"),
        ({}, {"ALOUD_LLM": "https://two.example/v1#m"}, "OPENAI_API_KEY"),
        ({}, {"ALOUD_LLM": "https://one.example/v1#n"}, "MINE"),
        ({}, {"ALOUD_LLM": "https://two.example/v1#m", "ALOUD_LLM__API_KEY_ENV": "TWO"}, "TWO"),
        ({"llm.engine": "https://one.example/v1"}, {"ALOUD_LLM": "https://two.example/v1"}, "OPENAI_API_KEY"),
    ],
)
def test_a_key_that_the_file_names_with_one_server_is_not_for_another(
    flags: dict[str, str], environment: dict[str, str], key: str, tmp_path: Path
) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('[llm]\nengine = "https://one.example/v1#m"\napi_key_env = "MINE"\n', "utf-8")
    loaded = load(flags, file=file, environment=environment)
    assert loaded.settings.llm.api_key_env == key
