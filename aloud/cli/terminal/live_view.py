"""The live view: state, level meter, the words as they come, the conversation above them."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, Group
from rich.text import Text

from aloud.cli.terminal.redraw import RedrawnLines
from aloud.cli.terminal.renderers import device_lost, file_opened, tokens_line, waterfall
from aloud.cli.terminal.tables import table_lines
from config.runtime.clean import EMPTY, CleanText, clean
from config.runtime.installation import typed_here
from pipeline import events
from pipeline.events import Event
from pipeline.session.engines import EngineChoice, better

_YOU = (clean("You    "), "bold")
_ALOUD = (clean("Aloud  "), "bold cyan")
_TIMER = (clean("Timer  "), "bold yellow")
_LOST = (clean("Lost   "), "bold red")
_FOUND = (clean("Found  "), "bold")
_FAILED = (clean("Failed "), "bold red")
_INTERRUPTED = (clean(" (interrupted)"), "dim")
_WITHDRAWN = (clean(" (the answer is withdrawn)"), "dim")


class LiveView(RedrawnLines):
    """``notify``, ``level`` and ``choices`` are what the conversation calls."""

    def __init__(self, console: Console | None = None, *, latency: bool = False) -> None:
        """``latency``: a waterfall after each turn."""
        self._latency = latency
        self._state = "starting"
        self._words = EMPTY
        self._reply = EMPTY
        self._typing = EMPTY
        self._idle = self._idle_before = "listening"
        super().__init__(console or Console())

    def typing(self, text: CleanText) -> None:
        """The line that is being typed."""
        self._typing = text
        self._redraw()

    def choices(self, choices: Sequence[EngineChoice]) -> None:
        for choice in choices:
            self._print((clean(f"{choice.sense:>6}: {choice.name} ({choice.why})"), "dim"))
        improve = next((choice.improve for choice in choices if choice.improve), "")
        if improve:
            self._print((clean(f"        {better(improve)}"), "dim"))
            self._print((clean(f"        {typed_here('More: aloud doctor')}. To end: Ctrl-C"), "dim"))

    def notify(self, event: Event) -> None:
        match event:
            case events.Ready() if not event.stt:
                self._state = self._idle = "type a line"
            case events.Ready() | events.TurnDone() | events.SpeechIgnored():
                self._state, self._words = self._idle, EMPTY
            case events.Woke():
                self._state = self._idle = "listening"
            case events.Slept():
                self._state = self._idle = f"asleep: say “{event.word}”"
            case events.SpeechStarted():
                self._state = "hearing you"
            case events.PreflightTranscript():
                self._words = event.text
            case events.ReplyDelta():
                self._reply += event.text
            case events.Speaking():
                self._state = "speaking"
            case events.ConfirmationRequested():
                self._idle_before, self._idle = self._idle, "yes or no?"
            case events.ConfirmationResolved():
                self._idle = self._idle_before
            case _:
                pass
        self._lines(event)
        self._redraw()

    def _lines(self, event: Event) -> None:
        match event:
            case events.FinalTranscript():
                self._state, self._words = "thinking", EMPTY
                self._print(_YOU, event.text)
            case events.ToolUsed() if event.turn < 0:
                self._print(_TIMER, event.result or EMPTY)
            case events.Interrupted():
                self._print(_ALOUD, event.heard, _INTERRUPTED)
            case events.Withdrawn():
                self._print(_YOU, event.text, _WITHDRAWN)
            case events.Spoke():
                if event.complete or not event.heard:
                    self._print(_ALOUD, self._reply.strip())
                self._reply = EMPTY
            case events.ConfirmationResolved() if event.outcome == "expired":
                self._print(_ALOUD, clean("nobody agreed to it in time, and it was not done"))
            case events.DeviceLost():
                self._meter.gone = self._meter.gone or event.kind == "microphone"
                self._print(_LOST, device_lost(event))
            case events.FileOpened():
                self._print(_FOUND, file_opened(event))
            case events.TableShown():
                for line in table_lines(event, self._console.width):
                    self._print(line)
            case events.DeviceOpened():
                self._print(_FOUND, clean(f"the {event.kind} “{event.device}”"))
            case events.Failed():
                self._print(_FAILED, event.told)
            case events.TurnDone() if self._latency:
                for line in filter(None, (*waterfall(event.latency), tokens_line(event))):
                    self._print((line, "dim"))
            case _:
                pass

    def _print(self, *parts: CleanText | tuple[CleanText, str]) -> None:
        """Each with its style, if it has one. No markup is looked for: what was said may look like it."""
        self._console.print(Text.assemble(*parts), highlight=False)

    def _picture(self) -> Group:
        line = Text.assemble((f"{self._state:<12}", "bold"), self._meter.drawn())
        rows = [line]
        if self._typing:
            rows.append(Text(f"› {self._typing}▏", "bold"))
        if self._words:
            rows.append(Text(f"  {self._words} …", "italic"))
        if self._reply:
            rows.append(Text(f"  {self._reply.strip()}", "cyan"))
        return Group(*rows)
