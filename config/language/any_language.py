"""Sentences of all languages side by side, in one index: whose a sentence is stands beside what it means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from config.language.data import languages
from config.language.sentences import Sentences, Words, sentences_of

Tables = Iterable[tuple[Mapping[str, Iterable[str]], Mapping[str, str]]]
"""Templates, each under the name of what is meant, and their rules."""


class AnyLanguage:
    """``tables``: those of a language. Raises as ``sentences`` does."""

    def __init__(self, tables: Callable[[str], Tables], words: Mapping[str, Words] | None = None) -> None:
        self._sentences: Sentences = sentences_of(
            (
                ({f"{language} {name}": texts for name, texts in table.items()}, rules)
                for language in languages()
                for table, rules in tables(language)
            ),
            words,
        )

    def warm(self) -> None:
        """Nothing is left to be compiled when a text is first compared with them."""
        self._sentences.warm()

    def readings(self, normalised: str) -> Iterator[tuple[str, str, dict[str, str]]]:
        """The language, what is meant in it, and the words in the slots; one language after the other."""
        for name, slots in self._sentences.readings(normalised):
            language, _, meant = name.partition(" ")
            yield language, meant, slots

    def places(self, normalised: str) -> Iterator[tuple[str, str, int, int]]:
        """The language, what stands in the text, and from which word up to which."""
        for name, at, end in self._sentences.places(normalised.split()):
            language, _, meant = name.partition(" ")
            yield language, meant, at, end
