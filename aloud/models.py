"""``aloud models``: what is known, what is here; fetched once, with a bar that shows size and rate."""

from __future__ import annotations

import json as json_module
from collections.abc import Sequence
from pathlib import Path

from aloud.columns import paragraph, table
from config import catalogue
from config.errors import MouthError
from config.settings import Settings


def show(*, json: bool, width: int | None = None) -> None:
    """``width``: of the terminal; None: each line is whole."""
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
            }
            print(json_module.dumps(fields, ensure_ascii=False))
        return
    lines = [("name", "for", "MB", "here", "languages", "licence")]
    for model, installed in rows:
        languages = ", ".join(model.languages).replace("*", "any")
        unfinished = "unfinished" if installed and not installed.complete else ""
        state = "yes" if catalogue.find(model.name) else unfinished
        sense = {"whisper": "ears", "piper": "mouth", "turn": "turns"}[model.kind]
        size = f"{model.about_mb or '?':>4}"
        lines.append((model.name, sense, size, state, languages, model.licence))
    print("\n".join(table(lines, width)))
    fetch = "Fetch one: aloud models get NAME (any other Piper voice, or OWNER/NAME of a Whisper, too)"
    print("\n".join(paragraph(fetch, width)))
    if codes := _always_here():
        spoken = f"Always here, as --mouth espeak:CODE: {', '.join(codes)}"
        print("\n".join(paragraph(spoken, width)))


def _always_here() -> list[str]:
    from voice import espeak

    try:
        return espeak.languages()
    except MouthError:  # the doctor says why
        return []


def get(settings: Settings, names: Sequence[str], *, quiet: bool) -> None:
    """Raises ``ModelError`` when the hub is out of reach, the disk is full, or a file arrives damaged."""
    for model in [catalogue.known(name) for name in names]:
        path = _get(model, offline=settings.offline, quiet=quiet)
        if not quiet:
            print(f"{model.name} is here: {path}")


def _get(model: catalogue.Model, *, offline: bool, quiet: bool) -> Path:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

    from config import fetch

    bar = Progress(
        "{task.description}",
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True, quiet=quiet),
        transient=True,
    )
    with bar:
        task = bar.add_task(model.name, total=None)

        def draw(progress: fetch.Progress) -> None:
            waiting = f"{model.name} (another program is fetching it)" if progress.waiting else model.name
            total = progress.total or None
            bar.update(task, description=waiting, total=total, completed=progress.done)

        return fetch.fetch(model, on_progress=draw, offline=offline)


def remove(names: Sequence[str]) -> None:
    """Raises ``ModelError`` for one that is not here."""
    for name in names:
        freed = catalogue.remove(name)
        print(f"{name} is deleted; {freed / 1e6:.0f} MB are free again.")
