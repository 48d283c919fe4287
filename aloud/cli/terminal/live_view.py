"""The live view: state, level meter, the words as they come, the conversation above them."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, Group
from rich.text import Text

from aloud.cli.terminal.redraw import RedrawnLines
from aloud.cli.terminal.renderers import device_lost, tokens_line, waterfall
from config.runtime.installation import typed_here
from pipeline import events
from pipeline.events import Event
from pipeline.session.engines import EngineChoice, better


class LiveView(RedrawnLines):
    """``notify``, ``level`` and ``choices`` are what the conversation calls."""

    def __init__(self, console: Console | None = None, *, latency: bool = False) -> None:
        """``latency``: a waterfall after each turn."""
        self._latency = latency
        self._state = "starting"
        self._words = ""
        self._reply = ""
        self._typing = ""
        self._idle = "listening"
        super().__init__(console or Console())

    def typing(self, text: str) -> None:
        """The line that is being typed."""
        self._typing = text
        self._redraw()

    def choices(self, choices: Sequence[EngineChoice]) -> None:
        for choice in choices:
            self._print(f"[dim]{choice.sense:>6}: {choice.name} ({choice.why})[/dim]")
        improve = next((choice.improve for choice in choices if choice.improve), "")
        if improve:
            self._print(f"[dim]        {better(improve)}[/dim]")
            self._print(f"[dim]        {typed_here('More: aloud doctor')}. To end: Ctrl-C[/dim]")

    def notify(self, event: Event) -> None:
        match event:
            case events.Ready() if not event.stt:
                self._state = self._idle = "type a line"
            case events.Ready() | events.TurnDone() | events.SpeechIgnored():
                self._state, self._words = self._idle, ""
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
            case _:
                pass
        self._lines(event)
        self._redraw()

    def _lines(self, event: Event) -> None:
        match event:
            case events.FinalTranscript():
                self._state, self._words = "thinking", ""
                self._print(f"[bold]You[/bold]    {_plain(event.text)}")
            case events.ToolUsed() if event.turn < 0:
                self._print(f"[bold yellow]Timer[/bold yellow]  {_plain(event.result or '')}")
            case events.Interrupted():
                self._print(f"[bold cyan]Aloud[/bold cyan]  {_plain(event.heard)} [dim](interrupted)[/dim]")
            case events.Withdrawn():
                self._print(f"[bold]You[/bold]    {_plain(event.text)} [dim](the answer is withdrawn)[/dim]")
            case events.Spoke():
                if event.complete or not event.heard:
                    self._print(f"[bold cyan]Aloud[/bold cyan]  {_plain(self._reply.strip())}")
                self._reply = ""
            case events.DeviceLost():
                self._meter.gone = self._meter.gone or event.kind == "microphone"
                self._print(f"[bold red]Lost[/bold red]   {_plain(device_lost(event))}")
            case events.DeviceOpened():
                self._print(f"[bold]Found[/bold]  the {event.kind} “{_plain(event.device)}”")
            case events.Failed():
                self._print(f"[bold red]Failed[/bold red] {_plain(event.told)}")
            case events.TurnDone() if self._latency:
                for line in filter(None, (*waterfall(event.latency), tokens_line(event))):
                    self._print(f"[dim]{line}[/dim]")
            case _:
                pass

    def _print(self, markup: str) -> None:
        self._console.print(markup, highlight=False)

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


def _plain(text: str) -> str:
    """Square brackets in what was said are no markup."""
    return text.replace("[", r"\[")
