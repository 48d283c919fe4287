"""A dictation that is changed by voice, by a real LLM on a real socket; and one that is copied by voice."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.aloud.dictated import BREAD, CAR, PLANTS, also_obey, takes
from tests.screens import xvfb
from tests.serving import Model, model_server

Call = Callable[..., Any]

SHORT = "Add milk and bread to the list."
FRIENDLY = "Guess what: yesterday Peter found a red car near the station!"
SECOND = "Rewrite the second paragraph."
"""This person's way of wishing: the STT of the tests know it, and no "second paragraph friendlier"."""


@pytest.fixture
def stt(models: Path) -> tuple[str, ...]:
    return ("--fast", "--stt", f"whisper:{models / 'whisper-micro'}", "--language", "en", "--style", "raw")


@pytest.fixture
def llm() -> Iterator[Model]:
    """Writes each of the two sentences as was wished."""

    def says(asked: str) -> str:
        return asked.split("\n")[1].replace(BREAD, SHORT).replace(CAR, FRIENDLY)

    with model_server(says) as model:
        yield model


def test_shorter_then_the_second_paragraph_then_undone(
    aloud: Call, say: Call, stt: tuple[str, ...], llm: Model
) -> None:
    also_obey("change", "rewrite the {nth} paragraph")
    said = say(BREAD, "Make it shorter.", "New paragraph.", CAR, SECOND, 0.5)
    changed = aloud("dictate", *said, *stt, "--llm", llm.spec)
    assert (changed.status, changed.err) == (0, "")
    assert changed.out == f"{SHORT}\n\n{FRIENDLY}\n"
    requests = [
        (asked[0]["content"].splitlines()[-1], asked[1]["content"].split("\n")[1]) for asked in llm.asked
    ]
    assert requests == [
        ("The author asks: Make it shorter", BREAD),
        ("The author asks: Rewrite the second paragraph (the text is that paragraph alone)", CAR),
    ]
    undone = aloud("dictate", *say(BREAD, "Make it shorter.", "Undo that."), *stt, "--llm", llm.spec)
    assert (undone.status, undone.out, undone.err) == (0, f"{BREAD}\n", "")


def test_what_was_delivered_is_changed_where_it_lies(
    aloud: Call, say: Call, stt: tuple[str, ...], llm: Model, tmp_path: Path
) -> None:
    """The wish comes after "send it", on an empty page: it means the take before."""
    also_obey("send", "send a message to peter")
    out = tmp_path / "notes.md"
    said = say(BREAD, "Send a message to Peter.", "Make it shorter.", PLANTS)
    outcome = aloud("dictate", *said, *stt, "--llm", llm.spec, "--to", f"file:{out}")
    assert outcome.status == 0, outcome.err
    assert out.read_text("utf-8") == f"{SHORT}\n{PLANTS}\n"
    assert [take.final for take in takes()] == [SHORT, PLANTS]


def test_a_mind_that_does_something_else_changes_nothing_and_says_so(
    aloud: Call, say: Call, stt: tuple[str, ...]
) -> None:
    answers = iter(["I'm sorry, but I can't do that.", "It is Paris."])
    said = say(BREAD, "Make it shorter.", "Make it longer.")
    with model_server(lambda asked: next(answers)) as model:
        outcome = aloud("dictate", *said, *stt, "--llm", model.spec)
    assert (outcome.status, outcome.out) == (6, f"{BREAD}\n")
    assert outcome.err == "(The model refused instead of rewriting.)\n(The model wrote something else.)\n"


def test_a_small_model_of_llama_cpp_ends_it_with_a_text(
    aloud: Call, say: Call, stt: tuple[str, ...], llama: str
) -> None:
    """It knows nothing of rewriting: the text is a new one, or the old one with the reason."""
    said = say(BREAD, "Make it shorter.", "Make it more friendly.")
    outcome = aloud("dictate", *said, *stt, "--llm", f"{llama}#llm-micro", "--json")
    reasons = [wrote["message"] for wrote in outcome.of("wrote") if wrote["command"] == "change"]
    texts = [wrote["text"] for wrote in outcome.of("wrote")]
    assert len(reasons) == 2
    left = [reason for reason in (*reasons, *(done["reason"] for done in outcome.of("take_done"))) if reason]
    assert outcome.status == (6 if left else 0), outcome.err
    for before, after, reason in zip(texts[:-1], texts[1:], reasons, strict=True):
        assert (after == before) == bool(reason)
    assert [event["text"] for event in outcome.of("delivered")] == [texts[-1]]


@pytest.fixture
def copy_command() -> None:
    """ "Read the text back to me" is this person's "copy that": the STT of the tests know no such words."""
    also_obey("copy", "read the text back to me")


@pytest.mark.usefixtures("copy_command")
def test_copied_by_voice_it_is_on_the_clipboard(
    aloud: Call, say: Call, stt: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What there was by then; the take goes on."""
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with xvfb("640x480") as display:
        monkeypatch.setenv("DISPLAY", display)
        copy = ["xclip", "-in", "-selection", "clipboard"]  # whose owner keeps the server from resetting
        quiet = subprocess.DEVNULL
        subprocess.run(copy, input=b"something else", stdout=quiet, stderr=quiet, check=True, timeout=10)
        said = say(CAR, "Read the text back to me.", BREAD)
        outcome = aloud("dictate", *said, *stt, "--llm", "skills")
        show = ["xclip", "-out", "-selection", "clipboard"]
        copied = subprocess.run(show, capture_output=True, check=True, timeout=10).stdout
    assert (outcome.status, outcome.err) == (0, "(Copied.)\n")
    assert (outcome.out, copied.decode()) == (f"{CAR} {BREAD}\n", CAR)


@pytest.mark.usefixtures("copy_command")
def test_copied_by_voice_where_there_is_no_clipboard(
    aloud: Call, say: Call, stt: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("WAYLAND_DISPLAY", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    said = say(CAR, "Read the text back to me.")
    outcome = aloud("dictate", *said, *stt, "--llm", "skills")
    assert (outcome.status, outcome.out) == (0, f"{CAR}\n")
    assert "There is no clipboard here" in outcome.err
