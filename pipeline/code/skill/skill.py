"""The skill for code by voice: a question to the code that is open becomes a call of one of its tools."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from config.language.data import DEFAULT
from config.runtime.clean import clean
from config.runtime.clock import in_thread
from pipeline.code.files import Answers, CodeFile, CodeFiles, NoFiles
from pipeline.code.findings.reported import PARAMETERS as _REPORTED
from pipeline.code.outline.base import letters
from pipeline.code.skill.answers import phrase, say_outcome, say_saved
from pipeline.code.skill.outcomes import Outcome, Refused
from pipeline.code.skill.walk import ReviewWalk
from pipeline.code.skill.words import Asked, Part, file_name_said, readings
from pipeline.code.skill.work import CodeWork
from pipeline.code.subject import Subject, Subjects
from pipeline.pictures.fence import Fence
from pipeline.skills.answer import SkillRequest
from pipeline.tools.base import Tool, ToolResult

_CERTAIN = frozenset({
    "read_line", "read_lines", "spell_line", "next_line", "previous_line", "where", "show", "save", "save_it",
    "changed", "changed_in",
})  # fmt: skip
"""Answered here even when a model is connected: they are facts."""
_FILE = {"file": {"type": "string", "description": "name of an open file; the one spoken of when left out"}}
_ABOUT = "the lines of code that this is about"
_WHICH = {
    "kind": {"type": "string", "enum": ["function", "class", "loop", "condition"]},
    "name": {"type": "string", "description": "of a function or class"},
    "number": {"type": "integer", "description": "the how manieth of its kind; -1: the last"},
    "first": {"type": "integer", "minimum": 1, "description": "a line"},
    "last": {"type": "integer", "minimum": 1, "description": "up to that line"},
    **_FILE,
}


class CodeSkill:
    """``files``: those that are open; ``answers``: what was answered, which may have code in it; ``folders``:
    those in which git may be asked what has changed; ``alone``: whether no model answers.
    """

    def __init__(
        self,
        files: CodeFiles | None = None,
        answers: Answers = tuple,
        folders: Callable[[], Sequence[str]] = tuple,
        alone: Callable[[], bool] = lambda: False,
    ) -> None:
        self._alone = alone
        self._folders = folders
        self._subjects = Subjects(NoFiles() if files is None else files, answers)
        self._walk = ReviewWalk(answers)
        self._work = CodeWork(self._subjects, self._walk, folders)
        self._spoken = DEFAULT
        """The language in which code was spoken of last: short words are the same in several."""
        self.tools = self._made()

    # What is said --------------------------------------------------------------------------------

    def parse(self, text: str, language: str) -> SkillRequest | None:
        """None where no code is open or was answered, and for what is not about it."""
        subject = self._subjects.latest()
        if subject is None and not self._walk.is_open and not self._folders():
            return None
        for asked in readings(text, (language, self._spoken), walks=self._walk.is_open):
            if (request := self._request(asked, subject)) is not None:
                return replace(request, language=asked.language)
        return None

    def tell_llm(self, question: str, language: str) -> tuple[str, ...]:
        """The lines that a question is about, fenced, for a model that is asked it. Blocking."""
        subject = self._subjects.latest()
        if subject is None:
            return ()
        for asked in readings(question, (language, self._spoken), walks=False):
            which = self._which(asked.part, subject) if asked.part and asked.kind == "explain" else None
            told = self._work.told_of(**which) if which else None
            if told is not None:
                return (str(Fence(_ABOUT, (told.text,))),)
        return ()

    def prepare(self, file: CodeFile) -> None:
        """What takes time with one that is opened. Blocking."""
        self._subjects.prepare(file)

    def _request(self, asked: Asked, subject: Subject | None) -> SkillRequest | None:
        if asked.kind.startswith("walk."):
            return self._walked(asked)
        if asked.kind == "git":
            return self._of_git(asked) if self._folders() else None
        if subject is None:
            return None
        if asked.kind in ("save", "save_it"):
            return self._saved(asked, subject)
        call = self._call(asked, subject)
        if call is None:
            return None
        tool, arguments = call
        say, certain = partial(self._say, language=asked.language), asked.kind in _CERTAIN or self._alone()
        return SkillRequest(tool, arguments, certain, say, leaves_reading=tool == "review_code")

    def _walked(self, asked: Asked) -> SkillRequest:
        move = asked.kind.removeprefix("walk.")
        tool, arguments = "walk_findings", dict[str, Any](move=move)
        if move in ("show", "show_number", "line"):
            tool, arguments = "show_finding", {"read": True} if move == "line" else {}
        if asked.number:
            arguments["number"] = asked.number
        return SkillRequest(tool, arguments, certain=True, say=partial(self._say, language=asked.language))

    def _of_git(self, asked: Asked) -> SkillRequest:
        folder = {"folder": file_name_said(asked.name, asked.language)} if asked.name else {}
        say = partial(self._say, language=asked.language)
        return SkillRequest("open_git_changes", folder, certain=True, say=say)

    def _call(self, asked: Asked, subject: Subject) -> tuple[str, dict[str, Any]] | None:
        part, work = asked.part, self._work
        match asked.kind:
            case "read_line" | "read_lines" | "spell_line" if part:
                spelled = {"spelled": True} if asked.kind == "spell_line" else {}
                return "read_code", {"first": part.first, "last": part.last, **spelled}
            case "next_line" | "previous_line":
                line = work.at + (1 if asked.kind == "next_line" else -1)
                return ("read_code", {"first": line, "last": line}) if work.at and line else None
            case "describe":
                return "explain_code", {}
            case "risks":
                return "explain_code", {"risks": True}
            case "where":
                there = work.knows(subject, asked.name)
                return ("explain_code", {"name": asked.name, "brief": True}) if there else None
            case "explain" | "show":
                which = self._which(part, subject)
                return None if which is None else (f"{asked.kind}_code", which)
            case "changed":
                has_two = subject.diff is not None or subject.before is not None
                return ("code_changes", {}) if has_two else None
            case "changed_in":
                name = file_name_said(asked.name, asked.language)
                return ("code_changes", {"file": self._of_diff(name, subject)}) if subject.diff else None
            case "review":
                return "review_code", {}
            case _:
                return None

    def _which(self, part: Part | None, subject: Subject) -> dict[str, Any] | None:
        """The arguments that name a part; None: there is no such name, so something else may be meant."""
        if part is None or part.kind == "whole":
            return {}
        if part.kind == "line":
            return {"first": part.first, "last": part.last}
        if part.kind == "named":
            return {"name": part.name} if self._work.knows(subject, part.name) else None
        named = {"kind": part.kind, "name": part.name, "number": part.number}
        return {key: value for key, value in named.items() if value}

    def _of_diff(self, said: str, subject: Subject) -> str:
        """The name of a file in it that sounds like that; else as it was said."""
        names = [file.name for file in subject.diff.files] if subject.diff else []
        wanted = letters(said)
        for heard in (_whole, _last, _stem):
            found = [name for name in names if letters(heard(name)) == wanted]
            if len(found) == 1:
                return found[0]
        return said

    def _saved(self, asked: Asked, subject: Subject) -> SkillRequest | None:
        """Only what was answered: a file is saved already. "It" is code where the last answer had some."""
        source = subject.source
        if source.name or (asked.kind == "save_it" and not self._subjects.answered_lately()):
            return None
        name = file_name_said(asked.name, asked.language) or phrase("saved_name", asked.language).lower()
        suffix = min(source.language.suffixes, key=len, default=".txt")
        name = name if "." in name else f"{name}{suffix}"
        arguments = {"name": name, "text": f"{source.text}\n", "kind": "code"}
        say = partial(say_saved, language=asked.language)
        failed = phrase("not_saved", asked.language)
        return SkillRequest("save_text", arguments, certain=True, say=say, failed=failed)

    def _say(self, outcome: Any, language: str) -> str:
        """Of a review its first finding too."""
        self._spoken = language
        said = say_outcome(outcome, language)
        first = self._work.begun(outcome)
        return f"{said} {say_outcome(first, language)}" if first else said

    # What is done --------------------------------------------------------------------------------

    def _made(self) -> tuple[Tool, ...]:
        return (
            self._tool(
                "read_code",
                "Reads code that is open or that you wrote: lines, or a part. Quote only what it gives.",
                self._work.read,
                {**_WHICH, "spelled": {"type": "boolean", "description": "letter by letter, for the person"}},
            ),
            self._tool(
                "explain_code",
                "What code is made of: its parts with their lines, what they take and call, what is risky. "
                "Explain by it in words; never read code out.",
                self._work.explain,
                {**_WHICH, "risks": {"type": "boolean", "description": "only what is risky"},
                 "brief": {"type": "boolean", "description": "only where it is"}},
            ),
            self._tool(
                "code_changes",
                "What a diff, or the latest version of code, changes: lines and functions, counted.",
                self._work.changes,
                {"file": {"type": "string", "description": "of the diff; all when left out"},
                 "source": _FILE["file"]},
            ),
            self._tool(
                "review_code",
                "Looks a file or a diff through by rules and gives its lines by number. Add what the "
                "rules miss, leave out what is no fault, and hand all in with report_findings.",
                self._work.review,
                _FILE,
            ),
            self._tool(
                "report_findings",
                "Hands in your findings of a review, each with the line it quotes. The person then walks "
                "through them; tell how many there are, and the first.",
                self._work.report,
                _REPORTED["properties"],
                required=["findings"],
            ),
            self._tool(
                "open_git_changes",
                "Opens what is not committed in a folder that git keeps.",
                self._work.open_git,
                {"folder": {"type": "string"}},
                offered=False,
            ),
            self._tool("show_code", "Shows code on the screen.", self._work.show, _WHICH, offered=False),
            self._tool(
                "walk_findings",
                "Goes to another finding of the review.",
                self._work.move,
                {"move": {"type": "string"}, "number": {"type": "integer"}},
                offered=False,
            ),
            self._tool(
                "show_finding",
                "Shows or reads the line of a finding.",
                self._work.show_finding,
                {"number": {"type": "integer"}, "read": {"type": "boolean"}},
                offered=False,
            ),
        )  # fmt: skip

    def _tool(
        self,
        name: str,
        description: str,
        work: Callable[..., Outcome],
        properties: Mapping[str, Any],
        *,
        required: list[str] | None = None,
        offered: bool = True,
    ) -> Tool:
        """``offered``: to a model, where there is code; the others only the program calls."""

        async def run(**arguments: Any) -> ToolResult:
            outcome = await in_thread(partial(work, **arguments))
            plain = isinstance(outcome, Refused) and not outcome.names
            return ToolResult(clean(outcome.text), value=outcome, untrusted=not plain)

        parameters = {"type": "object", "properties": dict(properties), "required": required or []}
        available = self._has_code if offered else _never
        return Tool(name, description, parameters, risk="read", run=run, available=available)

    def _has_code(self) -> bool:
        return self._subjects.latest() is not None


def _whole(name: str) -> str:
    return name


def _last(name: str) -> str:
    return name.split("/")[-1]


def _stem(name: str) -> str:
    return _last(name).rsplit(".", 1)[0]


def _never() -> bool:
    return False
