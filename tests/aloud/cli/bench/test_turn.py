"""The benchmarks of turns, small: what they count, what they draw, how they end."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from aloud.cli import bench
from aloud.cli.bench import Figure, Options, drawing, start
from aloud.cli.bench.model_server import split
from bench.conversation import hesitate, hesitations, llm, scale, soak
from bench.conversation.told import ToldStt, speak
from config.errors import UsageError
from voice.audio.samples import HEARING_RATE

HISS = np.random.default_rng(1)


def test_told_ears_know_what_has_been_spoken_whole() -> None:
    question = speak(("set a timer for", "five minutes"), "en-us", 600, HISS)
    first, second = question.ends
    stt = ToldStt(lambda: question.words_until(heard))
    heard = first - HEARING_RATE
    assert stt.finish().text == ""
    heard = first
    assert stt.preflight().text == "set a timer for"
    heard = second
    assert stt.preflight().text == "set a timer for five minutes"
    pause = question.sound[first : first + 8000]
    assert -62 < 20 * math.log10(float(np.sqrt(np.mean(pause**2)))) < -58


@pytest.fixture(scope="module")
def engines() -> hesitate.Engines:
    return hesitate._open(Options())


@pytest.mark.parametrize(
    ("segments", "pause_ms", "cut_off"),
    [
        (("what is the", "capital of france"), 1200, False),
        (("what time is it", "in tokyo"), 1200, True),
        (("who wrote hamlet",), 0, False),
    ],
)
def test_who_hesitates(
    engines: hesitate.Engines, segments: tuple[str, ...], pause_ms: int, cut_off: bool
) -> None:
    import functools

    from pipeline.session.run import run_async

    question = speak(segments, "en-us", pause_ms, HISS)
    outcome = run_async(functools.partial(hesitate._hear, question, engines), fast=True)
    assert (outcome.turn_end < 0) == cut_off
    assert (outcome.sound < 0) == cut_off
    if not cut_off:
        assert 250 < outcome.turn_end < 700  # of the fast clock: no matter how busy the machine is
        assert outcome.turn_end <= outcome.sound


def test_hesitation_counts_turns_and_sounds_apart() -> None:
    question = speak(("why",), "en-us", 0, HISS)
    early, heard, fine = ((-5.0, 3.0), (-9.0, -1.0), (350.0, 360.0))
    told = {
        "unfinished": [hesitate.Outcome(question, *each) for each in (early, heard, fine, fine)],
        "unseen": [hesitate.Outcome(question, *early)],
        "complete": [hesitate.Outcome(question, *fine)],
    }
    figures = {figure.name: figure.value for figure in hesitate._figures(told)}
    assert figures["turn ended in a pause"] == 50
    assert figures["answer sounded before the end"] == 25
    assert figures["  turn ended, unseen"] == 1
    assert figures["wait after a complete question, median"] == 350


def test_forty_hesitate_and_twenty_do_not() -> None:
    blocks = (hesitations.UNFINISHED, hesitations.LEADING, hesitations.EXTENDED)
    hesitant = [line for block in blocks for line in hesitate._lines(block)]
    assert [len(hesitant), len(hesitate._lines(hesitations.COMPLETE))] == [40, 20]
    assert all(len(line) == 2 for line in hesitant)
    assert {300, 1500} <= set(hesitate.PAUSES_MS)


def test_what_a_process_holds_is_counted(tmp_path: Path) -> None:
    before = list(soak._open_files())
    with (tmp_path / "held").open("w"):
        after = list(soak._open_files())
    if before:  # Linux
        assert len(after) == len(before) + 1


def test_sessions_keep_up_while_they_answer_in_time() -> None:
    alone = scale.Trial(1, 5, 5, [0.4] * 5)
    assert scale.Trial(8, 16, 16, [0.59] * 16).keeps_up(alone)
    assert not scale.Trial(8, 16, 16, [0.61] * 16).keeps_up(alone)
    assert not scale.Trial(8, 15, 16, [0.4] * 15).keeps_up(alone)
    assert not scale.Trial(8, 0, 16, []).keeps_up(alone)


def test_the_mind_is_measured_whole() -> None:
    figures = {figure.name: figure for figure in llm.measure(Options(rounds=2))}
    assert figures["requests each"].value == 2
    assert figures["tokens an answer"].value == len(split(llm.LONG))
    assert figures["a token from the wire to the TTS, all three"].value > 0
    assert "".join(llm._cut(llm._parse(llm._events(llm.LONG)))) == llm.LONG


def test_a_waterfall_is_drawn(tmp_path: Path) -> None:
    from PIL import Image

    stages = [drawing.Stage("turn end", 0, 350, 380), drawing.Stage("words", 350, 350, 380)]
    path = tmp_path / "turn.png"
    drawing.draw([drawing.Panel("with preemptive answers", stages)], "Aloud", "a machine", path)
    with Image.open(path) as image:
        colours = {colour for _, colour in image.convert("RGB").getcolors(1 << 20) or []}
        assert image.format == "PNG"
    assert tuple(bytes.fromhex(drawing._COLOURS[0][1:])) in colours


def test_a_picture_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        drawing.draw([], "", "", tmp_path / "nowhere" / "turn.png")


def test_a_limit_that_is_not_met_is_the_exit_status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = [Figure("quick", 9, "ms", 5), Figure("many", 9, "", 5, "higher"), Figure("told", 9, "ms")]
    monkeypatch.setattr(start, "measure", lambda options: figures)
    with pytest.raises(SystemExit) as exit:
        bench.run("start", Options(), json=True)
    assert exit.value.code == 1
    printed = json.loads(capsys.readouterr().out)
    assert printed["bench"] == "start"
    assert [figure["met"] for figure in printed["figures"]] == [False, True, True]
