"""Code: whole lines as they stand, a few together, each element with its first line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from pipeline.files.formats.shared.format import Format, Piece, Sure
from pipeline.files.formats.shared.lines import LONGEST, MOST_LINES, doubts, split_lines, text_of
from pipeline.files.formats.shared.look import Look

_SUFFIXES = (
    *(".py", ".pyi", ".pyw", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".java", ".kt"),
    *(".kts", ".scala", ".groovy", ".c", ".h", ".cc", ".cpp", ".cxx", ".hpp", ".hh", ".cs"),
    *(".fs", ".vb", ".go", ".rs", ".swift", ".m", ".mm", ".rb", ".php", ".pl", ".pm", ".lua"),
    *(".r", ".jl", ".dart", ".ex", ".exs", ".erl", ".hs", ".ml", ".clj", ".lisp", ".el"),
    *(".nim", ".zig", ".sh", ".bash", ".zsh", ".fish", ".ps1", ".bat", ".cmd", ".sql"),
    *(".css", ".scss", ".less", ".vue", ".svelte", ".xml", ".xsd", ".xsl", ".svg", ".yaml"),
    *(".yml", ".toml", ".ini", ".cfg", ".conf", ".properties", ".env", ".gradle", ".cmake"),
    *(".mk", ".make", ".dockerfile", ".tf", ".proto", ".graphql", ".tex", ".bib", ".diff"),
    *(".patch", ".asm", ".s", ".pas", ".f", ".f90", ".ada", ".vhd", ".v", ".tcl"),
    *(".awk", ".sed"),
)
_SHEBANG = re.compile(rb"\A(?:\xef\xbb\xbf)?#!\s*/")
_DIFF = re.compile(rb"^(?:diff --git |--- \S.*\r?\n\+\+\+ )", re.MULTILINE)


def recognises(look: Look) -> Sure:
    if not look.text:
        return "no"
    named = look.suffix in (".txt", ".text", ".log", ".md")
    return "yes" if _SHEBANG.match(look.head) or (not named and _DIFF.search(look.head)) else "named"


def read(file: BinaryIO, look: Look) -> Iterator[Piece]:
    text = text_of(file)
    yield from doubts(text)
    yield from stretches(split_lines(text.text))


FORMAT = Format("code", frozenset(_SUFFIXES), recognises, read)


def stretches(lines: list[str]) -> Iterator[Piece]:
    """Parted at empty lines before what is not indented; no letter is changed."""
    begun = 0
    for number in range(1, len(lines) + 1):
        if number == len(lines) or _parts(lines, begun, number):
            yield from _stretch(lines, begun, number)
            begun = number


def _parts(lines: list[str], begun: int, number: int) -> bool:
    outermost = lines[number][:1].strip() and not lines[number - 1].strip()
    return bool(outermost) or number - begun == MOST_LINES


def _stretch(lines: list[str], begun: int, end: int) -> Iterator[Piece]:
    while begun < end and not lines[begun]:
        begun += 1
    while begun < end and not lines[end - 1]:
        end -= 1
    text = "\n".join(lines[begun:end])
    for at in range(0, len(text), LONGEST) if len(text) > LONGEST and end - begun == 1 else (0,):
        if part := text[at : at + LONGEST] if end - begun == 1 else text:
            yield {"text": part, "line": begun + 1}
