"""Sentences that Aloud says by itself, in the person's language: ``LANGUAGE/phrases.toml``."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from config.language.data import known, table


@dataclass(frozen=True, slots=True)
class Phrases:
    """The sentences of one language."""

    language: str
    tables: Mapping[str, Mapping[str, str]]

    def say(self, key: str, **values: object) -> str:
        """``key`` is ``table.name``; a blank with a capital begins with one.

        Raises ``KeyError`` for one that is not there: a mistake of ours.
        """
        table, _, name = key.partition(".")
        texts = {key: value for key, value in values.items() if isinstance(value, str)}
        capitals = {f"{k[0].upper()}{k[1:]}": f"{v[:1].upper()}{v[1:]}" for k, v in texts.items()}
        return self.tables[table][name].format(**values, **capitals)

    def name(self, table: str, word: str) -> str:
        """The name of a thing (a colour, a place); what the table does not have stands as it is."""
        return self.tables[table].get(word, word)

    def with_article(self, noun: str) -> str:
        """ "a square", "an oval"."""
        words = self.tables["words"]
        before_vowel = noun[:1].lower() in words["vowels"]
        return f"{words['article_before_vowel' if before_vowel else 'article']} {noun}"

    def listed(self, names: list[str]) -> str:
        """“red, green and blue”."""
        if len(names) < 2:
            return "".join(names)
        return f"{', '.join(names[:-1])} {self.tables['words']['and']} {names[-1]}"


def phrases(language: str) -> Phrases:
    """For ``de``, ``de-AT``, ``auto`` ...; English where we have none of a language."""
    return _phrases(known(language))


@functools.cache
def _phrases(code: str) -> Phrases:
    return Phrases(code, table(code, "phrases"))
