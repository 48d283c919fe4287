"""What was not heard of an answer that was cut."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnheardRemainder:
    """What was not heard of an answer that was cut."""

    words: str = ""
    """As they are spoken: from the word during which it was cut to the end of its piece."""
    text: str = ""
    """As it was shown: what follows."""
    whole: bool = True
    """The LLM had said all it wanted; False: it was cut off itself."""

    def __bool__(self) -> bool:
        return bool(self.words or self.text.strip() or not self.whole)
