"""The wake word: nothing is listened to until it was said. microWakeWord, on TensorFlow Lite, from its wheel.

Measured here on synthetic voices (48 clips a word, clean): "okay nabu" found in 88 %, "alexa" 94 %,
"hey mycroft" 69 %, "hey jarvis" 31 % (trained on voices more human than ours: no verdict on people); no false
alarm in 13.5 minutes of other speech, though near misses ("okay now") pass in one of four. It costs 3 ms of
processor time a second. In the babble of other voices it finds little: while the assistant speaks, give it
sound with the echo cancelled.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from config.errors import SttError, UsageError
from config.runtime.clean import CleanText, clean_line
from config.runtime.installation import again_line
from voice.audio.samples import Samples, to_int16

if TYPE_CHECKING:
    from pymicro_wakeword import MicroWakeWord, MicroWakeWordFeatures

DEFAULT = "okay_nabu"
WORDS: tuple[str, ...] = ("okay_nabu", "hey_jarvis", "hey_mycroft", "alexa")
"""The words whose models lie in the wheel."""


def named(word: str) -> str:
    """The name of a wake word as it was typed: ``Okay Nabu`` → ``okay_nabu``.

    Raises ``UsageError`` naming those there are.
    """
    plain = re.sub(r"[\s_-]+", "_", word.strip().lower())
    if plain in WORDS:
        return plain
    raise UsageError(
        f"There is no wake word {word!r}.",
        todo=f"Choose one of: {', '.join(WORDS)}. For example: aloud config set wake.word {DEFAULT}",
    )


class WakeWord:
    """Push frames; True at the one in which the word was recognised, 0.1 to 0.2 s after its end.

    Cheap to make; ``warm`` loads the network (some 30 ms, numpy apart), else the first push does. For one
    thread at a time. Raises ``UsageError`` for a name that there is not.
    """

    def __init__(self, word: str = DEFAULT) -> None:
        self.word = named(word)
        self._network: MicroWakeWord | None = None
        self._features: MicroWakeWordFeatures | None = None

    @property
    def phrase(self) -> CleanText:
        """As it is said: ``okay nabu``."""
        return clean_line(self.word.replace("_", " "))

    def warm(self) -> None:
        """Raises ``SttError`` when the engine cannot be loaded."""
        if self._network is None:
            self._network, self._features = _open(self.word)

    def push(self, frame: Samples) -> bool:
        """One frame of mono float32 at 16 kHz, of any length (``FRAME_SAMPLES``, as a rule).

        After a True it has forgotten everything, so that one word is one True. Raises ``SttError``.
        """
        self.warm()
        assert self._network is not None
        assert self._features is not None
        for feature in self._features.process_streaming(to_int16(frame)):
            if self._network.process_streaming(feature):
                self.reset()
                return True
        return False

    def reset(self) -> None:
        """Forget what was heard: the next frame begins a new stream (0.6 ms)."""
        if self._network is not None and self._features is not None:
            self._network.reset()
            self._features.reset()


def _open(word: str) -> tuple[MicroWakeWord, MicroWakeWordFeatures]:
    try:
        from pymicro_wakeword import MicroWakeWord, MicroWakeWordFeatures, Model

        return MicroWakeWord.from_builtin(Model(word)), MicroWakeWordFeatures()
    except (ImportError, OSError, ValueError) as error:
        raise SttError(
            f"The engine that waits for the wake word could not be loaded: {error}.",
            todo=f"Install it anew: {again_line('pymicro-wakeword')}",
        ) from error
