"""A model server that speaks Chat Completions and means ill: a fault a case, hundreds of them."""

from __future__ import annotations

from bench.hostile.chat import calls, endless, framing, shapes, statuses, texts
from bench.hostile.chat.statuses import GOOD, listings
from bench.hostile.conversing.faults import Fault

_CASES = {
    **framing.cases(),
    **endless.cases(),
    **shapes.cases(),
    **texts.cases(),
    **calls.cases(),
    **statuses.cases(),
}
FAULTS: tuple[Fault, ...] = tuple(
    Fault(name, play, GOOD, listing=listings().get(name), once=name.startswith("once_"))
    for name, play in _CASES.items()
)
