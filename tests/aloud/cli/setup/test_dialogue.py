"""What is asked while setting up, what Enter takes, and that a flag answers each of the questions."""

from __future__ import annotations

import ast
import io
import json
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

import aloud.cli.setup
from aloud.cli import main
from aloud.cli.setup import options
from aloud.cli.setup.devices import ChosenDevice, choose_device
from aloud.cli.setup.dialogue import Choice, Dialogue
from aloud.cli.setup.fetching import Fetching
from aloud.cli.setup.options import LLM, QUESTIONS, WRITE, Question, SetupOptions, asked_for
from aloud.cli.setup.settings_file import write_chosen
from aloud.cli.setup.voices import numbered
from aloud.cli.setup.walk import set_up
from config.errors import DeviceError, UsageError
from config.models.catalogue import known
from config.settings.loading import Configuration, load
from config.settings.paths import config_file
from tests.tables import for_each

CHOICES = [
    Choice("skills", "none"),
    Choice("ollama:llama3.2", "Llama: of Ollama"),
    Choice("gguf:qwen", "in here"),
]


def dialogue(
    monkeypatch: pytest.MonkeyPatch, typed: str, *, asks: bool = True, plain: bool = True
) -> Dialogue:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    shown = load({"show.plain": "on" if plain else "off"}, environment={}).settings
    return Dialogue(shown, asks)


def flags() -> set[str]:
    """Of the command, as it declares them."""
    hints = get_type_hints(main.setup, include_extras=True)
    declared = {
        name: [i for i in get_args(hint) if hasattr(i, "param_decls")] for name, hint in hints.items()
    }
    return {
        flag
        for name, infos in declared.items()
        for info in infos
        for flag in info.param_decls or (f"--{name.replace('_', '-')}",)
    }


def test_each_question_is_answered_by_a_flag_and_each_is_in_the_list() -> None:
    assert {question.option for question in QUESTIONS} <= flags()
    declared = {name: value for name, value in vars(options).items() if isinstance(value, Question)}
    assert set(declared.values()) == set(QUESTIONS)
    sources = [
        ast.parse(path.read_text("utf-8")) for path in Path(aloud.cli.setup.__file__).parent.glob("*.py")
    ]
    used = {
        node.id
        for source in sources
        for node in ast.walk(source)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in declared
    }
    reads = [
        ast.unparse(node.func)
        for source in sources
        for node in ast.walk(source)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("sys.stdin.readline", "input", "typer.prompt")
    ]
    assert used == set(declared)
    assert reads == ["sys.stdin.readline"], (
        "whatever is asked goes through the one place that names a question"
    )


def test_nobody_is_asked_where_nobody_types(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("3\n"))
    assert not asked_for(only=(), asks=True).asks
    silent = dialogue(monkeypatch, "3\n", asks=False)
    assert silent.choose(LLM, CHOICES, "skills", "Which?") == ("skills", False)
    assert silent.agree(WRITE, "Write?")
    with pytest.raises(UsageError, match="steps: llm"):
        asked_for(only=("nonsense",), asks=False)


def named(typed: str) -> str:
    if ":" not in typed:
        raise UsageError(f"{typed} is no model.")
    return typed


@for_each(
    ("typed", "value", "by_person"),
    [
        ("\n", "ollama:llama3.2", False),
        ("1\n", "skills", True),
        ("3\n", "gguf:qwen", True),
        ("QWEN\n", "gguf:qwen", True),
        ("llama\n", "ollama:llama3.2", True),
        ("openai:gpt-5\n", "openai:gpt-5", True),
        ("9\nnonsense\n\n", "ollama:llama3.2", False),
        ("0\n" * 50, "ollama:llama3.2", False),
    ],
)
def test_a_number_a_name_or_enter(
    typed: str,
    value: str,
    by_person: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = dialogue(monkeypatch, typed)
    answer = asked.choose(LLM, CHOICES, "ollama:llama3.2", "Which?", named)
    asked.over()
    assert answer == (value, by_person)
    said = capsys.readouterr().err
    assert said.splitlines()[:3] == ["  1. none", "  2. Llama: of Ollama", "  3. in here"]
    assert "Which? (Enter: 2) " in said
    assert "\x1b" not in said


@for_each(
    ("typed", "names"),
    [
        ("2 1", ["ryan", "joe"]),
        ("1, 2,1 joe", ["joe", "ryan"]),
        ("EN_us-ryan-medium", ["ryan"]),
        ("3", []),
        ("1 help", []),
        ("0", []),
    ],
)
def test_voices_are_named_or_numbered(typed: str, names: list[str]) -> None:
    offered = [known("en_US-joe-medium"), known("en_US-ryan-medium")]
    typed = typed.replace("joe", "en_US-joe-medium")
    assert [voice.name.split("-")[1] for voice in numbered(typed, offered)] == names


def test_the_end_of_the_input_leaves_all_and_what_was_answered_is_marked_the_next_time(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first = dialogue(monkeypatch, "3\n")
    first.choose(LLM, CHOICES, "skills", "Which?")
    with pytest.raises(KeyboardInterrupt):
        first.ask(WRITE, "Write?")
    second = dialogue(monkeypatch, "\n")
    assert second.resumes()
    assert second.choose(LLM, CHOICES, "skills", "Which?") == ("gguf:qwen", True)
    second.over()
    assert not dialogue(monkeypatch, "").resumes()


def test_enter_of_a_walk_that_was_broken_off_is_no_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it would take may be another thing the next time: a model server that runs then."""
    dialogue(monkeypatch, "\n").choose(LLM, CHOICES, "skills", "Which?")
    second = dialogue(monkeypatch, "\n")
    assert not second.resumes()
    assert second.choose(LLM, CHOICES, "ollama:llama3.2", "Which?") == ("ollama:llama3.2", False)
    assert dialogue(monkeypatch, "9\n" * 5).choose(LLM, CHOICES, "gguf:qwen", "Which?")[0] == "gguf:qwen"
    assert capsys.readouterr().err.endswith("Then it is what Enter takes: 3.\n")


def test_the_language_is_kept_when_it_is_broken_off_and_is_not_asked_for_without_end(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    english = load({"stt.language": "en"}, environment={})
    wanted = SetupOptions(llm="skills", stt="pocketsphinx", tts="none", only=(), test=False, asks=True)
    for typed, marked in (("Deutsch\n", "en"), ("nonsense\n" * 5, "de")):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        with pytest.raises(KeyboardInterrupt):  # where it would be written
            set_up(english, wanted)
        said = capsys.readouterr().err
        assert f"(Enter: {marked})" in said
        assert '  stt.language = "de" (now "en")' in said


def test_all_that_is_to_be_fetched_is_said_with_its_size_and_licence_before(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = dialogue(monkeypatch, "n\n")
    fetching = Fetching(asked.settings, asked, "")
    wanted = [known("tiny.en"), known("smollm2-360m-instruct"), known("tiny.en")]
    fetching.announce(wanted)
    whisper, model, whole, _ = capsys.readouterr().err.splitlines()
    assert whisper == "Speech recognition: tiny.en, about 78 MB, licence MIT."
    assert model == "Model: smollm2-360m-instruct, about 386 MB, licence Apache-2.0."
    assert whole.startswith("To fetch: about 464 MB, into ")
    assert [fetching.fetched(each) for each in wanted] == [False] * 3, "they were not wanted"
    fetching.check()


def test_a_device_that_was_asked_for_must_be_there_and_one_that_is_gone_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert choose_device("speaker", [], "auto", "") == ChosenDevice("", None)
    assert choose_device("speaker", [], "auto", "none") == ChosenDevice("none", None)
    with pytest.raises(DeviceError):
        choose_device("speaker", [], "auto", "a card that nobody has")
    gone = load({"speaker.sink": "a card that nobody has"}, environment={})
    set_up(gone, SetupOptions(only=("speaker",)))
    assert "loudspeaker" in capsys.readouterr().err


def configuration() -> Configuration:
    return load({}, environment={"ALOUD_LLM": "auto"}, file=config_file())


def test_what_was_chosen_is_shown_and_written_and_comments_stay(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = config_file()
    file.parent.mkdir(parents=True)
    file.write_text("# mine\n[tts]\nspeed = 1.2 # quick\n")
    chosen = {"llm.engine": "skills", "tts.speed": 1.2, "microphone.source": "USB"}
    write_chosen(chosen, configuration(), dialogue(monkeypatch, "n\n"), None)
    assert file.read_text() == "# mine\n[tts]\nspeed = 1.2 # quick\n"
    talk = dialogue(monkeypatch, "\n")
    talk.json = True
    write_chosen(chosen, configuration(), talk, None)
    captured = capsys.readouterr()
    assert '  llm.engine = "skills" (now "auto")' in captured.err
    assert "tts.speed" not in captured.err
    assert "ALOUD_LLM is set in your environment" in captured.err
    assert json.loads(captured.out)["changed"] == {"llm.engine": "skills", "microphone.source": "USB"}
    assert file.read_text() == (
        '# mine\n[tts]\nspeed = 1.2 # quick\n\n[llm]\nengine = "skills"\n\n[microphone]\nsource = "USB"\n'
    )
    write_chosen({}, configuration(), dialogue(monkeypatch, ""), None)
    assert "nothing to change" in capsys.readouterr().err
