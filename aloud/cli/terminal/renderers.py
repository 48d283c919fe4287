"""Readers of events: JSON lines for scripts, plain lines for a log, and the waterfall of a turn."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TextIO

from aloud.cli.terminal.answer_lines import answer_lines
from aloud.cli.terminal.muted_microphone import QUESTION, Muted
from aloud.cli.terminal.tables import table_lines
from config.runtime.clean import EMPTY, CleanText, clean, joined
from config.runtime.printing import print_json, print_text
from pipeline import events
from pipeline.events import Event, Latency, Notify
from pipeline.session.engines import EngineChoice, betterment


def json_lines(out: TextIO) -> Notify:
    """One JSON object a line, each flushed as it happens."""

    def notify(event: Event) -> None:
        print_json(event.as_dict(), file=out)

    return notify


def both(*readers: Notify) -> Notify:
    def notify(event: Event) -> None:
        for reader in readers:
            reader(event)

    return notify


def device_lost(event: events.DeviceLost, kept: str = "") -> CleanText:
    """What failed, what was ``kept``, what to do."""
    failed = f"The {event.kind} “{event.device}” has gone."
    return clean(" ".join(filter(None, (failed, kept, "As soon as there is one, we go on. To end: Ctrl-C"))))


def file_opened(event: events.FileOpened) -> CleanText:
    """What can be asked about now, and what of it could not be read."""
    parts = "slides" if event.kind == "slides" else "pages"
    pages = f", {event.pages} {parts if event.pages > 1 else parts[:-1]}" if event.pages else ""
    where = " and ".join(event.sent_to)
    sent = f"What you ask about it goes to {where}, with the parts that are needed." if where else ""
    return clean(
        " ".join(filter(None, (f"{event.file} is open: {event.kind}{pages}.", event.left_out, sent)))
    )


STAGES = ("turn_end", "words", "first_token", "first_clause", "first_sound", "audible")
"""What a turn passes through after the voice has ended, in order."""


def stages(latency: Latency) -> Iterator[tuple[str, float, float]]:
    """(stage, begins, ends) in seconds after the end of speech; stages that did not happen are left out."""
    origin = latency.speech_end
    if origin is None:
        return
    before = 0.0
    for stage in STAGES:
        at = getattr(latency, stage)
        if at is not None:
            yield stage, before, max(before, at - origin)
            before = max(before, at - origin)


def waterfall(latency: Latency, width: int = 40) -> list[CleanText]:
    """A turn drawn as bars, a line a stage; empty for a typed question."""
    steps = list(stages(latency))
    if not steps:
        return []
    whole = max(steps[-1][2], 1e-6)
    lines: list[str] = []
    for stage, begins, ends in steps:
        left, right = round(begins / whole * width), round(ends / whole * width)
        bar = " " * left + "█" * max(right - left, 1 if ends > begins else 0)
        lines.append(f"  {stage.replace('_', ' '):<13} {bar:<{width + 1}} {(ends - begins) * 1000:6.0f} ms")
    lines.append(f"  {'voice to voice':<13} {'':<{width}} {whole * 1000:6.0f} ms")
    return [*map(clean, lines)]


def latency_line(latency: Latency) -> CleanText:
    """The same in one line, without drawing; empty for a typed question."""
    steps = list(stages(latency))
    if not steps:
        return EMPTY
    took = [f"{stage.replace('_', ' ')} {(ends - begins) * 1000:.0f} ms" for stage, begins, ends in steps]
    return clean(f"Latency: {', '.join(took)}; voice to voice {steps[-1][2] * 1000:.0f} ms.")


def tokens_line(done: events.TurnDone) -> CleanText:
    """What the model read and wrote; empty where none was asked, or where it does not say."""
    if done.tokens_in is None and done.tokens_out is None:
        return EMPTY
    known = f", {done.tokens_cached} of them known to it" if done.tokens_cached else ""
    thought = f", {done.tokens_thinking} of them in thought" if done.tokens_thinking else ""
    return clean(f"Tokens: {done.tokens_in or 0} read{known}; {done.tokens_out or 0} written{thought}.")


class PlainLines:
    """What was said and answered, each in one line that stays: for screen readers, pipes and logs.

    Everything is told once and in words, with no mark that would be read out. ``hint`` follows the first
    line: how to end it. ``typing``: a person at the keyboard may type as well.
    """

    def __init__(
        self,
        out: TextIO | None = None,
        *,
        quiet: bool = False,
        latency: bool = False,
        hint: str = "",
        typing: bool = False,
    ) -> None:
        self._out = out or sys.stdout
        self._quiet = quiet
        self._latency = latency
        self._hint = hint
        self._typing = typing
        self._reply = EMPTY
        self._muted = Muted()

    def choices(self, choices: Sequence[EngineChoice]) -> None:
        """How STT and voice would be better, where those that are always there are used."""
        if not self._quiet:
            for line in betterment(choices):
                self._line(line)

    def level(self, db: float, expected: bool = True) -> None:
        """Of the last frame, dBFS; says once when nothing arrives where sound is ``expected``."""
        if self._muted.push(db, expected) and not self._quiet:
            self._line(clean(QUESTION.capitalize()))

    def __call__(self, event: Event) -> None:
        match event:
            case events.DeviceLost():
                print_text(clean(f"aloud: {device_lost(event)}"), file=sys.stderr, flush=True)
            case events.FinalTranscript() if event.source == "voice":
                self._line(clean(f"You said: {event.text}"))
            case events.ReplyDelta():
                self._reply += event.text
            case events.ToolUsed() if event.turn < 0:
                self._line(clean(f"Timer: {event.result}"))
            case events.Interrupted():
                self._answer("Aloud, interrupted:", event.heard)
            case events.Withdrawn():
                self._line(
                    clean(f"Taken together: {event.text} (The answer that was interrupted is withdrawn.)")
                )
            case events.Spoke():
                if event.complete or not event.heard:
                    self._answer("Aloud:", self._reply)
                self._reply = EMPTY
            case events.Noticed():
                self._line(clean(f"Aloud: {event.text}"))
            case events.ConfirmationResolved() if event.outcome == "expired":
                self._line(clean("Aloud: nobody agreed to it in time, and it was not done."))
            case events.Failed():
                print_text(clean(f"aloud: {event.told}"), file=sys.stderr, flush=True)
            case _ if not self._quiet:
                self._state(event)

    def _state(self, event: Event) -> None:
        match event:
            case events.Ready():
                engines = {"stt": event.stt, "tts": event.tts, "llm": event.llm}
                used = ", ".join(f"{sense} {name}" for sense, name in engines.items() if name)
                begun = "Listening" if event.stt else "Type a line"
                typing = "You may type as well. " if event.stt and self._typing else ""
                self._line(clean(f"{begun}, with {used}. {typing}{self._hint}"))
            case events.DeviceOpened():
                self._line(clean(f"Now with the {event.kind} “{event.device}”."))
            case events.Woke():
                self._line(clean("Listening."))
            case events.Slept():
                self._line(clean(f"Asleep. Say “{event.word}”."))
            case events.Looked():
                for image in event.images:
                    sent = f", {image.sent_bytes} bytes to the model" if image.sent_bytes else ""
                    self._line(clean(f"Looking at {image.source}, {image.width} by {image.height}{sent}."))
            case events.FileOpened():
                self._line(file_opened(event))
            case events.TableShown():
                for line in table_lines(event, None):
                    self._line(line)
            case events.TurnDone() if self._latency:
                for line in filter(None, (latency_line(event.latency), tokens_line(event))):
                    self._line(line)
            case _:
                pass

    def _answer(self, who: str, text: CleanText) -> None:
        """Code in it keeps its lines."""
        for line in answer_lines(clean(f"{who}\n{text}")):
            print_text(line, file=self._out, flush=True)

    def _line(self, text: CleanText) -> None:
        """A text of several lines is one here."""
        print_text(joined(text.split(), " "), file=self._out, flush=True)
