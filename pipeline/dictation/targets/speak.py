"""Spoken back, for who cannot see where text goes."""

from __future__ import annotations

from config.errors import TargetError
from config.runtime.clean import CleanText
from config.runtime.plugins import Factory
from pipeline.dictation.targets.base import Before, DeliveryOptions, Receipt, Say, unnoted


class SpeakTarget:
    name = "the loudspeaker"

    def __init__(self, say: Say) -> None:
        self._say = say

    async def deliver(self, text: CleanText, before: Before = unnoted) -> Receipt:
        receipt = Receipt("speak", text)
        before(receipt)
        await self._say(text)
        return receipt

    async def take_back(self, receipt: Receipt) -> None:
        raise TargetError("What was spoken cannot be taken back.")

    async def arrived(self, receipt: Receipt) -> None:
        return None

    async def program(self) -> str:
        return ""


def _open(rest: str, options: DeliveryOptions) -> SpeakTarget:
    assert options.say
    return SpeakTarget(options.say)


SPEAK = Factory(_open)
