"""``--help`` and lists, as they are seen in 80 columns and as they are heard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from config.models.catalogue import catalogue
from tests.aloud.cli.test_screen import on_a_terminal

Call = Callable[..., Any]


@pytest.mark.parametrize("group", [(), ("models",), ("config",), ("history",)])
def test_in_80_columns_no_sentence_is_cut(
    aloud: Call, group: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = aloud(*group, "--help").out.splitlines()
    assert len(shown) > 8
    assert [line for line in shown if line.endswith("...") and "ARGS" not in line] == []


def options(shown: str) -> list[str]:
    return [line for line in shown.splitlines() if line.startswith("  ")]


def test_where_it_is_read_aloud_an_option_is_a_line(aloud: Call) -> None:
    """In columns, the end of a sentence stands on a line of its own."""
    heard = options(on_a_terminal("talk", "--help", TERM="dumb"))
    seen = options(on_a_terminal("talk", "--help"))
    assert len(heard) < len(seen)
    assert all(line.lstrip().startswith("-") for line in heard[1:])
    assert aloud("config", "set", "plain", "on").status == 0
    assert options(on_a_terminal("talk", "--help")) == heard
    assert options(on_a_terminal("talk", "--help", ALOUD_PLAIN="off", TERM="dumb")) == seen


def test_where_it_is_read_aloud_a_model_says_what_each_number_is() -> None:
    lines = on_a_terminal("models", "list", TERM="dumb").splitlines()
    for model, line in zip(catalogue(), lines, strict=False):
        assert line.startswith(f"{model.name}, ")
        assert f" {model.about_mb} MB" in line
        assert ", not here, " in line
        assert "  " not in line
    assert lines[-1].endswith(" models get NAME"), "the line to type comes last"
