"""How much is said of a picture, as an instruction to an LLM; and text for those who read instead of see."""

from __future__ import annotations

import functools
import re
from typing import Literal

from config.language.data import languages, table
from config.language.normalise import words_only
from config.language.sentences import Phrasing

Detail = Literal["brief", "normal", "full"]

WORDS: dict[Detail, int] = {"brief": 20, "normal": 60, "full": 150}
"""Most words said of a picture, the plan's: a gist, about 25 seconds of speech, about a minute."""

_ASKED: dict[Detail, str] = {
    "brief": "Of a picture say the gist only: one sentence of at most {} words.",
    "normal": "Of a picture say at most {} words.",
    "full": "Of a picture say up to {} words, from the general to the particular; say where things are.",
}

ALT_LETTERS = 125
"""Screen readers break longer alternative text into pieces."""
_MARKUP = r"(?m)^\s*(?:[#>]+|\*)\s+|(?<!\w)[*_]+(?=\S)|(?<=\S)[*_]+(?!\w)|`+"
"""Of Markdown, where it stands as such: in ``set_timer`` and ``5 > 3`` it is text."""

ALT = (
    "Write the alternative text of this picture: one sentence of at most 15 words that stands in its place. "
    "No “image of”, no quotation marks, nothing guessed."
)


@functools.cache
def _phrasings(form: str) -> tuple[Phrasing, ...]:
    """Of each language. ``title``: "alternative text"; ``beginning``: "a picture of"."""
    ways = (table(language, "pictures") for language in languages())
    return tuple(Phrasing(form, each["alternative_text"], each["rules"]) for each in ways)


def _without_title(text: str) -> str:
    """Without the words that tell it is an alternative text, in any language."""
    title, *rest = re.split(r"\s*[:–]\s*|\s+-\s+", text, maxsplit=1)
    said = words_only(title[:ALT_LETTERS]).split()
    return rest[0] if rest and any(each.span(said) for each in _phrasings("^{title}$")) else text


def _without_beginning(text: str) -> str:
    words = text.split()
    plain = [words_only(word) for word in words]
    spans = [span for each in _phrasings("^{beginning}") if (span := each.span(plain))]
    return " ".join(words[max(spans)[1] :]) if spans else text


def instruction(detail: Detail) -> str:
    return _ASKED[detail].format(WORDS[detail])


def alternative_text(answer: str) -> str:
    """At most ``ALT_LETTERS`` of an answer: whole sentences where one fits, else whole words."""
    plain = " ".join(re.sub(_MARKUP, "", answer).split())
    plain = _without_title(plain).strip("“”\"' ")
    plain = _without_beginning(plain)
    plain = plain[:1].upper() + plain[1:]
    kept = ""
    for sentence in re.split(r"(?<=[.!?])\s+", plain):
        if len(f"{kept} {sentence}".strip()) > ALT_LETTERS:
            break
        kept = f"{kept} {sentence}".strip()
    if kept:
        return kept
    cut = plain[: ALT_LETTERS - 1].rsplit(" ", 1)[0].rstrip(" ,;:–-")
    return f"{cut}…"
