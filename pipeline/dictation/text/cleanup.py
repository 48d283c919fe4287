"""What a dictation needs where no LLM rewrites it: fillers and repeats out, numbers, capitals, marks. Pure.

No word is added, and none is lost but fillers, repeats and numbers that become digits. Each
stage is a function of its own and a switch of its own in ``[dictate]``.
"""

from __future__ import annotations

import functools
import re

from config.language import data
from config.settings.model import DictateSettings
from pipeline.dictation.text.command_tables import Commands, commands
from pipeline.dictation.text.numerals import is_number, with_digits
from pipeline.dictation.text.questions import is_question, question_marks
from pipeline.dictation.text.spacing import capital
from pipeline.dictation.text.stages import CleanupStage
from pipeline.dictation.text.tokens import bare, joined, tokens

_BULLETS = ("-", "*", "•", "–")
_MARKS_END = ".?!…:;,"


def cleaned_up(
    text: str, language: str = "en", settings: DictateSettings | None = None
) -> list[CleanupStage]:
    """The text after each stage that is switched on, in the order of ``[dictate]``; the last is final."""
    table, settings = commands(language), settings or DictateSettings()
    stages: list[CleanupStage] = []
    for name, why in (
        ("fillers", "um, uh"),
        ("repeats", "said twice by mistake"),
        ("numbers", "digits from ten on, and before units"),
        ("capitals", "at the beginning of sentences and lines"),
        ("marks", "at the end of paragraphs"),
    ):
        if getattr(settings, name):
            text = _STAGES[name](text, table)
            stages.append(CleanupStage(name, text, why))
    return stages


def without_fillers(text: str, table: Commands) -> str:
    """``um``, ``äh``; with the comma that Whisper puts after one."""
    kept: list[str] = []
    for token in tokens(text):
        if token.isspace() or bare(token) not in table.fillers:
            kept.append(token)
        elif kept and token[-1:] == "," and kept[-1][-1:] == "," and bare(kept[-1]) in table.small:
            kept[-1] = kept[-1][:-1]  # "on, uh, Friday"
        elif kept and token[-1:] in (".", "?", "!") and kept[-1][-1:] not in ".?!…\n":
            kept[-1] = kept[-1].rstrip(",;") + token[-1]  # the end of the sentence stays
    return joined(kept)


def without_repeats(text: str, table: Commands) -> str:
    """``the the`` → ``the``; ``I want I want to`` → ``I want to``. What is said again on purpose stays."""
    words = tokens(text)
    kept: list[str] = []
    at = 0
    while at < len(words):
        before = bare(kept[-1]) if kept else ""
        here = words[at : at + 7]
        size = next((size for size in (3, 2, 1) if _said_twice(before, here, size, table)), 0)
        at += size
        if not size:
            kept.append(words[at])
            at += 1
    return joined(kept)


def _said_twice(before: str, words: list[str], size: int, table: Commands) -> bool:
    """The first ``size`` words are said again after themselves, by mistake as it seems."""
    first, second = words[:size], words[size : 2 * size]
    plain = [bare(word) for word in first]
    if len(second) < size or plain != [bare(word) for word in second] or not all(plain):
        return False
    ends = [word[-1] for word in first]
    if any(end in _MARKS_END for end in ends[:-1]) or ends[-1] in ".?!…:;":
        return False
    if any(is_number(word) or any(letter.isdigit() for letter in word) for word in plain):
        return False  # "five six five six" is a telephone number
    if size == 1:
        # "bye bye" and "no, no" are said on purpose; so is whatever follows a comma, save a small word.
        if plain[0] in table.doubled or (len(plain[0]) == 1 and plain[0] not in table.small):
            return False
        return ends[0] != "," or plain[0] in table.small
    # "Again and again and again" is a chain; "a n a n a" is spelled.
    chain = before == plain[-1] or (len(words) > 2 * size and bare(words[2 * size]) == plain[0])
    return ends[-1] != "," and not chain and any(len(word) > 1 for word in plain)


def capitalised(text: str, table: Commands) -> str:
    """The first letter of every sentence and line, and ``I``. No capital is taken away."""
    out: list[str] = []
    begins, always = True, _always_capital(table.language)
    for token in tokens(text):
        if token.isspace():
            begins = True
            out.append(token)
            continue
        if begins or bare(token) in always:
            token = capital(token)
        begins = _ends_sentence(token) or (begins and not bare(token) and token not in _BULLETS)
        out.append(token)
    return joined(out)


def _ends_sentence(token: str) -> bool:
    end = token.rstrip("”»“\"')")
    plain = bare(token)
    initial = len(plain) == 1 and plain.isalpha() and plain != "i"
    if end[-1:] == "." and (plain in _abbreviations() or initial):
        return False
    return end[-1:] in (".", "?", "!")


def punctuated(text: str, table: Commands) -> str:
    """A mark at the end of each line that has none: a full stop, or a question mark where it asks.

    A short line beside others (a greeting, a closing, a list) gets no full stop.
    """
    lines = text.split("\n")
    beside = sum(1 for line in lines if line.strip()) > 1
    return "\n".join(_ended(line, table.language, beside) for line in lines)


def _ended(line: str, language: str, beside: bool) -> str:
    end = line.rstrip()
    words = len(end.split())
    if not end or not (end[-1].isalnum() or end[-1] in "”»“)\"'") or words <= 2 or end.lstrip()[0] in "-*•":
        return line
    if not end[-1].isalnum() and end.rstrip("”»“)\"'")[-1:] in tuple(_MARKS_END):
        return line
    sentence = re.split(r"(?<=[.?!…:])\s+", end)[-1]
    question = is_question(sentence, language)
    if beside and words <= 5 and not question:
        return line
    before, after = question_marks(language)
    if question and before and before not in sentence:
        return f"{end[: len(end) - len(sentence)]}{before}{sentence}{after}"
    return end + (after if question else ".")


@functools.cache
def _always_capital(language: str) -> frozenset[str]:
    return frozenset(data.table_if_any(language, "dictation").get("capitals", "").split())


@functools.cache
def _abbreviations() -> frozenset[str]:
    """Of all languages together: names and titles stand in any text."""
    tables = (data.table(language, "abbreviations") for language in data.languages())
    return frozenset(word for each in tables for word in each["dictated"].split())


def _digits(text: str, table: Commands) -> str:
    return with_digits(text, table.language)


_STAGES = {
    "fillers": without_fillers,
    "repeats": without_repeats,
    "numbers": _digits,
    "capitals": capitalised,
    "marks": punctuated,
}
