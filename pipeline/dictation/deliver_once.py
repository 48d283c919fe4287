"""A text goes to its target once, whatever dies on the way: what is intended is written down before.

=================  ==================================================================================
file               exactly once: the intention says where in the file it would be, and it is looked for
clipboard          exactly once: it is there or it is not
standard output,   at most once by itself: after a crash in the very moment nobody can know. The take says
window, command    so, and is delivered again only when a person asks for that take
=================  ==================================================================================
"""

from __future__ import annotations

from collections.abc import Callable

from config.errors import TargetError
from config.runtime.clean import CleanText
from config.runtime.clock import in_thread
from pipeline.dictation.store import Takes
from pipeline.dictation.targets.base import Before, Receipt, Target, unnoted


class UnsureError(TargetError):
    """Whether the text had arrived when the program ended, nobody can know."""


async def deliver_once(
    takes: Takes, take: int, spec: str, target: Target, text: CleanText, *, again: bool = False
) -> Receipt:
    """Deliver ``text`` unless it was. ``again``: a person wants it once more where that cannot be known.

    Raises ``TargetError``, ``UnsureError`` among them.
    """
    for delivery in await in_thread(takes.deliveries, take):
        if delivery.target != spec or delivery.taken_back:
            continue
        if delivery.arrived:
            return delivery.receipt
        overtaken = await in_thread(takes.overtaken, delivery)
        there = False if overtaken else await target.arrived(delivery.receipt)
        if there:
            await in_thread(takes.arrived, delivery.receipt)
            return delivery.receipt
        if there is None and not again:
            raise UnsureError(
                f"Whether take {take} reached {target.name} is not known.",
                kept="It is kept.",
                todo=f"Look there. To have it once more: aloud dictate --retry {take}",
            )
        await in_thread(takes.forget, delivery.receipt)
    receipt = await target.deliver(text, lambda receipt: takes.intend(take, spec, receipt))
    await in_thread(takes.arrived, receipt)
    return receipt


class EventTarget:
    """Standard output among events: the text goes out as one, which ``tell`` writes; who delivers sets it."""

    name = "standard output"
    tell: Callable[[Receipt], None]

    async def deliver(self, text: CleanText, before: Before = unnoted) -> Receipt:
        receipt = Receipt("stdout", text)
        await in_thread(before, receipt)
        self.tell(receipt)
        return receipt

    async def take_back(self, receipt: Receipt) -> None:
        """The event that it was taken back says that it no longer counts."""

    async def arrived(self, receipt: Receipt) -> None:
        return None

    async def program(self) -> str:
        return ""
