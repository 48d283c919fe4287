"""No sentence tells a person to type what cannot work: all are found in the sources and read by the parser,
and those that need nothing but Aloud are typed. The lines that bring packages: config/test_installed.py.
"""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aloud.cli.dictation.command import history_app
from aloud.cli.main import app, config_app, models_app
from aloud.cli.mcp.command import mcp_app
from config.runtime.installation import _TYPED, COMMANDS
from tests.advice import INSTALLS, ROOT, TYPED, Advice, advice, commands, literals, parse, sources, texts

SPOKEN = ("todo", "kept", "improve", "typed_here", "Rung")


def ours() -> list[Advice]:
    return [one for one in advice() if one.command.startswith("aloud")]


def named(one: Advice) -> str:
    return f"{one.where}: {one.command}"


def test_the_commands_that_sentences_name_are_those_of_the_program() -> None:
    there = {command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands}
    there |= {"config", "history", "mcp", "models"}
    assert set(COMMANDS) == there
    assert all(group.registered_commands for group in (config_app, history_app, mcp_app, models_app))


def test_every_command_that_a_sentence_names_is_understood() -> None:
    """A text may name a command without what belongs to it."""
    wrong = {named(one): why for one in ours() if (why := parse(one.command))}
    spoken = {name: why for name, why in wrong.items() if not re.match(r"\S+\.md:.*Missing", f"{name} {why}")}
    assert not spoken
    assert len(ours()) > 80, "the search finds them no more"


def test_the_search_and_the_parser_see_what_is_wrong() -> None:
    assert parse("aloud --llm auto")
    assert parse("aloud talk --minds auto")
    assert parse("aloud models fetch base.en")
    assert parse("aloud history export --format text")
    assert not parse("aloud models get base.en")
    assert INSTALLS.search('Install it: pip install "aloud"')


def test_in_advice_the_name_is_a_command_that_is_known() -> None:
    """An ``aloud fetch`` would stay as it is, and be tried by nobody."""
    wrong = []
    for path in sources():
        for line, text, way in literals(path):
            if way in SPOKEN and len(_TYPED.findall(text)) != len(re.findall(r"\baloud\b", text)):
                wrong.append(f"{path.relative_to(ROOT)}:{line}: {text}")
    assert not wrong


def test_each_becomes_what_works_in_this_copy() -> None:
    """It is given to an error, a choice or ``typed_here``; a variable or a function hands it on to one."""
    wrong = []
    for one in advice():
        if one.way in (*SPOKEN, "read", "Argument", "Option", "Typer") or not one.command.startswith("aloud"):
            continue
        name = one.way.removesuffix(" =").removesuffix("()")
        returned = one.way.endswith("()")
        places = sources() if returned else [ROOT / one.where.split(":")[0]]
        source = "\n".join(place.read_text("utf-8") for place in places)
        if not name or not re.search(
            rf"(?:todo|kept) ?=.*\b{name}\b|typed_here\(.*\b{name}\b|, {name}\(", source
        ):
            wrong.append(named(one))
    assert not wrong


def test_what_needs_nothing_else_is_typed_and_works(
    aloud: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Each in a home of its own."""
    monkeypatch.chdir(tmp_path)
    typed, failed = sorted({one.command for one in ours() if TYPED.match(one.command)}), {}
    assert len(typed) > 20, "the search finds them no more"
    for number, command in enumerate(typed):
        monkeypatch.setenv("ALOUD_HOME", str(tmp_path / f"home-{number}"))
        outcome = aloud(*shlex.split(command)[1:])
        if outcome.status != 0:
            failed[command] = outcome.err
    assert not failed


def test_packages_are_brought_by_the_one_helper_alone() -> None:
    wrong = []
    for path in sources():
        if path != ROOT / "config/runtime/installation.py":
            found = [(line, text) for line, text, way in literals(path) if INSTALLS.search(text)]
            wrong += [f"{path.relative_to(ROOT)}:{line}: {text}" for line, text in found]
    assert not wrong


def test_what_is_made_can_be_made() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    made = [one for one in advice() if one.command.startswith("make ")]
    assert not [named(one) for one in made if one.command.split()[-1] not in targets]
    assert {"make run", "make test", "make install", "make uninstall"} <= {one.command for one in made}


def test_lines_for_other_programs_are_read_by_a_shell() -> None:
    others = [one for one in advice() if not one.command.startswith(("aloud", "make "))]
    assert others
    for one in others:
        read = subprocess.run(["sh", "-n", "-c", one.command], capture_output=True)
        assert read.returncode == 0, named(one)


def test_no_text_installs_what_is_not_ours() -> None:
    """``pip install aloud`` would bring another program of that name."""
    other = re.compile(r"(?:pip|pipx|uv tool|uv pip) install[^\n`]*\baloud\b(?!-assistant)")
    assert not [str(path.relative_to(ROOT)) for path in texts() if other.search(path.read_text("utf-8"))]


def test_where_a_command_ends_is_heard() -> None:
    """A screen reader reads neither columns nor brackets: what follows would be typed as well."""
    runs_on = []
    for path in sources():
        for line, text, _ in literals(path):
            for command in commands(text):
                rest = text.partition(command)[2]
                if re.match(r"  +\S| \(", rest) and path.parts[-2] != "bench":
                    runs_on.append(f"{path.relative_to(ROOT)}:{line}: {text}")
    assert not runs_on
