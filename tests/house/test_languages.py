"""A language is data: no word that a person says or hears stands in Python outside ``config/language``.

What is looked at are the string literals of ``voice``, ``vision`` and ``pipeline``. One is taken for words of
a language when it has two everyday words or more (those of ``config/language``), and a list of single ones
when it has three that are no ids. Left out are docstrings, log lines, errors, which are English and for the
terminal, and what a model is told of tools. In the places of ``SENTENCES`` whole sentences may stand, and no
patterns or lists.

``python -m tests.house.test_languages`` prints ``ALLOWED`` as it is now; with a file's name, what was found
in it.
"""

from __future__ import annotations

import ast
import functools
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from config.language.codes import LANGUAGES
from tests.house.syntax import dotted, nodes, walked
from tests.tables import for_each

ROOT = Path(__file__).parents[2]
DATA = ROOT / "config/language"

SENTENCES = {
    "for the terminal": (
        "voice/audio/", "voice/stt/pocketsphinx.py", "voice/stt/whisper/factory.py", "voice/tts/espeak.py",
        "voice/tts/piper/",
        "voice/turns/endpointing/smart_turn.py", "vision/images/", "vision/sources/", "pipeline/session/",
        "pipeline/dictation/", "pipeline/llm/", "pipeline/conversation/assistant.py",
        "pipeline/conversation/converse.py", "pipeline/files/open_files.py",
    ),
    "for a model": (
        "pipeline/code/skill/",
        "pipeline/tools/", "pipeline/files/reading/outcomes.py", "pipeline/files/reading/parts.py",
        "pipeline/files/reading/told.py", "pipeline/files/reading/tools.py", "pipeline/pictures/detail.py",
        "pipeline/pictures/fence.py",
        "pipeline/pictures/prepare.py",
        "pipeline/pictures/second_look.py", "pipeline/intents/watch.py", "pipeline/conversation/history.py",
        "pipeline/conversation/reply.py", "pipeline/skills/clock_time.py", "pipeline/skills/dates.py",
        "pipeline/skills/lists/", "pipeline/skills/ring/", "pipeline/skills/sums.py",
        "pipeline/skills/timer_tools.py", "pipeline/skills/timers.py", "pipeline/skills/unit_tables.py",
        "pipeline/skills/units.py", "pipeline/tables/",
    ),
    "for a database": (
        "pipeline/store/", "pipeline/files/reading/index.py", "pipeline/tables/questions/computing.py",
        "pipeline/tables/questions/resolving.py", "pipeline/tables/questions/sql.py",
    ),
}  # fmt: skip
"""Where English sentences are none that are said to a person."""

SERVERS = ("pipeline/llm/error_body.py", "pipeline/llm/apis/responses.py")
"""Their patterns are for what servers write in their errors."""

OF_CODE = (
    "pipeline/code/git.py",
    "pipeline/code/diffs/",
    "pipeline/code/findings/",
    "pipeline/code/outline/",
)
"""What stands there in patterns and lists is Python's and git's."""

NO_SPEECH = re.compile(r"</\?|env\|git|com\|org|\(py\|js|\{2,\}\|")
"""Tags, ends of addresses and of files, names of files, and hums."""

ALLOWED = {
    "pipeline/dictation/take.py": 2,
    "pipeline/skills/dates.py": 4,
    "pipeline/skills/when/moment.py": 4,
    "vision/ocr/locate.py": 4,
}
"""Ids, currencies, a type. A count may not grow; what has none left goes from here."""

_WORD = re.compile(r"(?<![\w./=&-])[^\W\d_]{2,}(?![\w/=&-]|\.\w)")
_NO_WORD = re.compile(r"\\[a-zA-Z]|\(\?P<\w+>|\{[^}]*\}")
_PATTERN = re.compile(r"\w\|\w|\(\?[:P!=<]|\\[bwsd]")
_FOR_OTHERS = re.compile(r"(?:(?:^|\.)_?log(?:ger)?\.\w+|Error|ToolSpec|Schema)$")


def strings(entry: Any) -> Iterator[str]:
    if isinstance(entry, str):
        yield entry
    for each in entry.values() if isinstance(entry, dict) else entry if isinstance(entry, list) else ():
        yield from strings(each)


def keys(entry: Any) -> Iterator[str]:
    if isinstance(entry, dict):
        yield from entry
        for each in entry.values():
            yield from keys(each)


@functools.cache
def everyday() -> frozenset[str]:
    """Every word of our languages' data."""
    texts = [
        text for path in DATA.glob("*/*.toml") for text in strings(tomllib.loads(path.read_text("utf-8")))
    ]
    return frozenset(word.lower() for text in texts for word in re.findall(r"[^\W\d_]{2,}", text))


@functools.cache
def ids() -> frozenset[str]:
    """What names a kind and is a word as well: keys of data and settings, members of ``Literal``, fields,
    codes.
    """
    found = set(LANGUAGES)
    for path in (*DATA.glob("*/*.toml"), ROOT / "config/settings/default.toml"):
        found |= {*keys(tomllib.loads(path.read_text("utf-8")))}
    for path in sources():
        for node in nodes(path):
            if isinstance(node, ast.Subscript) and dotted(node.value).endswith("Literal"):
                found |= {str(each.value) for each in ast.walk(node) if isinstance(each, ast.Constant)}
            elif isinstance(node, ast.AnnAssign):
                found.add(dotted(node.target))
    return frozenset(found)


def sources() -> list[Path]:
    return [
        path for package in ("voice", "vision", "pipeline") for path in sorted((ROOT / package).rglob("*.py"))
    ]


def _for_others(node: ast.AST) -> list[ast.AST]:
    """Of a node, what is not said or heard: docstrings, errors, log lines, tools, types."""
    if isinstance(node, ast.Raise) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
        return [node]
    if isinstance(node, ast.Call):
        told = [word for word in node.keywords if word.arg in ("description", "todo", "improve", "kept")]
        return [node] if _FOR_OTHERS.search(dotted(node.func)) else [*told]
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return [value for key, value in pairs if isinstance(key, ast.Constant) and key.value == "description"]
    if isinstance(node, ast.Subscript):
        return [node] if dotted(node.value).endswith("Literal") else []
    return [node] if isinstance(node, ast.Assign) and dotted(node.targets[0]) == "__all__" else []


def _searched(nodes: Sequence[ast.AST]) -> set[int]:
    """Literals that go into a pattern, or are lists of words."""
    found = set()
    for node in nodes:
        if isinstance(node, ast.Call) and (
            (name := dotted(node.func)).startswith("re.") or name.endswith((".split", "listed"))
        ):
            found |= {id(each) for each in walked(node)}
    return found


def words_in(nodes: Sequence[ast.AST], *, sentences: bool = False) -> list[tuple[int, list[str]]]:
    """Line and words of each literal that is taken for a language. ``sentences``: those are let be."""
    others = {id(each) for node in nodes for part in _for_others(node) for each in walked(part)}
    searched, found = _searched(nodes) if sentences else set(), list[tuple[int, list[str]]]()
    for node in nodes:
        if id(node) in others:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = _WORD.findall(_NO_WORD.sub(" ", node.value))
            lets_be = sentences and not _PATTERN.search(node.value) and id(node) not in searched
            common = [word for word in words if word.lower() in everyday()]
            if len(common) > 1 and not lets_be and not NO_SPEECH.search(node.value):
                found.append((node.lineno, words))
        elif isinstance(node, (ast.Dict, ast.Set, ast.List, ast.Tuple)) and len(words := _single(node)) > 2:
            found.append((node.lineno, words))
    return sorted(found)


def _single(node: ast.Dict | ast.Set | ast.List | ast.Tuple) -> list[str]:
    parts = node.keys if isinstance(node, ast.Dict) else node.elts
    values = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return [
        value
        for value in values
        if not value.isupper() and value.lower() in everyday() and value.lower() not in ids()
    ]


@functools.cache
def found() -> dict[str, list[tuple[int, list[str]]]]:
    every = {}
    for path in sources():
        name = path.relative_to(ROOT).as_posix()
        let_be = any(name.startswith(places) for places in SENTENCES.values())
        if (words := words_in(nodes(path), sentences=let_be)) and not name.startswith((*SERVERS, *OF_CODE)):
            every[name] = words
    return every


def counts() -> dict[str, int]:
    return {name: sum(len(words) for _, words in each) for name, each in found().items()}


def test_no_word_of_a_language_stands_in_python() -> None:
    for name, count in counts().items():
        print(f"{count:6} {name}")
    grown = {name: count for name, count in counts().items() if count > ALLOWED.get(name, 0)}
    assert grown == {}, "these words belong into config/language"


def test_what_has_no_word_left_is_not_allowed_any() -> None:
    assert [name for name in ALLOWED if name not in counts()] == []


@for_each(
    ("source", "words"),
    [
        ('STOP = re.compile("(?:stop|halt) (?:it|that)")', 4),
        ('STOP = frozenset("stop wait".split())', 2),
        ('STOP = {"yeah", "sì", "gern"}', 3),
        ('say("All of it is done.")', 5),
        ('say(f"{n} minutes are left")', 3),
        ('say("stop")', 0),
        ('kind: Literal["red", "green", "yellow"]', 0),
        ('"""Stop it at once."""', 0),
        ('raise AudioError("No sound card was found.", todo="Plug one in.")', 0),
        ('_log.info("the next one is %s", name)', 0),
        ('TOOL = ToolSpec("stop", "Stops what is being said.")', 0),
        ('path = "config/language/en.toml"', 0),
    ],
)
def test_the_rule_sees_words_wherever_they_hide(source: str, words: int) -> None:
    seen = sum(len(each) for _, each in words_in(walked(ast.parse(source))))
    assert seen >= words
    assert bool(seen) == bool(words)


def test_where_sentences_may_stand_patterns_may_not() -> None:
    tree = ast.parse('say("No text is left.")\nSTOP = "stop it|wait for me"')
    assert [line for line, _ in words_in(walked(tree), sentences=True)] == [2]


if __name__ == "__main__":
    for file in sys.argv[1:]:
        for line, each in found().get(file, []):
            print(f"{file}:{line}: {' '.join(each)}")
    if not sys.argv[1:]:
        print("\n".join(f'    "{name}": {count},' for name, count in sorted(counts().items())))
