"""A model server that speaks Chat Completions and means ill: a fault a case, hundreds of them."""

from __future__ import annotations

from bench.hostile.chat import calls, endless, framing, shapes, statuses, texts
from bench.hostile.chat.wire import Case

CASES: dict[str, Case] = {
    **framing.cases(),
    **endless.cases(),
    **shapes.cases(),
    **texts.cases(),
    **calls.cases(),
    **statuses.cases(),
}
