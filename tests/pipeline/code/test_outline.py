"""What code is made of: Python as it is parsed, other languages by the look of their lines."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.code.languages import by_fence, by_file, languages
from pipeline.code.masking import masked
from pipeline.code.outline.outline import inside, outline
from pipeline.code.outline.pattern_outline import pattern_outline
from pipeline.code.source import source_of
from tests.tables import for_each

HOUSE = sorted((Path(__file__).parents[3] / "pipeline/skills").rglob("*.py"))[:10]


@for_each(
    ("name", "text", "parts"),
    [
        (
            "a.js",
            "export function greet(name, {loud = false} = {}, ...rest) {\n  for (const r of rest) { }\n}\n"
            "const add = (a, b) => a + b;\nclass Cart extends B {\n  total(tax = 0.2) {\n  }\n}",
            [
                "function greet(name, loud, *rest) 1-3",
                "loop 2-2",
                "function add(a, b) 4-4",
                "class Cart 5-8",
                "method total(tax) 6-7",
            ],
        ),
        (
            "a.ts",
            "export interface P { x: number }\nexport async function f<T>(a: T, b?: string): "
            "Promise<void> {\n}\n"
            "class Q {\n private m(x: string): void {\n }\n}",
            ["interface P 1-1", "function f(a, b) 2-3", "class Q 4-7", "method m(x) 5-6"],
        ),
        (
            "a.go",
            "func (s *Store) Load(ctx context.Context, names ...string) (int, error) {\n\tfor {\n\t}\n}\n"
            "type Store struct {\n}",
            ["method Load(ctx, *names) 1-4", "loop 2-3", "type Store 5-6"],
        ),
        (
            "a.rs",
            "pub struct A<'a> { x: &'a str }\nimpl A {\n  pub fn new(x: &str, mut n: usize) -> Self {\n"
            "  let c = '{';\n }\n}",
            ["type A 1-1", "impl A 2-6", "method new(x, n) 3-5"],
        ),
        (
            "A.java",
            "public class A {\n  A(int x) {\n  }\n  static Map<String, Integer> count(List<String> "
            "words, int least)\n"
            "      throws E {\n  }\n  int y() { return foo(); }\n}",
            ["class A 1-8", "method count(words, least) 4-6", "method y() 7-7"],
        ),
        (
            "a.c",
            "static int add(int a, char *b[], void (*cb)(int), ...)\n{\n  while (1) {}\n}\nint "
            "proto(int a);\n"
            "int main(void) { return 0; }",
            ["function add(a, b, cb) 1-4", "loop 3-3", "function main() 6-6"],
        ),
        (
            "a.cpp",
            "class A {\n  int f(const std::string& a) const {\n  }\n};\nvoid A::g(int x) { y(); }",
            ["class A 1-4", "method f(a) 2-3", "method g(x) 5-5"],
        ),
        (
            "a.cs",
            "public class A\n{\n  public async Task<int> Do(string a, params int[] b)\n  {\n  }\n}",
            ["class A 1-6", "method Do(a, *b) 3-5"],
        ),
        (
            "a.rb",
            "class Foo\n  def bar(a, b = 1, *rest)\n    [1].each do |x|\n    end\n  end\nend",
            ["class Foo 1-6", "method bar(a, b, *rest) 2-5", "loop 3-4"],
        ),
        ("a.php", "<?php\nfunction foo($a, int $b = 3, ...$c) {\n}", ["function foo(a, b, *c) 2-3"]),
        (
            "a.kt",
            "class A {\n fun f(x: Int, vararg y: List<String>) : Int {\n }\n}",
            ["class A 1-4", "method f(x, *y) 2-3"],
        ),
        ("a.swift", "func f(_ a: Int, with b: String) -> Int {\n}", ["function f(a, b) 1-2"]),
        (
            "a.sh",
            "#!/bin/bash\nclean() {\n  for f in *; do\n    rm x\n  done\n}",
            ["function clean() 2-6", "loop 3-5"],
        ),
        ("a.lua", "local function f(a, b)\n  for i=1,2 do\n  end\nend", ["function f(a, b) 1-4", "loop 2-3"]),
        ("a.pl", "sub f {\n my ($a)=@_;\n}", ["function f() 1-3"]),
        ("a.R", "f <- function(a, b=2) {\n}", ["function f(a, b) 1-2"]),
        ("a.sql", "CREATE TABLE IF NOT EXISTS people (\n id int);", ["table people 1-0"]),
        ("Makefile", "all: x\n\techo", ["target all 1-2"]),
        (
            "a.py",
            "class A:\n    @staticmethod\n    def f(a, *, b): ...\n    def g(self, c): ...\nasync "
            "def h(**k):\n  while k:\n    pass",
            ["class A 1-4", "method f(a, b) 3-3", "method g(c) 4-4", "function h(**k) 5-7", "loop 6-7"],
        ),
        ("a.txt", "def f():\n  pass", []),
    ],
)
def test_the_parts_of_code(name: str, text: str, parts: list[str]) -> None:
    found = outline(source_of(text, name)).parts
    told = [
        f"{part.kind}{' ' + part.name if part.name else ''}"
        + (f"({', '.join(part.parameters)})" if part.kind in ("function", "method") else "")
        + f" {part.first}-{part.last}"
        for part in found
    ]
    assert told == parts


@for_each("path", HOUSE)
def test_by_the_look_of_its_lines_python_has_the_parts_that_its_parser_finds(path: Path) -> None:
    source = source_of(path.read_text("utf-8"), path.name)
    parsed, seen = outline(source), pattern_outline(source)
    assert parsed.sure
    assert not seen.sure
    for one, other in zip(parsed.named, seen.named, strict=True):
        assert (one.kind, one.name, one.first, one.last, one.parameters, one.inside) == (
            other.kind,
            other.name,
            other.first,
            other.last,
            other.parameters,
            other.inside,
        )


def test_python_that_is_not_right_is_told_where() -> None:
    found = outline(source_of("def f(a):\n    x = (\n\ndef g():\n    pass\n", "a.py"))
    assert not found.sure
    assert found.broken == 2
    assert [part.name for part in found.named] == ["f", "g"]


@for_each("text", ["(" * 5000, "[" * 500 + "]" * 500, "x = " + "-" * 3000 + "1", "\0", "if 1:\n" * 2])
def test_nothing_is_too_much_for_the_parser(text: str) -> None:
    assert not outline(source_of(text, "a.py")).named


@given(st.text(alphabet="aé{}()[]\"'`#/*\n\\ =:;<>", max_size=80), st.sampled_from(sorted(languages())))
@settings(max_examples=100, deadline=None)
def test_whatever_stands_there_lines_keep_their_length(text: str, language: str) -> None:
    source = source_of(text, "", languages()[language])
    hidden = masked(source)
    assert [len(line) for line in hidden.code] == [len(line) for line in source.lines]
    assert [len(line) for line in hidden.texts] == [len(line) for line in source.lines]
    for part in outline(source).parts:
        assert 0 < part.first <= len(source.lines)
        assert part.last == 0 or part.first <= part.last <= len(source.lines)


@for_each(
    ("name", "text", "doc"),
    [
        ("a.py", '"""Reads reports. And more."""\n', "Reads reports."),
        ("a.js", "// Greets\n// people e.g. us.\n\nlet x;", "Greets people e.g."),
        ("a.sh", "#!/bin/sh\n# Cleans up.\n\nls", "Cleans up."),
        ("a.c", "/*\n * Adds numbers\n */\n\nint x;", "Adds numbers"),
        ("a.go", "// Load reads.\nfunc Load() {\n}", ""),
        ("a.py", "x = 1", ""),
    ],
)
def test_what_a_file_says_of_itself(name: str, text: str, doc: str) -> None:
    assert outline(source_of(text, name)).doc == doc


def test_what_is_in_a_function_is_counted() -> None:
    text = "def f(a):\n    for b in a:\n        if b: g(b, g(1))\n    # h()\n    return 'k()' or m(1)\n"
    source = source_of(text, "a.py")
    found = inside(source, outline(source).named[0])
    assert (found.loops, found.conditions, found.calls, found.returns) == (1, 1, ("g", "m"), 1)


def test_a_language_is_known_by_its_name_or_its_first_line() -> None:
    assert by_file("x", "#!/usr/bin/env python3").id == "python"
    assert by_file("Dockerfile").id == "dockerfile"
    assert by_fence("C++").id == "cpp"
    assert by_fence("nonsense").id == ""
