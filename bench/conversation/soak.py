"""Two hundred turns in one conversation: does anything grow? Memory, tasks, threads, files and sockets.

The recorded sample questions are asked one after another at ``--fast``, with real STT and TTS and a
scripted model server. Measured at each turn's end; what turn 20 had is the base.
"""

from __future__ import annotations

import asyncio
import functools
import gc
import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from aloud.cli.bench import Figure, Options
from aloud.cli.bench.turn import model_server
from aloud.cli.sample import SampleQuestion, hold_sample, questions
from config.settings.model import Settings, load
from pipeline import events
from pipeline.session.run import run_async

BASE_TURN = 20


@dataclass(frozen=True, slots=True)
class Load:
    """What the process holds. On Linux; elsewhere memory, files and sockets count as nothing."""

    resident_mb: float
    tasks: int
    threads: int
    files: int
    sockets: int


def load_now() -> Load:
    gc.collect()
    links = list(_open_files())
    return Load(
        resident_mb=_resident_mb(),
        tasks=len(asyncio.all_tasks()),
        threads=threading.active_count(),
        files=sum(not link.startswith("socket:") for link in links),
        sockets=sum(link.startswith("socket:") for link in links),
    )


def _resident_mb() -> float:
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6 if statm.exists() else 0.0


def _open_files() -> Iterator[str]:
    folder = Path("/proc/self/fd")
    for number in os.listdir(folder) if folder.exists() else []:
        try:
            yield os.readlink(folder / number)
        except OSError:
            continue  # the folder's own, closed by now


async def _soak(settings: Settings, asked: list[SampleQuestion], options: Options) -> list[Load]:
    from pipeline.session.engines import choose_stt

    loads: list[Load] = []

    def notify(event: events.Event) -> None:
        if isinstance(event, events.TurnDone | events.SpeechIgnored):
            loads.append(load_now())
            if len(loads) % 20 == 0 and sys.stderr.isatty():
                options.note(f"turn {len(loads)}: {loads[-1].resident_mb:.1f} MB")

    await hold_sample(settings, asked, notify, stt=choose_stt(settings.stt)[0])
    return loads


def measure(options: Options) -> list[Figure]:
    rounds = max(options.rounds or 200, BASE_TURN + 1)
    with model_server() as base_url:
        flags = {"llm.engine": f"{base_url}#scripted", "speaker.sink": "none"}
        flags |= {"stt.engine": options.choose_stt(), "tts.engine": options.choose_tts()}
        settings = load(flags, environment={}).settings
        asked = list(islice(cycle(questions("for_a_model")), rounds))
        loads = run_async(functools.partial(_soak, settings, asked, options), fast=True)
    base, last = loads[BASE_TURN - 1], loads[-1]
    most = max(loads[BASE_TURN:], key=lambda each: each.resident_mb)
    growth = 100 * (most.resident_mb / base.resident_mb - 1) if base.resident_mb else 0.0
    return [
        Figure("turns", len(loads), "", float(rounds), "higher"),
        Figure("resident memory grows after turn 20, at most", growth, "%", 2.0),
        Figure("resident memory at turn 20", base.resident_mb, "MB"),
        Figure("resident memory at the end", last.resident_mb, "MB"),
        Figure("more tasks", last.tasks - base.tasks, "", 0.0),
        Figure("more threads", last.threads - base.threads, "", 0.0),
        Figure("more open files", last.files - base.files, "", 0.0),
        Figure("more sockets", last.sockets - base.sockets, "", 0.0),
    ]
