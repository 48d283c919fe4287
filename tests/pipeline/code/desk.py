"""Code on a desk: files that are open, answers that were given, and a conversation about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio

from config.runtime.clean import clean
from pipeline.code.skill.skill import CodeSkill
from pipeline.files.base import Element, FileContent, Kind, Place
from pipeline.llm.base import ToolCall
from pipeline.tools.registry import Toolbox


@dataclass(frozen=True, eq=False)
class File:
    path: Path
    content: FileContent


def opened(name: str, text: str, kind: Kind = "code") -> File:
    element = Element(clean(text), Place(line=1))
    return File(Path("/home/ada") / name, FileContent(clean(name), kind, (element,)))


@dataclass
class Files:
    all: list[File] = field(default_factory=list)

    @property
    def latest(self) -> File | None:
        return self.all[-1] if self.all else None


class Desk:
    def __init__(self, *files: File, answers: list[str] | None = None) -> None:
        self.files = Files([*files])
        self.answers = [] if answers is None else answers
        self.skill = CodeSkill(self.files, lambda: self.answers)
        self.toolbox = Toolbox(lambda: self.skill.tools)

    def ask(self, text: str, language: str = "en") -> str:
        """What is said; “–” where it is not for this skill. It is then part of the conversation."""
        request = self.skill.parse(text, language)
        if request is None:
            return "–"
        said = request.answer(anyio.run(self.toolbox.run, request.call))
        self.answers.append(said)
        return said

    def call(self, tool: str, **arguments: Any) -> str:
        """As a model calls it."""
        return anyio.run(self.toolbox.run, ToolCall("1", tool, arguments)).text


REPORT = '''"""Reads reports. And more."""
import os
import json

def parse_date(text, zone=None):
    """Reads a day."""
    for part in text.split("-"):
        if part:
            print(part)
    return eval(text)

class Report:
    def __init__(self, rows=[]):
        self.rows = rows

    def total(self):
        n = 0
        for row in self.rows:
            n += row.amount
        return json.dumps(n)
'''

DIFF = """diff --git a/src/dates.py b/src/dates.py
index 1111111..2222222 100644
--- a/src/dates.py
+++ b/src/dates.py
@@ -1,9 +1,11 @@
 import os

-def parse_date(text):
-    return text
+def parse_date(text, zone=None):
+    if text is None:
+        return eval(text)
+    return text


 def total(rows):
-    return sum(rows)
+    return sum(row.n for row in rows)

diff --git a/tests/test_dates.py b/tests/test_dates.py
--- a/tests/test_dates.py
+++ b/tests/test_dates.py
@@ -10,7 +10,4 @@ def test_a():
     assert 1

-def test_b():
-    assert parse_date("x") == "x"
-
 def test_c():
     pass
"""
