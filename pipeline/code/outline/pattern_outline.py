"""The parts of code by the look of its lines: for languages that are not parsed here, and for stretches of a
diff. It says where a part begins; where it ends only if its braces or its indentation tell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from pipeline.code.languages import Language
from pipeline.code.masking import Masked, masked
from pipeline.code.outline.base import NAMED, Outline, Part, first_sentence
from pipeline.code.source import Source

_MOST_LINES = 20_000
_LONGEST_LINE = 1000
_BRACKETS = {"(": ")", "[": "]", "{": "}", "<": ">"}
_PARAMETER = re.compile(r"[A-Za-z_$][\w$]*")
_MANY = re.compile(r"^\*{1,2}(?=\w)|\.\.\.|^params\b|^vararg\b")
_INDEXED = re.compile(r"\[[^\]]*\]")
_POINTED = re.compile(r"\(\s*\*\s*(\w+)\s*\)")
_HOLDERS = frozenset({"class", "interface", "type", "impl"})
_SELF = frozenset({"self", "&self", "&mut self", "cls", "void", "mut self"})
_LONGEST_HEAD = 30
_Brace = tuple[int, int]
"""Its line and its place in it."""
_FIRST_WORD = re.compile(r"[\s;)]")
_BRACES = re.compile("[{}]")
_BEGINS_LATE = 3
"""So many lines behind a head that goes on its brace may open."""


def pattern_outline(source: Source) -> Outline:
    """By ``source.language``; of a language of which nothing is known without parts."""
    if len(source.lines) > _MOST_LINES:
        return Outline()
    hidden = masked(source)
    parts = tuple(_nested(tuple(_found(source.language, hidden))))
    return Outline(parts, _head_comment(source, hidden, {part.first for part in parts}))


def _found(language: Language, hidden: Masked) -> Iterator[Part]:
    last_of = _last(language, hidden)
    for number, line in enumerate(hidden.code, 1):
        if not line.strip() or len(line) > _LONGEST_LINE:
            continue
        for each in language.parts:
            if found := each.pattern.match(squeezed(line)):
                yield _part(language, hidden, each.kind, number, last_of(number), found)
                break


def squeezed(line: str) -> str:
    """With one blank for several: a pattern takes long over a line of them."""
    return (" " if line[:1].isspace() else "") + " ".join(line.split())


def _part(
    language: Language, hidden: Masked, kind: str, number: int, last: int, found: re.Match[str]
) -> Part:
    groups = found.groupdict()
    named = kind in NAMED
    parameters = _parameters(hidden, number, found, language) if kind == "function" else ()
    return Part(
        kind,
        groups.get("name") or "",
        number,
        last,
        (groups["of"],) if groups.get("of") else (),
        parameters,
        _comment_before(hidden, number) if named else "",
    )


# Where it ends ----------------------------------------------------------------------------------


def _last(language: Language, hidden: Masked) -> Callable[[int], int]:
    """Of a line that begins a part, the last one of that; 0: it cannot be told."""
    code = hidden.code
    if language.ends == "braces":
        closing = closings(code)
        return lambda first: _brace_end(code, first, closing)
    if language.ends == "none":
        return lambda first: 0
    ends = indent_ends(code, language)
    return lambda first: ends[first - 1]


def closings(code: Sequence[str]) -> dict[_Brace, int]:
    """Of each brace that opens, the line of the one that closes it."""
    found, opened = dict[_Brace, int](), list[_Brace]()
    for number, line in enumerate(code, 1):
        for brace in _BRACES.finditer(line):
            if brace[0] == "{":
                opened.append((number, brace.start()))
            elif opened:
                found[opened.pop()] = number
    return found


def _brace_end(code: Sequence[str], first: int, closing: Mapping[_Brace, int]) -> int:
    """Of the first brace behind what it takes, in which there may be braces as well."""
    head = "\n".join(code[first - 1 : first + _LONGEST_HEAD])
    bracket, brace = head.find("("), head.find("{")
    taken = len(inside_brackets(head, bracket)) + bracket + 2 if 0 <= bracket < brace else 0
    brace = head.find("{", taken)
    ends = head.find(";", taken)
    if 0 <= ends < (brace if brace >= 0 else len(head)) and head[ends : ends + 2].strip() == ";":
        return first + head.count("\n", 0, ends)
    late = head.count("\n", taken, brace) > _BEGINS_LATE
    if brace < 0 or late:
        return 0
    line = first + head.count("\n", 0, brace)
    return closing.get((line, brace - head.rfind("\n", 0, brace) - 1), 0)


def indent_ends(code: Sequence[str], language: Language) -> list[int]:
    """Of each line the last one that stands further in, or the word that ends it; 0: it is not ended so."""
    words = language.end_words if language.ends == "end" else frozenset[str]()
    ends, opened, last = [0] * len(code), list[tuple[int, int]](), 0
    for number, line in enumerate(code, 1):
        bare = line.strip()
        if not bare:
            continue
        depth, word = _indent(line), _FIRST_WORD.split(bare, maxsplit=1)[0]
        goes_on = word in language.middle_words if words else bare[0] in ")]}"
        while opened and opened[-1][0] >= depth and not (goes_on and opened[-1][0] == depth):
            outer, first = opened.pop()
            ends[first - 1] = (number if word in words and outer == depth else 0) if words else last
        if not goes_on:
            opened.append((depth, number))
        last = number
    for _, first in opened:
        ends[first - 1] = 0 if words else last
    return ends


def _indent(line: str) -> int:
    expanded = line.expandtabs(8)
    return len(expanded) - len(expanded.lstrip())


# What it takes ----------------------------------------------------------------------------------


def _parameters(hidden: Masked, number: int, found: re.Match[str], language: Language) -> tuple[str, ...]:
    """The names between its brackets, which open on its first line."""
    lines = hidden.code[number - 1 : number + _LONGEST_HEAD]
    head = "\n".join((found.string, *lines[1:]))
    begun = head.find("(", found.end("name"))
    if begun < 0 or "\n" in head[:begun]:
        return ()
    inner = inside_brackets(head, begun)
    first_word = language.id == "go"
    return tuple(name for each in split_top(inner) if (name := _name_of(each, first=first_word)))


def inside_brackets(text: str, at: int) -> str:
    """What stands between the bracket at ``at`` and the one that closes it; else all that follows."""
    opening, depth = text[at], 0
    closing = _BRACKETS[opening]
    for end in range(at, len(text)):
        depth += (text[end] == opening) - (text[end] == closing)
        if depth == 0:
            return text[at + 1 : end]
    return text[at + 1 :]


def split_top(inner: str) -> list[str]:
    """At its commas, and not at those within further brackets."""
    parts, depth, begun = list[str](), 0, 0
    for at, letter in enumerate(inner):
        arrow = letter == ">" and at > 0 and inner[at - 1] in "-="
        depth += (letter in "([{<") - (letter in ")]}>" and not arrow)
        if letter == "," and depth <= 0:
            parts.append(inner[begun:at])
            begun = at + 1
    return [each.strip() for each in (*parts, inner[begun:]) if each.strip()]


def _name_of(parameter: str, *, first: bool) -> str:
    """``int count = 0`` and ``count: Int`` and ``$count`` and ``count``; ``first``: before its type."""
    bare = re.split(r"(?<![=<>!])=(?!=|>)", parameter, maxsplit=1)[0].strip()
    if bare in _SELF or bare.startswith(("self:", "/")) or bare == "*":
        return ""
    many = _MANY.search(bare.partition(":")[0])
    stars = "" if many is None else many[0] if "*" in many[0] else "*"
    before = _INDEXED.sub("", bare.replace("::", "")).partition(":")[0]
    pointed = _POINTED.search(before)
    words = [pointed[1]] if pointed else _PARAMETER.findall(before)
    return stars + words[0 if first else -1].lstrip("$") if words else ""


# What is said of it -----------------------------------------------------------------------------


def _comment_before(hidden: Masked, number: int) -> str:
    said, at = list[str](), number - 2
    while at >= 0 and hidden.comments[at] and not hidden.code[at].strip():
        said.insert(0, hidden.comments[at].lstrip("*/ "))
        at -= 1
    return first_sentence(" ".join(said))


def _head_comment(source: Source, hidden: Masked, begun: Collection[int]) -> str:
    """What stands first, unless it is said of a part that begins right behind it."""
    said = list[str]()
    for number, (line, code, comment) in enumerate(
        zip(source.lines, hidden.code, hidden.comments, strict=True), 1
    ):
        if line.startswith(("#!", "<?php")):
            continue
        if number in begun and said:
            return ""
        if code.strip() or (said and not comment):
            break
        said += [comment.lstrip("*/ ")] if comment else []
    return first_sentence(" ".join(filter(None, said)))


def _nested(parts: Sequence[Part]) -> Iterator[Part]:
    """With what each stands in; a function of a class is a method."""
    open_parts = list[Part]()
    for part in parts:
        open_parts = [each for each in open_parts if each.last >= part.first]
        inside = tuple(each.name for each in open_parts if each.name) + part.inside
        in_class = bool(part.inside) or any(each.kind in _HOLDERS for each in open_parts[-1:])
        kind = "method" if part.kind == "function" and in_class else part.kind
        placed = Part(kind, part.name, part.first, part.last, inside, part.parameters, part.doc, part.over)
        yield placed
        if placed.last:
            open_parts.append(placed)
