"""Unified diffs are read as they were written, and what they change is counted and named."""

from __future__ import annotations

import difflib

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.code.diffs.base import Diff
from pipeline.code.diffs.changes import Changes, PartChange, between, of_diff
from pipeline.code.diffs.parse import is_diff, parse
from pipeline.code.source import source_of
from tests.pipeline.code.desk import DIFF
from tests.tables import for_each

LINES = st.lists(
    st.sampled_from(["a", "b", "", "-- x", "++ y", "--- z", "+++ q", "@@ -1 +1 @@", " c", "\\ No", "d\r"]),
    max_size=12,
)


@given(st.text(alphabet='@-+ \n0123ab/\\\r,"', max_size=200))
@settings(max_examples=80, deadline=None)
def test_any_text_is_given_back(text: str) -> None:
    assert parse(text).render() == text


@given(LINES, LINES, st.integers(0, 3))
@settings(max_examples=100, deadline=None)
def test_the_new_file_is_made_of_the_old_one_and_the_diff(
    old: list[str], new: list[str], around: int
) -> None:
    text = "\n".join(difflib.unified_diff(old, new, "a/x", "b/x", lineterm="", n=around))
    diff = parse(text)
    assert diff.render() == text
    assert bool(diff.files) == (old != new)
    assert diff.complete
    made, at = list[str](), 0
    for hunk in diff.files[0].hunks if diff.files else ():
        begun = hunk.old_start - any(line.sign != "+" for line in hunk.lines)
        made, at = made + old[at:begun], begun
        for line in hunk.lines:
            if line.sign != "+":
                assert old[line.old - 1].removesuffix("\r") == line.text
                at += 1
            if line.sign != "-":
                assert new[line.new - 1].removesuffix("\r") == line.text
                made.append(new[line.new - 1])
    assert made + old[at:] == new


def header(*lines: str) -> str:
    return "\n".join(("diff --git a/old.py b/new.py", *lines))


HUNK = "@@ -1 +1 @@\n-a\n+b"


@for_each(
    ("text", "old", "new", "status", "binary"),
    [
        (f"--- a/x.py\n+++ b/x.py\n{HUNK}", "x.py", "x.py", "changed", False),
        (
            f"--- x.py\t2026-11-29 10:00:00\n+++ y/x.py\t2026-11-29\n{HUNK}",
            "x.py",
            "y/x.py",
            "changed",
            False,
        ),
        (f"--- a/b c.py\n+++ b/b c.py\n{HUNK}", "b c.py", "b c.py", "changed", False),
        (f"--- /dev/null\n+++ b/x.py\n{HUNK}", "", "x.py", "added", False),
        (f"--- a/x.py\n+++ /dev/null\n{HUNK}", "x.py", "", "deleted", False),
        (f"--- i/x.py\n+++ w/x.py\n{HUNK}", "i/x.py", "w/x.py", "changed", False),
        (f"--- a/x.py\r\n+++ b/x.py\r\n{HUNK}\r", "x.py", "x.py", "changed", False),
        (HUNK, "", "", "changed", False),
        (
            header("similarity index 90%", "rename from old.py", "rename to new.py"),
            "old.py",
            "new.py",
            "renamed",
            False,
        ),
        (header("copy from a b", "copy to c d"), "a b", "c d", "copied", False),
        (header("old mode 100644", "new mode 100755"), "old.py", "new.py", "mode", False),
        (
            header("old mode 100644", "new mode 100755", "--- a/q", "+++ b/q", HUNK),
            "q",
            "q",
            "changed",
            False,
        ),
        (header("new file mode 100644", "index 0..1"), "", "new.py", "added", False),
        (header("deleted file mode 100644"), "old.py", "", "deleted", False),
        (header("Binary files a/old.py and b/new.py differ"), "old.py", "new.py", "changed", True),
        (header("GIT binary patch", "literal 3", "abc"), "old.py", "new.py", "changed", True),
        (
            'diff --git "a/n\\303\\244me" "b/n\\303\\244me"\n--- "a/n\\303\\244me"\n+++ "b/n\\303\\244me"\n'
            + HUNK,
            "näme",
            "näme",
            "changed",
            False,
        ),
    ],
)
def test_a_header(text: str, old: str, new: str, status: str, binary: bool) -> None:
    assert is_diff(text)
    (file,) = parse(text).files
    assert (file.old, file.new, file.status, file.binary) == (old, new, status, binary)
    assert parse(text).render() == text


@for_each(
    ("text", "lines", "complete"),
    [
        (
            "@@ -3,2 +3,2 @@ def f():\n a\n-b\n\\ No newline at end of file\n+c\n\\ No newline at "
            "end of file",
            3,
            True,
        ),
        ("@@ -1,2 +1,2 @@\n\n-b\n+c\n", 3, True),
        ("@@ -1,2 +1 @@\n--- a\n b\n", 2, True),
        ("@@ -1,3 +1,3 @@\n a\n-b", 2, False),
        ("@@ -0,0 +1,2 @@\n+a\n+b", 2, True),
        ("@@ -1,2 +0,0 @@\n-a\n-b\n-- \nAda", 2, True),
    ],
)
def test_a_hunk_holds_as_many_lines_as_it_says(text: str, lines: int, complete: bool) -> None:
    diff = parse(text)
    assert [len(hunk.lines) for hunk in diff.files[0].hunks] == [lines]
    assert diff.complete is complete
    assert diff.render() == text


@for_each(
    "text", ["", "a\n--- b\n+++ c\nd", "--- a\n--- b", "def f():\n    return 1 - 2\n", "a\n---\nb: c\n"]
)
def test_what_is_no_diff(text: str) -> None:
    assert not is_diff(text)


def test_files_are_found_by_their_last_name() -> None:
    diff = parse(DIFF)
    assert [diff.file(name) is not None for name in ("src/dates.py", "dates.py", "Dates.py", "x.py")] == [
        True,
        True,
        True,
        False,
    ]
    assert [(file.added, file.taken) for file in diff.files] == [(5, 3), (0, 3)]
    assert Diff().file("x") is None


OLD = (
    "def parse_date(text):\n    return text\n\ndef total(rows):\n    return sum(rows)\n\n"
    "def old():\n    pass\n"
)
NEW = (
    "def parse_date(text, zone=None):\n    return text\n\ndef total(rows):\n    n = 0\n"
    "    return sum(rows)\n\ndef load(x):\n    pass\n"
)
CHANGED = (PartChange("parse_date", ("zone",)), PartChange("total"))


def test_two_versions_are_compared_by_their_parts() -> None:
    changes = between(source_of(OLD, "x.py"), source_of(NEW, "x.py"))
    assert changes == Changes("x.py", 3, 2, CHANGED, ("load",), ("old",))


def test_a_diff_says_the_same() -> None:
    lines = difflib.unified_diff(OLD.split("\n"), NEW.split("\n"), "a/x.py", "b/x.py", lineterm="")
    assert of_diff(parse("\n".join(lines))) == (Changes("x.py", 3, 2, CHANGED, ("load",), ("old",)),)


@for_each(
    ("name", "hunk", "changed"),
    [
        ("a.py", "@@ -9,2 +9,2 @@ def far_away(x):\n a = 1\n-b\n+c", (PartChange("far_away"),)),
        (
            "a.js",
            "@@ -1,2 +1,2 @@\n-function f(a, b) {\n+function f(a, c, ...d) {\n }",
            (PartChange("f", ("c", "*d"), ("b",)),),
        ),
        ("a.go", "@@ -4 +4,2 @@ func (s *Store) Load(n int) error {\n a\n+b", (PartChange("Load"),)),
        ("a.rs", "@@ -1,3 +1,3 @@\n fn one() {\n-  1\n+  2\n }", (PartChange("one"),)),
        ("a.txt", "@@ -1 +1 @@\n-a\n+b", ()),
        (
            "a.py",
            "@@ -5,5 +5,6 @@ def above():\n x\n \n def below(a):\n     y\n+    z\n ",
            (PartChange("below"),),
        ),
    ],
)
def test_which_part_a_hunk_is_in(name: str, hunk: str, changed: tuple[PartChange, ...]) -> None:
    (changes,) = of_diff(parse(f"--- a/{name}\n+++ b/{name}\n{hunk}"))
    assert changes.changed == changed
    assert not changes.new
    assert not changes.gone
