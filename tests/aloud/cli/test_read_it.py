"""A rendered page, shown to the command and read by it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.pictures.reading_pages import compare
from bench.pictures.rendering import Look, render, texts


def test_as_it_is_typed(aloud: Callable[..., Any], tmp_path: Path) -> None:
    image, lines = render(texts()[1], Look("DejaVuSerif", 26, turned=90, ink="#8a8a8a", paper="#c8c8c8"))
    image.save(tmp_path / "notice.png")
    done = aloud(
        "describe",
        str(tmp_path / "notice.png"),
        "--ask",
        "read it",
        "--llm",
        "skills",
        "--speaker",
        "none",
        "--quiet",
    )
    assert done.status == 0
    page = compare(lines, done.out)
    assert page.wrong <= 0.03 * page.words
    assert page.misplaced == ()
    assert done.out.count("\n\n") >= 5
