"""What steers the talk itself, obeyed without an LLM. "Repeat that", "go on", "slower"."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from config.language.phrases import Phrases, phrases
from pipeline.conversation.reading_position import ReadingPosition
from pipeline.conversation.unheard import UnheardRemainder
from pipeline.conversation.voice_output import VoiceOutput
from pipeline.intents.controls import Kind
from pipeline.intents.reading_controls import ReadingControl
from pipeline.pictures.spelling import chosen, spelled

SPEEDS = (0.5, 2.0)
VOLUMES = (0.1, 2.0)
_SOUND: tuple[Kind, ...] = ("slower", "faster", "louder", "quieter")
_SPEED_STEP = 1.2
"""Two steps are heard as clearly slower; one is a little slower, as it was asked."""
_VOLUME_STEP = 1.5
"""3.5 dB: just clearly louder."""


@dataclass(frozen=True, slots=True)
class ControlAction:
    """How an utterance that steers is answered: first ``effect``, then the words, then the text."""

    words: str = ""
    """Already in their spoken form."""
    text: str = ""
    effect: Callable[[], Awaitable[str]] | None = None
    """Changes something, once the turn is surely over; returns what to say instead, or nothing."""
    llm_goes_on: bool = False
    """The answer had not been all written: the LLM writes the rest."""
    reads: bool = False
    """It is from the text at the reading position."""


class PlaybackControls:
    """Remembers the last answer and what of it was not heard."""

    def __init__(self, voice: VoiceOutput | None) -> None:
        self._voice = voice
        self.sleep: Callable[[str], Awaitable[str]] | None = None
        """Stops listening; returns what to say, in that language. None where nothing could wake it again."""
        self.sleeps_at_farewell = False
        """With a wake word "good night" is enough; without one that is for the LLM."""
        self.reading_position = ReadingPosition()
        self.last = ""
        """The answer told last, as it was shown."""
        self._rest = UnheardRemainder()
        self._reads = False
        self._paused = False

    def answered(self, shown: str, rest: UnheardRemainder, *, steered: bool, reads: bool = False) -> None:
        """Of an answer ``shown`` so far, ``rest`` was not heard. ``reads``: it is the reading position's."""
        if not steered:
            self.last = shown
        self._rest, self._reads, self._paused = rest, reads, False
        if reads:
            self.reading_position.moved(rest)
        elif not steered:
            self.reading_position.left()

    def paused(self) -> None:
        """They said "stop": it goes on only if they say so."""
        self._paused = True

    @property
    def steers(self) -> set[Kind]:
        """What can be steered now; all else is for the LLM."""
        can: dict[Kind, bool] = {
            "repeat": bool(self.last),
            "go_on": bool(self._rest),
            **dict.fromkeys(_SOUND, self._voice is not None),
            "sleep": self.sleep is not None,
            "farewell": self.sleep is not None and self.sleeps_at_farewell,
        }
        return {kind for kind, possible in can.items() if possible}

    def steer(self, kind: Kind, language: str) -> ControlAction:
        """``kind``: one of ``steers``."""
        own = phrases(language)
        if kind == "repeat":
            return ControlAction(text=self.last)
        if kind == "go_on":
            return self._onward()
        if kind in _SOUND:
            onward = ControlAction() if self._paused else self._onward()
            turn = self._turn_speed if kind in ("slower", "faster") else self._turn_volume
            up = kind in ("faster", "louder")
            return ControlAction(onward.words, onward.text, lambda: turn(own, up=up), onward.llm_goes_on)
        sleep = self.sleep
        assert sleep
        return ControlAction(effect=lambda: sleep(own.language))

    def _onward(self) -> ControlAction:
        rest = self._rest
        return ControlAction(
            rest.words, rest.text.lstrip(" "), llm_goes_on=not rest.whole, reads=self._reads and bool(rest)
        )

    def leafs(self, control: ReadingControl) -> bool:
        """Whether it can be done now. A word of any answer is spelled. "Again" and "go on" may mean another
        answer: the text only where it was cut itself.
        """
        if control.kind == "spell":
            return bool(chosen(self._heard_last, control.word))
        if not self.reading_position.is_open:
            return False
        if control.kind == "again":
            return self._reads and bool(self._rest)
        return control.kind != "on" or (bool(self.reading_position.rest) and (self._reads or not self._rest))

    def leaf(self, control: ReadingControl, language: str) -> ControlAction:
        """Through the text that is read. ``control``: one that ``leafs``."""
        say = phrases(language).say
        if control.kind == "spell":
            return ControlAction(text=spelled(chosen(self._heard_last, control.word), language))
        if control.kind == "where":
            here = say("reading.where", at=self.reading_position.number + 1, all=self.reading_position.count)
            return ControlAction(text=here)
        rest = self.reading_position.leaf(control.kind)
        if not rest:
            return ControlAction(text=say("reading.last"))
        return ControlAction(rest.words, rest.text, reads=True)

    @property
    def _heard_last(self) -> str:
        """Of the answer told last, what was heard."""
        text = self.reading_position.heard if self._reads else self.last
        return text.removesuffix(self._rest.text.strip()).removesuffix(self._rest.words)

    async def _turn_speed(self, own: Phrases, *, up: bool) -> str:
        assert self._voice
        speed = self._voice.speed
        wanted = speed * _SPEED_STEP if up else speed / _SPEED_STEP
        self._voice.speed = min(max(wanted, SPEEDS[0]), SPEEDS[1])
        if abs(self._voice.speed - wanted) > 0.01:
            return own.say("talking.faster" if up else "talking.slower")
        return "" if self._goes_on else own.say("talking.like_this")

    async def _turn_volume(self, own: Phrases, *, up: bool) -> str:
        assert self._voice
        speaker = self._voice.speaker
        wanted = speaker.volume * _VOLUME_STEP if up else speaker.volume / _VOLUME_STEP
        speaker.volume = min(max(wanted, VOLUMES[0]), VOLUMES[1])
        if abs(speaker.volume - wanted) > 0.01:
            return own.say("talking.loudest" if up else "talking.quietest")
        return "" if self._goes_on else own.say("talking.like_this")

    @property
    def _goes_on(self) -> bool:
        return bool(self._rest) and not self._paused
