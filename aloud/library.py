"""Aloud for a script: a recording transcribed, a picture described, a conversation held, in a line each.

Settings are those of the command line, the person's own file and environment among them; each function takes
the shared ones by name, and any other as ``settings={"tts.speed": 1.2}``. All raise ``AloudError`` (exits of
the command line), and return when they are done; a recording is worked on as fast as it can be. What runs
longer, several at once, or brings its own sound: ``open_session``, or ``pipeline.session.session.Session``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from os import PathLike, fspath
from typing import Any, TypeVar

import anyio

from config.errors import EngineError, first_cause
from config.runtime.clock import FastLoop
from config.settings.loading import SHORT_NAMES, load
from config.settings.model import Settings
from pipeline import events
from pipeline.session.audio import microphone_input, speaker_output
from pipeline.session.duplex import settle_edges
from pipeline.session.opened_engines import open_engines
from pipeline.session.session import Session
from pipeline.session.shown_images import shown
from pipeline.session.typed_lines import Typed

T = TypeVar("T")
Path = str | PathLike[str]


@dataclass(frozen=True, slots=True)
class Exchanged:
    """One turn: what the person said, and what was told of the answer."""

    said: str
    heard: str


def transcribe(recording: Path, *, settings: Mapping[str, Any] | None = None, **named: str) -> str:
    """The words of a recording, a line an utterance. ``named``: ``stt``, ``language``."""
    from pipeline.session.transcript import transcribed

    chosen = _settings(settings, named)
    return "\n".join([said.text for said in _run(lambda: transcribed(chosen, fspath(recording)))])


def describe(
    picture: Path, question: str = "", *, settings: Mapping[str, Any] | None = None, **named: str
) -> str:
    """A picture or a document in words, or the answer to a ``question`` about it. ``named``: ``llm``."""
    asked = question or "Describe the picture."
    turns = _held({**(settings or {}), "microphone.source": "none"}, named, [picture], lines=[asked])
    return turns[-1].heard


def talk(
    recording: Path,
    *,
    speaker: Path = "none",
    images: Sequence[Path] = (),
    settings: Mapping[str, Any] | None = None,
    **named: str,
) -> list[Exchanged]:
    """The recording as one side of a conversation; the other is spoken into ``speaker``, a ``.wav`` file.

    ``images``: shown from the beginning. ``named``: ``stt``, ``tts``, ``llm``, ``language``.
    """
    edges = {"microphone.source": fspath(recording), "speaker.sink": fspath(speaker)}
    return _held({**(settings or {}), **edges}, named, images)


@asynccontextmanager
async def open_session(
    on_event: Callable[[events.Event], None],
    *,
    images: Sequence[Path] = (),
    settings: Mapping[str, Any] | None = None,
    **named: str,
) -> AsyncIterator[Session]:
    """A session whose ``run`` talks until its sound ends, or ``close``; ``send`` gives it commands.

    ``named``: ``microphone``, ``speaker``, ``stt``, ``tts``, ``llm``, ``language``.
    """
    chosen = settle_edges(_settings(settings, named), typed=True)
    async with _opened(chosen, on_event, images) as session:
        yield session


def _settings(settings: Mapping[str, Any] | None, named: Mapping[str, str]) -> Settings:
    """Raises ``TypeError`` for a name that is none of the shared options'."""
    strange = [name for name in named if name not in SHORT_NAMES]
    if strange:
        known = ", ".join(sorted(SHORT_NAMES))
        raise TypeError(
            f"There is no option {strange[0]!r}; there are {known}. Others go into settings={{}}."
        )
    return load({**(settings or {}), **{SHORT_NAMES[name]: value for name, value in named.items()}}).settings


@asynccontextmanager
async def _opened(
    settings: Settings,
    on_event: Callable[[events.Event], None],
    images: Sequence[Path],
    typed: Typed | None = None,
) -> AsyncIterator[Session]:
    hears, speaks = settings.microphone.source != "none", settings.speaker.sink != "none"
    async with open_engines(settings, hears=hears, speaks=speaks or hears) as engines:
        yield Session(
            engines,
            microphone_input(settings.microphone) if hears else None,
            speaker_output(settings.speaker) if speaks or hears else None,
            settings,
            on_event,
            images=shown([fspath(image) for image in images]),
            typed=typed,
        )


def _held(
    settings: Mapping[str, Any],
    named: Mapping[str, str],
    images: Sequence[Path],
    lines: Sequence[str] | None = None,
) -> list[Exchanged]:
    chosen = _settings({"speaker.sink": "none", **settings}, named)
    told: list[events.Event] = []

    async def talk() -> None:
        typed = None if lines is None else Typed(_each(lines), piped=True)
        async with _opened(chosen, told.append, images, typed) as session:
            await session.run()

    _run(talk)
    return list(_exchanges(told))


async def _each(lines: Sequence[str]) -> AsyncIterator[str]:
    for line in lines:
        yield line


def _exchanges(told: Sequence[events.Event]) -> list[Exchanged]:
    """Raises ``EngineError`` with what failed where nothing was answered at all."""
    said = {event.turn: event.text for event in told if isinstance(event, events.FinalTranscript)}
    heard = {event.turn: event.heard for event in told if isinstance(event, events.Spoke)}
    failed = next((event for event in told if isinstance(event, events.Failed)), None)
    if failed and not any(heard.values()):
        raise EngineError(failed.what, kept=failed.kept, todo=failed.todo)
    return [Exchanged(text, heard.get(turn, "")) for turn, text in sorted(said.items())]


def _run(work: Callable[[], Awaitable[T]]) -> T:
    """On the clock that skips what is waited for. Raises the ``AloudError`` itself, out of its groups."""
    try:
        return anyio.run(work, backend_options={"loop_factory": FastLoop})
    except BaseExceptionGroup as group:
        raise first_cause(group) from None
