"""Which Whisper: the largest whose preflight of three seconds of speech is ready in time here, predicted from
the speed of the machine before anything is fetched, corrected by the real preflight afterwards. With it comes
the model that hears the end of a turn (8.7 MB).
"""

from __future__ import annotations

from collections.abc import Sequence

from aloud.cli.machine.engine_speed import measure_preflight, try_turn_model, what_follows
from aloud.cli.setup.dialogue import Choice, Dialogue
from aloud.cli.setup.fetching import Fetching
from aloud.cli.setup.options import STT
from config.errors import UsageError
from config.models.catalogue import Model, find, known
from config.models.choice import FIRST_MB, PREFLIGHT_S, quick_enough, turn_model_for, whispers_for
from config.models.speeds import keep_kernel, predicted_preflight_s, preflight_s
from config.settings.model import Settings
from pipeline.session.engines import threads_for

_LARGER, _SMALLER = 3, 2
_POCKETSPHINX = Choice("pocketsphinx", "pocketsphinx: always here; US English, one word in three misheard")


def named(name: str, kind: str) -> Model | None:
    """None for ``auto`` and ``none``. Raises ``UsageError`` for one of another kind."""
    if name in ("auto", "none", ""):
        return None
    model = known(name)
    if model.kind != kind:
        raise UsageError(f"{name} is no model for that sense.", todo="See them: aloud models list")
    return model


class Recogniser:
    """``wanted``: a name, ``auto``, ``none``."""

    def __init__(
        self, settings: Settings, wanted: str, language: str, dialogue: Dialogue, fetching: Fetching
    ) -> None:
        self._settings = settings
        self._wanted = wanted
        self._language = language
        self._dialogue = dialogue
        self._fetching = fetching
        self._typed = wanted not in ("auto", "none", "")
        self.whisper: Model | None = None
        self.turn: Model | None = None
        self._pocketsphinx = wanted == _POCKETSPHINX.value

    @property
    def spec(self) -> str:
        """What the setting is to be; "" where it is to stay."""
        if self._pocketsphinx:
            return _POCKETSPHINX.value
        return self.whisper.spec if self.whisper and self._typed and find(self.whisper.name) else ""

    def choose(self) -> None:
        """Ask where nobody said. Raises ``UsageError`` for a name that is none."""
        if self._wanted == "none" or self._pocketsphinx:
            return
        self.whisper = named(self._wanted, "whisper")
        if self.whisper is None:
            self._measure_machine()
            self.whisper = self._best()
            if self._dialogue.asks and self._wanted != "auto":
                self._ask()
        turn = turn_model_for(self._language)
        self.turn = next(iter(self._fetching.within_reach([turn])), None) if turn else None

    def _measure_machine(self) -> None:
        from config.runtime.kernel import kernel_s

        keep_kernel(kernel_s(threads_for(self._settings.stt)))

    def _ask(self) -> None:
        self._dialogue.head("What hears you")
        reached = self._fetching.within_reach(whispers_for(self._language))
        choices = [*(Choice(model.spec, _told(model)) for model in self._offered(reached)), _POCKETSPHINX]
        now = self._settings.stt.engine
        best = self.whisper.spec if self.whisper else _POCKETSPHINX.value
        marked = now if any(choice.value == now for choice in choices) else best
        value, typed = self._dialogue.choose(STT, choices, marked, "What shall hear you?", _spec_of)
        self._typed = typed
        self._pocketsphinx = value == _POCKETSPHINX.value and typed
        self.whisper = None if value == _POCKETSPHINX.value else known(value)

    def _offered(self, reached: Sequence[Model]) -> list[Model]:
        """Those that are here, and those beside the best: the next larger ones and the next smaller."""
        best = next((n for n, model in enumerate(reached) if model == self.whisper), len(reached))
        beside = reached[max(0, best - _LARGER) : best + 1 + _SMALLER]
        return [model for model in reached if model in beside or find(model.name)]

    def _best(self, correction: float = 1.0) -> Model | None:
        """Of those within reach that are no gigabytes, or here already."""
        models = [m for m in whispers_for(self._language) if m.about_mb <= FIRST_MB or find(m.name)]
        reached = self._fetching.within_reach(models)
        return quick_enough(reached, lambda m: preflight_s(m, correction=correction))

    @property
    def models(self) -> list[Model]:
        return [model for model in (self.whisper, self.turn) if model]

    def bring(self) -> None:
        """Fetch, try, measure."""
        if self.models:
            self._dialogue.head("Speech recognition")
        seconds = self._bring_whisper(self.whisper) if self.whisper else None
        if self.whisper and seconds is not None and not self._typed:
            predicted = predicted_preflight_s(self.whisper)
            other = self._best(seconds / predicted if predicted else 1.0)
            if other and other != self.whisper:
                self._take_other(self.whisper, other)
        if turn := self.turn:
            took = self._fetching.tried(turn, lambda: try_turn_model(turn))
            if took is not None:
                self._dialogue.say(f"It hears in {took:.2f} s whether somebody has finished.")

    def _take_other(self, whisper: Model, other: Model) -> None:
        self._dialogue.say(f"{whisper.name} is not the best for this machine after all: {other.name} is.")
        self._fetching.announce([other])
        seconds = self._bring_whisper(other)
        if seconds is None or (other.kernels > whisper.kernels and seconds > PREFLIGHT_S):
            self._dialogue.say(f"{whisper.name} it is, then.")
        else:
            self.whisper = other

    def _bring_whisper(self, whisper: Model) -> float | None:
        """Seconds of a preflight; None when it could not be had."""
        tried = self._fetching.tried(whisper, lambda: measure_preflight(self._settings.stt, whisper))
        if tried is None:
            self._dialogue.step("stt", engine=whisper.spec, here=find(whisper.name) is not None)
            return None
        seconds, words = tried
        self._dialogue.say(f"It heard a recorded question: “{words}”")
        self._dialogue.say(f"Three seconds of speech take it {seconds:.2f} s here; {what_follows(seconds)}.")
        self._dialogue.step("stt", engine=whisper.spec, here=True, preflight_s=round(seconds, 3), heard=words)
        return seconds


def _spec_of(typed: str) -> str:
    """Of another Whisper, by its name. Raises ``UsageError``."""
    model = named(typed, "whisper")
    if model is None:
        raise UsageError(f"“{typed}” is none of them.", todo="See those there are: aloud models list")
    return model.spec


def _told(model: Model) -> str:
    where = "here" if find(model.name) else f"{model.about_mb} MB to fetch"
    seconds = preflight_s(model)
    pace = "speed not known yet"
    if seconds is not None:
        pace = f"{'in time' if seconds <= PREFLIGHT_S else 'late'}, hears a sentence in about {seconds:.2f} s"
    return f"{model.name}: {where}, licence {model.licence}; {pace}"
