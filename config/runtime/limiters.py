"""How many calls are in an engine at once: each has a limit of its own.

Without one, a slow engine that many sessions share would fill the threads that all share (40), and a file, a
device or a take's account would wait behind speech that nobody hears yet. Who waits here waits on the loop,
in order, and a caller that is cancelled meanwhile is never begun.

It is as many as there are cores, and not one at a time: PocketSphinx gives every utterance a decoder, which
may run beside each other; what must not (espeak, CTranslate2's one worker) queues inside the engine already,
where a preflight gets in between the steps of another session's call. One at a time would make it wait for
the whole of that call. A call whose caller was cancelled still runs to its end, and is not counted: whoever
begins to speak anew does not wait for it.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

import anyio
from anyio.lowlevel import RunVar

from config.system.cores import cores

FEWEST = 4
"""So many on any machine: of one session a preflight, a sentence and what each has left behind."""

_limiters: RunVar[WeakKeyDictionary[object, anyio.CapacityLimiter]] = RunVar("limiters")


def limiter_of(engine: object) -> anyio.CapacityLimiter:
    """The one of this engine, in this event loop: for ``in_thread``."""
    limiters = _limiters.get(None)
    if limiters is None:
        _limiters.set(limiters := WeakKeyDictionary())
    limiter = limiters.get(engine)
    if limiter is None:
        limiters[engine] = limiter = anyio.CapacityLimiter(max(FEWEST, cores()))
    return limiter
