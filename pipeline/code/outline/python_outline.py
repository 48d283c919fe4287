"""The parts of Python, as its own parser sees them."""

from __future__ import annotations

import ast
import functools
import warnings
from collections.abc import Iterator, Sequence

from pipeline.code.outline.base import Outline, Part, first_sentence
from pipeline.code.source import Source

_LONGEST = 1_000_000
_LONGEST_TOLD = 80
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_KINDS = (
    (ast.For | ast.AsyncFor | ast.While, "loop"),
    (ast.If | ast.Match, "condition"),
)


@functools.lru_cache(maxsize=4)
def parsed(text: str) -> ast.Module | SyntaxError:
    """Or why it is none: what is too deep or too long for the parser is none either."""
    if len(text) > _LONGEST:
        return SyntaxError("too long", ("", 1, 1, ""))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what somebody else wrote
        try:
            return ast.parse(text)
        except SyntaxError as error:
            return error
        except (ValueError, RecursionError, MemoryError):
            return SyntaxError("too deep", ("", 1, 1, ""))


def python_outline(source: Source) -> Outline | None:
    """None: it does not parse."""
    tree = parsed(source.text)
    if isinstance(tree, SyntaxError):
        return None
    doc = first_sentence(ast.get_docstring(tree) or "")
    try:
        return Outline(tuple(_parts(tree, (), in_class=False)), doc, tuple(_imports(tree)), sure=True)
    except RecursionError:
        return None


def _parts(node: ast.AST, inside: tuple[str, ...], *, in_class: bool) -> Iterator[Part]:
    for child in ast.iter_child_nodes(node):
        part = _part(child, inside, in_class=in_class)
        if part is not None:
            yield part
        deeper = (*inside, part.name) if part and part.name else inside
        is_class = isinstance(child, ast.ClassDef)
        yield from _parts(child, deeper, in_class=is_class or (in_class and part is None))


def _part(node: ast.AST, inside: tuple[str, ...], *, in_class: bool) -> Part | None:
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        last = node.end_lineno or node.lineno
        doc = first_sentence(ast.get_docstring(node) or "")
        if isinstance(node, ast.ClassDef):
            return Part("class", node.name, node.lineno, last, inside, doc=doc)
        names = parameters(node)[1 if in_class and not _is_static(node) else 0 :]
        return Part("method" if in_class else "function", node.name, node.lineno, last, inside, names, doc)
    kind = next((kind for types, kind in _KINDS if isinstance(node, types)), "")
    if not kind or not isinstance(node, ast.stmt):
        return None
    return Part(kind, "", node.lineno, node.end_lineno or node.lineno, inside, over=_over(node))


def _over(node: ast.stmt) -> str:
    match node:
        case ast.For() | ast.AsyncFor():
            said = ast.unparse(node.iter)
        case ast.While() | ast.If():
            said = ast.unparse(node.test)
        case ast.Match():
            said = ast.unparse(node.subject)
        case _:
            said = ""
    return said if len(said) <= _LONGEST_TOLD else ""


def _is_static(node: _Function) -> bool:
    return any(isinstance(each, ast.Name) and each.id == "staticmethod" for each in node.decorator_list)


def parameters(node: _Function) -> tuple[str, ...]:
    """In their order."""
    given = node.args
    named = [*given.posonlyargs, *given.args]
    many = [f"*{given.vararg.arg}"] if given.vararg else []
    pairs = [f"**{given.kwarg.arg}"] if given.kwarg else []
    return (*(each.arg for each in named), *many, *(each.arg for each in given.kwonlyargs), *pairs)


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module != "__future__":
            yield "." * node.level + (node.module or "")


def unparsable(text: str) -> int:
    """The line at which it is no Python; 0: it is."""
    tree = parsed(text)
    return (tree.lineno or 1) if isinstance(tree, SyntaxError) else 0


def children(body: Sequence[ast.stmt]) -> Iterator[ast.AST]:
    """All that is in it."""
    for statement in body:
        yield from ast.walk(statement)
