"""Code by voice in a session: nothing of it is imported before there is code to talk of."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from config.runtime.clock import in_thread
from pipeline.code.files import CodeFiles, is_code

if TYPE_CHECKING:
    from pipeline.code.skill.skill import CodeSkill
    from pipeline.conversation.history import History
    from pipeline.skills.answer import SkillRequest
    from pipeline.tools.base import Tool

_FENCES = ("```", "~~~")


class SessionCode:
    """A skill (``pipeline.skills.answer.Skill``) over the code that is open in ``files`` or was answered."""

    def __init__(self, files: CodeFiles, folders: Sequence[str] = (), *, alone: bool = False) -> None:
        """``folders``: those of the settings, in which git may be asked what has changed; ``alone``: no model
        answers.
        """
        self._alone = alone
        self._files = files
        self._folders = folders
        self.history: History | None = None
        """Whose answers may have code in them."""

    @functools.cached_property
    def _skill(self) -> CodeSkill:
        from pipeline.code.skill.skill import CodeSkill

        return CodeSkill(self._files, self._answers, lambda: self._folders, lambda: self._alone)

    def _answers(self) -> Sequence[str]:
        return [exchange.heard for exchange in self.history.exchanges] if self.history else ()

    @property
    def _may_be_asked(self) -> bool:
        """There is code, or a review of some."""
        if "_skill" in vars(self) or self._folders or any(is_code(file.content) for file in self._files.all):
            return True
        return any(fence in answer for answer in self._answers() for fence in _FENCES)

    @property
    def tools(self) -> tuple[Tool, ...]:
        return self._skill.tools

    def parse(self, text: str, language: str) -> SkillRequest | None:
        return self._skill.parse(text, language) if self._may_be_asked else None

    async def tell_llm(self, question: str, language: str) -> Sequence[str]:
        """The lines that a question is about."""
        if not self._may_be_asked:
            return ()
        return await in_thread(self._skill.tell_llm, question, language)
