"""Names of files that hold keys and passwords: ``secret_names.toml``."""

from __future__ import annotations

import fnmatch
import functools
import re
import tomllib
import unicodedata
from collections.abc import Sequence
from pathlib import Path


def names_a_secret(parts: Sequence[str]) -> bool:
    """Of a path: whether its file is one, or lies in a folder of them."""
    *folders, name = map(_plain, parts)
    return any(map(_table("folders").fullmatch, folders)) or bool(_table("files").fullmatch(name))


@functools.cache
def _table(kind: str) -> re.Pattern[str]:
    patterns = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))[kind]
    return re.compile("|".join(map(fnmatch.translate, patterns)))


def _plain(name: str) -> str:
    """As it looks: without what is not seen, in small letters."""
    folded = unicodedata.normalize("NFKC", name)
    return "".join(letter for letter in folded if letter.isprintable()).strip().casefold()
