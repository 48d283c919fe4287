"""An LLM that talks at length, so that there is an echo to hear and an answer to interrupt."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from pipeline.llm.base import Capabilities, Delta, Message, ToolSpec
from vision.images.picture import ImageLimits

SENTENCES = (
    "The river rises in the hills and runs for many miles to the north.",
    "Along its banks there are small towns with old bridges and narrow streets.",
    "People have lived here for more than two thousand years.",
    "In spring the water is high, and the fields on both sides are flooded.",
    "Farmers grow wheat, apples, and a little wine on the slopes.",
    "The largest town has a market on Saturdays, where you can buy almost anything.",
    "Its tower was built of red stone, and it leans a little to the west.",
    "Visitors climb its two hundred steps to look over the valley.",
    "On a clear day they can see as far as the mountains.",
    "A railway follows the river, and the journey takes about three hours.",
    "Birds rest on the islands in autumn, on their way to the south.",
    "The winters are mild, but there is often fog in the morning.",
)
"""Written for this; no word of them stops anything."""


def recital(number: int) -> str:
    """Two minutes of talk; each time it begins at another sentence."""
    first = number * 5 % len(SENTENCES)
    return " ".join((SENTENCES * 4)[first : first + 30])


class Reciting:
    """Implements ``pipeline.llm.base.Llm``."""

    spec = "reciting"
    remote_host = ""
    image_limits: ImageLimits | None = None
    capabilities = Capabilities()

    def __init__(self) -> None:
        self._asked = 0

    async def warm(self) -> None:
        """It is."""

    async def aclose(self) -> None:
        """Nothing is open."""

    @asynccontextmanager
    async def reply(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()
    ) -> AsyncIterator[AsyncIterator[Delta]]:
        self._asked += 1
        yield self._words(recital(self._asked))

    async def _words(self, text: str) -> AsyncIterator[Delta]:
        for number, word in enumerate(text.split(" ")):
            yield Delta(word if number == 0 else f" {word}")
        yield Delta(finish="stop")
