"""docs/glossary.md and docs/events.md say what the code says."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import subprocess
from pathlib import Path

from aloud.cli import options
from config.settings.loading import flatten
from config.settings.model import Settings
from pipeline import events
from pipeline.dictation import events as dictation_events
from tests.house.syntax import nodes
from tests.tables import for_each

ROOT = Path(__file__).parents[2]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text("utf-8")
EVENTS = (ROOT / "docs" / "events.md").read_text("utf-8")
PRODUCT = ("aloud", "pipeline", "voice", "vision", "config")


def rows(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.startswith("|") and not line.startswith("|---")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def coined() -> tuple[set[str], set[str]]:
    """Words that no name has in it; and, in ``backticks`` with a capital, names that nothing has."""
    cells = [
        word.strip()
        for row in rows(GLOSSARY.split("## Words that are not used")[1])[1:]
        for word in row[0].split(",")
    ]
    names = {word.strip("`") for word in cells if word.startswith("`")}
    return {word for word in cells if not word.startswith("`")}, names


def defined(path: Path) -> set[str]:
    """What the file gives a name: classes, functions, arguments, variables, attributes."""
    found: set[str] = set()
    for node in nodes(path):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.add(name)
            case (
                ast.arg(arg=name)
                | ast.Name(id=name, ctx=ast.Store())
                | ast.Attribute(attr=name, ctx=ast.Store())
            ):
                found.add(name)
            case ast.alias(asname=str(name)):
                found.add(name)
    return found


def sources() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split() if name.split("/")[0] in PRODUCT]


def test_there_are_words_to_look_for() -> None:
    words, names = coined()
    assert {"ears", "rung", "hush"} <= words
    assert {"Valve", "Telling", "reading_ahead"} <= names


def test_no_name_of_the_code_is_a_word_that_is_not_used_any_more() -> None:
    words, names = coined()
    left = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in sources()
        for name in sorted(defined(path))
        if name.strip("_") in names or set(name.lower().split("_")) & words or name.lower() in words
    ]
    assert left == []


def test_no_setting_option_event_or_file_is_one() -> None:
    words, _ = coined()
    given = dict(flatten(Settings().model_dump()))
    flags = re.findall(
        r'"--([a-z-]+)"', inspect.getsource(options) + (ROOT / "aloud/cli/main.py").read_text("utf-8")
    )
    told = [event for event, _ in told_events()]
    files = [part for path in sources() for part in path.relative_to(ROOT).with_suffix("").parts]
    parts = {part for name in (*given, *flags, *told, *files) for part in re.split(r"[._-]", name)}
    assert len(given) > 60
    assert len(flags) > 15
    assert parts & words == set()


def told_events() -> list[tuple[str, set[str]]]:
    """The name on the wire, and the fields that are its own."""
    base = {field.name for field in dataclasses.fields(events.Event)}
    found = []
    for module in (events, dictation_events):
        for kind in vars(module).values():
            if (
                inspect.isclass(kind)
                and issubclass(kind, events.Event)
                and kind.__module__ == module.__name__
            ):
                if kind is events.Event:
                    continue
                fields = {field.name for field in dataclasses.fields(kind)} - base
                told = kind(at=0.0, turn=0, **dict.fromkeys(fields))
                found.append(
                    (told.name, {"name" if field in ("tool", "file") else field for field in fields})
                )
    return found


@for_each(("name", "fields"), told_events())
def test_every_event_is_documented_with_its_fields(name: str, fields: set[str]) -> None:
    row = next(row for row in rows(EVENTS) if f"`{name}`" in row[0])
    assert fields <= set(re.findall(r"`(\w+)`", row[1]))


def test_no_event_is_documented_that_is_none() -> None:
    documented = {name for row in rows(EVENTS) for name in re.findall(r"`(\w+)`", row[0])}
    assert documented == {name for name, _ in told_events()}
