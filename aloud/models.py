"""``aloud models``: what is known, what is here; fetched once, with a bar that shows size and rate."""

from __future__ import annotations

import json as json_module
from collections.abc import Sequence

from config import catalogue
from config.errors import RefusedError, UsageError
from config.settings import Settings


def _known(name: str) -> catalogue.Model:
    model = catalogue.model(name)
    if model is None:
        raise UsageError(f"No model is called {name!r}.", todo="See them all: aloud models list")
    return model


def show(*, json: bool) -> None:
    here = {model.name for model in catalogue.installed()}
    rows = [(model, model.name in here) for model in catalogue.models()]
    if json:
        for model, installed in rows:
            fields = {
                "name": model.name,
                "kind": model.kind,
                "languages": list(model.languages),
                "licence": model.licence,
                "bytes": model.about_bytes,
                "installed": installed,
            }
            print(json_module.dumps(fields, ensure_ascii=False))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("name", "kind", "languages", "size", "licence", "here", box=None)
    for model, installed in rows:
        size = f"{model.about_bytes / 1e6:.0f} MB"
        languages = ", ".join(model.languages[:4]) + (" …" if len(model.languages) > 4 else "")
        table.add_row(model.name, model.kind, languages, size, model.licence, "yes" if installed else "")
    Console().print(table)
    print("Fetch one: aloud models get NAME")


def get(settings: Settings, names: Sequence[str], *, quiet: bool) -> None:
    """Raises ``ModelError`` when the hub is out of reach, the disk is full, or a file arrives damaged."""
    if settings.offline:
        raise RefusedError("Fetching a model needs the network, and --offline forbids it.")
    for model in [_known(name) for name in names]:
        _get(model, quiet=quiet)


def _get(model: catalogue.Model, *, quiet: bool) -> None:
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
    )
    with bar:
        task = bar.add_task(model.name, total=model.about_bytes)
        path = fetch.fetch(
            model, on_progress=lambda now: bar.update(task, total=now.total, completed=now.done)
        )
    if not quiet:
        print(f"{model.name} is in {path}")


def remove(names: Sequence[str]) -> None:
    for name in names:
        model = _known(name)
        if catalogue.remove(model.name):
            print(f"{model.name} is deleted.")
        else:
            print(f"{model.name} was not here.")
