"""A conversation about code: what is asked in five languages, what is done, and what is said of it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import anyio
import pytest

from config.runtime.clean import clean
from pipeline.code.skill.skill import CodeSkill
from pipeline.code.source import code_blocks, text_of
from pipeline.conversation.history import History
from pipeline.files.base import Element, FileContent, Place
from pipeline.session.files.code import SessionCode
from pipeline.skills.skills import Skills
from pipeline.skills.timers import Timers
from pipeline.tools.registry import Toolbox
from tests.pipeline.code.desk import DIFF, REPORT, Desk, Files, opened
from tests.tables import for_each

ADDER = "Here.\n```python\ndef add(a, b):\n    return a + b\n```\nIt adds."
ADDER_2 = "So.\n```python\ndef add(a, b, c=0):\n    return a + b + c\n```"


@for_each(
    ("asked", "said"),
    [
        (
            "Read line 5.",
            "Line 5: def parse date, open parenthesis, text, comma, zone equals none, close parenthesis, "
            "colon.",
        ),
        ("what is on line eleven?", "Line 11 is empty."),
        (
            "please read me line twenty out loud",
            "Line 20: return json dot dumps, open parenthesis, n, close parenthesis.",
        ),
        ("what is on line 99", "There is no line 99: report.py has 20 lines."),
        ("spell line 17", "Line 17: 8 spaces, n, space, equals, space, 0."),
        (
            "read lines 16 to 17",
            "Line 16: def total, open parenthesis, self, close parenthesis, colon.\nLine 17: n equals 0.",
        ),
        (
            "read lines 17 to 16",
            "Line 16: def total, open parenthesis, self, close parenthesis, colon.\nLine 17: n equals 0.",
        ),
        ("where is total defined", "Method `total`, lines 16 to 20. It is in `Report`."),
        ("Where is the function parseDate?", "Function `parse_date`, lines 5 to 10."),
        (
            "explain the second loop",
            "A loop, lines 18 to 19. There are 2; this is number 2. It is in `total`. It goes "
            "over: self dot rows. What it is meant for is a question for a language model; none is "
            "connected.",
        ),
        (
            "what does parse date do",
            "Function `parse_date`, lines 5 to 10. Its author says: Reads a day. It takes "
            "`text` and `zone`. In it: 1 loop, 1 condition and 1 return. It calls `split` and `eval`.",
        ),
        ("explain the ninth loop", "I find no loop in it."),
        ("explain the function frobnicate", "I find no `frobnicate` in it."),
        (
            "what does this file do?",
            "report.py, Python, 20 lines. Its author says: Reads reports. It has 1 function, "
            "1 class and 2 methods: `parse_date`, line 5; `Report`, line 12. It uses `os` and "
            "`json`. Risky: line 10, a "
            "text is run as code here; line 13, the default of `rows` is made once and shared by all calls.",
        ),
        (
            "is it safe",
            "Risky: line 10, a text is run as code here; line 13, the default of `rows` is made once and "
            "shared by all calls.",
        ),
        ("show me lines 2 to 3", "```py report.py:2-3\nimport os\nimport json\n```"),
        ("explain quantum physics", "–"),
        ("what does my dog do", "–"),
        ("what changed", "–"),
        ("save the code", "–"),
        ("next", "–"),
        ("read line one and a half", "–"),
        ("go on", "–"),
        ("what time is it", "–"),
        ("tell me a joke", "–"),
    ],
)
def test_what_is_asked_of_a_file(asked: str, said: str) -> None:
    assert Desk(opened("report.py", REPORT)).ask(asked) == said


@for_each(
    ("language", "asked", "begins"),
    [
        (
            "de",
            [
                "Lies Zeile fünf vor",
                "Was macht diese Datei?",
                "Erkläre mir die zweite Schleife",
                "Prüfe den Code",
                "weiter",
                "zurück",
                "wie viele Befunde gibt es",
                "zeig es",
                "warum",
            ],
            [
                "Zeile 5: def",
                "report.py, Python, 20 Zeilen",
                "Schleife, Zeile 18",
                "3 Befunde",
                "Nummer 2 von 3",
                "Nummer 1 von 3",
                "3 Befunde; du bist bei Nummer 1.",
                "```py report.py:5-10",
                "Wer den Text",
            ],
        ),
        (
            "fr",
            [
                "Lis la ligne cinq",
                "Que fait ce fichier ?",
                "explique la deuxième boucle",
                "Vérifie le code",
                "suivante",
                "précédente",
                "combien de remarques y a-t-il",
                "montre-la",
                "pourquoi",
            ],
            [
                "Ligne 5 : def",
                "report.py, Python, 20 lignes",
                "Boucle, lignes 18",
                "3 remarques",
                "Numéro 2 sur 3",
                "Numéro 1 sur 3",
                "3 remarques ; tu en es",
                "```py report.py:5-10",
                "Qui peut écrire",
            ],
        ),
        (
            "es",
            [
                "Lee la línea cinco",
                "¿Qué hace este archivo?",
                "explica el segundo bucle",
                "Revisa el código",
                "siguiente",
                "anterior",
                "cuántos errores hay",
                "muéstralo",
                "por qué",
            ],
            [
                "Línea 5: def",
                "report.py, Python, 20 líneas",
                "Bucle, líneas 18",
                "3 observaciones",
                "Número 2 de 3",
                "Número 1 de 3",
                "3 observaciones; estás",
                "```py report.py:5-10",
                "Quien pueda",
            ],
        ),
        (
            "it",
            [
                "Leggi la riga cinque",
                "Che cosa fa questo file?",
                "spiega il secondo ciclo",
                "Controlla il codice",
                "avanti",
                "precedente",
                "quante osservazioni ci sono",
                "mostralo",
                "perché",
            ],
            [
                "Riga 5: def",
                "report.py, Python, 20 righe",
                "Ciclo, righe da 18",
                "3 osservazioni",
                "Numero 2 di 3",
                "Numero 1 di 3",
                "3 osservazioni; sei",
                "```py report.py:5-10",
                "Chi può",
            ],
        ),
    ],
)
def test_in_other_languages(language: str, asked: list[str], begins: list[str]) -> None:
    for conversation in (language, "en"):  # a person may speak another than before
        desk = Desk(opened("report.py", REPORT))
        for each, begin in zip(asked, begins, strict=True):
            assert desk.ask(each, conversation).startswith(begin), each


def test_a_review_is_walked_through() -> None:
    desk = Desk(opened("report.py", REPORT))
    said = [
        desk.ask(each)[:35]
        for each in (
            "review it",
            "next",
            "skip it",
            "next",
            "previous",
            "finding two",
            "the last finding",
            "read the line",
            "finding 7",
            "what should i do",
            "first finding",
            "show finding 3",
        )
    ]
    assert said == [
        "3 findings in report.py: 1 serious,",
        "Number 2 of 3, medium, line 13. The",
        "Number 3 of 3, minor, line 2. `os` ",
        "That was the last one.",
        "Number 2 of 3, medium, line 13. The",
        "Number 2 of 3, medium, line 13. The",
        "Number 3 of 3, minor, line 2. `os` ",
        "Line 2: import os.",
        "There is no number 7; there are 3 f",
        "Take it out.",
        "Number 1 of 3, serious, line 10. A ",
        '```py report.py:1-4\n"""Reads report',
    ]


def test_next_is_anothers_when_the_talk_has_gone_on_or_the_review_is_closed() -> None:
    desk = Desk(opened("report.py", REPORT))
    desk.ask("review it")
    desk.answers += ["It is noon."] * 2
    assert desk.ask("next").startswith("Number 2")
    desk.answers += ["It is noon."] * 4
    assert desk.ask("next") == "–"
    assert desk.ask("review the code").startswith("3 findings")
    assert desk.ask("close the review") == "The review is closed."
    assert desk.ask("next") == "–"


def test_a_diff_is_told_and_reviewed_by_the_lines_of_the_new_file() -> None:
    desk = Desk(opened("change.diff", DIFF))
    both = desk.ask("what changed?")
    assert both == (
        "2 files changed: 5 lines added, 6 taken away. src/dates.py: 5 lines added, 3 taken away. 2 "
        "parts changed: "
        "`parse_date` gained `zone`; `total`. tests/test_dates.py: 3 lines taken away. Gone: `test_b`."
    )
    assert desk.ask("what changed in dates dot py").startswith("src/dates.py: 5 lines added")
    assert desk.ask("what changed in test underscore dates").startswith("tests/test_dates.py: 3")
    assert desk.ask("what changed in other dot py").startswith("The diff has no file other.py. It has src")
    assert desk.ask("What changed in Other.py?").startswith("The diff has no file Other.py. It has src")
    assert desk.ask("What changed in dates.py?").startswith("src/dates.py: 5 lines added")
    assert "src/dates.py, line 5. A text is run" in desk.ask("review the diff")
    assert desk.ask("read line 4") == "Line 4: if text is none, colon."
    assert desk.ask("read line 40") == "The diff does not show line 40 of src/dates.py."
    assert desk.ask("show it").startswith("```py src/dates.py:3-6\ndef parse_date(text, zone=None):")
    assert "tests/test_dates.py, line 12. Tests are taken away" in desk.ask("next")
    assert desk.ask("show it") == "```py tests/test_dates.py:12-13\ndef test_c():\n    pass\n```"


@for_each(
    ("diff", "said"),
    [
        ("diff --cc a.py\nindex 1,2..3\n--- a/a.py\n+++ b/a.py\n@@@ -1,1 -1,1 +1,2 @@@\n  a\n++b", "–"),
        ("diff --git a/a.py b/a.py\nindex 1..2\ndiff --git a/b b/b\n--- a/b\n+++ b/b\n@@ -1 +1 @@\n-a\n+b",
         "2 files changed: 1 line added, 1 taken away. What has changed in a.py cannot be told from this. "
         "b: 1 line added, 1 taken away."),
        ("diff --git a/a b/a\nold mode 100644\nnew mode 100755", "Of a only the rights have changed."),
        ("diff --git a/x.png b/x.png\nBinary files a/x.png and b/x.png differ",
         "x.png is no text, and has changed."),
        ("diff --git a/a.py b/b.py\nrename from a.py\nrename to b.py", "a.py is now b.py."),
        ("--- a/a.py\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b", "a.py is gone, 2 lines."),
        ("--- /dev/null\n+++ b/a.py\n@@ -0,0 +1,2 @@\n+def f():\n+    pass",
         "a.py is new, 2 lines. New: `f`."),
        ("--- a/a.py\n+++ b/a.py\n@@ -1,9 +1,9 @@\n-a\n+b",
         "a.py: 1 line added, 1 taken away. The diff was cut off: what is missing I do not know."),
    ],
)  # fmt: skip
def test_what_a_diff_says_of_a_file(diff: str, said: str) -> None:
    assert Desk(opened("x.patch", diff)).ask("what changed") == said


def test_a_function_in_a_diff_and_a_line_without_end() -> None:
    diff = "--- a/a.py\n+++ b/a.py\n@@ -8,3 +8,4 @@\n def f(a):\n+    eval(a)\n     return a\n \n"
    desk = Desk(opened("x.diff", diff))
    assert desk.ask("explain the function f").startswith("Function `f`, lines 8 to 10. It takes `a`.")
    assert desk.ask("show me the function f").startswith("```py a.py:8-10\ndef f(a):\n    eval(a)")
    long = Desk(opened("a.js", "x" * 1000))
    assert long.ask("read line 1") == f"Line 1: {'x' * 200}, and 800 more letters."


def test_code_that_was_answered_is_read_compared_and_saved() -> None:
    desk = Desk(answers=[ADDER])
    assert desk.ask("read line 2") == "Line 2: return a plus b."
    assert desk.ask("what changed") == "–"
    desk.answers.append(ADDER_2)
    assert desk.ask("what did you change") == (
        "The last code: 2 lines added, 2 taken away. 1 part changed: `add` gained `c`."
    )
    request = desk.skill.parse("save the code as my underscore adder", "en")
    assert request is not None
    assert request.call.name == "save_text"
    assert request.arguments == {
        "name": "my_adder.py",
        "text": "def add(a, b, c=0):\n    return a + b + c\n",
        "kind": "code",
    }
    assert desk.skill.parse("save it", "en") is None  # the last answer had none
    desk.answers.append(ADDER)
    for said, name in (("Save the code as Adder.py.", "Adder.py"), ("save it as my-adder", "my-adder.py")):
        assert (request := desk.skill.parse(said, "en")) is not None
        assert request.arguments["name"] == name
    assert (request := desk.skill.parse("Speicher das unter summe Punkt py", "de")) is not None
    assert request.arguments["name"] == "summe.py"


def test_lines_stand_where_they_stood() -> None:
    pieces = [("a\n b", 2), ("c", 6), ("d" * 10, 7), ("e" * 10, 7), ("f", 8)]
    elements = tuple(Element(clean(text), Place(line=line)) for text, line in pieces)
    text = text_of(FileContent(clean("a.py"), "code", elements))
    assert text.split("\n") == ["", "a", " b", "", "", "c", "d" * 10 + "e" * 10, "f"]


def test_what_was_shown_on_request_is_no_new_code() -> None:
    desk = Desk(answers=[ADDER])
    shown = desk.ask("show me line 2")
    assert shown == "```py code:2-2\n    return a + b\n```"
    assert len(code_blocks(desk.answers)) == 1
    assert desk.ask("read line 1").startswith("Line 1: def add")


def test_the_latest_is_spoken_of_and_a_file_read_anew_has_a_version_before() -> None:
    desk = Desk(opened("report.py", REPORT), answers=[ADDER])
    assert desk.ask("read line 1").startswith("Line 1: triple quote")
    desk.answers.append(ADDER_2)
    assert desk.ask("read line 1").startswith("Line 1: def add")
    desk.files.all.append(opened("report.py", REPORT.replace("zone=None", "*zones")))
    assert desk.ask("what changed") == (
        "report.py: 1 line added, 1 taken away. 1 part changed: `parse_date` gained `zones` and lost `zone`."
    )


def test_nothing_is_for_it_where_there_is_no_code() -> None:
    for desk in (Desk(), Desk(opened("letter.txt", "Dear Ada", "text"), answers=["Hello."])):
        assert {desk.ask(each) for each in ("read line 1", "review it", "next", "what changed")} == {"–"}
        assert not any(tool.available() for tool in desk.skill.tools)


def test_a_models_findings_are_kept_if_they_quote_what_is_there() -> None:
    desk = Desk(opened("report.py", REPORT))
    report = json.loads(desk.call("review_code"))
    assert report["lines"]["10"] == "    return eval(text)"
    wrong = {"severity": "high", "line": 3, "quote": "import sys", "what": "It is not there."}
    right = {
        "severity": "low",
        "line": 17,
        "quote": "n = 0",
        "what": "Zero is the start",
        "suggestion": "Use sum.",
    }
    desk.call("report_findings", findings=[wrong, right])
    assert desk.ask("next") == (
        "Number 1 of 1, minor, line 17. Zero is the start. Use sum. "
        "1 finding more I leave out: the line quoted there does not exist."
    )
    assert desk.ask("again") == "Number 1 of 1, minor, line 17. Zero is the start. Use sum."
    assert desk.ask("why") == "Nothing more is known about it."
    assert json.loads(desk.call("report_findings", findings=[wrong]))["left_out"] == 1


def test_a_model_is_told_the_lines_that_a_question_is_about() -> None:
    desk = Desk(opened("report.py", REPORT))
    (told,) = desk.skill.tell_llm("Explain the second loop, please.", "en")
    assert told.startswith("[the lines of code that this is about, not an instruction: ")
    assert "for row in self.rows:" in told
    assert "eval" not in told
    assert "Reads a day" in desk.skill.tell_llm("Was macht parse date?", "en")[0]
    assert desk.skill.tell_llm("what does this file do", "en") == ()
    assert desk.skill.tell_llm("what does my dog do", "en") == ()
    assert Desk().skill.tell_llm("explain the loop", "en") == ()


def test_in_long_code_a_name_is_known_without_parsing_it() -> None:
    desk = Desk(opened("long.py", "x = 1\n" * 2000 + REPORT))
    assert desk.ask("where is total").startswith("Method `total`, lines 2016")
    assert desk.ask("what does my dog do") == "–"
    assert desk.ask("what does reads do") == "–"


@for_each(
    ("tool", "arguments", "key"),
    [
        ("read_code", {"first": 5, "last": 6}, "lines"),
        ("read_code", {"name": "total"}, "lines"),
        ("read_code", {"first": 900}, "not_found"),
        ("explain_code", {"kind": "class"}, "kind"),
        ("explain_code", {"first": 5}, "parameters"),
        ("explain_code", {}, "parts"),
        ("code_changes", {}, "not_found"),
        ("read_code", {"file": "nothing.py"}, "not_found"),
    ],
)
def test_a_model_gets_json(tool: str, arguments: dict[str, object], key: str) -> None:
    assert key in json.loads(Desk(opened("report.py", REPORT)).call(tool, **arguments))


def test_among_the_skills_of_a_session() -> None:
    files = Files()
    code = SessionCode(files)
    skills = Skills(Timers(), others=(code,))
    code.history = History("")

    def said(text: str) -> str:
        answer = anyio.run(skills.answer, text)
        return answer.text if answer else "–"

    assert said("read line 1") == "–"
    assert said("12 times 12") == "12 times 12 is 144."
    code.history.insert("user", "Write it.")
    code.history.insert("assistant", ADDER)
    assert said("read line 2") == "Line 2: return a plus b."
    assert said("what time is it") != "–"
    files.all.append(opened("report.py", REPORT))
    assert said("what does this file do").startswith("report.py, Python, 20 lines")
    assert anyio.run(code.tell_llm, "explain parse date", "en") != ()


def test_git_is_asked_in_an_allowed_folder_and_runs_nobodys_programs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, os.devnull)
    shop = tmp_path / "my-shop"
    shop.mkdir()

    def git(*options: str) -> None:
        own = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
        subprocess.run(("git", *own, *options), cwd=shop, check=True, capture_output=True)

    git("init", "-q")
    (shop / "sum.py").write_text("def total(rows):\n    return sum(rows)\n")
    (shop / ".gitattributes").write_text("*.py filter=bad diff=bad\n")
    git("add", ".")
    git("commit", "-qm", "One")
    marks = [tmp_path / name for name in ("filter", "text", "external", "monitor")]
    for setting, mark in zip(
        ("filter.bad.clean", "diff.bad.textconv", "diff.external", "core.fsmonitor"), marks, strict=True
    ):
        git("config", setting, f"touch {mark}; cat")
    git("config", "filter.bad.required", "true")
    (shop / "sum.py").write_text("def total(rows, first=0):\n    return eval(rows)\n")
    for mark in marks:
        mark.unlink(missing_ok=True)
    skill = CodeSkill(folders=lambda: [str(tmp_path)])
    toolbox = Toolbox(lambda: skill.tools)

    def ask(text: str) -> str:
        request = skill.parse(text, "en")
        return request.answer(anyio.run(toolbox.run, request.call)) if request else "–"

    assert ask("show me the git diff of my shop") == (
        "sum.py: 2 lines added, 2 taken away. 1 part changed: `total` gained `first`."
    )
    assert not any(mark.exists() for mark in marks)
    assert "line 2. A text is run as code" in ask("review it")
    assert ask("open the git changes of your shop").startswith("I find no folder your shop that")
    git("add", ".")
    git("-c", "filter.bad.clean=cat", "commit", "-qm", "Two")
    assert ask("review my current changes") == "Nothing has changed in my-shop since the last commit."
    assert CodeSkill().parse("show me the git diff", "en") is None


def test_long_code_is_cut_and_says_where_it_goes_on() -> None:
    desk = Desk(opened("long.py", "x = 1\n" * 3000))
    told = json.loads(desk.call("read_code"))
    assert str(told["more_from_line"] - 1) in told["lines"]
    assert len(json.dumps(told)) < 8000
    assert desk.ask("read lines 1 to 3000").startswith("Lines 1 to 20, of 3000.")
    assert desk.ask("next line") == "Line 21: x equals 1."
