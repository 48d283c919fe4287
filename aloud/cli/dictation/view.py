"""Readers of a dictation's events: the live view on standard error, plain sentences, and the exit status.

Standard output is for delivered text alone, so that ``aloud dictate > notes.txt`` holds nothing else.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from rich.console import Console, Group
from rich.text import Text

from aloud.cli.terminal.muted_microphone import QUESTION, Muted
from aloud.cli.terminal.redraw import RedrawnLines
from aloud.cli.terminal.renderers import device_lost
from config.runtime.clean import CleanText, clean
from config.runtime.printing import print_text
from pipeline import events
from pipeline.dictation import events as dictation_events
from pipeline.events import Event


class SpokenLines:
    """What a person must know though they watch nothing: failures, and why there is no text."""

    def __init__(self, *, quiet: bool = False, out: Callable[[CleanText], None] | None = None) -> None:
        self._quiet = quiet
        self._print = out or (lambda line: print_text(line, file=sys.stderr, flush=True))

    def __call__(self, event: Event) -> None:
        match event:
            case events.Failed():
                self._print(clean(f"aloud: {event.told}"))
            case events.DeviceLost():
                self._print(clean(f"aloud: {device_lost(event, 'What was said is kept.')}"))
            case events.DeviceOpened() if not self._quiet:
                self._print(clean(f"(Now with the {event.kind} “{event.device}”.)"))
            case dictation_events.TakeDone(state="cancelled"):
                self._print(clean(f"aloud: {event.reason}"))
            case dictation_events.TakeDone(state="delivered") if event.reason and (
                event.left or not self._quiet
            ):
                self._print(clean(f"({event.reason})"))
            case dictation_events.Wrote() if event.message and not self._quiet:
                self._print(clean(f"({event.message})"))
            case dictation_events.Delivered() if event.target != "stdout" and not self._quiet:
                self._print(clean(f"(Delivered to {event.target}.)"))
            case _:
                pass


class DictationLines(SpokenLines):
    """Those, and what state it is in, a line each that stays: for who hears the screen read aloud.

    What was heard is not among them: read aloud while one dictates, it would come through the microphone.
    """

    def __init__(self, hint: str, *, out: Callable[[CleanText], None] | None = None) -> None:
        super().__init__(out=out)
        self._hint = hint
        self._muted = Muted()

    def level(self, db: float, expected: bool = True) -> None:
        """Of the last frame, dBFS; says once when nothing arrives where sound is ``expected``."""
        if self._muted.push(db, expected):
            self._print(clean(QUESTION.capitalize()))

    def __call__(self, event: Event) -> None:
        match event:
            case events.Ready():
                self._print(clean(f"Ready, with {event.stt}. {self._hint}"))
            case dictation_events.TakeBegan():
                self._print(clean("Recording."))
            case dictation_events.TakeEnded():
                self._print(clean("Finishing."))
            case events.Slept():
                self._print(clean(f"Asleep. Say “{event.word}”."))
            case _:
                super().__call__(event)


class DictationView(RedrawnLines):
    """What is drawn is gone when the text is delivered, which may be to the same terminal."""

    def __init__(self, hint: str, console: Console | None = None) -> None:
        self._hint = hint
        self._state = "starting"
        self._text = self._committed = self._tentative = ""
        self._sentences = SpokenLines(out=lambda line: self._console.print(Text(line), highlight=False))
        # What is delivered to standard output may be going to a file.
        super().__init__(console or Console(stderr=True), redirected=False)

    def notify(self, event: Event) -> None:
        match event:
            case events.Ready():
                self._state = f"ready ({event.stt})"
            case dictation_events.TakeBegan():
                self._state, self._text = "● recording", ""
                self._live.start()
            case dictation_events.InterimTranscript():
                self._committed, self._tentative = event.committed, event.tentative
            case events.FinalTranscript():
                self._committed, self._tentative = event.text, ""
            case dictation_events.Wrote():
                self._text, self._committed, self._tentative = event.text, "", ""
            case dictation_events.TakeEnded():
                self._state, self._committed, self._tentative = "finishing", "", ""
            case dictation_events.Rewrote() if self._state == "finishing":
                self._live.stop()
            case dictation_events.Rewrote():
                self._text = event.text
            case dictation_events.RewriteDelta():
                self._tentative += event.text
            case dictation_events.TakeDone():
                self._state, self._text, self._tentative = event.state, "", ""
            case events.Slept():
                self._state = f"asleep: say “{event.word}”"
            case events.DeviceLost():
                self._meter.gone = self._meter.gone or event.kind == "microphone"
            case _:
                pass
        self._sentences(event)
        self._redraw()

    def _picture(self) -> Group:
        parts = ((self._text[-400:], ""), (self._committed, "bold"), (self._tentative, "dim italic"))
        words = Text(" ").join(Text(text.strip(" "), how) for text, how in parts if text.strip(" "))
        state = Text.assemble((f"{self._state:<12} ", "bold"), self._meter.drawn())
        return Group(state, Text(self._hint, "dim"), words)
