"""``aloud models``: what is known, what is here; fetched once, with a bar that shows size and rate."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from aloud.cli.exit import one_by_one
from aloud.cli.terminal.columns import paragraph, table
from aloud.cli.terminal.plain import is_plain
from config.errors import TtsError
from config.models import catalogue
from config.models.choice import PREFLIGHT_S
from config.models.progress import Progress, say_size
from config.runtime.clean import clean
from config.runtime.installation import added_line, typed_here
from config.runtime.printing import print_json, print_text
from config.settings.model import Settings, SttSettings

LINE_EVERY_S = 10.0


def show(*, json: bool, width: int | None = None, heard: bool = False) -> None:
    """``width``: of the terminal; None: each line is whole. ``heard``: read aloud, without columns."""
    here = {model.name: model for model in catalogue.installed()}
    rows = [(model, here.get(model.name)) for model in catalogue.catalogue()]
    if json:
        for model, installed in rows:
            fields = {
                "name": model.name,
                "kind": model.kind,
                "languages": list(model.languages),
                "licence": model.licence,
                "about_mb": model.about_mb,
                "installed": catalogue.find(model.name) is not None,
                "bytes_here": installed.size if installed else 0,
                **(_llm_fields(model.llm) if model.llm else {}),
            }
            print_json(fields)
        return
    lines = [] if heard else [("name", "for", "MB", "memory", "here", "languages", "licence")]
    for model, installed in rows:
        languages = ", ".join(model.languages).replace("*", "any")
        unfinished = "unfinished" if installed and not installed.complete else ""
        state = "yes" if catalogue.find(model.name) else unfinished
        sense = {"whisper": "stt", "piper": "tts", "turn": "turns", "llm": "llm"}[model.kind]
        sense += ", sees" if model.sees else ""
        size, memory = f"{model.about_mb or '?':>4}", f"{_memory_mb(model.llm):>4}" if model.llm else ""
        lines.append((model.name, sense, size, memory, state, languages, model.licence))
    print_text(clean("\n".join(map(_said, lines) if heard else table(lines, width))))
    if codes := _always_here():
        spoken = f"Always here, as --tts espeak:CODE: {', '.join(codes)}"
        print_text(clean("\n".join(paragraph(spoken, width))))
    other = "Also any other Piper voice, and a Whisper as OWNER/NAME. Fetch one: aloud models get NAME"
    print_text(clean("\n".join(paragraph(typed_here(other), width))))


def _memory_mb(facts: catalogue.LlmFacts) -> int:
    """With the longest context that would be used."""
    from config.models.llm_choice import CONTEXTS, needed_mb

    return needed_mb(facts, min(CONTEXTS[0], facts.context))


def _llm_fields(facts: catalogue.LlmFacts) -> dict[str, object]:
    return {
        "sees": bool(facts.projector),
        "parameters": facts.parameters,
        "context": facts.context,
        "memory_mb": _memory_mb(facts),
        "score": facts.score,
        "sources": dict(facts.sources),
        "date": facts.date,
    }


def _said(row: tuple[str, ...]) -> str:
    """Each cell says what it is, since nobody sees under which heading it stands."""
    name, sense, size, memory, state, languages, licence = row
    here = {"yes": "here", "": "not here"}.get(state, state)
    takes = f", {memory.strip()} MB of memory" if memory else ""
    return f"{name}, {sense}, {here}, {size.strip()} MB{takes}, language {languages}, licence {licence}"


def _always_here() -> list[str]:
    from voice.tts import espeak

    try:
        return espeak.languages()
    except TtsError:  # the doctor says why
        return []


def get(settings: Settings, names: Sequence[str], *, quiet: bool) -> None:
    """One after the other; one that cannot be had is told of, and keeps none from coming.

    Raises ``UsageError`` for a name that is none, before anything is fetched; ``ModelError`` when the only
    one fails (no source gives it, the disk is full, it arrives damaged). Exits with 6 when one of several
    did.
    """

    def bring(model: catalogue.Model) -> None:
        path = fetch_shown(model, settings, quiet=quiet)
        if not quiet:
            print_text(clean(f"{model.name} is here: {path}"))
            if model.kind == "whisper":
                print_text(clean(_quickness(settings.stt, model)))
            elif model.kind == "llm":
                print_text(clean(_llm_told(model)))

    one_by_one(bring, [catalogue.known(name) for name in names])


def _quickness(stt: SttSettings, model: catalogue.Model) -> str:
    """What a preflight of it costs here, measured, and whether ``auto`` takes it."""
    from aloud.cli.machine.engine_speed import QUICK, measure_preflight

    seconds, _ = measure_preflight(stt, model)
    took = f"Three seconds of speech take it {seconds:.2f} s here"
    if seconds <= PREFLIGHT_S:
        return f"{took}; {QUICK}."
    this = typed_here(f"To have this one: aloud talk --stt {model.spec}")
    return f"{took}. Where a smaller one is here, talking takes that. {this}"


def _llm_told(model: catalogue.Model) -> str:
    """How it will do here, and the line that talks with it, after the one that brings what reads it."""
    from importlib.util import find_spec

    from config.models.llm_choice import RESERVED_MB, offer
    from config.models.llm_speed import llm_speed
    from config.system.memory import available_mb

    told = offer(model, llm_speed(model), available_mb() - RESERVED_MB).reason
    brings = "" if find_spec("xllamacpp") else f" What reads it is to be installed: {added_line('xllamacpp')}"
    return f"{told}{brings} {typed_here(f'To talk with it: aloud talk --llm {model.spec}')}"


def fetch_shown(model: catalogue.Model, settings: Settings, *, quiet: bool) -> Path:
    """Fetch with a bar on standard error, or, where nothing is drawn, with a line now and then."""
    from config.models import download as fetch

    if quiet:
        return fetch.fetch(model, offline=settings.offline)
    if is_plain(settings.show, sys.stderr):
        return fetch.fetch(model, on_progress=ProgressLines(model.name), offline=settings.offline)
    return _fetch_with_bar(model, offline=settings.offline)


class ProgressLines:
    """``on_progress`` for a screen reader and a log: a line at the beginning, and every ten seconds."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._said: float | None = None

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if self._said is not None and now - self._said < LINE_EVERY_S:
            return
        first, self._said = self._said is None, now
        if progress.waiting:
            line = f"{self._name}: another program is fetching it."
        elif first:
            line = f"{self._name}: {say_size(progress.total)} in all, {say_size(progress.done)} of it here."
        else:
            left = f", about {progress.seconds_left:.0f} s more" if progress.seconds_left else ""
            line = f"{self._name}: {say_size(progress.done)} of {say_size(progress.total)}{left}."
        print_text(clean(line), file=sys.stderr, flush=True)


def _fetch_with_bar(model: catalogue.Model, *, offline: bool) -> Path:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
    from rich.progress import Progress as Bar

    from config.models import download as fetch

    name = TextColumn("{task.description}", markup=False)
    columns = (name, BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(model.name, total=None)

        def draw(progress: Progress) -> None:
            waiting = f"{model.name} (another program is fetching it)" if progress.waiting else model.name
            bar.update(task, description=waiting, total=progress.total or None, completed=progress.done)

        return fetch.fetch(model, on_progress=draw, offline=offline)


def remove(names: Sequence[str]) -> None:
    """Raises ``ModelError`` when the only one is not here; exits with 6 when one of several is not."""

    def take_away(name: str) -> None:
        freed = catalogue.remove(name)
        print_text(clean(f"{name} is deleted; {freed / 1e6:.0f} MB are free again."))

    one_by_one(take_away, names)
