"""What a model is asked: as much of a conversation as fits, and less where its server refuses that."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.llm.base import Form, Message, ToolSpec
from pipeline.llm.context import ContextWindow
from pipeline.llm.server import TooLongError


class Question:
    """``messages``, ``tools`` and ``longest_answer`` are what is asked now. ``context``: of the model, in
    tokens, where it is known.
    """

    def __init__(
        self,
        window: ContextWindow,
        messages: Sequence[Message],
        tools: Sequence[ToolSpec],
        form: Form,
        *,
        context: int | None,
        longest_answer: int,
    ) -> None:
        self.form = form
        self.tools = tools
        self._window = window
        self._whole = messages
        self._context = context
        self._longest_answer = longest_answer
        self.messages = self._fitted()
        self.longest_answer = self._room_for_answer()

    def shorten(self, refusal: TooLongError) -> None:
        """Raises ``refusal`` where there is nothing that could be left out."""
        less = self._window.shorter(self.messages, self.tools, refusal, self._longest_answer)
        before, self.longest_answer = self.longest_answer, self._room_for_answer()
        if less is not None:
            self.messages = less
        elif self.longest_answer == before:
            self._without_tools(refusal)

    def counted(self, tokens: int) -> None:
        """By the server."""
        self._window.counted(self.messages, self.tools, tokens)

    def _without_tools(self, refusal: TooLongError) -> None:
        """They are the last to go: then it can at least answer."""
        if not self.tools:
            raise refusal
        self.tools = ()
        self.messages = self._fitted()

    def _fitted(self) -> Sequence[Message]:
        return self._window.fitted(self._whole, self.tools, self._context, self._longest_answer)

    def _room_for_answer(self) -> int:
        return self._window.longest_answer(self._context, self._longest_answer)
