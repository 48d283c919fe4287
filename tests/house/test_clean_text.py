"""Who makes clean text, and who prints: one file each. What mypy cannot see is looked for here."""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

from pipeline import events
from pipeline.dictation import events as dictation_events
from tests.house.syntax import dotted, nodes, walked
from tests.house.test_house import ROOT, modules

CLEANER = ROOT / "config/runtime/clean.py"
PRINTERS = {
    ROOT / "config/runtime/printing.py",
    ROOT / "config/runtime/installation.py",  # set-up: the packages may not be here yet
    ROOT / "pipeline/llm/local/llama_worker.py",  # its standard output is read by us
    ROOT / "vision/sources/pdfium_worker.py",
}


def made_or_claimed(node: ast.AST) -> bool:
    """``CleanText`` called, or claimed of what may not be clean: a cast, a look at the type, a subclass."""
    if isinstance(node, ast.ClassDef):
        return any(dotted(base).endswith("CleanText") for base in node.bases)
    if not isinstance(node, ast.Call):
        return False
    name = dotted(node.func).rpartition(".")[2]
    arguments = [each for argument in node.args[:2] for each in walked(argument)]
    claims = any(getattr(each, "id", getattr(each, "value", "")) == "CleanText" for each in arguments)
    return name == "CleanText" or (name in ("cast", "isinstance", "issubclass", "NewType") and claims)


def prints(node: ast.AST) -> bool:
    """Past ``print_text``: to a standard stream, or to a console of rich's as anything but a ``Text``."""
    if not isinstance(node, ast.Call):
        return False
    name = dotted(node.func)
    if name == "print" or name.endswith(("typer.echo", "secho", "stdout.write", "stderr.write")):
        return True
    if name.endswith(("from_markup", "render_markup")) or any(_says_markup(k) for k in node.keywords):
        return True
    if name.endswith("TextColumn"):
        return not any(keyword.arg == "markup" for keyword in node.keywords)
    is_text = bool(node.args) and isinstance(node.args[0], ast.Call) and "Text" in dotted(node.args[0].func)
    return name.endswith("console.print") and not is_text


def _says_markup(keyword: ast.keyword) -> bool:
    return keyword.arg == "markup" and not (
        isinstance(keyword.value, ast.Constant) and keyword.value.value is False
    )


def found(sees: object, allowed: set[Path]) -> Iterator[str]:
    assert callable(sees)
    for _, path in modules():
        if path not in allowed:
            yield from (f"{path}:{getattr(node, 'lineno', 0)}" for node in nodes(path) if sees(node))


def test_clean_text_is_made_by_the_cleaner_alone() -> None:
    assert list(found(made_or_claimed, {CLEANER})) == []


def test_clean_text_alone_is_printed_and_never_read_as_markup() -> None:
    assert list(found(prints, PRINTERS)) == []


def test_the_rules_see_what_they_look_for() -> None:
    for line in (
        "CleanText(name)",
        "cast('CleanText', name)",
        "typing.cast(CleanText, name)",
        "isinstance(name, CleanText)",
        "class Mine(CleanText): pass",
    ):
        assert any(map(made_or_claimed, walked(ast.parse(line)))), line
    for line in (
        "print(name)",
        "sys.stderr.write(name)",
        "typer.echo(name)",
        "self._console.print(f'[dim]{name}[/dim]')",
        "console.print(name, markup=True)",
        "Text.from_markup(name)",
        "TextColumn('{task.description}')",
    ):
        assert any(map(prints, walked(ast.parse(line)))), line
    for line in ("print_text(name)", "console.print(Text(name))", "TextColumn('{x}', markup=False)"):
        assert not any(map(prints, walked(ast.parse(line)))), line


OUR_OWN = {"id", "session", "delivery", "state", "by", "command"}
"""Fields of events that hold no more than what is written in our sources, or a number of ours."""


def test_every_text_of_an_event_is_clean_text() -> None:
    every = [each for module in (events, dictation_events) for each in vars(module).values()]
    kinds = [each for each in every if isinstance(each, type) and issubclass(each, events.Event)]
    plain = {
        f"{kind.__name__}.{field.name}"
        for kind in (*kinds, events.LookedAt)
        for field in dataclasses.fields(kind)
        if re.search(r"\bstr\b", str(field.type)) and field.name not in OUR_OWN
    }
    assert plain == {"Failed.error", "ToolUsed.arguments", "ConfirmationRequested.arguments"}, (
        "a class of ours; and cleaned by ToolCall"
    )
