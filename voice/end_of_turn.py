"""When a turn is over: judged at each short silence, by its words and, with a turn model, by its sound."""

from __future__ import annotations

from collections.abc import Callable

from config.settings import Ears, Listen
from voice.audio import Audio
from voice.clock import in_thread
from voice.patience import Patience
from voice.segmenter import Segmenter
from voice.smart_turn import SmartTurn


class EndOfTurn:
    """Told each draft, it tells the segmenter how long a silence ends this turn.

    ``asked``: the assistant's last words, since a question for a number or an address wants patience.
    ``turn``: a turn model, or None.
    """

    def __init__(
        self,
        listen: Listen,
        ears: Ears,
        segmenter: Segmenter,
        asked: Callable[[], str],
        turn: SmartTurn | None = None,
    ) -> None:
        self._patience = Patience(listen, language=ears.language)
        self._segmenter = segmenter
        self._asked = asked
        self._turn = turn

    async def __call__(self, words: str, sound: Audio) -> None:
        complete = await in_thread(self._turn.complete, sound.samples) if self._turn else None
        self._segmenter.expect(self._patience.silence_ms(words, complete=complete, asked=self._asked()))
