"""What may be wrong with Python, by its syntax tree: what runs foreign text, hides errors, never runs."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Callable, Iterator, Mapping

from pipeline.code.findings.base import Finding, Severity
from pipeline.code.outline.python_outline import parsed
from pipeline.code.source import Source

_SQL = re.compile(r"(?is)\b(?:select\b.*\bfrom|insert\s+into|update\b.*\bset|delete\s+from)\b")
_ENDS = ast.Return | ast.Raise | ast.Continue | ast.Break
_BODIES = ("body", "orelse", "finalbody")
_MUTABLE = ast.List | ast.Dict | ast.Set
_MOST_BRANCHES = 20
_BRANCHES = (
    ast.If | ast.For | ast.AsyncFor | ast.While | ast.ExceptHandler | ast.BoolOp | ast.IfExp | ast.match_case
)
Found = Iterator[tuple[str, Severity, ast.AST, str]]


def python_findings(source: Source) -> Iterator[Finding]:
    """Nothing of what does not parse."""
    tree = parsed(source.text)
    if isinstance(tree, SyntaxError):
        return
    for node in ast.walk(tree):
        for check in _CHECKS:
            for rule, severity, at, named in check(node):
                line = getattr(at, "lineno", 1)
                yield Finding(rule, severity, line, source.line(line) or "", source.name, named)


# Calls ------------------------------------------------------------------------------------------


def dotted(node: ast.AST) -> str:
    """``os.path.join``; empty for what is no such name."""
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return node.id if isinstance(node, ast.Name) else ""


_CALLED: Mapping[str, tuple[str, Severity]] = {
    "eval": ("eval", "high"), "exec": ("eval", "high"),
    "os.system": ("shell_command", "high"), "os.popen": ("shell_command", "high"),
    "subprocess.getoutput": ("shell_command", "high"),
    "pickle.load": ("unpickle", "high"), "pickle.loads": ("unpickle", "high"),
    "marshal.loads": ("unpickle", "high"), "dill.loads": ("unpickle", "high"),
    "shelve.open": ("unpickle", "medium"), "yaml.unsafe_load": ("unpickle", "high"),
    "tempfile.mktemp": ("guessable_file", "medium"),
    "hashlib.md5": ("weak_hash", "low"), "hashlib.sha1": ("weak_hash", "low"),
    "breakpoint": ("debugger", "medium"), "pdb.set_trace": ("debugger", "medium"),
}  # fmt: skip
_EXECUTES = (".execute", ".executemany", ".executescript", ".read_sql")
_AWAITED = ("asyncio.sleep", "anyio.sleep", "trio.sleep")
_CHANGE = ("remove", "pop", "append", "insert", "clear")
_OUTER = ("run", "call", "Popen", "check_output", "check_call")


def _calls(node: ast.AST) -> Found:
    if not isinstance(node, ast.Call):
        return
    name = dotted(node.func)
    if name in _CALLED:
        yield (*_CALLED[name], node, name)
    given = {word.arg: word.value for word in node.keywords if word.arg}
    if name.split(".")[-1] in _OUTER and _is(given.get("shell"), True):
        plain = bool(node.args) and isinstance(node.args[0], ast.Constant)
        yield "shell_command", "medium" if plain else "high", node, name
    if _is(given.get("verify"), False):
        yield "tls_off", "high", node, name
    if name in ("yaml.load", "yaml.load_all") and "Safe" not in ast.dump(node):
        yield "unpickle", "high", node, name
    if name.endswith(_EXECUTES) and node.args and _is_built(node.args[0]):
        yield "sql_built", "high", node.args[0], name
    if name == "os.chmod" and len(node.args) > 1 and _is(node.args[1], 0o777):
        yield "rights", "medium", node, name
    if _is(given.get("debug"), True) and name.endswith(".run"):
        yield "debug_on", "medium", node, name


def _is(node: ast.AST | None, value: object) -> bool:
    return (isinstance(node, ast.Constant) and node.value is value) or (
        isinstance(node, ast.Constant) and not isinstance(node.value, bool) and node.value == value
    )


def _is_built(node: ast.AST) -> bool:
    """A text put together out of values: by an f-string, +, % or format."""
    match node:
        case ast.JoinedStr(values=values):
            return any(map(_is_foreign, values)) and _says_sql(node)
        case ast.BinOp(op=ast.Add() | ast.Mod()):
            return _says_sql(node) and any(map(_is_foreign, _sides(node)))
        case ast.Call(func=ast.Attribute(attr="format")):
            return _says_sql(node)
        case _:
            return False


def _is_foreign(part: ast.expr) -> bool:
    """A value that is put in; what is written in capitals is a constant of the program."""
    value = part.value if isinstance(part, ast.FormattedValue) else part
    return not (isinstance(value, ast.Constant) or dotted(value).split(".")[-1].isupper())


def _sides(node: ast.BinOp) -> Iterator[ast.expr]:
    for side in (node.left, node.right):
        if isinstance(side, ast.BinOp):
            yield from _sides(side)
        else:
            yield side


def _says_sql(node: ast.AST) -> bool:
    texts = (
        each.value
        for each in ast.walk(node)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    )
    return bool(_SQL.search(" ".join(texts)))


def _built_apart(node: ast.AST) -> Found:
    """SQL that is put together in a variable, wherever that goes."""
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) and node.value and _is_built(node.value):
        yield "sql_built", "high", node, ""


# Errors -----------------------------------------------------------------------------------------


def _handlers(node: ast.AST) -> Found:
    if not isinstance(node, ast.ExceptHandler):
        return
    broad = node.type is None or dotted(node.type) in ("Exception", "BaseException")
    silent = all(isinstance(each, ast.Pass) or _is_ellipsis(each) for each in node.body)
    if node.type is None and not any(isinstance(each, ast.Raise) for each in ast.walk(node)):
        yield "bare_except", "medium", node, ""
    elif broad and silent:
        yield "swallowed", "medium", node, ""


def _is_ellipsis(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and node.value.value is ...


def _leaves_finally(node: ast.AST) -> Found:
    if isinstance(node, ast.Try):
        for each in node.finalbody:
            if isinstance(each, ast.Return):
                yield "return_in_finally", "medium", each, ""


# What does not do what it seems to ------------------------------------------------------------------


def _defaults(node: ast.AST) -> Found:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        positional = [*node.args.posonlyargs, *node.args.args]
        pairs = [
            *zip(positional[len(positional) - len(node.args.defaults) :], node.args.defaults, strict=True),
            *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True),
        ]
        for argument, default in pairs:
            made = isinstance(default, ast.Call) and dotted(default.func) in ("list", "dict", "set")
            if isinstance(default, _MUTABLE) or made:
                yield "mutable_default", "medium", default or node, argument.arg


def _unreachable(node: ast.AST) -> Found:
    for field in _BODIES:
        body = getattr(node, field, None)
        if not isinstance(body, list):
            continue
        for before, after in itertools.pairwise(body):
            if isinstance(before, _ENDS):
                yield "unreachable", "medium", after, ""
                break


def _comparisons(node: ast.AST) -> Found:
    if not isinstance(node, ast.Compare):
        return
    for op, right in zip(node.ops, node.comparators, strict=True):
        literal = isinstance(right, ast.Constant) and right.value not in (None, True, False, ...)
        if isinstance(op, ast.Is | ast.IsNot) and literal:
            yield "identity", "high", node, ""
        if isinstance(op, ast.Eq | ast.NotEq) and isinstance(right, ast.Constant) and right.value is None:
            yield "none_equal", "low", node, ""


def _asserted(node: ast.AST) -> Found:
    if isinstance(node, ast.Assert) and isinstance(node.test, ast.Tuple) and node.test.elts:
        yield "assert_tuple", "high", node, ""


def _keys_twice(node: ast.AST) -> Found:
    if isinstance(node, ast.Dict):
        seen = set[object]()
        for key in node.keys:
            if isinstance(key, ast.Constant):
                if (type(key.value), key.value) in seen:
                    yield "key_twice", "high", key, str(key.value)
                seen.add((type(key.value), key.value))


def _never_awaited(node: ast.AST) -> Found:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        name = dotted(node.value.func)
        if name in _AWAITED:
            yield "not_awaited", "high", node, name


def _changed_while_read(node: ast.AST) -> Found:
    """A list that loses or gains entries while a loop goes through it."""
    if not isinstance(node, ast.For) or not (name := dotted(node.iter)):
        return
    for each in ast.walk(node):
        called = each.func if isinstance(each, ast.Call) else None
        if isinstance(called, ast.Attribute) and called.attr in _CHANGE and dotted(called.value) == name:
            yield "changed_while_read", "high", each, name


def _too_long(node: ast.AST) -> Found:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        branches = sum(isinstance(each, _BRANCHES) for each in ast.walk(node))
        if branches > _MOST_BRANCHES:
            yield "many_branches", "low", node, node.name


_CHECKS: tuple[Callable[[ast.AST], Found], ...] = (
    _calls, _built_apart, _handlers, _leaves_finally, _defaults, _unreachable, _comparisons, _asserted,
    _keys_twice, _never_awaited, _changed_while_read, _too_long,
)  # fmt: skip
