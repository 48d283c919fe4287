"""Which model answers, as a person is told of it."""

from __future__ import annotations

from config.language.phrases import phrases
from pipeline.llm.base import Llm
from pipeline.llm.candidate import Candidate
from pipeline.llm.fallback import Answer, FallbackLlm


def told_of(llm: Llm, answer: Answer, language: str, *, stands_in: bool) -> str:
    """What is to be said before ``answer``; empty: nothing. ``stands_in``: it is known that the second
    answers.
    """
    if not isinstance(llm, FallbackLlm) or (answer.instead_of is not None and stands_in):
        return ""
    say, first, second = phrases(language).say, _named(llm.first, language), _second(llm, language)
    if answer.instead_of is None:
        return say("talking.answers_again", model=first) if stands_in else ""
    key = "talking.stands_in" if answer.for_now else "talking.answers_this"
    return say(key, model=first, other=second)


def who_is_asked(llm: Llm, language: str) -> str:
    """Who is asked what cannot be computed here."""
    say = phrases(language).say
    first = _asked(llm.first.remote_host if isinstance(llm, FallbackLlm) else llm.remote_host, language)
    if not isinstance(llm, FallbackLlm):
        return first
    alike = llm.first.remote_host == llm.second.remote_host
    second = say("capabilities.other_llm") if alike else _asked(llm.second.remote_host, language)
    return say("capabilities.llm_or", llm=first, other=second)


def _asked(host: str, language: str) -> str:
    say = phrases(language).say
    return say("capabilities.llm_elsewhere", where=host) if host else say("capabilities.llm_here")


def _named(candidate: Candidate, language: str) -> str:
    say = phrases(language).say
    where = candidate.remote_host
    return say("talking.model_at", where=where) if where else say("talking.model_here")


def _second(llm: FallbackLlm, language: str) -> str:
    if llm.first.remote_host == llm.second.remote_host:
        return phrases(language).say("talking.other_model")
    return _named(llm.second, language)
