"""What is said of timers, in the language of who asked."""

from __future__ import annotations

from typing import Any

from config.language.phrases import phrases
from pipeline.skills.timer_requests.intents import NotUnderstood


def say_not_understood(intent: NotUnderstood, language: str) -> str:
    """Nothing is done, and what was understood is said."""
    say = phrases(language).say
    if intent.reason == "remind_when":
        what = intent.words or say("timers.example_reminder")
        return say("timers.remind_when", example=f"{what} {intent.when}".strip())
    return say(f"timers.{intent.reason}", words=intent.words)


def say_outcome(outcome: Any, language: str) -> str:
    return str(outcome.text)
