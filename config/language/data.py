"""A language is a folder of data beside this file: ``en/phrases.toml``, ``en/controls.toml`` and so on.

A newcomer is one new folder; no line of Python names it.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
DEFAULT = "en"


@functools.cache
def languages() -> tuple[str, ...]:
    """ISO 639-1 codes of all that have a folder, English first."""
    codes = {path.parent.name for path in FOLDER.glob("*/phrases.toml")}
    return (DEFAULT, *sorted(codes - {DEFAULT}))


def known(language: str) -> str:
    """The one of ``languages()`` for ``de``, ``de-AT``, ``auto``, ...; English where there is none."""
    code = language.lower().replace("_", "-").partition("-")[0]
    return code if code in languages() else DEFAULT


@functools.cache
def table(language: str, name: str) -> Mapping[str, Any]:
    """``LANGUAGE/NAME.toml``. Raises ``OSError`` where a language lacks it: a mistake of ours."""
    return tomllib.loads((FOLDER / language / f"{name}.toml").read_text("utf-8"))


def table_if_any(language: str, name: str) -> Mapping[str, Any]:
    """The same; of a language without a folder an empty one."""
    return table(language, name) if language in languages() else {}
