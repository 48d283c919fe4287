"""Sentences that templates stand for: a part of them, of each choice something. Read here in another way than
``config.language.templates`` reads them, so that the two check each other.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from config.language.data import table

Written = Callable[[str], str]

WRITTEN: dict[str, Written] = {
    "as it is": lambda text: text,
    "capitals": str.upper,
    "a sentence": lambda text: f"{text[:1].upper()}{text[1:]}.",
    "shouted": lambda text: f"¡{text}!!",
    "curly": lambda text: text.replace("'", "’"),
    "composed": lambda text: unicodedata.normalize("NFC", text),
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "no accents": lambda text: "".join(
        letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter)
    ),
}
"""The same words, written in other ways."""

_INNERMOST = re.compile(r"([(\[])([^()\[\]]*)[)\]]")


def sayings(
    template: str, rules: Mapping[str, str], slots: Mapping[str, str], most: int = 20
) -> Iterator[str]:
    """Up to ``most`` sentences, the same ones each time."""
    while (expanded := re.sub(r"<(\w+)>", lambda rule: f"({rules[rule[1]]})", template)) != template:
        template = expanded
    chance = random.Random(template)
    for filled in dict.fromkeys(_one(f"({template})", chance) for _ in range(most)):
        yield re.sub(r"\{(\w+)\}", lambda slot: slots[slot[1]], filled)


def _one(template: str, chance: random.Random) -> str:
    def chosen(group: re.Match[str]) -> str:
        return str(chance.choice([*group[2].split("|"), *[""] * (group[1] == "[")]))

    while (less := str(_INNERMOST.sub(chosen, template))) != template:
        template = less
    return " ".join(template.split())


def said(language: str, name: str, path: str, slots: Mapping[str, str], most: int = 20) -> list[str]:
    """Of all templates at ``path`` ("captures.camera") of a language's table."""
    ways: Any = table(language, name)
    templates: Any = ways
    for key in path.split("."):
        templates = templates[key]
    return [text for each in templates for text in sayings(each, ways.get("rules", {}), slots, most)]


def written(text: str, number: int) -> str:
    """In one of the ways, by turns."""
    ways: Sequence[Written] = tuple(WRITTEN.values())
    return ways[number % len(ways)](text)


def polite(language: str, text: str, number: int) -> str:
    """With courtesy before it, behind it, or neither, by turns."""
    courtesy = table(language, "courtesy")
    before, after = (next(sayings(courtesy[place][0], {}, {})) for place in ("before", "after"))
    return (text, f"{before} {text}", f"{text} {after}", f"{before}, {text}, {after}")[number % 4]
