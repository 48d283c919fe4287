"""The faults that are written for each API (``bench.hostile.llm_cases``), played on the loop of who asks."""

from __future__ import annotations

import asyncio
import socket
import struct
from asyncio import StreamWriter
from itertools import groupby
from operator import attrgetter

from bench.hostile.chat.wire import write
from bench.hostile.conversing.faults import Fault, Play, spread
from bench.hostile.llm_cases.base import Case, Pieces, cases, head, once
from bench.hostile.llm_cases.streams import SOUND

_HELD_S = 600.0
_EACH = 6
"""Of each kind in each API: all ten thousand would take days in four jobs."""


def faults() -> list[Fault]:
    """Of each kind some, from the first to the last, in each API; of Chat Completions there are others."""
    by_kind = groupby(sorted(cases(), key=attrgetter("api", "kind")), key=lambda case: (case.api, case.kind))
    found = [spread(map(_fault, of_kind), _EACH) for (api, _), of_kind in by_kind if api != "chat"]
    return [fault for some in found for fault in some]


def _fault(case: Case) -> Fault:
    sound = SOUND[case.api]
    good = head(sound.kind) + sound.stream(sound.saying("All is well again."))
    listing = case.listing
    return Fault(
        case.name,
        _play(case),
        _writes(once(good)),
        api=case.api,
        base=sound.base,
        ending=sound.ending,
        listing=_writes(listing) if listing else None,
    )


def _writes(pieces: Pieces) -> Play:
    async def play(to: StreamWriter) -> None:
        for piece in pieces():
            await write(to, piece)

    return play


def _play(case: Case) -> Play:
    async def play(to: StreamWriter) -> None:
        for piece in case.pieces():
            await write(to, piece, case.pause_s)
        if case.end == "holds":
            await asyncio.sleep(_HELD_S)
        if case.end == "resets":
            own = to.get_extra_info("socket")
            own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            to.transport.abort()

    return play
