"""Every case against the client that asks model servers: an answer or one of its sentences, and in time.

The limits are set to a few seconds, and everything is held to those.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import anyio

from bench.hostile.llm_cases.base import Case, cases
from bench.hostile.llm_cases.server import HostileServer, serving
from bench.hostile.table import Options, Row, progress
from config.errors import LlmError
from config.settings.model import LlmSettings, VisionSettings
from pipeline.llm.apis.registry import open_api
from pipeline.llm.base import Message, ToolCall
from pipeline.llm.http.client import HttpLlm
from pipeline.llm.server import Server
from pipeline.llm.wire import LlmOptions
from pipeline.skills.ring.tool_specs import LIST_TIMERS

SILENCE_S, FIRST_WORD_S, ANSWER_S = 1.0, 1.5, 2.5
BUSY_S = 3.0
"""Beyond the limit, for the work itself on a machine that has other work."""
MOST_MB = 150
"""Beyond what this process, the server in it included, had before the case."""
_KEY = "sk-test-0123456789abcdef"
_LIMITS = LlmSettings(timeout_s=SILENCE_S, first_word_s=FIRST_WORD_S, answer_s=ANSWER_S, connect_s=0.5)


def run(options: Options) -> list[Row]:
    chosen = [case for case in cases() if options.only in case.name]
    chosen = chosen[: options.most] if options.most else chosen
    with serving(chosen) as server:
        return anyio.run(_all, server, chosen)


async def _all(server: HostileServer, chosen: Sequence[Case]) -> list[Row]:
    rows = []
    for done, case in enumerate(chosen, 1):
        rows.append(await _row(server, case))
        progress(done, len(chosen))
    return rows


async def _row(server: HostileServer, case: Case) -> Row:
    before_mb = _forget_peak()
    began = time.monotonic()
    outcome, sentence, faults = "answered", "", []
    try:
        with anyio.fail_after(60):
            sentence = await _asked(server, case)
    except LlmError as error:
        outcome, sentence = "refused", str(error).replace(server.base_url(case), "ADDRESS")
        if case.says not in sentence:
            faults.append(f"does not say {case.says!r}: {sentence}")
    except TimeoutError:
        outcome, faults = "hung", ["no end in 60 s"]
    except Exception as error:  # a find
        outcome, sentence, faults = "traceback", repr(error)[:200], [type(error).__name__]
    seconds = time.monotonic() - began
    if seconds > ANSWER_S + BUSY_S:
        faults.append(f"took {seconds:.1f} s")
    memory_mb = max(0.0, _peak_mb() - before_mb)
    if memory_mb > MOST_MB:
        faults.append(f"{memory_mb:.0f} MB")
    if case.well and outcome != "answered":
        faults.append("was to be answered")
    faults += [f"an odd sentence: {sentence!r}"] * (not _fit(sentence))
    return Row(
        case.name,
        "ask",
        outcome,
        "" if outcome == "answered" else sentence,
        None,
        seconds,
        memory_mb,
        tuple(faults),
    )


def _fit(sentence: str) -> bool:
    return len(sentence) <= 1500 and _KEY not in sentence and sentence.isprintable()


async def _asked(server: HostileServer, case: Case) -> str:
    """Then what came is sent back, as it is when a conversation goes on."""
    at = Server("the model server", server.base_url(case), "m", key=_KEY, key_env="TEST_KEY")
    options = LlmOptions(_LIMITS, VisionSettings())
    llm = HttpLlm(at, options, spec=server.spec(case), api=open_api(case.api, "m"))
    try:
        if case.kind == "list":
            await llm.discover()
        asked = [Message("user", "What timers are there?")]
        async with llm.reply(asked, [LIST_TIMERS]) as deltas:
            got = [delta async for delta in deltas]
        said, calls = "".join(delta.text for delta in got), tuple(delta.call for delta in got if delta.call)
        opaque = got[-1].opaque if got else None
        answered = [*asked, Message("assistant", said, calls=calls, opaque=opaque), *map(_result, calls)]
        await _again(llm, [*answered, Message("user", "Once more.")])
        return said[:200] if said.isprintable() else ""
    finally:
        await llm.aclose()


async def _again(llm: HttpLlm, messages: Sequence[Message]) -> None:
    """Whatever a server has sent can be sent back to it."""
    try:
        async with llm.reply(messages, [LIST_TIMERS]) as deltas:
            async for _ in deltas:
                break
    except LlmError:
        return


def _result(call: ToolCall) -> Message:
    return Message("tool", "none", tool_call_id=call.id)


def _forget_peak() -> float:
    """Linux keeps the most memory of a process, and lets go of it when told so. What it has now, in MB."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", "ascii")
    return _peak_mb()


def _peak_mb() -> float:
    try:
        status = Path("/proc/self/status").read_text("ascii")
        return int(status.split("VmHWM:")[1].split()[0]) / 1024
    except (OSError, IndexError, ValueError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
