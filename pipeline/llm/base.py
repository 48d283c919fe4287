"""LLM: the one protocol behind which a model answers, and the values that go in and come out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

from config.runtime.clean import CleanText, clean, clean_json
from vision.images.picture import ImageLimits, Picture

Role = Literal["system", "user", "assistant", "tool"]


@dataclass(frozen=True, slots=True, init=False)
class ToolCall:
    """The LLM asks for a tool. ``arguments`` is the decoded JSON object. It enters here, and is cleaned."""

    id: CleanText
    name: CleanText
    arguments: dict[str, Any]
    malformed: CleanText
    """What came instead of a JSON object. Then ``arguments`` is empty: do not run it, tell the LLM so."""

    def __init__(self, id: str, name: str, arguments: dict[str, Any], malformed: str = "") -> None:
        """Raises ``RecursionError`` for arguments that are nested too deeply."""
        object.__setattr__(self, "id", clean(id))
        object.__setattr__(self, "name", clean(name))
        object.__setattr__(self, "arguments", clean_json(arguments))
        object.__setattr__(self, "malformed", clean(malformed))


@dataclass(frozen=True, slots=True)
class Opaque:
    """What a server wants back with an assistant's message, unread: thinking blocks, signatures. It is never
    spoken, searched or exported, and another API or model is not sent it.
    """

    api: str
    model: str
    content: Any = field(repr=False)

    def of(self, api: str, model: str) -> Any:
        """``content`` for the one that it is of; None for any other."""
        return self.content if (self.api, self.model) == (api, model) else None


@dataclass(frozen=True, slots=True)
class Message:
    """One entry of the conversation as an LLM sees it."""

    role: Role
    text: str
    pictures: tuple[Picture, ...] = ()
    calls: tuple[ToolCall, ...] = ()
    """Of an assistant's message: the tools it asked for."""
    tool_call_id: str = ""
    """Of a tool's message: the id of the call it answers."""
    opaque: Opaque | None = None
    """Of an assistant's message that has calls."""
    note: str = ""
    """Of what came before this message, with which its text begins; it stays where the rest is left out."""
    files: tuple[str, ...] = ()
    """Of a person's message: what is told of files that were opened before it, behind fences. The history
    puts it before the words."""


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """What goes on the wire of a tool: what an LLM may ask for. ``parameters`` is a JSON schema object."""

    name: str
    description: str
    parameters: dict[str, Any] = field(default_factory=lambda: {"type": "object", "properties": {}})


@dataclass(frozen=True, slots=True, init=False)
class Delta:
    """A piece of an answer as it streams: text, or a whole tool call, or the end with its facts. A model's
    text enters here, and is cleaned; what may be cut inside of a character goes through a ``Cleaner`` before.
    """

    text: CleanText
    call: ToolCall | None
    finish: str
    """Set once, on the last delta: ``stop``, ``length``, ``tool_calls``, ``content_filter``; ``repeats`` and
    ``leaks`` where it was ended here (``pipeline.conversation.repetition.rambling``)."""
    tokens_in: int | None
    tokens_out: int | None
    tokens_cached: int | None
    """Of ``tokens_in``: those that the server had read before."""
    tokens_thinking: int | None
    """Of ``tokens_out``: those with which the model thought."""
    waits: bool
    """Nothing has come for so long that a person who waits for it is to be told."""
    opaque: Opaque | None
    """On the last delta of an answer that has calls: it goes back with them."""

    def __init__(
        self,
        text: str = "",
        call: ToolCall | None = None,
        finish: str = "",
        tokens_in: int | None = None,
        tokens_out: int | None = None,
        tokens_cached: int | None = None,
        tokens_thinking: int | None = None,
        waits: bool = False,
        opaque: Opaque | None = None,
    ) -> None:
        tokens = (tokens_in, tokens_out, tokens_cached, tokens_thinking)
        values = (clean(text), call, finish, *tokens, waits, opaque)
        for name, value in zip(self.__slots__, values, strict=True):
            object.__setattr__(self, name, value)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an LLM can do, discovered and never assumed. None: nobody said."""

    sees: bool = False
    calls_tools: bool = False
    context: int | None = None
    """So many tokens it takes in; most count the answer among them."""
    hears: bool | None = None
    thinks: bool | None = None
    """Before it answers, which takes a while and some of its tokens."""
    parallel_tools: bool | None = None
    """It may ask for several at once."""
    reads_pdf: bool | None = None
    prompted_tools: bool | None = None
    """It calls tools that it is told of in words, though neither it nor its server has a way for them
    (``pipeline.llm.bridges.prompted_tools``)."""
    said_by: str = ""
    """Who said all this: a server, by name; ``its name``, where only that says so."""


class Llm(Protocol):
    """Something that answers. Async, cancellable at any point; nothing is left running after a cancel.

    Conversations share it. It may learn of the model, and keeps nothing of a conversation: that is
    ``pipeline.conversation.llm_reply.LlmResponder``'s.
    """

    spec: str
    """As ``--llm`` takes it: ``skills``, ``ollama:llama3.2``, ``http://127.0.0.1:8080/v1#model``."""

    @property
    def remote_host(self) -> str:
        """Empty when it answers on this machine; else the host that words and pictures are sent to."""

    @property
    def capabilities(self) -> Capabilities:
        """As far as they are known by now: what a server refuses is gone from them."""

    @property
    def image_limits(self) -> ImageLimits | None:
        """How pictures are made ready for it; None: they are looked at here and do not leave."""

    async def warm(self) -> None:
        """Open what can be opened while the person still speaks. Never raises."""

    def reply(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()
    ) -> AbstractAsyncContextManager[AsyncIterator[Delta]]:
        """The answer as it comes. Raises ``LlmError`` on entering or while iterating."""

    async def aclose(self) -> None:
        """Let go of connections."""


@dataclass(frozen=True, slots=True)
class Form:
    """What an answer is to be held to: a ``grammar`` (GBNF), or a JSON ``schema``."""

    grammar: str = ""
    schema: dict[str, Any] = field(default_factory=dict)


AS_IT_COMES = Form()


@runtime_checkable
class TakesForm(Protocol):
    """An LLM whose server may be able to hold its answers to a form."""

    def reply_in(
        self, form: Form, messages: Sequence[Message]
    ) -> AbstractAsyncContextManager[AsyncIterator[Delta]]:
        """As ``Llm.reply``; where the server cannot do it, the answer is as it comes."""


@runtime_checkable
class Loads(Protocol):
    """An LLM in this program, which is opened before it is loaded."""

    async def load(self) -> None:
        """Until it is. Raises ``LlmError`` where it cannot be."""


@runtime_checkable
class ReadsAhead(Protocol):
    """An LLM whose server can read while the person still speaks: most of a question is known before."""

    async def read_ahead(self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()) -> None:
        """``messages``: those before the question. Never raises ``LlmError``; costs nothing unless the person
        wants it to (``llm.prewarm``).
        """
