"""What all takes of a run share: targets, the LLM that rewrites, the vocabulary, where failures are told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio

from config.errors import AloudError, EngineError, LlmError, TargetError
from config.runtime.clean import CleanText, clean
from config.settings.model import Settings
from pipeline import events
from pipeline.dictation.active_take import DictationContext
from pipeline.dictation.deliver_once import EventTarget
from pipeline.dictation.store import Takes
from pipeline.dictation.take import keep
from pipeline.dictation.targets.base import Target
from pipeline.dictation.targets.open import open_target
from pipeline.dictation.text.stages import CleanupStage
from pipeline.dictation.text.vocabulary import Vocabulary
from pipeline.dictation.vocabulary_file import remember
from pipeline.events import Notify
from pipeline.llm.base import Llm
from pipeline.session.audio import OnLevel
from pipeline.session.dictation.read_back import ReadBack
from pipeline.session.dictation.rewriter import open_rewriter
from pipeline.session.dictation.toggle import ToggleListener
from voice.stt.base import Stt
from voice.stt.context import Conversation
from voice.turns.vad.silero import Silero


@dataclass(frozen=True)
class DictationOptions:
    """How it is to be done. ``to``: targets' specs; ``json``: standard output brings events."""

    to: tuple[str, ...]
    json: bool = False
    live: bool = False
    push_to_talk: bool = False
    keys: bool = False
    """Standard input is a keyboard: space, Enter, Esc."""
    explain: Callable[[Sequence[CleanupStage]], None] = lambda stages: None
    listening: ToggleListener | None = None
    on_level: OnLevel | None = None
    """Told the level of each frame, as ``pipeline.session.conversation.meter`` tells it."""
    around_stt: Callable[[Stt], Stt] = lambda stt: stt
    """For who measures them."""


class LazyLlm:
    """The LLM that rewrites, looked for once, when first needed; ``absent`` is told why there is none."""

    def __init__(self, settings: Settings, absent: Callable[[LlmError], None]) -> None:
        self._settings = settings
        self._absent = absent
        self._lock = anyio.Lock()
        self._found: tuple[Llm | None] | None = None

    async def open(self) -> Llm | None:
        async with self._lock:
            if self._found is None:
                try:
                    self._found = (await open_rewriter(self._settings),)
                except LlmError as error:
                    self._absent(error)
                    return None  # perhaps it is there next time
            return self._found[0]

    async def aclose(self) -> None:
        if self._found and self._found[0]:
            await self._found[0].aclose()


class _Surroundings:
    """What a take asks of the rest of the run; a failure there is told and ends no take."""

    def __init__(
        self,
        settings: Settings,
        vocabulary: Vocabulary,
        notify: Notify,
        now: Callable[[], float],
        reading: ReadBack,
        *,
        json: bool,
    ) -> None:
        self._settings, self._vocabulary = settings, vocabulary
        self._notify, self._now, self._reading, self._json = notify, now, reading, json
        self.conversation = Conversation.of(settings.stt)
        self._expect()
        self.llms = LazyLlm(settings, self._absent)

    def _expect(self) -> None:
        expected = (self._vocabulary.hotwords(), self._settings.stt.hotwords)
        self.conversation.hotwords = ", ".join(filter(None, expected))

    def target(self, spec: str) -> Target:
        """Raises ``TargetError`` for one that cannot be used."""
        if self._json and spec in ("stdout", "-"):
            return EventTarget()
        return open_target(spec, say=self._reading.deliver)

    async def learn(self, learned: str) -> None:
        self._expect()
        try:
            await remember(learned, self._settings.dictate.vocabulary_file)
        except TargetError as error:
            self._failed(error, error.kept)

    async def say(self, text: str) -> None:
        try:
            await self._reading.say(text)
        except EngineError as error:  # a dictation does not end for want of a voice
            self._failed(error, error.kept)

    def _absent(self, error: LlmError) -> None:
        self._failed(error, clean("The text is tidied by rules."))

    def _failed(self, error: AloudError, kept: CleanText) -> None:
        kind = type(error).__name__
        self._notify(events.Failed(at=self._now(), turn=0, error=kind, message=error.failed, kept=kept))


@asynccontextmanager
async def open_context(
    settings: Settings,
    wanted: DictationOptions,
    stt: Stt,
    vad: Silero,
    vocabulary: Vocabulary,
    takes: Takes,
    notify: Notify,
    now: Callable[[], float],
    reading: ReadBack,
    loaded: Callable[[], Awaitable[None]],
) -> AsyncIterator[DictationContext]:
    """Raises ``TargetError`` for a target that cannot be used."""
    around = _Surroundings(settings, vocabulary, notify, now, reading, json=wanted.json)
    context = DictationContext(
        takes=takes,
        stt=stt,
        vad=vad,
        listen=settings.listen,
        targets={spec: around.target(spec) for spec in wanted.to},
        notify=notify,
        now=now,
        open_llm=around.llms.open,
        say=around.say,
        open_target=around.target,
        language=settings.stt.language,
        conversation=around.conversation,
        settings=settings.dictate,
        vocabulary=vocabulary,
        learn=around.learn,
        explain=wanted.explain,
        live=wanted.live,
        keep=keep(settings.dictate.keep),
        keep_sound=keep(settings.dictate.keep_recordings),
        loaded=loaded,
        names_llm=settings.llm.engine not in ("auto", "skills"),
    )
    try:
        yield context
    finally:
        await around.llms.aclose()
