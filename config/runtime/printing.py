"""What is printed is clean text: ``print`` stands in this file alone, and a test looks for it elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TextIO

from config.runtime.clean import CleanText, Mark, clean, clean_json


def print_text(
    *texts: CleanText, sep: Mark = " ", end: Mark = "\n", file: TextIO | None = None, flush: bool = False
) -> None:
    """As ``print``; None: standard output."""
    print(*texts, sep=sep, end=end, file=file, flush=flush)


def print_dim(text: CleanText, *, file: TextIO) -> None:
    """Grey on a terminal, and goes on where the last one ended."""
    print(f"\x1b[2m{text}\x1b[0m", end="", file=file, flush=True)


def print_over(text: CleanText, *, file: TextIO) -> None:
    """Over what stands on the line."""
    print(f"\r{text}", end="", file=file, flush=True)


def json_line(fields: Mapping[str, Any]) -> CleanText:
    """One object. What is in it is cleaned before: afterwards an end of a line would be one."""
    return clean(json.dumps(clean_json(fields), ensure_ascii=False))


def print_json(fields: Mapping[str, Any], *, file: TextIO | None = None) -> None:
    print(json_line(fields), file=file, flush=True)
