"""A model in this program, SmolLM2-135M, beside tiny.en and joe: what it takes, and how quick it is.

First tokens are those of a question behind the instructions of a talk: with nothing read before, and read
ahead while the question was spoken. Processor time stands beside time, since other programs are on the
machine.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import anyio

from aloud.cli.bench import Figure, Options, percentile
from config.errors import LlmError
from config.models.catalogue import find, known
from config.models.llm_speed import predicted_speed
from config.settings.loading import load
from config.system.cores import stt_threads, tts_threads
from pipeline.llm.base import Delta, Message
from pipeline.llm.local.llm import LocalLlm, open_gguf
from pipeline.llm.wire import LlmOptions
from pipeline.session.run import run_async
from voice.stt.whisper.engine import Whisper
from voice.tts.piper.engine import Piper

MODEL = "smollm2-135m-instruct"
UNLOAD_S = 3
_PROMPT = Path(__file__).parents[2] / "config" / "prompts" / "voice.md"
_QUESTIONS = ("What is the capital of France?", "How tall is a giraffe?", "Who wrote Faust?", "Is Mars red?")


def _memory_mb(process: int) -> tuple[float, float]:
    """Its own, and files that it has mapped (which are the system's to drop)."""
    lines = Path(f"/proc/{process}/status").read_text("ascii").splitlines()
    told = {line.split(":")[0]: line.split() for line in lines}
    return int(told["RssAnon"][1]) / 1024, int(told["RssFile"][1]) / 1024


def processor_s(process: int) -> float:
    """What it has used so far, its threads included."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / float(os.sysconf("SC_CLK_TCK"))


@contextmanager
def _longest_stall() -> Iterator[list[float]]:
    """How long another thread of this process had to wait for its turn."""
    stalls, ended = [0.0], threading.Event()

    def watch() -> None:
        before = time.monotonic()
        while not ended.wait(0.005):
            now = time.monotonic()
            stalls[0], before = max(stalls[0], now - before), now

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield stalls
    finally:
        ended.set()
        thread.join()


async def _ask(llm: LocalLlm, talk: str, question: str) -> tuple[float, float, Delta]:
    """Until the first text, from there to the end, and what was counted."""
    began, first = time.monotonic(), 0.0
    last = Delta()
    async with llm.reply([*_instructions(talk), Message("user", question)]) as deltas:
        async for delta in deltas:
            first = first or (time.monotonic() if delta.text else 0.0)
            last = delta
    return first - began, time.monotonic() - first, last


def _instructions(talk: str) -> list[Message]:
    """Those of another talk have nothing in common with what was read before."""
    return [Message("system", f"{talk}\n{_PROMPT.read_text('utf-8')}")]


def _read(last: Delta) -> int:
    return (last.tokens_in or 0) - (last.tokens_cached or 0)


async def _measure(rounds: int) -> list[Figure]:
    settings = load(environment={}).settings
    brief = {"unload_s": UNLOAD_S, "max_tokens": 60, "temperature": 0.0}
    llm_settings = settings.llm.model_copy(update=brief)
    own_before = sum(_memory_mb(os.getpid()))
    with _longest_stall() as stalls:
        began = time.monotonic()
        llm = await open_gguf(MODEL, LlmOptions(llm_settings, settings.vision))
        opened_s = time.monotonic() - began
        await llm.warm()
        load_s = time.monotonic() - began
    if llm.process is None:
        raise LlmError(f"{MODEL} did not load.")
    try:
        return [
            *_loaded(llm, opened_s, load_s, stalls[0]),
            *await _answers(llm, rounds),
            *await _idle(llm),
            Figure("Aloud with tiny.en and joe, without it", own_before, "MB"),
        ]
    finally:
        await llm.aclose()


def _loaded(llm: LocalLlm, opened_s: float, load_s: float, stall_s: float) -> list[Figure]:
    assert llm.process
    own, files = _memory_mb(llm.process)
    return [
        Figure("opened, so that listening begins", opened_s, "s", 0.5),
        Figure("loaded, behind listening", load_s, "s"),
        Figure("  processor time of that", processor_s(llm.process), "s"),
        Figure("  longest stall of Aloud meanwhile", 1000 * stall_s, "ms"),
        Figure("memory of its own", own, "MB"),
        Figure("  and of the file, mapped", files, "MB"),
        Figure("  as it was told beforehand", llm.plan.memory_mb, "MB"),
        Figure("context", llm.plan.context, ""),
    ]


async def _answers(llm: LocalLlm, rounds: int) -> list[Figure]:
    assert llm.process
    cold, warm, new, reads, writes, read_work, write_work = ([] for _ in range(7))
    for number in range(rounds):
        question = _QUESTIONS[number % len(_QUESTIONS)]
        first_s, _, last = await _ask(llm, f"Talk {number}a.", question)
        cold.append(first_s)
        reads.append(_read(last) / first_s)
        used = processor_s(llm.process)
        await llm.read_ahead(_instructions(f"Talk {number}b."))
        between = processor_s(llm.process)
        first_s, rest_s, said = await _ask(llm, f"Talk {number}b.", question)
        warm.append(first_s)
        new.append(_read(said))
        writes.append(((said.tokens_out or 1) - 1) / rest_s)
        read_work.append(_read(last) / max(between - used, 0.01))
        write_work.append((said.tokens_out or 0) / max(processor_s(llm.process) - between, 0.01))
    facts = known(MODEL).llm
    assert facts
    predicted = predicted_speed(facts)
    return [
        Figure("first token, nothing read before", 1000 * percentile(cold, 50), "ms"),
        Figure("first token, read ahead", 1000 * percentile(warm, 50), "ms"),
        Figure("  tokens read for the question", percentile(new, 50), ""),
        Figure("tokens read", percentile(reads, 50), "/s"),
        Figure("  by processor time", percentile(read_work, 50), "/s"),
        Figure("  as predicted for an idle machine", predicted.reads, "/s"),
        Figure("tokens written", percentile(writes, 50), "/s"),
        Figure("  by processor time, the question included", percentile(write_work, 50), "/s"),
        Figure("  as predicted for an idle machine", predicted.writes, "/s"),
        Figure("rounds", rounds, ""),
    ]


async def _idle(llm: LocalLlm) -> list[Figure]:
    assert llm.process
    await anyio.sleep(UNLOAD_S * 3)
    unloaded = sum(_memory_mb(llm.process))
    began = time.monotonic()
    await llm.read_ahead(_instructions("Later."))
    again_s = time.monotonic() - began
    first_s, _, _ = await _ask(llm, "Later.", _QUESTIONS[0])
    return [
        Figure("memory when it is unloaded, files included", unloaded, "MB"),
        Figure("loaded again and read ahead", again_s, "s"),
        Figure("  first token then", 1000 * first_s, "ms"),
    ]


def measure(options: Options) -> list[Figure]:
    stt, tts = find("tiny.en"), find("en_US-joe-medium")
    if stt is None or tts is None:
        raise LlmError("tiny.en and en_US-joe-medium are to be loaded beside it.", todo="aloud setup")
    hears = Whisper(stt, threads=stt_threads(), name="tiny.en")
    speaks = Piper(tts, threads=tts_threads(beside_llm=True), name="joe")
    hears.warm()
    speaks.warm()
    return run_async(lambda: _measure(options.rounds or 6))
