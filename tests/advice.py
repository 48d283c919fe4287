"""Every sentence that tells a person to type something. As a table: python -m tests.advice"""

from __future__ import annotations

import ast
import importlib
import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import typer
import typer.main

from aloud.cli.main import app
from config.runtime.installation import _TYPED
from tests.house import syntax

ROOT = Path(__file__).parent.parent
PACKAGES = ("config", "voice", "vision", "pipeline", "aloud")
INSTALLS = re.compile(r"(?<![\w./-])(?:pip3?|pipx|uvx?|apt|apt-get|dnf|pacman|zypper|brew|sudo) [a-z-]+\b")
MAKES = re.compile(r"(?:^|: |; |[Tt]ype |once: )(make (?:-C \S+ )?[a-z-]+)(?= ARGS|$|[`:;,.)]|  | \()")
OTHERS = re.compile(
    r"(?:(?<=: )|(?<=\| ))(?:ollama|llama-server|lms|vllm|split|ls|export|arecord|aplay) [^|]*"
)
TYPED = re.compile(
    r"aloud (?:config (?:show|path|set (?!llm ).*)|models list|history list|ask(?! --file)|say --speaker)\b"
)
"""What needs no model, no microphone and nobody: it must end with 0."""
_NAMED = re.compile(
    r"\b(?:aloud|make|pip3?|pipx|uvx?|apt|apt-get|dnf|pacman|zypper|brew|sudo"
    r"|ollama|llama-server|lms|vllm|split|ls|export|arecord|aplay)\b"
)
"""A word of one of those."""
_END = re.compile(r"\n|  | \(|\. |; |, then | && | \| | < | > |`|[.,;:)]*$")
_SAMPLES = {
    "path": "'a b.wav'",
    "base_url": "http://127.0.0.1:1/v1",
    "take": "3",
    "id": "3",
    "variable": "A_KEY",
    "setting": "listen.silence_ms",
    "new": "stt.engine",
    "usual": "600",
    "more_s": "600",
    "other": "",
}

_WRONG: Any = typer.BadParameter.__base__
"""The usage errors of the parser that typer brings along."""


@dataclass(frozen=True)
class Advice:
    """``where``: file and line; ``sentence``: what is read; ``command``: what is typed."""

    where: str
    sentence: str
    command: str
    way: str
    """How it becomes what works in this copy: the name of what it is given to, or empty."""


# --- Python ---------------------------------------------------------------------------------------------


def _filled(node: ast.JoinedStr, module: str) -> str:
    """An f-string with something likely in its gaps: a constant of the module where it is one."""
    parts = []
    for part in node.values:
        if isinstance(part, ast.Constant):
            parts.append(str(part.value))
        elif isinstance(part, ast.FormattedValue):
            expression = ast.unparse(part.value)
            value = getattr(importlib.import_module(module), expression, None) if module else None
            last = re.split(r"\W+", expression.strip("()"))[-1]
            parts.append(value if isinstance(value, str) else _SAMPLES.get(last, "base.en"))
    return "".join(parts)


def _way(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> str:
    """What a sentence is given to: error's todo, a choice, ``typed_here``, a variable, a returned value."""
    child, returned = node, False
    while (parent := parents.get(child)) is not None:
        returned = returned or isinstance(child, ast.Return)
        if isinstance(parent, ast.keyword) and parent.arg in ("todo", "kept", "improve"):
            return parent.arg
        if isinstance(parent, ast.Call):
            called = ast.unparse(parent.func).split(".")[-1]
            if called in ("typed_here", "EngineChoice", "Option", "Argument", "Typer"):
                return called
        if isinstance(parent, ast.Assign | ast.AnnAssign):
            target = parent.targets[0] if isinstance(parent, ast.Assign) else parent.target
            return f"{ast.unparse(target)} ="
        if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef):
            return f"{parent.name}()" if returned else ""
        child = parent
    return ""


@cache
def literals(path: Path) -> tuple[tuple[int, str, str], ...]:
    """(line, text, way) of every string in a file that is no docstring and has a word that is typed in it."""
    relative = path.relative_to(ROOT).with_suffix("")
    module = ".".join(relative.parts).removesuffix(".__init__") if relative.parts[0] in PACKAGES else ""
    strings = [(node, text) for node, text in _strings(path, module) if _NAMED.search(text)]
    parents = syntax.parents(path) if strings else {}
    return tuple(
        (node.lineno, text, _way(node, parents))
        for node, text in strings
        if not isinstance(parents[node], ast.Expr | ast.JoinedStr | ast.FormattedValue)
    )


def _strings(path: Path, module: str) -> Iterator[tuple[ast.expr, str]]:
    for node in syntax.nodes(path):
        if isinstance(node, ast.JoinedStr):
            yield node, _filled(node, module)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node, node.value


def sources() -> Iterator[Path]:
    for folder in (*PACKAGES, "bench", "scripts"):
        yield from sorted(path for path in (ROOT / folder).rglob("*.py") if "out" not in path.parts)


# --- everything else ------------------------------------------------------------------------------------


def texts() -> Iterator[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "*.md", "*.toml", "Makefile", "scripts/*"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    for name in listed.stdout.split():
        if not name.startswith("tests/") and not name.endswith(".py"):
            yield ROOT / name


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """(line, text) of what may be typed: in Markdown what stands in backticks or an example."""
    fenced = False
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        fenced ^= line.startswith("```")
        if path.suffix != ".md" or fenced:
            yield number, line.split(" #")[0] if path.suffix == ".md" else line
        else:
            yield from ((number, quoted) for quoted in re.findall(r"`([^`]+)`", line))


# --- what is typed --------------------------------------------------------------------------------------


def commands(text: str) -> Iterator[str]:
    """Each ``aloud …`` in a text, up to where the sentence goes on."""
    for found in _TYPED.finditer(text):
        rest = text[found.start() :]
        end = _END.search(rest)
        yield rest[: end.start()] if end else rest


@cache
def _parser() -> Any:
    return typer.main.get_command(app)


def parse(command: str) -> str:
    """What is wrong with it, or empty: read by the program's own parser, nothing is run."""
    words = shlex.split(command)[1:]
    group: Any = _parser()
    context: Any = typer.Context(group, info_name="aloud")
    try:
        while words and hasattr(group, "resolve_command") and not words[0].startswith("-"):
            name, group, words = group.resolve_command(context, words)
            context = typer.Context(group, info_name=name, parent=context)
        if words or not hasattr(group, "resolve_command"):
            group.make_context(context.info_name, words, parent=context.parent)
    except typer.Exit:
        return ""
    except _WRONG as error:
        return str(error.format_message())
    return ""


@cache
def advice() -> tuple[Advice, ...]:
    """All of it: the program's own commands, and those of other programs."""
    return tuple(_advice())


def _advice() -> Iterator[Advice]:
    for path in sources():
        if (
            path == ROOT / "config/runtime/installation.py"
        ):  # its lines are tried in copies: test_installed.py
            continue
        for number, text, way in literals(path):
            others = [found[0].strip() for found in OTHERS.finditer(text)] + MAKES.findall(text)
            for command in (*commands(text), *others):
                yield Advice(f"{path.relative_to(ROOT)}:{number}", text, command, way)
    for path in texts():
        for number, text in lines(path):
            for command in (*commands(text), *MAKES.findall(text)):
                yield Advice(f"{path.relative_to(ROOT)}:{number}", text, command, "read")


def tried(one: Advice) -> str:
    """What the tests do with it (aloud/test_advice.py)."""
    if not one.command.startswith("aloud"):
        return "the target is there" if one.command.startswith("make ") else "read by sh -n"
    return "typed, status 0" if TYPED.match(one.command) else "read by the program's parser"


if __name__ == "__main__":
    for one in advice():
        print(f"| {one.where} | `{one.command}` | {tried(one)} |")
