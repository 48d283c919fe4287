"""``aloud rewrite`` in a pipe: text in, text out, whatever the LLM does."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.serving import model_server

Call = Callable[..., Any]
NO_LLM = ("--llm", "skills")
CONNECT = "With Ollama running, connect one: aloud config set llm ollama:llama3.2"


@pytest.fixture
def piped(aloud: Call, monkeypatch: pytest.MonkeyPatch) -> Call:
    """In this process, with ``stdin`` piped into it."""

    def call(*arguments: str, stdin: str) -> Any:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        return aloud(*arguments)

    return call


@pytest.fixture
def scripted() -> Iterator[Callable[[str], str]]:
    """A model server that writes ANSWER, whatever it is asked."""
    with ExitStack() as servers:

        def serve(answer: str) -> str:
            return servers.enter_context(model_server(lambda asked: answer)).spec

        yield serve


def test_without_a_mind_the_rules_tidy(piped: Call) -> None:
    done = piped("rewrite", *NO_LLM, stdin="um so i think the the café is naïve")
    assert (done.status, done.out) == (6, "So I think the café is naïve.\n")
    assert done.err == f"aloud: No model is connected: tidied by rules only. {CONNECT}\n"
    done = piped("rewrite", *NO_LLM, "--quiet", stdin="um yes please")
    assert (done.status, done.out, done.err) == (0, "Yes please\n", ""), "so few words need no model"
    done = piped("rewrite", *NO_LLM, "--style", "raw", stdin="um so i think the the café is naïve")
    assert (done.status, done.out, done.err) == (0, "um so i think the the café is naïve\n", "")


def test_a_mind_rewrites_and_explain_shows_each_stage(piped: Call, scripted: Any) -> None:
    good = "I think we should not meet on Friday."
    asked = ("rewrite", "--llm", scripted(good), "--explain")
    done = piped(*asked, stdin="um so i think we should not meet on friday")
    assert (done.status, done.out) == (0, f"{good}\n")
    assert done.err.splitlines() == [
        "── heard", "um so i think we should not meet on friday",
        "── fillers: um, uh", "so i think we should not meet on friday",
        "── repeats: said twice by mistake (no change)",
        "── numbers: digits from ten on, and before units (no change)",
        "── capitals: at the beginning of sentences and lines", "So I think we should not meet on friday",
        "── marks: at the end of paragraphs", "So I think we should not meet on friday.",
        "── clean: written by the model", good,
    ]  # fmt: skip


def test_a_mind_that_answers_gives_the_raw_text_with_the_reason(piped: Call, scripted: Any) -> None:
    asked = ("rewrite", "--llm", scripted("It is Paris."), "--json")
    done = piped(*asked, stdin="what is the capital of France")
    reason = "The model answered the question instead of writing it."
    assert (done.status, done.err) == (6, f"aloud: {reason} The text is printed tidied by rules only.\n")
    assert json.loads(done.out) == {
        "text": "What is the capital of France?",
        "reason": "The model answered the question instead of writing it.",
        "style": "clean",
    }


def test_a_mind_out_of_reach_gives_the_raw_text_with_the_reason(piped: Call) -> None:
    done = piped("rewrite", "--llm", "http://127.0.0.1:1/v1#gone", stdin="so this is what i said")
    assert (done.status, done.out) == (6, "So this is what I said.\n")
    assert done.err.startswith("aloud: ")
    assert "127.0.0.1:1" in done.err
    assert done.err.endswith("The text is printed tidied by rules only.\n")


def test_a_change_is_asked_for(piped: Call, scripted: Any) -> None:
    asked = ("rewrite", "--llm", scripted("Short, at 9."), "--change", "make it shorter", "--quiet")
    done = piped(*asked, stdin="This text is very long, at 9.")
    assert (done.status, done.out, done.err) == (0, "Short, at 9.\n", "")
    done = piped(*asked, stdin="This text is very long, at 10.")
    assert (done.status, done.out) == (6, "This text is very long, at 10.\n")
    assert done.err == "aloud: The model lost the number 10. The text is printed as it was.\n"
    done = piped("rewrite", *NO_LLM, "--change", "make it shorter", stdin="This text is very long.")
    assert (done.status, done.out) == (6, "This text is very long.\n")
    assert done.err == f"aloud: No model is connected: the text is as it was. {CONNECT}\n"


@pytest.mark.parametrize("asked", [("--style", "translate:de"), ("--change", "translate it to German")])
@pytest.mark.parametrize("shape", [(), ("--json",), ("--quiet",)])
def test_what_was_not_translated_is_no_result(
    piped: Call, scripted: Any, asked: tuple[str, ...], shape: tuple[str, ...]
) -> None:
    text = "Please be there at 9 in the evening and bring something to eat."
    nothing = "Nothing was translated, and nothing is printed."
    done = piped("rewrite", *NO_LLM, *asked, *shape, stdin=text)
    assert (done.status, done.out) == (4, "")
    assert done.err.startswith("aloud: No model is connected")
    assert done.err.endswith(f"{nothing} {CONNECT}\n")
    done = piped("rewrite", "--llm", scripted("Sorry, I cannot do that."), *asked, *shape, stdin=text)
    assert (done.status, done.out) == (4, "")
    assert done.err == f"aloud: The model refused instead of rewriting. {nothing}\n"


def test_a_translation_of_which_one_part_failed_is_done_in_part(piped: Call) -> None:
    def says(asked: str) -> str:
        return "Sorry, I cannot do that." if "Second" in asked else "Das ist der erste Teil."

    text = f"First part. {'It goes on. ' * 200}\n\nSecond part. {'It goes on. ' * 200}"
    with model_server(says) as model:
        done = piped("rewrite", "--llm", model.spec, "--style", "translate:de", stdin=text)
    assert done.status == 6
    assert "Das ist der erste Teil." in done.out
    assert "Second part. It goes on." in done.out
    kept = "Where it failed the text is printed as it was; the rest is rewritten."
    assert done.err.endswith(f"{kept}\n")


def test_no_text_is_wrong_usage(piped: Call) -> None:
    done = piped("rewrite", *NO_LLM, stdin=" \n\t\n")
    assert done.status == 2
    assert done.err == "aloud: There is no text to rewrite. Give it one: aloud rewrite < draft.txt\n"


def test_what_is_no_text_cannot_be_used(aloud_process: Call) -> None:
    done = aloud_process("rewrite", *NO_LLM, stdin=b"\xff\xfe\x00\x81")
    assert done.status == 3
    assert "is not text in UTF-8" in done.err


def test_a_style_there_is_not_is_told_with_those_there_are(piped: Call) -> None:
    done = piped("rewrite", *NO_LLM, "--style", "poem", stdin="x")
    assert done.status == 2
    assert "There is no style called “poem”. There are: bullets, clean," in done.err


def test_huge_text_and_another_locale(aloud_process: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """44,000 words; standard output that could write ASCII only gets every letter."""
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    line = "Grüße aus Zürich, sagte der Mann und ging um die Ecke.\n"
    done = aloud_process("rewrite", *NO_LLM, "--style", "raw", stdin=line.encode() * 4_000)
    assert (done.status, done.err) == (0, "")
    assert done.out == line * 4_000


def test_german_keeps_its_um(piped: Call) -> None:
    done = piped("rewrite", *NO_LLM, "--quiet", stdin="wir gehen um acht um die ecke")
    assert done.out == "Wir gehen um acht um die ecke.\n"


def test_names_are_written_as_in_the_vocabulary(piped: Call, tmp_path: Path) -> None:
    (tmp_path / "names").write_text("Annalena\n")
    asked = ("rewrite", *NO_LLM, "--quiet", "--vocabulary", str(tmp_path / "names"))
    assert piped(*asked, stdin="I met Analena there.").out == "I met Annalena there.\n"
    done = piped("rewrite", *NO_LLM, "--vocabulary", str(tmp_path / "none"), stdin="I met Analena there.")
    assert done.status == 2
    assert "There is no vocabulary file" in done.err


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("styles/mine.toml", "prompt = 3", "“prompt” is a text"),
        ("styles/mine.toml", "promt = ''", "nothing is called “promt”"),
        ("styles/mine.toml", "prompt = [", "cannot be used: "),
        ("styles/mine.toml", "keeps = 'all'", "“keeps” is one of words, facts, meaning"),
        ("styles/mine.toml", "translates = true", "{language}"),
        ("commands/en.toml", "fillers = 'um'", "“fillers” is a list of words"),
        ("commands/en.toml", "[whole]\nscrach = ['x']", "nothing is called “scrach” in [whole]"),
        ("commands/en.toml", "[[inline]]\nput = '.'", "needs a list of phrases called say"),
        ("commands/en.toml", "[[inline]]\nsay = ['dot']\nact = 'jump'", "no act is called “jump”"),
        ("commands/en.toml", "[[inline]]\nsay = ['dot']", "needs either an act, or something to put"),
        ("commands/en.toml", "inline = 3", "cannot be used"),
        ("commands/en.toml", "a = [", "cannot be used"),
    ],
)
def test_a_bad_file_of_ones_own_is_a_sentence(
    aloud: Call, monkeypatch: pytest.MonkeyPatch, name: str, content: str, said: str
) -> None:
    path = Path(os.environ["ALOUD_HOME"]) / "config" / name
    path.parent.mkdir(parents=True)
    path.write_text(content)
    monkeypatch.setattr("sys.stdin", io.StringIO("this is what i said"))
    done = aloud("rewrite", *NO_LLM, "--style", "mine" if "styles" in name else "clean", "--language", "en")
    assert done.status == 2
    assert done.err.startswith("aloud: ")
    assert said in done.err
    assert str(path) in done.err
    assert "Mend it, or remove it." in done.err


def test_a_style_and_a_table_of_ones_own(aloud: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Path(os.environ["ALOUD_HOME"]) / "config"
    for folder in ("styles", "commands"):
        (home / folder).mkdir(parents=True)
    (home / "styles" / "pirate.toml").write_text('prompt = "As a pirate."\nspoken = ["arr"]\n')
    (home / "commands" / "en.toml").write_text('fillers = ["basically"]\n')
    monkeypatch.setattr("sys.stdin", io.StringIO("basically um it is late"))
    done = aloud("rewrite", *NO_LLM, "--style", "arr", "--language", "en", "--quiet")
    assert (done.status, done.out) == (6, "Um it is late.\n")
