"""Names in Python that are not used, or hide others, as its syntax tree shows them."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator

from pipeline.code.findings.base import Finding, Severity
from pipeline.code.outline.python_outline import parsed
from pipeline.code.source import Source

_WORD = re.compile(r"\w+")
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_COMMON = frozenset(
    {"id", "type", "input", "format", "help", "license", "copyright", "credits", "dir", "vars"}
)
"""Names of Python that are everyday names too; to hide one of them rarely breaks anything."""
Found = Iterator[tuple[str, Severity, int, str]]


def python_name_findings(source: Source) -> Iterator[Finding]:
    """Nothing of what does not parse."""
    tree = parsed(source.text)
    if isinstance(tree, SyntaxError):
        return
    for rule, severity, line, named in (
        *_imports(tree, source),
        *_locals(tree),
        *_twice(tree),
        *_hidden(tree),
    ):
        quote = source.line(line) or ""
        if "noqa" not in quote:  # its author knows
            yield Finding(rule, severity, line, quote, source.name, named)


def _imports(tree: ast.Module, source: Source) -> Found:
    """What is imported and never named again; a package's front imports for others."""
    if source.name.endswith("__init__.py"):
        return
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    texts = (each.value for each in ast.walk(tree) if isinstance(each, ast.Constant))
    # In __all__, and in types that are quoted.
    quoted = {
        word for text in texts if isinstance(text, str) and " " not in text for word in _WORD.findall(text)
    }
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom) and getattr(node, "module", "") != "__future__":
            for alias in node.names:
                name = alias.asname or alias.name.split(".")[0]
                again = alias.asname == alias.name and isinstance(node, ast.ImportFrom)
                if name not in used and name != "*" and not again and name not in quoted:
                    yield "unused_import", "low", node.lineno, name


def _locals(tree: ast.Module) -> Found:
    """What a function gives a value and never reads."""
    for function in (node for node in ast.walk(tree) if isinstance(node, _Function)):
        stored, read = dict[str, int](), set[str]()
        for node in ast.walk(function):
            if isinstance(node, ast.Name):
                if isinstance(node.ctx, ast.Load | ast.Del):
                    read.add(node.id)
            elif isinstance(node, ast.Global | ast.Nonlocal):
                read.update(node.names)
            elif isinstance(node, ast.AugAssign):
                read.add(getattr(node.target, "id", ""))
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                stored.setdefault(node.targets[0].id, node.lineno)
        calls_locals = "locals" in read
        for name, line in stored.items():
            if name not in read and not name.startswith("_") and not calls_locals:
                yield "unused_variable", "low", line, name


def _twice(tree: ast.Module) -> Found:
    """Of two functions with one name in one place the first can never be called."""
    for holder in (node for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef)):
        seen = set[str]()
        for node in holder.body:
            if isinstance(node, _Function | ast.ClassDef):
                if node.name in seen and not node.decorator_list:
                    yield "defined_twice", "high", node.lineno, node.name
                if not node.decorator_list:
                    seen.add(node.name)


def _hidden(tree: ast.Module) -> Found:
    """A name of Python's own that is given another meaning."""
    own = {name for name in dir(builtins) if name.islower()} - _COMMON
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name) and target.id in own:
                    yield "hides_builtin", "low", node.lineno, target.id
