"""Settings shown with their origin, and one changed with the comments kept."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from aloud.cli.config import change, edited, show, write_settings
from config.errors import UsageError
from config.settings.explanations import explained
from config.settings.loading import load
from tests.tables import for_each

Call = Callable[..., Any]


def test_a_key_is_replaced_where_it_stands_and_its_comment_stays() -> None:
    text = "# mine\n[listen]\nsilence_ms = 600  # patient\nstart_ms = 200\n[llm]\nengine = 'auto'\n"
    assert edited(text, "listen.silence_ms", 800) == text.replace("600", "800")


def test_a_key_is_added_to_its_table_or_the_table_is_made() -> None:
    assert tomllib.loads(edited("[llm]\nengine = 'auto'\n", "llm.timeout_s", 5.0)) == {
        "llm": {"engine": "auto", "timeout_s": 5.0}
    }
    assert edited("", "llm.engine", "skills") == '[llm]\nengine = "skills"\n'
    assert edited("[llm]\nengine = 'auto'\n", "offline", True).splitlines()[0] == "offline = true"


@pytest.mark.parametrize(
    "text",
    [
        'show.note = """\n[listen]\nsilence_ms = 1\n"""\n[listen]\nsilence_ms = 600\n',
        "listen = { silence_ms = 600, start_ms = 200 }  # in one line\n",
        "listen.silence_ms = 600\nlisten.start_ms = 200\n",
        '["listen"]  # quoted\n"silence_ms" = 600\n',
        "[ listen ] # mine\nsilence_ms=600#patient\n",
        "[listen]\r\nsilence_ms = 600\r\n[llm]\r\nengine = 'auto'\r\n",
        "[listen]\nsilence_ms = 6_00\n\n[llm]\nnames = [\n  'a', # one\n  'b',\n]\n[listen.more]\nx = 1\n",
        "[llm]\nengine = 'auto'\n[listen.more]\nx = 1\n[speaker]\nvolume = 1.0\n[listen]\nstart_ms = 2\n",
        "# only a comment",
    ],
)
@pytest.mark.parametrize(
    ("name", "value"), [("listen.silence_ms", 800), ("offline", True), ("llm.model", "a")]
)
def test_whatever_form_a_file_has_one_setting_changes_and_nothing_else(
    text: str, name: str, value: object
) -> None:
    before, after = tomllib.loads(text), edited(text, name, value)
    stage, _, key = name.rpartition(".")
    (before.setdefault(stage, {}) if stage else before)[key] = value
    assert tomllib.loads(after) == before
    assert [part for part in re.findall(r"#.*", text) if part not in after] == []
    assert ("\r\n" in after) == ("\r\n" in text)


def test_a_link_stays_a_link_and_a_mode_a_mode(aloud: Call, tmp_path: Path) -> None:
    path = Path(aloud("config", "path").out.strip())
    path.parent.mkdir(parents=True, exist_ok=True)
    mine = tmp_path / "mine.toml"
    mine.write_text("offline = true\n")
    mine.chmod(0o600)
    path.symlink_to(mine)
    assert aloud("config", "set", "llm", "skills").status == 0
    assert path.is_symlink()
    assert tomllib.loads(mine.read_text()) == {"offline": True, "llm": {"engine": "skills"}}
    assert mine.stat().st_mode & 0o777 == 0o600


def test_a_file_that_cannot_be_written_is_said_and_nothing_is_left_beside_it(
    aloud: Call, tmp_path: Path
) -> None:
    (tmp_path / "a file").write_text("")
    for path in (tmp_path / "a file" / "aloud.toml", Path("/dev/full/aloud.toml")):
        done = aloud("config", "set", "llm", "skills", "--config", str(path))
        assert done.status == 2
        assert f"The settings file {path} cannot be written: " in done.err
        assert "The settings are as they were." in done.err
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a file"]


def test_set_then_show(aloud: Call, tmp_path: Path) -> None:
    assert aloud("config", "set", "listen.silence_ms", "800").status == 0
    assert aloud("config", "set", "llm", "skills").status == 0
    shown = aloud("config", "show")
    line = next(line for line in shown.out.splitlines() if line.startswith("listen.silence_ms"))
    assert "800" in line
    assert "file" in line
    assert aloud("config", "path").out.strip() in line


KEY = "sk-abcdef0123456789ABCD"


@for_each(
    ("name", "value", "todo"),
    [
        ("llm.api_key_env", KEY, "export OPENAI_API_KEY=YOUR_KEY"),
        ("llm.api_key_env", "0123456789abcdef0123456789abcdef", "export OPENAI_API_KEY"),
        ("llm.api_key", "sk-ant-api03-0123456789abcdefgh", "export ANTHROPIC_API_KEY"),
        ("OPENAI_API_KEY", KEY, "export OPENAI_API_KEY"),
        ("hf_token", "hf_abcdefghij0123456789klmnop", "export HF_TOKEN"),
        ("llm", f"openai:{KEY}", "config set llm.api_key_env NAME"),
        ("llm.instructions", f"My key is {KEY}.", "export"),
        ("llm", "http://me:secret@127.0.0.1:9/v1#m", "Give the address without it"),
        ("microphone", "rtsp://me:secret@camera/1", "Give the address without it"),
        ("vision.camera", "https://camera/x?token=secret", "Give the address without it"),
    ],
)
def test_a_key_is_no_setting(name: str, value: str, todo: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    with pytest.raises(UsageError) as wrong:
        change(name, value, file)
    assert todo in wrong.value.todo
    assert wrong.value.kept == "Nothing was written."
    assert value not in str(wrong.value)
    assert "secret" not in str(wrong.value)
    assert not file.exists()


def test_one_that_stands_there_all_the_same_is_not_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(f"[llm]\ninstructions = 'It is {KEY}'\n[microphone]\nsource = 'http://me:secret@cam/1'\n")
    for json in (True, False):
        show(load(file=file, environment={}), json=json)
        shown = capsys.readouterr().out
        assert "It is [key]" in shown
        assert "http://…@cam/1" in shown
        assert KEY not in shown
        assert "secret" not in shown
    file.write_text(f"[llm]\napi_key_env = '{KEY}'\n")
    with pytest.raises(
        UsageError, match="the name of an environment variable, never the key itself"
    ) as wrong:
        load(file=file, environment={})
    assert KEY not in str(wrong.value)


def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    file, victim = tmp_path / "mine.toml", tmp_path / "victim"
    victim.write_text("mine")
    file.with_suffix(".new").symlink_to(victim)
    change("llm", "skills", file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert not file.is_symlink()
    assert victim.read_text() == "mine"


def test_of_many_that_write_at_once_none_undoes_what_another_wrote(tmp_path: Path) -> None:
    file, numbers = tmp_path / "mine.toml", range(8)
    with ThreadPoolExecutor(len(numbers)) as writers:
        list(writers.map(lambda number: write_settings(file, {f"table.key{number}": number}), numbers))
    assert tomllib.loads(file.read_text())["table"] == {f"key{number}": number for number in numbers}
    assert list(tmp_path.iterdir()) == [file]


def test_the_environment_comes_before_the_file(aloud: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    aloud("config", "set", "llm", "skills")
    monkeypatch.setenv("ALOUD_LLM", "ollama:llama3.2")
    rows = {row["name"]: row for row in _rows(aloud("config", "show", "--json").out)}
    assert rows["llm.engine"] == {
        "name": "llm.engine",
        "value": "ollama:llama3.2",
        "origin": "environment ALOUD_LLM",
        "explained": explained().settings["llm.engine"],
    }


def _rows(text: str) -> list[dict[str, Any]]:
    import json

    return [json.loads(line) for line in text.splitlines()]


def test_each_setting_is_explained_by_the_comment_on_it(aloud: Call) -> None:
    rows = _rows(aloud("config", "show", "--json").out)
    assert {row["name"]: row["explained"] for row in rows} == explained().settings
    assert "Silence after which your turn is over." in aloud("config", "show", "listen.silence_ms").out


def test_one_setting_or_a_group_of_them_is_shown(aloud: Call) -> None:
    of_llm = [row["name"] for row in _rows(aloud("config", "show", "llm", "--json").out)]
    assert of_llm[0] == "llm.engine"
    assert {"llm.fallback", "llm.small", "llm.tools", "llm.thinking"} <= set(of_llm), "the whole group"
    assert _rows(aloud("config", "show", "language", "--json").out)[0]["name"] == "stt.language"
    assert {row["name"].split(".")[0] for row in _rows(aloud("config", "show", "wake", "--json").out)} == {
        "wake"
    }
    outcome = aloud("config", "show", "listen.silense_ms")
    assert outcome.status == 2
    assert "Is it listen.silence_ms" in outcome.err


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("[listen]\nsilence_ms = 1\nadaptive = 'perhaps'\nlongest_s = -1\n[show]\nplain = 3\n", ()),
        ("[listen]\nsilence_ms = 'long'\n", ("--config",)),
        ("[vision]\ndetail = 'huge'\n", ()),
        *product(
            ("[lissten]\nsilence_ms = 600\n", "listen = 3\n", "[llm.engine]\nx = 1\n", "[listen\n"),
            ((), ("--config",)),
        ),
    ],
)
def test_the_line_that_is_told_mends_the_file(
    aloud: Call, tmp_path: Path, text: str, option: tuple[str, ...]
) -> None:
    """One line a fault; none of them leads to the same fault again."""
    path = tmp_path / "other file.toml" if option else Path(aloud("config", "path").out.strip())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    named = (*option, str(path)) if option else ()
    told: list[str] = []
    while (outcome := aloud("config", "show", *named)).status == 2 and path.exists():
        line = outcome.err.strip().rpartition(": ")[2]
        assert line not in told
        told.append(line)
        done = subprocess.run(["sh", "-c", line], capture_output=True, text=True)
        assert done.returncode == 0, f"{outcome.err}{done.stderr}"
    assert told
    assert outcome.status == 0 or not path.exists()


def test_the_line_that_is_told_of_a_variable_takes_it_away(
    aloud: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALOUD_TTS__SPEED", "fast")
    assert aloud("config", "show").err.strip().endswith(": unset ALOUD_TTS__SPEED")


@pytest.mark.parametrize(
    ("name", "value", "word"), [("nonsense", "1", "nonsense"), ("listen.silence_ms", "soon", "silence_ms")]
)
def test_what_it_does_not_take_is_refused_and_nothing_changes(
    aloud: Call, name: str, value: str, word: str
) -> None:
    outcome = aloud("config", "set", name, value)
    assert outcome.status == 2
    assert word in outcome.err
    assert len(outcome.err.strip().splitlines()) == 1
    assert not Path(aloud("config", "path").out.strip()).exists()
