"""The whole of setting up, in its order: chosen, fetched, tried, heard, measured, written."""

from __future__ import annotations

from typing import Any

from aloud.cli.setup.chosen import changed, value_of
from aloud.cli.setup.devices import ChosenDevice, called, choose_device, none_here
from aloud.cli.setup.dialogue import TRIES, Dialogue
from aloud.cli.setup.fetching import Fetching
from aloud.cli.setup.loudspeaker import LoudspeakerStep
from aloud.cli.setup.microphone import MicrophoneStep
from aloud.cli.setup.model import ModelStep
from aloud.cli.setup.one_turn import TurnStep
from aloud.cli.setup.options import LANGUAGE, MICROPHONE, SPEAKER, SetupOptions
from aloud.cli.setup.recogniser import Recogniser
from aloud.cli.setup.settings_file import write_chosen
from aloud.cli.setup.voices import Voices
from aloud.cli.validate import check_language
from config.errors import DeviceError, UsageError, first_cause
from config.language.codes import code_of
from config.models.choice import spoken_language
from config.runtime.installation import typed_here
from config.settings.loading import Configuration
from config.settings.model import Settings
from voice.audio.devices.portaudio import Kind, microphones, speakers


def set_up(
    configuration: Configuration, wanted: SetupOptions, *, quiet: bool = False, json: bool = False
) -> None:
    """Choose, fetch, try, measure, write. What fails is told of, and leaves what is always there in place.

    Raises ``UsageError`` for a name that is none, ``RefusedError`` when something is to be fetched offline,
    ``ModelError`` at the end when a model could not be had; ``KeyboardInterrupt``, when it was said that
    nothing has changed.
    """
    dialogue = Dialogue(configuration.settings, wanted.asks, quiet, json)
    try:
        Walk(configuration, wanted, dialogue).run()
    except BaseException as error:
        if not isinstance(first_cause(error), KeyboardInterrupt):
            raise
        dialogue.say("")  # the terminal has written ^C
        kept = "What was fetched is kept, and your answers are for the next time"
        dialogue.say(typed_here(f"Stopped: the settings are as they were. {kept}: aloud setup"))
        raise


class Walk:
    def __init__(self, configuration: Configuration, wanted: SetupOptions, dialogue: Dialogue) -> None:
        self._configuration = configuration
        self._wanted = wanted
        self._dialogue = dialogue
        if wanted.language:
            check_language(wanted.language)
        self._chosen: dict[str, Any] = {}
        if wanted.speed is not None:
            self._chosen["tts.speed"] = wanted.speed
        if wanted.language:
            self._chosen["stt.language"] = wanted.language

    @property
    def _settings(self) -> Settings:
        """As chosen so far."""
        return changed(self._configuration.settings, self._chosen)

    def _choose(self, name: str, value: Any) -> None:
        if value not in ("", None):
            self._chosen[name] = value

    def run(self) -> None:
        self._greet()
        self._ask_language()
        language = spoken_language(self._settings.stt.language)
        fetching = Fetching(self._settings, self._dialogue, _again(self._wanted))
        model, recogniser, voices = self._engines(language, fetching)
        wanted = [*recogniser.models, *voices.models, *([model.model] if model.model else [])]
        fetching.announce(wanted)
        recogniser.bring()
        self._choose("stt.engine", recogniser.spec)
        heard = ("tts", "speaker", "turn") if self._dialogue.asks else ("speaker", "turn")
        sounds = any(self._wanted.does(step) for step in heard)
        speaker = self._device("speaker") if sounds else ChosenDevice("", None)
        voices.bring(self._settings)
        self._choose("tts.engine", voices.spec)
        self._choose("tts.speed", voices.speed)
        if self._wanted.does("llm") or self._wanted.does("turn"):
            model.bring()
            self._choose("llm.engine", model.spec)
        self._try_sound(language, speaker, model.answers)
        write_chosen(self._chosen, self._configuration, self._dialogue, self._wanted.config)
        self._dialogue.over()
        fetching.check()
        if self._wanted.only:
            return
        following = typed_here("To talk: aloud talk. What works here, and how to improve it: aloud doctor")
        self._dialogue.say(following)

    def _greet(self) -> None:
        if self._dialogue.asks:
            how = "Enter takes what is marked, Ctrl-C leaves everything as it was"
            self._dialogue.say(
                typed_here(f"Let us set Aloud up. {how}. Without questions: aloud setup --yes")
            )
            if self._dialogue.resumes():
                self._dialogue.say("You broke off the last time: what you answered then is marked now.")

    def _ask_language(self) -> None:
        if self._wanted.only or self._wanted.language or not self._dialogue.asks:
            return
        now = self._dialogue.before(LANGUAGE) or self._settings.stt.language
        means = f"{now}, which here is {spoken_language(now)}" if now == "auto" else now
        prompt = f"Which language do you speak? Its name, or a code such as en, de or fr (Enter: {means})"
        typed = self._typed_language(prompt, now)
        if typed != self._settings.stt.language:
            self._dialogue.keep(LANGUAGE, typed)
            self._choose("stt.language", typed)

    def _typed_language(self, prompt: str, marked: str) -> str:
        for _ in range(TRIES):
            typed = code_of(self._dialogue.ask(LANGUAGE, prompt)).lower() or marked
            try:
                check_language(typed)
                return typed
            except UsageError as error:
                self._dialogue.say(str(error))
        self._dialogue.say(f"Then it is what Enter takes: {marked}.")
        return marked

    def _engines(self, language: str, fetching: Fetching) -> tuple[ModelStep, Recogniser, Voices]:
        """Chosen, nothing fetched yet."""
        wanted, given = self._wanted, (language, self._dialogue, fetching)
        model = ModelStep(self._settings, wanted.llm, *given, tried=wanted.test)
        if wanted.does("llm"):
            model.choose()
        recogniser = Recogniser(self._settings, wanted.stt if wanted.does("stt") else "none", *given)
        recogniser.choose()
        voice = wanted.tts if wanted.does("tts") else "none"
        voices = Voices(self._settings, voice, *given, played=wanted.test)
        voices.choose()
        return model, recogniser, voices

    def _device(self, kind: Kind) -> ChosenDevice:
        """Asked about in its own step; in others what is set, or the default, is used."""
        microphone = kind == "microphone"
        name = "microphone.source" if microphone else "speaker.sink"
        asked = self._wanted.microphone if microphone else self._wanted.speaker
        devices = microphones() if microphone else speakers()
        now = value_of(self._settings, name)
        does = self._wanted.does(kind)
        if devices and does:
            self._dialogue.head(f"The {called(kind)}")
        question = MICROPHONE if microphone else SPEAKER
        try:
            chosen = choose_device(kind, devices, now, asked, (question, self._dialogue) if does else None)
        except DeviceError as error:
            if asked:
                raise
            self._dialogue.say(str(error))  # the one that is set is not there now
            self._dialogue.step(kind, device=None, why=error.failed)
            return ChosenDevice("", None)
        if not does:
            return chosen
        self._choose(name, chosen.spec)
        if chosen.device is None:
            self._dialogue.say(none_here(kind) if not devices else f"Without a {called(kind)}, as you wish.")
            self._dialogue.step(kind, device=None)
        return chosen

    def _try_sound(self, language: str, speaker: ChosenDevice, model: bool) -> None:
        wanted, dialogue = self._wanted, self._dialogue
        if not any(wanted.does(step) for step in ("microphone", "speaker", "turn")):
            return
        microphone = self._device("microphone")
        hearing = None
        if microphone.device and wanted.test and wanted.does("microphone"):
            hearing = MicrophoneStep(self._settings, microphone.device, language, dialogue)
            hearing.run()
        if speaker.device and wanted.test and wanted.does("speaker"):
            LoudspeakerStep(
                self._settings,
                speaker.device,
                dialogue,
                hears=microphone.device is not None,
                room=hearing.room if hearing else None,
                speech=hearing.speech if hearing else None,
            ).run()
        if wanted.test and wanted.does("turn"):
            hears, speaks = microphone.device is not None, speaker.device is not None
            settings = self._settings if speaks else changed(self._settings, {"speaker.sink": "none"})
            TurnStep(settings, language, dialogue, hears=hears, speaks=speaks, model=model).run()


def _again(wanted: SetupOptions) -> str:
    """The options that lead to the same models."""
    named = (("stt", wanted.stt), ("tts", wanted.tts))
    return "".join(f" --{sense} {name}" for sense, name in named if name not in ("auto", ""))
