"""What is said of open files, answered without a model: "where does it say", "read chapter two"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from pipeline.files.open_files import OpenFile
from pipeline.files.reading import answers
from pipeline.files.reading.asked import Question, questions
from pipeline.files.reading.index import Hit
from pipeline.files.reading.names import chosen
from pipeline.files.reading.outline import section_about
from pipeline.files.reading.parts import LAST, Part
from pipeline.files.reading.tools import FileTools
from pipeline.files.reading.words import searched
from pipeline.skills.answer import SkillRequest
from pipeline.tools.base import Tool

_READS: dict[str, tuple[Part, int]] = {
    "page": ("page", 0), "pages": ("page", 0), "from_page": ("page", 0),
    "line": ("line", 0), "lines": ("line", 0),
    "chapter": ("chapter", 0), "paragraph": ("paragraph", 0), "section": ("heading", 0),
    "titled": ("heading", 0),
    "last_page": ("page", LAST), "last_paragraph": ("paragraph", LAST), "last_chapter": ("chapter", LAST),
    "next_page": ("next_page", 0), "previous_page": ("previous_page", 0),
    "next_chapter": ("next_chapter", 0), "previous_chapter": ("previous_chapter", 0),
    "all": ("all", 0), "read_it": ("all", 0),
}  # fmt: skip
_SEARCHES = {
    "where": answers.paragraphs_of, "about": answers.paragraphs_of,
    "mentions": answers.confirmed, "count": answers.counted, "find": answers.paragraphs_of,
}  # fmt: skip
_TELLS: dict[str, answers.Asked] = {
    "describe": "all", "describe_all": "all", "gist": "all", "length": "length", "headings": "headings",
}  # fmt: skip
_LONGEST_NAME = 8
"""Words of a file that is asked for."""
_GUESSED = 0.5
"""Of all that a sentence would count in which the whole question stands: less is no answer to it."""
_PROSE = ("text", "document", "slides", "book", "page", "mail", "recording")


class FilesSkill:
    """``alone``: no model answers, so that what is asked freely is answered here as well. ``pictured``: a
    picture is shown, which "read it" may mean. ``goes_on``: they can say "next" to what is answered.
    """

    def __init__(
        self,
        tools: FileTools,
        *,
        alone: Callable[[], bool] = lambda: True,
        pictured: Callable[[], bool] = lambda: False,
        goes_on: bool = True,
    ) -> None:
        self._files = tools
        self._alone = alone
        self._pictured = pictured
        self._goes_on = goes_on

    @property
    def tools(self) -> tuple[Tool, ...]:
        return self._files.tools

    def parse(self, text: str, language: str) -> SkillRequest | None:
        if self._files.choices and (choice := self._choice(text, language)):
            return choice
        requests = (self._request(question) for question in questions(text, language))
        return next(filter(None, requests), None)

    def guess(self, text: str, language: str) -> SkillRequest | None:
        """What is asked in no form that is known, where a sentence of an open file has most of its words."""
        file = self._files.files.latest
        if file is None or file.kind not in _PROSE or not text.strip():
            return None
        hits = self._files.index(file).search(text, language, 1)
        if not hits or not _answers(hits[0], searched(text, language)):
            return None
        arguments = {"words": text, "file": str(file.number), "language": language}
        say = partial(answers.best_quote, language=language)
        return SkillRequest("search_document", arguments, say=say, language=language)

    def _request(self, asked: Question) -> SkillRequest | None:
        kind, own = asked.kind, asked.language
        if kind == "open" and len(asked.words.split()) > _LONGEST_NAME:
            return None
        if kind == "open":
            arguments = {"name": asked.words, "language": own}
            return self._ask(asked, "open_document", arguments, gives_way=not self._alone())
        files = self._files.files
        if not files.all and not files.opening:
            return None
        if kind == "files":
            return self._ask(asked, "list_documents", {}, answers.say_names)
        if kind == "close_all":
            return self._ask(asked, "close_document", {"all": True})
        file = self._files.named(asked.file, own)
        if file is None and (asked.file or files.all):
            return None
        return self._of_file(asked, file)

    def _of_file(self, asked: Question, file: OpenFile | None) -> SkillRequest | None:
        """``file`` None: the one that is not open yet."""
        kind, own = asked.kind, asked.language
        of = {"file": str(file.number)} if file and (asked.file or len(self._files.files.all) == 1) else {}
        if kind == "close":
            return self._ask(asked, "close_document", of)
        if kind in _TELLS:
            return self._tells(asked, file)
        if kind == "find" and not self._alone():
            return None
        if kind in _SEARCHES:
            arguments = of | {"words": asked.words, "language": own}
            return self._ask(asked, "search_document", arguments, paragraphs=_SEARCHES[kind], one_by_one=True)
        if (kind == "read_it" and self._pictured()) or (file and file.kind == "code"):
            return None
        if kind == "titled" and not (file and section_about(file.content, asked.words, own)):
            return None
        part, number = _READS[kind]
        to = LAST if kind == "from_page" else asked.to
        given: dict[str, Any] = {"number": number or asked.number, "to": to, "heading": asked.words}
        given |= {"part": part, "language": own} | of
        arguments = {name: value for name, value in given.items() if value}
        return self._ask(asked, "read_document", arguments, paragraphs=answers.paragraphs_of)

    def _tells(self, asked: Question, file: OpenFile | None) -> SkillRequest | None:
        if file and file.kind == "table" and asked.kind == "headings":
            return None  # its columns are told by who computes with it
        arguments = {"file": str(file.number)} if file and asked.kind != "describe_all" else {}
        say = partial(answers.say_open, asked=_TELLS[asked.kind])
        certain = asked.kind != "gist" or self._alone()
        return self._ask(asked, "list_documents", arguments, say, certain=certain)

    def _ask(
        self,
        asked: Question,
        tool: str,
        arguments: dict[str, Any],
        say: Callable[..., str] = answers.say_outcome,
        *,
        paragraphs: Callable[..., Sequence[str]] | None = None,
        one_by_one: bool = False,
        gives_way: bool = False,
        certain: bool = True,
    ) -> SkillRequest:
        own = asked.language
        certain = certain and (asked.kind != "about" or self._alone())
        return SkillRequest(
            tool,
            arguments,
            certain=certain,
            say=partial(say, language=own),
            paragraphs=partial(paragraphs, language=own, hints=self._goes_on) if paragraphs else None,
            one_by_one=one_by_one and self._goes_on,
            gives_way=gives_way,
            language=own,
        )

    def _choice(self, text: str, language: str) -> SkillRequest | None:
        """The one of several that they were asked about."""
        if len(chosen(text, self._files.choices, language)) != 1:
            return None
        asked = Question("open", language, words=text)
        return self._ask(asked, "open_document", {"name": text, "language": language})


def _answers(hit: Hit, asked: Sequence[str]) -> bool:
    return hit.whole or (len(asked) > 1 and hit.score >= _GUESSED)
