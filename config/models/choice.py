"""Which models suit a person and a machine: by language, and by how quickly a Whisper writes a preflight
here.

A preflight of three seconds of speech within ``PREFLIGHT_S`` can hide in the silence that ends a turn. The
cost is the measured one where this machine has measured it (``config/models/speeds.py``), else predicted from
the kernel.
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Callable, Sequence

from config.models.catalogue import Model, catalogue

PREFLIGHT_S = 0.25
"""Within which a preflight of three seconds of speech should be ready."""
FIRST_MB = 200
"""The largest Whisper that is fetched unasked: a first minute is no time for gigabytes."""
TURN_MODEL = "smart-turn-v3.2-cpu"
"""Hears by the sound whether a turn is over: part of the default set, since words alone do not tell."""
_LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")


def spoken_language(asked: str) -> str:
    """ISO 639-1: the one that was asked for, or, of ``auto``, the one that this account is set to."""
    if asked != "auto":
        return _code(asked)
    locale = next((os.environ[name] for name in _LOCALES if os.environ.get(name)), "")
    code = _code(locale)
    return code if re.fullmatch("[a-z]{2,3}", code) else "en"


def _code(language: str) -> str:
    code = re.split(r"[-_.@]", language.lower())[0]
    return "en" if code in {"c", "posix"} else code


def hears(model: Model, language: str) -> bool:
    return language in model.languages or "*" in model.languages


def whispers_for(language: str) -> tuple[Model, ...]:
    """Those that hear it, from the one that costs most; of two that cost the same, the one for it alone."""
    fitting = [model for model in catalogue() if model.kind == "whisper" and hears(model, language)]
    return tuple(sorted(fitting, key=lambda model: (-model.kernels, "*" in model.languages)))


def voices_for(language: str, region: str = "") -> tuple[Model, ...]:
    """Piper voices that speak it, those of the region (``GB``) first, then in the catalogue's order."""
    speaking = [model for model in catalogue() if model.kind == "piper" and language in model.languages]
    wanted = f"{language}_{region.upper()}-"
    return tuple(sorted(speaking, key=lambda model: not (region and model.name.startswith(wanted))))


@functools.cache
def voiced() -> frozenset[str]:
    """The languages that a listed voice speaks, and in which a conversation is likely."""
    return frozenset(code for model in catalogue() if model.kind == "piper" for code in model.languages)


def turn_model_for(language: str) -> Model | None:
    """The one that judges the end of a turn by its sound, where it was trained on the language."""
    return next((m for m in catalogue() if m.name == TURN_MODEL and hears(m, language)), None)


def region(asked: str) -> str:
    """``en-GB`` or, of ``auto``, the locale's ``en_GB.UTF-8``: ``GB``; empty where none is named."""
    locale = next((os.environ[name] for name in _LOCALES if os.environ.get(name)), "")
    match = re.match(r"[A-Za-z]{2,3}[-_]([A-Za-z]{2})\b", locale if asked == "auto" else asked)
    return match[1].upper() if match else ""


def quick_enough(models: Sequence[Model], preflight_s: Callable[[Model], float | None]) -> Model | None:
    """The largest whose preflight is ready within ``PREFLIGHT_S``; where none is, or no cost is known, the
    smallest.

    ``models`` as ``whispers_for`` sorts them; ``preflight_s`` is None where nothing is known of one.
    """
    for model in models:
        seconds = preflight_s(model)
        if seconds is not None and seconds <= PREFLIGHT_S:
            return model
    return min(models, key=lambda model: model.kernels, default=None)
