"""What STT remember of a conversation: its language, and the last that was said in it."""

from __future__ import annotations

from voice.stt.context import REMEMBERED, Conversation, PriorUtterance
from voice.stt.language_pin import Guess


def said(text: str, language: str = "en") -> PriorUtterance:
    return PriorUtterance(text, language, 1.5)


def test_the_last_utterances_are_remembered_the_oldest_first() -> None:
    conversation = Conversation()
    for number in range(REMEMBERED + 2):
        conversation.keep(said(str(number)), 0.9)
    assert [each.text for each in conversation.before("en")] == ["2", "3", "4"]


def test_what_was_hardly_understood_is_nothing_to_go_by() -> None:
    conversation = Conversation()
    conversation.keep(said("Aetent Lauddaf"), 0.2)
    assert conversation.before("en") == []


def test_another_language_is_no_help() -> None:
    conversation = Conversation("en")
    conversation.keep(said("Good morning."), 0.9, Guess("en", 0.99, 2.0))
    conversation.keep(said("Buenos días a todos.", "es"), 0.9, Guess("es", 0.99, 3.0))
    assert [each.text for each in conversation.before("es")] == ["Buenos días a todos."]
    assert conversation.pin.language == "es"


def test_conversations_know_nothing_of_each_other() -> None:
    one, other = Conversation(), Conversation()
    one.keep(said("Good morning."), 0.9, Guess("de", 0.99, 3.0))
    assert other.before("en") == []
    assert other.pin.language == "en"
