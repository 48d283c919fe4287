"""What a person is asked before it is done: by template, from the frozen arguments, with nothing left out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from config.language.data import known, table
from config.language.normalise import words_only
from config.language.phrases import phrases
from config.runtime.clean import CleanText, clean
from pipeline.consent.answers import answer_to
from pipeline.consent.frozen import FrozenCall
from pipeline.consent.spelled import as_said

LONGEST = 4000
"""Letters, some four minutes: nobody can agree to more by ear."""

Own = Callable[[Mapping[str, Any], str], str]
"""A tool's: from its arguments and a language to what it would do, in a sentence."""

_log = logging.getLogger(__name__)


class TooLongError(Exception):
    """It cannot be read back."""


def read_back(call: FrozenCall, language: str, own: Own | None = None) -> CleanText:
    """It ends with a question of ours, no end of which is a yes: a microphone that hears it agrees to
    nothing. Raises ``TooLongError``.
    """
    say = phrases(language).say
    text = _own(call, language, own) or _by_template(call, language)
    said = as_said(text, language)
    if len(said) > LONGEST:
        raise TooLongError
    asked = said if said.endswith("?") and not _ends_in_yes(said, language) else ""
    return clean(asked or f"{_ended(said)} {say('consent.shall_i')}")


def _ends_in_yes(text: str, language: str) -> bool:
    """Its last words alone, as a microphone may hear them."""
    words = words_only(text).split()
    return any(answer_to(" ".join(words[at:]), (language,)) == "yes" for at in range(-_LAST, 0))


_LAST = 6


def _own(call: FrozenCall, language: str, own: Own | None) -> str:
    if own is None:
        return ""
    try:
        return own(call.arguments, language)
    except Exception as error:  # others' code
        _log.warning("The read-back of %s failed: %s.", call.name, type(error).__name__)
        return ""


def _by_template(call: FrozenCall, language: str) -> str:
    """The tool and every argument."""
    uses = phrases(language).say("consent.uses", tool=call.name.replace("_", " "))
    return " ".join(
        [uses, *(_ended(f"{name}: {value}") for name, value in _each("", call.arguments, language))]
    )


def _each(name: str, value: Any, language: str) -> Iterator[tuple[str, str]]:
    """Every scalar in it, by where it stands: "to", "to 2", "event title"."""
    if isinstance(value, dict) and value:
        for key, part in value.items():
            yield from _each(f"{name} {str(key).replace('_', ' ')}".strip(), part, language)
    elif isinstance(value, list) and value:
        for number, part in enumerate(value, 1):
            yield from _each(f"{name} {number}" if len(value) > 1 else name, part, language)
    else:
        yield name, _scalar(value, language)


def _scalar(value: Any, language: str) -> str:
    words = table(known(language), "consent")["values"]
    if isinstance(value, bool):
        return str(words["true" if value else "false"])
    return str(value) if value not in (None, "", [], {}) else str(words["null"])


def _ended(text: str) -> str:
    """With a mark at its end, so that a voice pauses there."""
    text = text.rstrip()
    return text if text.endswith((".", "!", "?")) else f"{text}."
