"""A model that a person named, looked at before anything begins."""

from __future__ import annotations

import os

from config.errors import ModelError, UsageError
from config.language.close_matches import perhaps
from config.models.catalogue import Kind, Model, catalogue, find, installed, known, path_of


def check_model(kind: Kind, name: str, came: str, *, called: str, needs: str) -> None:
    """``came``: where the name came from, in brackets; ``needs``: what would be a model of this ``kind``.

    Raises ``UsageError`` for what there cannot be, ``ModelError`` for what is not on this machine.
    """
    path = find(f"{kind}:{name}")
    if path is not None and path.is_dir() == (kind == "whisper"):
        return
    if path is not None or os.path.exists(path_of(name)):
        raise UsageError(f"What is at {name} is no {called}{came}.", todo=f"It takes {needs}.")
    if (model := _known(name)) and model.kind == kind:
        raise ModelError(
            f"The {called} {name!r}{came} is not on this machine.", todo=f"Fetch it: aloud models get {name}"
        )
    names = [each.name for each in catalogue() if each.kind == kind]
    names += [each.name for each in installed() if each.kind == kind]
    near = perhaps(name, names, f"{'gguf' if kind == 'llm' else kind}:")
    raise UsageError(
        f"There is no {called} {name!r}{came}.", todo=f"{near} See all: aloud models list".strip()
    )


def _known(name: str) -> Model | None:
    try:
        return known(name)
    except UsageError:
        return None
