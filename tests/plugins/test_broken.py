"""What cannot be used is told in a sentence, where it is asked for and by the doctor: whose, and why."""

from __future__ import annotations

import sys

import pytest

from config.runtime import plugins
from tests.plugins.kit import Site, example
from voice.stt.registry import STT

VOICE = "add-a-voice.md"
BEEPS = ("aloud.tts", "beeps", "aloud_beeps:beeps")


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import not_to_be_had", "ModuleNotFoundError: No module named 'not_to_be_had'"),
        ("beeps = print", "aloud_beeps:beeps is a builtin_function_or_method and no "),
        ("", "AttributeError: module 'aloud_beeps' has no attribute 'beeps'"),
        ("this is no Python", "SyntaxError: "),
        (
            f"{example(VOICE)}\nbeeps = Factory(lambda *_: 7)",
            "what it opens has no name, rate, warm, say or stream",
        ),
        (f"{example(VOICE)}\nbeeps = Factory(lambda: Beeps())", "TypeError: "),
    ],
)
def test_where_it_is_asked_for(site: Site, code: str, why: str) -> None:
    site.add(code, *BEEPS)
    done = site.aloud("say", "--tts", "beeps", "--speaker", "none.wav", "one")
    assert (done.status, done.out) == (4, "")
    assert done.err.startswith(
        "aloud: The plug-in beeps (tts) of the package aloud-beeps 1.0 cannot be used: "
    )
    assert why in done.err
    assert "Get a newer one, or remove it: " in done.err
    assert done.err.rstrip().endswith("uninstall aloud-beeps")
    assert len(done.err.splitlines()) == 1


def test_two_of_one_name_are_both_named(site: Site) -> None:
    site.add(example(VOICE), *BEEPS)
    site.add(example(VOICE), "aloud.tts", "beeps", "aloud_horns:beeps")
    done = site.aloud("say", "--tts", "beeps", "one")
    assert (done.status, done.out) == (4, "")
    for package in ("aloud-beeps 1.0", "aloud-horns 1.0"):
        assert package in done.err
    assert "both bring a tts called beeps. Keep one of them: " in done.err


def test_the_doctor_lists_them_one_by_one(site: Site) -> None:
    site.add_example(VOICE)
    site.add("import not_to_be_had", "aloud.llm", "lost", "aloud_lost:lost")
    site.add(example(VOICE), "aloud.tts", "espeak", "aloud_other:beeps")
    site.add("BANANA = 1", "aloud.tools", "banana", "aloud_banana:BANANA")
    site.add_example("add-a-tool.md")
    done = site.aloud("doctor", "--json")
    lines = [line for line in done.out.splitlines() if '"plug-in"' in line]
    assert done.status == 0, done.err
    assert len(lines) == 5
    told = "\n".join(lines)
    assert "from the package aloud-beeps 1.0; it is chosen by --tts beeps" in told
    assert "The plug-in lost (llm) of the package aloud-lost 1.0 cannot be used: ModuleNotFoundError" in told
    assert "The plug-in espeak (tts) of the package aloud-other 1.0 is not used: " in told
    assert "The tool banana cannot be used: aloud_banana:BANANA is no Tool." in told
    assert "uninstall aloud-banana" in told
    assert "a tool that a model may call" in told


def test_one_that_another_command_does_not_use_keeps_it_from_nothing(site: Site) -> None:
    site.add("import not_to_be_had", *BEEPS)
    assert site.aloud("config", "set", "tts", "beeps").status == 0
    assert site.aloud("transcribe", "--help").status == 0
    assert "cannot be used" in site.aloud("say", "one").err


def test_nothing_is_looked_for_where_a_name_is_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def scan(group: str, path: tuple[str, ...]) -> None:
        raise AssertionError(f"{group} was looked for, which takes time")

    monkeypatch.setattr(plugins, "_scanned", scan)
    assert STT.find("pocketsphinx") is not None
    assert STT.find("whisper") is not None
    assert "not_to_be_had" not in sys.modules
