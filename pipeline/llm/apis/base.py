"""Api: the one protocol behind which a server's language stands, and what a request is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from pipeline.llm.base import AS_IT_COMES, Delta, Form, Message, ToolSpec
from pipeline.llm.server import Server
from vision.images.picture import Picture

Body = dict[str, Any]
"""Of a request: what becomes its JSON."""


def bearer(key: str) -> dict[str, str]:
    """How most servers want a key shown; {} where there is none."""
    return {"Authorization": f"Bearer {key}"} if key else {}


@dataclass(frozen=True, slots=True)
class Base64Image:
    """An encoded picture as JSON can carry it."""

    mime: str
    data: str

    @property
    def url(self) -> str:
        return f"data:{self.mime};base64,{self.data}"


@dataclass(frozen=True, slots=True)
class Request:
    """What a model is asked. ``images``: of every picture in the messages."""

    model: str
    messages: Sequence[Message]
    tools: Sequence[ToolSpec] = ()
    images: Mapping[Picture, Base64Image] = field(default_factory=dict)
    max_tokens: int = 600
    temperature: float = 0.3
    thinks: bool = True
    """False: the model is asked to answer at once, where its server can be told so."""
    effort: str = ""
    """``low`` or ``high``: how long a model thinks that thinks; "": as it does by itself."""
    thinking_tokens: int = 0
    """So many more may be written, since a model's thinking counts as part of its answer."""
    reasoning_control: bool = False
    """The server (llama.cpp) takes it to be told, while the model thinks, that it has thought enough."""
    cache_key: str = ""
    """What OpenAI finds the cache by in which this conversation's beginning is; "" for anybody else."""
    cache_for: Literal["short", "long"] = "short"
    """How long the server keeps what it has read, where that can be chosen."""
    context: int | None = None
    """Tokens that the model can take in; None: nobody said."""
    form: Form = AS_IT_COMES
    """What the answer is to be held to, where the server can do it."""
    takes_grammar: str = ""
    """The field of a Chat Completions request in which this server takes a grammar."""

    @property
    def most_tokens(self) -> int:
        """Of the answer, its thinking included."""
        return self.max_tokens + self.thinking_tokens


class Reply(Protocol):
    """One answer as it comes: ``push`` what was read, cut anywhere, then ``end`` once. Both raise
    ``LlmError``.
    """

    said: bool
    """Some text has been given out."""
    events: int
    """So many have been read: whatever else came, the model has given no sign of life since."""
    finish: str
    """Why the model stopped; "" while it has not."""
    done: bool
    """The server has said that nothing more will come."""
    lingers_s: float
    """So long is waited for more once it has a ``finish``."""
    id: str
    """Of this answer, as the server names it; "" where it is needed for nothing."""
    reads: bool
    """The server has told how far it has read."""
    length: int
    """Characters so far, of what was said, thought and called."""

    @property
    def thinking(self) -> bool:
        """The model has begun to think, and has come to nothing else yet."""

    def push(self, data: bytes) -> list[Delta]: ...

    def push_whole(self, body: str) -> list[Delta]:
        """The body of a server that did not stream: one JSON object, or nothing of a model's at all."""

    def end(self) -> list[Delta]:
        """Call when ``done``, or when the connection has ended."""


class Api(Protocol):
    """Pure, and nothing of a conversation is kept: one is shared by all that speak it."""

    name: str
    """As a person would look for it: ``Chat Completions``."""
    describes: bool
    """Its servers tell of one model at a time what it can do."""

    def url(self, base_url: str, body: Body) -> str:
        """Where the answer to ``body`` is asked for."""

    def headers(self, key: str) -> dict[str, str]:
        """How the key is shown, where there is one, and what else every request has to have."""

    def body(self, request: Request) -> Body: ...

    def lighten(self, body: Body, refusal: str) -> bool:
        """Leave out, or spell otherwise, the optional part that a server's error names. False: nothing to be
        done.
        """

    def unthinking(self, body: Body) -> Body | None:
        """The same to be answered at once, without thinking; None: it is already, or this API cannot."""

    def read_ahead(self, body: Body) -> Body | None:
        """The same to be read and not answered; None: not in this API."""

    def unstreamed(self, body: Body) -> Body | None:
        """The same to be answered at once; None: not in this API."""

    def reply(self, server: Server, *, tools: bool = False) -> Reply:
        """``tools``: some were offered."""
