"""Failures as they are heard: the sentence, without what nobody can follow by ear."""

from __future__ import annotations

from tests.tables import for_each
from voice.tts.text.failures import failure_as_heard

CUT = "closed the connection before it had answered."


@for_each(
    ("sentence", "heard"),
    [
        (f"The model server at 127.0.0.1:8080 {CUT}", f"The model server {CUT}"),
        (f"The model server at [::1]:8080 {CUT}", f"The model server {CUT}"),
        (f"The model server at kitchen.local:8080 {CUT}", f"The model server {CUT}"),
        (f"The model server at 192.168.1.5 {CUT}", f"The model server {CUT}"),
        ("It has no chat for the model m at http://127.0.0.1:8080/v1.", "It has no chat for the model m."),
        ("The picture at https://example.org/a/b.png?c=1, is gone.", "The picture, is gone."),
        ("The alarm at 10:30 did not ring.", "The alarm at 10:30 did not ring."),
        ("Ollama has no model llama3.2:latest.", "Ollama has no model llama3.2:latest."),
        ("It has qwen2.5:7b at 3 places.", "It has qwen2.5:7b at 3 places."),
        ("It reported an error: {'a': ['b']}.", "It reported an error: 'a': 'b' ."),
        ("It reported an error: <b>c</b>.", "It reported an error: c."),
        ("It reported an error: \\[/bold] `x` | y.", "It reported an error: /bold x y."),
        ("It failed with HTTP status 503: nope.", "It failed with HTTP status 503: nope."),
        ("Nothing came for 30 seconds.", "Nothing came for 30 seconds."),
        ("", ""),
        (f"It has: {', '.join(['llama3.2'] * 40)}.", f"It has: {', '.join(['llama3.2'] * 21)}."),
    ],
)
def test_a_failure_is_heard_without_addresses_and_brackets(sentence: str, heard: str) -> None:
    assert failure_as_heard(sentence) == heard
