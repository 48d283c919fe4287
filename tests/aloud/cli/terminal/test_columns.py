"""What fits into a terminal's width, and what stays whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from aloud.cli.terminal.columns import paragraph, table
from config.models.catalogue import catalogue
from config.settings.explanations import explained
from tests.aloud.cli.test_screen import on_a_terminal

Call = Callable[..., Any]
words = st.text("abc-_:", min_size=1, max_size=12)
cells = st.lists(words, max_size=8).map(" ".join)
tables = st.integers(1, 4).flatmap(
    lambda n: st.lists(st.lists(cells, min_size=n, max_size=n), min_size=1, max_size=5)
)


@given(tables, st.integers(56, 120))
def test_a_table_fits_and_no_word_of_it_is_broken(rows: list[list[str]], width: int) -> None:
    lines = table(rows, width)
    assert max(map(len, lines)) <= width
    shown = sorted(" ".join(lines).split())
    assert shown == sorted(word for row in rows for cell in row for word in cell.split())


@given(tables)
def test_without_a_width_a_row_is_a_line(rows: list[list[str]]) -> None:
    assert len(table(rows, None)) == len(rows)


def test_a_cell_is_folded_under_its_own_column() -> None:
    assert table([("base.en", "the best for English"), ("x", "y")], 22) == [
        "base.en  the best for",
        "         English",
        "x        y",
    ]


def test_a_paragraph_is_indented_and_names_are_kept() -> None:
    text = "Fetch it: aloud models get en_US-ljspeech-medium"
    assert paragraph(text, 40, 6, "stt") == [
        "stt   Fetch it: aloud models get",
        "      en_US-ljspeech-medium",
    ]
    assert paragraph(text, None, 6, "stt") == [f"stt   {text}"]


def test_models_fit_a_terminal_of_80_and_are_whole_in_a_pipe(aloud: Call) -> None:
    shown = on_a_terminal("models", "list")
    piped = aloud("models", "list").out.splitlines()
    assert max(map(len, shown.splitlines())) <= 80
    for model in catalogue():
        assert model.name in shown.split()
        (line,) = (line for line in piped if line.startswith(f"{model.name} "))
        assert model.licence in line
        assert ", ".join(model.languages).replace("*", "any") in line


def test_settings_fit_a_terminal_of_80_and_are_whole_in_a_pipe(aloud: Call) -> None:
    shown = on_a_terminal("config", "show")
    piped = aloud("config", "show").out.splitlines()
    assert max(map(len, shown.splitlines())) <= 80
    for name, text in explained().settings.items():
        assert f"\n{name} = " in f"\n{shown}"
        (line,) = (line for line in piped if line.startswith(f"{name} "))
        assert line.endswith(text)
