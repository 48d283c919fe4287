"""Which server, which model, which key; and the sentence for each way in which it can fail."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from config.errors import LlmError
from config.runtime.clean import EMPTY, CleanText, clean, clean_line
from config.runtime.hosts import is_loopback
from config.runtime.lazy_httpx import through
from pipeline.llm.error_body import (
    context_in,
    error_kinds,
    error_message,
    is_unread_call,
    tokens_in,
    too_long,
)

OTHER_LLM = "Or choose another model: aloud talk --llm auto"
_ASK_AGAIN = f"Please ask again. {OTHER_LLM}"

_NO_CREDIT = frozenset({"insufficient_quota", "billing_error"})
_RATE_LIMITED = frozenset({"rate_limit_exceeded", "rate_limit_error"})
_TOO_LONG = frozenset({"context_length_exceeded", "request_too_large"})
_AGAIN_THE_SAME = frozenset(
    {"invalid_request_error", "invalid_prompt", "authentication_error", "permission_error", "not_found_error"}
)
"""Asked again, the same would come."""


class QuestionError(LlmError):
    """The model failed at this question: the next one it may well answer."""


class LostCallError(QuestionError):
    """Tools were offered, and nothing came: some servers lose a call where they stream (Ollama, vLLM)."""


class UnreadCallError(LostCallError):
    """The server could not read the call that its model wrote (llama.cpp, Ollama)."""


class TooLongError(QuestionError):
    """What was asked does not fit into the model's context."""

    context: int | None = None
    """What the server says that the model takes, in tokens."""
    tokens: int | None = None
    """And that it was asked."""


@dataclass(frozen=True, slots=True)
class Server:
    """``base_url`` ends before what an API adds; ``key`` is "" where none is to be sent."""

    name: str
    """As a person would call it: ``Ollama``, ``the model server at 127.0.0.1:8080``."""
    base_url: str
    model: str
    key_env: str = ""
    """The environment variable that the key comes from, or would come from."""
    key: str = field(default="", repr=False)
    start: str = ""
    """The command that starts it, if one is known."""

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or ""

    @property
    def is_local(self) -> bool:
        return is_loopback(self.host)

    def quote(self, text: str, longest: int = 200) -> CleanText:
        """A server's own words, fit for a message: one line, not long, no key in it."""
        if self.key:
            text = text.replace(self.key, "[key]")
        text = re.sub(r"\b(sk|ek|pk|gsk)-[\w*.-]{4,}", "[key]", text)
        return clean_line(text, longest)

    def unreachable(self) -> LlmError:
        todo = f"Start it: {self.start}" if self.start else "Start it, or see what is there: aloud doctor"
        way = ""
        if not self.is_local:
            way = through(self.base_url)
            todo = "Check the network, or choose a model on this machine: aloud talk --llm auto"
        return LlmError(f"{self._upper} could not be reached{way}.", todo=todo, retryable=True)

    def untrusted(self) -> LlmError:
        failed = f"The certificate of {self.host} could not be verified, so nothing was sent."
        return LlmError(failed, todo=f"Check the address {self.base_url}.")

    def timeout(self, seconds: float, *, said: bool) -> LlmError:
        when = "stopped answering" if said else "did not answer"
        return LlmError(
            f"{self._upper} {when}: nothing came for {seconds:g} seconds.",
            kept=_kept(said),
            todo=_more_time("llm.timeout_s", seconds),
        )

    def too_late(self, seconds: float) -> LlmError:
        """Something came all the time, and no word of the answer."""
        return LlmError(
            f"{self._upper} had said nothing after {seconds:g} seconds.",
            kept=_kept(False),
            todo=_more_time("llm.first_word_s", seconds),
        )

    def too_slow(self, seconds: float, *, said: bool) -> LlmError:
        """The answer did not come to its end."""
        took = f"The answer of the model {self.model} took over {seconds:g} seconds, and was ended."
        return LlmError(
            took if said else f"{self._upper} had said nothing after {seconds:g} seconds.",
            kept=_kept(said),
            todo=_more_time("llm.answer_s", seconds),
        )

    def cut_off(self, *, said: bool) -> LlmError:
        when = "in the middle of the answer" if said else "before it had answered"
        failed = f"{self._upper} closed the connection {when}."
        return LlmError(failed, kept=_kept(said), todo="Please ask again.", retryable=not said)

    def malformed_response(self, what: str, *, said: bool = False) -> LlmError:
        failed = f"{self._upper} answered with {what}, not as a model server does."
        return LlmError(failed, kept=_kept(said), todo=_ASK_AGAIN if said else self._check_address)

    def too_many_calls(self, *, said: bool) -> LlmError:
        failed = f"The model {self.model} asked for more tools at once than anybody needs."
        return QuestionError(failed, kept=_kept(said), todo=_ASK_AGAIN)

    def unwritable(self) -> LlmError:
        """What was to be sent: half a letter in it, or no end of brackets."""
        failed = f"What was to be asked of {self.name} cannot be sent: it is no text."
        return QuestionError(failed, todo="Ask in other words.")

    def empty(self, *, finish: str, thought: bool, tools: bool = False) -> LlmError:
        if finish == "content_filter":
            failed = f"{self._upper} withheld the answer: its content filter stopped it."
            return QuestionError(failed, todo="Ask in other words.")
        if thought and finish == "stop":
            return QuestionError(
                f"The model {self.model} thought about it and said nothing.",
                todo="Have it answer at once: aloud config set llm.thinking off",
                retryable=True,
            )
        if finish == "length" or thought:
            used = "on thinking" if thought else "without a word"
            return QuestionError(
                f"The model {self.model} used up its answer {used} and said nothing.",
                todo="Allow longer answers: aloud config set llm.max_tokens 4000",
                retryable=True,
            )
        failed = f"The model {self.model} gave an empty answer."
        kind = LostCallError if tools else QuestionError
        return kind(failed, todo="Please ask again.", retryable=True)

    def no_call(self, *, said: bool) -> LlmError:
        failed = f"The model {self.model} wanted to use a tool and did not say which."
        return LostCallError(failed, kept=_kept(said), todo="Please ask again.", retryable=not said)

    def unread_call(self, *, said: bool) -> LlmError:
        """It stands in the text of the answer."""
        failed = f"The model {self.model} asked for a tool in a way that its server did not understand."
        return UnreadCallError(failed, kept=_kept(said), todo="Please ask again.", retryable=not said)

    def endless(self, *, said: bool) -> LlmError:
        failed = f"The answer of the model {self.model} went on for too long, and was ended."
        return QuestionError(failed, kept=_kept(said), todo="Please ask again.")

    def no_vision(self, *, sent: bool = False) -> LlmError:
        """``sent``: it was found out by showing it one."""
        return QuestionError(
            f"The model {self.model} cannot see pictures.",
            kept="" if sent else "The picture stays here.",
            todo="Choose a model that sees, such as: ollama pull qwen2.5vl",
        )

    def paused(self, *, said: bool) -> LlmError:
        """A server that does part of the work itself wants to be asked once more."""
        failed = f"{self._upper} paused in the middle of its answer."
        return LostCallError(failed, kept=_kept(said), todo="Please ask again.", retryable=not said)

    def stream_error(self, error: object, *, said: bool) -> LlmError:
        """An error object inside a stream that had begun with 200: there is no status, so its type or code
        says what it is.
        """
        kinds, message = error_kinds(error), error_message(error)
        if kinds & _NO_CREDIT:
            told = self._no_credit()
        elif kinds & _RATE_LIMITED:
            told = self._rate_limited("", 0.0)
        elif kinds & _TOO_LONG or too_long(message):
            told = self._too_long(message)
        else:
            failed = _stop(f"{self._upper} reported an error: {self.quote(message) or 'no reason given'}")
            kind = UnreadCallError if is_unread_call(message) else LlmError
            told = kind(failed, todo="Please ask again.", retryable=not kinds & _AGAIN_THE_SAME)
        told.kept, told.retryable = _kept(said), told.retryable and not said
        return told

    def refused(
        self, status: int, body: str, *, models: tuple[str, ...] = (), wait_s: float = 0.0
    ) -> LlmError:
        """An HTTP status other than 200. ``models``: what the server lists; ``wait_s``: its Retry-After."""
        message = self.quote(error_message(body))
        if status in (401, 403) or "API_KEY_INVALID" in body:  # Gemini says so with 400
            return self._unauthorised(status)
        if status == 404 or "model_not_found" in body:
            return self._not_found(models)
        if status in (400, 413, 500) and too_long(body):
            return self._too_long(body)
        if status == 429:
            return self._rate_limited(body, wait_s)
        if 300 <= status < 400:
            failed = f"{self._upper} sends requests on to another address, which was not followed."
            return LlmError(failed, todo=f"Check the address {self.base_url}.")
        because = f": {message}" if message else ""
        failed = _stop(f"{self._upper} failed with HTTP status {status}{because}")
        todo = (
            f"Ask again {_in_time(wait_s)}." if wait_s and status >= 500 else "See what works: aloud doctor"
        )
        return LlmError(failed, todo=todo, retryable=status >= 500)

    @property
    def _check_address(self) -> str:
        return f"Check the address {self.base_url}: most end in /v1. See: aloud doctor"

    @property
    def _upper(self) -> str:
        return self.name[:1].upper() + self.name[1:]

    def _too_long(self, said: str) -> LlmError:
        error = TooLongError(
            f"The conversation is too long for the model {self.model}.",
            todo="Even without the turns before, this does not fit: ask for less at once. " + OTHER_LLM,
        )
        error.context, error.tokens = context_in(said), tokens_in(said)
        return error

    def _no_credit(self) -> LlmError:
        failed = f"{self._upper} refused: the account of this key has no credit left."
        return LlmError(failed, todo=OTHER_LLM)

    def _unauthorised(self, status: int) -> LlmError:
        if self.key:
            failed = f"{self._upper} did not accept the key from {self.key_env or 'the settings'}"
            todo = f"Set a valid one: export {self.key_env or 'OPENAI_API_KEY'}=YOUR_KEY"
        elif self.base_url.startswith("http://") and not self.is_local:
            failed = f"{self._upper} wants a key, and no key leaves this machine without encryption"
            todo = "Name its address with https://, or reach it by a tunnel that begins on this machine."
        else:
            failed = f"{self._upper} wants a key, and none was sent"
            todo = f"Set it: export {self.key_env}=YOUR_KEY"
            if not self.key_env:
                todo = "Name the variable that holds it: aloud config set llm.api_key_env NAME"
        return LlmError(f"{failed} (HTTP status {status}).", todo=todo)

    def _not_found(self, models: tuple[str, ...]) -> LlmError:
        if not models or self.model in models:
            failed = f"{self._upper} has no chat for the model {self.model} at {self.base_url}."
            return LlmError(failed, todo=f"Check the address and the model. {OTHER_LLM}")
        return self.no_model(models)

    def no_model(self, models: tuple[str, ...]) -> LlmError:
        more = f" and {len(models) - 8} more" if len(models) > 8 else ""
        listed = self.quote(", ".join(models[:8]), 400) + more
        todo = f"Get it: ollama pull {self.model}" if self.name == "Ollama" else "Choose one of these."
        return LlmError(f"{self._upper} has no model {self.model}. It has: {listed or 'none'}.", todo=todo)

    def _rate_limited(self, body: str, wait_s: float) -> LlmError:
        if "insufficient_quota" in body:
            return self._no_credit()
        when = _in_time(wait_s) if wait_s else "in a while"
        failed = f"{self._upper} takes no more requests for now."
        return LlmError(failed, todo=f"Ask again {when}.", retryable=True)


def _more_time(setting: str, seconds: float) -> str:
    more_s = max(120, math.ceil(2 * seconds))
    return f"Ask again, or allow it more time: aloud config set {setting} {more_s}"


def _in_time(seconds: float) -> str:
    if seconds == math.inf:
        return "later"
    return "in a moment" if seconds <= 1 else f"in {math.ceil(seconds)} seconds"


def _kept(said: bool) -> CleanText:
    return clean("What was already said stays.") if said else EMPTY


def _stop(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?", "…")) else sentence + "."
