"""An engine that ``auto`` chose and that cannot be loaded gives way to the one that is always there.

Models load behind the listening, so that this is found out late: what was said meanwhile waits, and is then
heard by the spare engine. An engine that a person named has no spare: its failure is theirs to know of.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Generic, Protocol, TypeVar, overload

from config.errors import EngineError, ModelError
from config.runtime.clean import CleanText, clean
from config.runtime.printing import print_text
from voice.audio.speech import Speech
from voice.stt.base import Stt, SttStream
from voice.stt.context import Conversation
from voice.tts.base import Tts


class _Engine(Protocol):
    name: str

    def warm(self) -> None: ...


E = TypeVar("E", bound=_Engine)
Tell = Callable[[EngineError, CleanText], None]
"""What failed, and which engine does it instead."""


def tell_on_standard_error(error: EngineError, instead: CleanText) -> None:
    print_text(clean(f"aloud: {error.failed} {instead} {error.todo}".rstrip()), file=sys.stderr, flush=True)


class _Fallback(Generic[E]):
    """``engine`` is the one in use."""

    _does = ""

    def __init__(self, engine: E, spare: Callable[[], E]) -> None:
        self.engine = engine
        self.name = engine.name
        self.gave_way: tuple[EngineError, CleanText] | None = None
        """To which; as ``Tell`` is told."""
        self._tells: list[Tell] = []
        self._spare: Callable[[], E] | None = spare
        self._lock = threading.Lock()

    @contextmanager
    def telling(self, tell: Tell) -> Iterator[None]:
        """``tell`` is told should it give way; from the thread that loads."""
        self._tells.append(tell)
        try:
            yield
        finally:
            self._tells.remove(tell)

    def _warm(self, load: Callable[[E], None]) -> None:
        """Raises ``EngineError`` when the spare engine fails as well."""
        with self._lock:
            if self._spare is None:
                return
            try:
                load(self.engine)
            except EngineError as error:
                self._give_way(error, load)
            except (ImportError, OSError) as error:  # of a package, a library
                self._give_way(ModelError(f"{self.engine.name} cannot be used: {error}."), load)
            self._spare = None

    def _give_way(self, error: EngineError, load: Callable[[E], None]) -> None:
        assert self._spare
        spare = self._spare()
        load(spare)
        self.engine, self.name = spare, spare.name
        self.gave_way = (error, clean(f"{spare.name} {self._does} in its place."))
        for tell in tuple(self._tells) or (tell_on_standard_error,):
            tell(*self.gave_way)


class FallbackStt(_Fallback[Stt]):
    """Implements ``voice.stt.base.Stt``."""

    _does = "listens"

    def warm(self, language: str = "auto") -> None:
        """As ``_warm``."""
        self._warm(lambda stt: stt.warm(language))

    def open(self, conversation: Conversation | None = None) -> SttStream:
        """After ``warm``."""
        return self.engine.open(conversation)


class FallbackTts(_Fallback[Tts]):
    """Implements ``voice.tts.base.Tts``."""

    _does = "speaks"

    def warm(self) -> None:
        """As ``_warm``."""
        self._warm(lambda tts: tts.warm())

    @property
    def rate(self) -> int:
        return self.engine.rate

    def say(self, text: str, *, speed: float = 1.0) -> Speech:
        self.warm()
        return self.engine.say(text, speed=speed)

    def stream(self, text: str, ahead_s: float = 0.0, *, speed: float = 1.0) -> Iterator[Speech]:
        self.warm()
        yield from self.engine.stream(text, ahead_s, speed=speed)


@contextmanager
def telling(engines: Sequence[Stt | Tts | None], tell: Tell) -> Iterator[None]:
    """``tell`` is told of each that gives way, from the thread that loads it."""
    with ExitStack() as stack:
        for engine in engines:
            if isinstance(engine, FallbackStt | FallbackTts):
                stack.enter_context(engine.telling(tell))
        yield


def given_way(engines: Sequence[Stt | Tts | None]) -> list[tuple[EngineError, CleanText]]:
    """Those that had, before anybody in this session could be told."""
    fallbacks = [engine for engine in engines if isinstance(engine, FallbackStt | FallbackTts)]
    return [engine.gave_way for engine in fallbacks if engine.gave_way]


@overload
def engine_in_use(engine: Stt) -> Stt: ...


@overload
def engine_in_use(engine: Tts) -> Tts: ...


def engine_in_use(engine: Stt | Tts) -> Stt | Tts:
    """The engine itself."""
    return engine.engine if isinstance(engine, FallbackStt | FallbackTts) else engine
