"""What a person sees and is told of a dictation; standard output is never touched."""

from __future__ import annotations

import io
import math
import re
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from aloud.cli.dictation.view import DictationLines, DictationView, SpokenLines
from aloud.cli.terminal.live_view import LiveView
from aloud.cli.terminal.redraw import RedrawnLines
from pipeline import events
from pipeline.dictation import events as dictation_events
from pipeline.events import Event
from pipeline.session.engines import EngineChoice
from voice.audio.input.microphone import FRAME_S


def told(event: type[Event], **facts: Any) -> Event:
    return event(at=1.0, turn=0, **facts)


def test_words_are_seen_as_they_come_and_are_gone_before_the_text_is_delivered(
    capsys: pytest.CaptureFixture[str],
) -> None:
    screen = io.StringIO()
    with DictationView("space: end", Console(file=screen, force_terminal=True, width=80)) as view:
        view.notify(told(dictation_events.TakeBegan, take=1, style="clean"))
        view.notify(
            told(dictation_events.InterimTranscript, committed="Add milk", tentative="and bed [loud]")
        )
        view._live.refresh()
        assert "recording" in screen.getvalue()
        assert "Add milk" in screen.getvalue()
        assert "and bed [loud]" in screen.getvalue()
        view.notify(
            told(dictation_events.Wrote, command="refused", text="Add milk.", message="There is nothing.")
        )
        assert "(There is nothing.)" in screen.getvalue()
        view.notify(told(dictation_events.TakeEnded, take=1, by="end", seconds=3.0))
        view.notify(told(dictation_events.Rewrote, style="clean", text="Add milk.", reason=""))
        before = screen.getvalue()
        view._live.refresh()
        assert screen.getvalue() == before, "nothing is drawn over what is delivered"
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("quiet", [False, True])
def test_what_was_asked_for_and_left_undone_is_told_however_quiet(quiet: bool) -> None:
    lines: list[str] = []
    tell = SpokenLines(quiet=quiet, out=lines.append)
    facts: dict[str, Any] = {"take": 1, "state": "delivered", "reason": "The server closed the connection."}
    tell(told(dictation_events.TakeDone, left=True, **facts))
    assert lines == ["(The server closed the connection.)"]
    tell(told(dictation_events.TakeDone, **facts))
    assert len(lines) == (1 if quiet else 2)


def seen(view: RedrawnLines, screen: io.StringIO) -> str:
    """What is drawn now, without the colours; from the last line that was drawn over on."""
    screen.seek(0), screen.truncate()
    view._live.refresh()
    return without_colours(screen)


def without_colours(screen: io.StringIO) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen.getvalue())


def test_the_meter_tells_quiet_loud_no_sound_and_no_microphone() -> None:
    screen = io.StringIO()
    frames_in_3_s = math.ceil(3 / FRAME_S)
    with DictationView("Enter: end", Console(file=screen, force_terminal=True, width=80)) as view:
        view.notify(told(dictation_events.TakeBegan, take=1, style="clean"))
        view.level(-20.0)
        assert seen(view, screen).count("▮") == 16
        for _ in range(frames_in_3_s):
            view.level(-58.0)
        assert seen(view, screen).count("▮") == 1
        assert "● recording" in seen(view, screen)
        for _ in range(frames_in_3_s - 1):
            view.level(-120.0)
        assert "no sound arrives" not in seen(view, screen)
        view.level(-120.0)
        assert "no sound arrives: is the microphone muted?" in seen(view, screen)
        view.level(-50.0)
        assert "no sound arrives" not in seen(view, screen)
        view.notify(told(events.DeviceLost, kind="microphone", device="USB"))
        assert "there is no microphone" in seen(view, screen)
        view.level(-20.0)
        view.notify(told(events.DeviceLost, kind="speaker", device="USB"))
        assert "▮" in seen(view, screen)


def test_the_view_of_a_conversation_has_the_same_meter() -> None:
    screen = io.StringIO()
    with LiveView(Console(file=screen, force_terminal=True, width=80)) as view:
        view.notify(told(events.Ready, stt="pocketsphinx", tts="", llm="", vision=""))
        view.level(-20.0)
        assert seen(view, screen).count("▮") == 16
        view.notify(told(events.DeviceLost, kind="microphone", device="USB"))
        assert "there is no microphone" in seen(view, screen)
        view.level(-20.0)
        assert "listening" in seen(view, screen)
        assert seen(view, screen).count("▮") == 16


def test_no_sound_is_no_matter_while_it_speaks() -> None:
    screen = io.StringIO()
    with LiveView(Console(file=screen, force_terminal=True, width=80)) as view:
        for _ in range(math.ceil(3 / FRAME_S) * 2):
            view.level(-120.0, expected=False)
        assert "no sound arrives" not in seen(view, screen)
        view.level(-120.0)
        assert "no sound arrives" not in seen(view, screen), "the 3 s begin when it has spoken"


LATENCY = events.Latency(speech_end=1.0, turn_end=1.6, audible=2.0)


@pytest.mark.parametrize("asked", [False, True])
def test_the_waterfall_is_drawn_when_it_is_asked_for(asked: bool) -> None:
    screen = io.StringIO()
    with LiveView(Console(file=screen, force_terminal=True, width=80), latency=asked) as view:
        view.notify(told(events.TurnDone, latency=LATENCY))
    assert ("voice to voice" in screen.getvalue()) == asked


def test_a_dictation_that_is_read_aloud_tells_its_states_and_no_words() -> None:
    lines: list[str] = []
    reader = DictationLines("To end: Enter. To discard it: Esc", out=lines.append)
    for event in (
        told(events.Ready, stt="pocketsphinx", tts="", llm="", vision=""),
        told(dictation_events.TakeBegan, take=1, style="clean"),
        told(dictation_events.InterimTranscript, committed="Add milk", tentative="and"),
        told(events.DeviceLost, kind="microphone", device="USB"),
        told(dictation_events.TakeEnded, take=1, by="end", seconds=3.0),
        told(dictation_events.Delivered, take=1, target="clipboard", delivery="", text="Add milk."),
    ):
        reader(event)
    assert lines == [
        "Ready, with pocketsphinx. To end: Enter. To discard it: Esc",
        "Recording.",
        "aloud: The microphone “USB” has gone. What was said is kept. As soon as there is one, we go on."
        " To end: Ctrl-C",
        "Finishing.",
        "(Delivered to clipboard.)",
    ]


def test_without_a_view_only_what_a_person_must_know(capsys: pytest.CaptureFixture[str]) -> None:
    sentences = SpokenLines()
    for event in (
        told(dictation_events.InterimTranscript, committed="Add", tentative="milk"),
        told(events.Failed, error="StorageError", message="The disk is full.", kept="0:12 are kept."),
        told(events.DeviceLost, kind="microphone", device="USB"),
        told(events.DeviceOpened, kind="microphone", device="built in"),
        told(dictation_events.Delivered, take=1, target="file:/x", delivery="", text="Add milk."),
        told(dictation_events.TakeDone, take=1, state="delivered", reason="It dropped a number."),
        told(dictation_events.TakeDone, take=2, state="cancelled", reason="Nothing was said."),
    ):
        sentences(event)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.splitlines() == [
        "aloud: The disk is full. 0:12 are kept.",
        "aloud: The microphone “USB” has gone. What was said is kept. As soon as there is one, we go on."
        " To end: Ctrl-C",
        "(Now with the microphone “built in”.)",
        "(Delivered to file:/x.)",
        "(It dropped a number.)",
        "aloud: Nothing was said.",
    ]


MARKUP = (
    *("[x = 5] [/bold] [red]", r"\[/bold]", r"\[x = 5\]", "[bold", "\\", ":smile:"),
    "[link=http://a.b]c[/link]",
)


def test_no_view_takes_what_was_said_for_markup() -> None:
    screen = io.StringIO()
    with LiveView(Console(file=screen, force_terminal=True, width=200)) as view:
        for text in MARKUP:
            view.notify(told(events.PreflightTranscript, text=text))
            assert text in seen(view, screen)
            view.notify(told(events.FinalTranscript, text=text, speech_end=1.0, confidence=1.0))
            view.notify(told(events.ReplyDelta, text=text))
            view.notify(told(events.Spoke, heard=text, complete=True))
            view.notify(told(events.Interrupted, heard=text))
            view.notify(told(events.Withdrawn, heard=text, text=text))
            view.notify(told(events.Failed, error="LlmError", message=text, kept="", todo=""))
            view.notify(told(events.DeviceLost, kind="microphone", device=text))
            view.notify(replace(told(events.ToolUsed, tool="timer", arguments={}, result=text), turn=-1))
            view.choices([EngineChoice("stt", text, text, text)])
            stays = re.findall(rf"^.*{re.escape(text)}.*$", without_colours(screen), re.MULTILINE)
            assert len(stays) >= 9, stays
            view.notify(told(events.Slept, word=text))
            assert text in seen(view, screen)
