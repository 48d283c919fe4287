"""What a token costs on its way from the wire to the TTS, and what our wire adds to the first one.

Three figures of ours for each token, in processor time: reading it (``SkillAnswer``, from the event's data),
cutting it into chunks (``Sentences``), and finding its spoken form (``Spoken``), over an answer with
marks for a screen. Then a scripted server, in a process of its own and without delays, is asked in turn by
our wire, by bare httpx, which reads the same lines and decodes the same JSON, and by OpenAI's own package
where it is installed (it is for the tests): processor time for each token, and time from the request to the
first text. The limits are our own: a hundredth of a token's time at 60 a second, 5 ms, and 45 µs a token on
a machine on which bare httpx takes 25, as a ratio, since processors change their pace.

Then ``bench.conversation.llm_left``: how soon an answer that is left is seen to be so.

Histories on disk are not there yet, so opening and searching them is not measured.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

from aloud.cli.bench import Figure, Options, percentile
from aloud.cli.bench.model_server import split
from aloud.cli.bench.turn import model_server
from bench.conversation import llm_left
from config.errors import LlmError
from config.runtime.clock import busy
from config.settings.loading import load
from pipeline.llm.apis.chat import ChatReply
from pipeline.llm.base import Message
from pipeline.llm.discovery import open_llm
from pipeline.llm.http.client import HttpLlm
from pipeline.llm.server import Server
from pipeline.llm.wire import LlmOptions
from pipeline.session.run import run_async
from voice.tts.text.sentence_splitter import Sentences

if TYPE_CHECKING:
    import httpx

TEXT = (
    "Lisbon, the capital of Portugal, lies on the Tagus; about 545,000 people live there (as of 2021). "
    "Some things to see:\n\n- **Belém Tower**, built from 1514 to 1519\n- the *Alfama*, its oldest quarter\n"
    '- trams, e.g. no. 28, for $3.20 a ride\n\nDr. Silva says: "Go in spring, at 20 °C." It\'s 15 km to '
    "[Sintra](https://example.org/sintra), which takes 40 min by train. "
)
LONG = TEXT * 8
WARMUP = 3
_BODY = {"model": "scripted", "stream": True, "stream_options": {"include_usage": True}}


@dataclass
class Asked:
    """``first_s``: from a request to its first text. ``token_s``: processor time of each of its tokens."""

    first_s: list[float] = field(default_factory=list)
    token_s: list[float] = field(default_factory=list)


def _events(text: str) -> list[bytes]:
    """A server's events, a token each, and the last."""
    pieces: list[dict[str, Any]]
    pieces = [{"delta": {"content": token}, "finish_reason": None} for token in split(text)]
    pieces.append({"delta": {}, "finish_reason": "stop"})
    return [b"data: %s\n\n" % json.dumps({"choices": [{"index": 0, **piece}]}).encode() for piece in pieces]


def _parse(events: list[bytes]) -> list[str]:
    answer = ChatReply(Server("scripted", "http://127.0.0.1:9/v1", "scripted"))
    return [delta.text for data in events for delta in answer.push(data)]


def _cut(deltas: list[str]) -> list[str]:
    sentences = Sentences()
    return [chunk for delta in deltas for chunk in sentences.push(delta)] + sentences.flush()


def _find_spoken(chunks: list[str]) -> None:
    from voice.tts.text.normalizer import Spoken

    spoken = Spoken("en")
    for chunk in chunks:
        spoken.push(chunk)
    spoken.flush()


def _cost_us(work: Callable[[], object], tokens: int, rounds: int) -> float:
    """Processor time of a token in µs, in the median round."""
    work()
    moments = []
    for _ in range(rounds + 1):
        moments.append(time.process_time())
        work()
    spent = [after - before for before, after in pairwise([*moments, time.process_time()])]
    return 1e6 * percentile(spent, 50) / tokens


def _each_step(rounds: int) -> dict[str, float]:
    events = _events(LONG)
    deltas = _parse(events)
    chunks = _cut(deltas)
    steps: dict[str, Callable[[], object]] = {
        "reading": lambda: _parse(events),
        "cutting into chunks": lambda: _cut(deltas),
        "spoken form": lambda: _find_spoken(chunks),
    }
    return {name: _cost_us(work, len(deltas), rounds) for name, work in steps.items()}


class _Watch:
    """One request: when its first text came, and its processor time up to its end."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._began, self._worked = time.monotonic(), time.process_time()
        self._tokens = 0

    def saw(self, text: str) -> None:
        if text:
            if not self._tokens:
                self._asked.first_s.append(time.monotonic() - self._began)
            self._tokens += 1

    def done(self) -> None:
        self._asked.token_s.append((time.process_time() - self._worked) / self._tokens)


async def _ask_ours(llm: HttpLlm, asked: Asked) -> None:
    watch = _Watch(asked)
    async with llm.reply([Message("user", "Where?")]) as deltas:
        async for delta in deltas:
            watch.saw(delta.text)
    watch.done()


async def _ask_bare(client: httpx.AsyncClient, url: str, asked: Asked) -> None:
    watch = _Watch(asked)
    body = {**_BODY, "messages": [{"role": "user", "content": "Where?"}]}
    with busy():
        async with client.stream("POST", url, json=body) as response:
            async for line in response.aiter_lines():
                if line.startswith("data: {"):
                    watch.saw(json.loads(line[6:])["choices"][0]["delta"]["content"])
    watch.done()


def _openai(base_url: str) -> Any:
    """None: it is not installed."""
    try:
        import openai
    except ImportError:
        return None
    return openai.AsyncOpenAI(base_url=base_url, api_key="none", max_retries=0)


async def _ask_openai(client: Any, asked: Asked) -> None:
    watch = _Watch(asked)
    with busy():
        asking: Any = {**_BODY, "messages": [{"role": "user", "content": "Where?"}]}
        async with await client.chat.completions.create(**asking) as stream:
            async for chunk in stream:
                watch.saw(chunk.choices[0].delta.content or "" if chunk.choices else "")
    watch.done()


async def _ask(base_url: str, rounds: int) -> tuple[Asked, Asked, Asked]:
    """By our wire, by bare httpx, and by OpenAI's package, one after the other in turn."""
    import httpx

    ours, bare, sdk = Asked(), Asked(), Asked()
    openai = _openai(base_url)
    settings = load({"llm.engine": f"{base_url}#scripted"}, environment={}).settings
    llm = await open_llm(LlmOptions(settings.llm, settings.vision))
    if llm is None:
        raise LlmError("The scripted model server of the benchmark did not answer.")
    try:
        async with httpx.AsyncClient(trust_env=False) as client:
            for _ in range(rounds + WARMUP):
                await _ask_ours(llm, ours)
                await _ask_bare(client, f"{base_url}/chat/completions", bare)
                if openai:
                    await _ask_openai(openai, sdk)
    finally:
        await llm.aclose()
        if openai:
            await openai.close()
    return ours, bare, sdk


def _warm(values: list[float]) -> list[float]:
    return list(islice(values, WARMUP, None))


def _compared(name: str, unit: str, scale: float, *spent: list[float]) -> Iterator[Figure]:
    for who, values in zip(("ours", "bare httpx", "OpenAI's package"), spent, strict=True):
        if values:
            yield Figure(f"{name}, {who}", scale * percentile(_warm(values), 50), unit)


def _median(values: list[float]) -> float:
    return percentile(_warm(values), 50)


def measure(options: Options) -> list[Figure]:
    rounds = options.rounds or 30
    steps = _each_step(rounds)
    with model_server(0.0, float("inf"), LONG) as base_url:
        ours, bare, sdk = run_async(lambda: _ask(base_url, rounds))
    adds = 1000 * (percentile(_warm(ours.first_s), 50) - percentile(_warm(bare.first_s), 50))
    return [
        Figure("a token from the wire to the TTS, all three", sum(steps.values()), "µs", 1e4 / 60),
        *(Figure(f"  {name}", cost, "µs") for name, cost in steps.items()),
        Figure("our wire adds to the first token", adds, "ms", 5.0),
        *_compared("  first token", "ms", 1e3, ours.first_s, bare.first_s, sdk.first_s),
        *_compared("a token over the wire", "µs", 1e6, ours.token_s, bare.token_s, sdk.token_s),
        Figure("  ours to bare httpx", _median(ours.token_s) / _median(bare.token_s), "x", 45 / 25),
        Figure("requests each", len(ours.first_s) - WARMUP, "", float(rounds), "higher"),
        Figure("tokens an answer", len(split(LONG)), ""),
        *llm_left.interrupt(),
        *llm_left.cancel(),
    ]
