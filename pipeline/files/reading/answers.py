"""What came of asking the open files, in sentences of a language: ``LANGUAGE/files.toml``."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from config.language.data import known, table
from config.language.number_words import say_number
from config.language.phrases import Phrases, phrases
from pipeline.files.base import Kind, Place
from pipeline.files.left_out import left_out_told
from pipeline.files.reading.outcomes import (
    About,
    Done,
    Found,
    Lacking,
    NotProse,
    Open,
    Opened,
    Outcome,
    Quote,
    TableSize,
    Text,
    Which,
)
from pipeline.tables.notes import told as notes_of

Asked = Literal["all", "length", "headings"]
BEGINNING = 300
"""Letters of a file that are read where it is told of."""
_SPOKEN_A_MINUTE = 160
"""Words, by a voice of the usual pace."""
_SENTENCE_END = re.compile(r"[.!?…](?=\s|$)")


@functools.cache
def _phrases(language: str) -> Phrases:
    return Phrases(language, table(known(language), "files"))


def _say(language: str, key: str, **values: object) -> str:
    return _phrases(known(language)).say(f"said.{key}", **values)


def _number(count: int, language: str) -> str:
    return say_number(Fraction(count), known(language))[0]


def _counted(key: str, count: int, language: str) -> str:
    if count == 1:
        return _say(language, f"{key}_one")
    return _say(language, key, count=_number(count, language))


def say_outcome(outcome: Outcome, language: str) -> str:
    """What is said of it; of several paragraphs each by itself."""
    match outcome:
        case Open():
            return say_open(outcome, language)
        case Found():
            return " ".join(paragraphs_of(outcome, language)) or _not_found(outcome, language)
        case Text():
            return "\n\n".join(paragraphs_of(outcome, language)) or _say(language, "nothing_there")
        case Lacking():
            return _lacking(outcome, language)
        case NotProse():
            return _say(language, "not_prose", name=outcome.about.name, what=what(outcome.about, language))
        case Opened():
            return say_opened(outcome.about, language, outcome.sent_to)
        case Done("no_such" | "opening" | "closed" | "closed_all" | "none_open"):
            return _say(language, outcome.key, name=outcome.name)
        case Which():
            key = "which" if outcome.count == len(outcome.names) else "too_many"
            return _say(
                language, key, count=_number(outcome.count, language), names=_listed(outcome.names, language)
            )


def _listed(names: Sequence[str], language: str) -> str:
    return phrases(language).listed(list(names))


# What a file is ------------------------------------------------------------------------------------


def what(about: About, language: str) -> str:
    """ "A document, 312 pages"."""
    kind = _phrases(known(language)).name("kinds", about.kind)
    return _say(language, "what", kind=kind, length=length(about, language))


def length(about: About, language: str) -> str:
    if about.tables:
        return "; ".join(_size(each, about, language) for each in about.tables)
    if about.pages:
        return _counted("slides" if about.kind == "slides" else "pages", about.pages, language)
    if about.lines and about.kind in ("code", "table"):
        return _counted("lines", about.lines, language)
    return _counted("words", about.words, language)


def _size(table: TableSize, about: About, language: str) -> str:
    """ "1,204 rows and 6 columns"; of several tables each with its sheet."""
    rows, columns = _counted("rows", table.rows, language), _counted("columns", len(table.columns), language)
    size = _say(language, "table", rows=rows, columns=columns)
    return f"{table.source}: {size}" if len(about.tables) > 1 else size


def say_opened(about: About, language: str, sent_to: Sequence[str] = ()) -> str:
    said = [_say(language, "opened", name=about.name, what=what(about, language)), *_lacks(about, language)]
    if sent_to:
        said.append(_say(language, "sent", where=_listed(sent_to, language)))
    return " ".join(said)


def _lacks(about: About, language: str) -> list[str]:
    """What of it is not known."""
    notes = [str(told) for each in about.tables if (told := notes_of(each.notes, language))]
    if about.left_out:
        return [left_out_told(about.left_out, language), *notes]
    return notes if about.has_text else [_say(language, "empty")]


def say_open(outcome: Open, language: str, asked: Asked = "all") -> str:
    """Each open file, or what was ``asked`` of it."""
    tell = {"all": _described, "length": _long, "headings": _headed}[asked]
    told = "\n\n".join(tell(each, language) for each in outcome.files)
    return told or _say(language, "none_open")


def say_names(outcome: Open, language: str) -> str:
    if not outcome.files:
        return _say(language, "none_open")
    return _say(language, "are_open", names=_listed([each.name for each in outcome.files], language))


def _described(about: About, language: str) -> str:
    said = [_say(language, "is", name=about.name, what=what(about, language))]
    if about.title and about.title != about.name:
        said.append(_say(language, "titled", title=about.title))
    if about.attached:
        said.append(_say(language, "attached", names=_listed(about.attached, language)))
    said += _lacks(about, language)
    if len(about.tables) == 1:
        names = _listed(about.tables[0].columns, language)
        said.append(_say(language, "columns_are", names=names))
    if about.headings and not about.tables:
        said.append(_headings(about, language))
    if about.begins and about.kind not in ("code", "table"):
        said.append(_say(language, "begins", text=_beginning(about.begins)))
    return " ".join(said)


def _beginning(text: str) -> str:
    """As many sentences of it as are heard at once."""
    plain = " ".join(text.split())
    if len(plain) <= BEGINNING:
        return plain
    ends = [end.end() for end in _SENTENCE_END.finditer(plain) if end.end() <= BEGINNING]
    return plain[: ends[-1]] if ends else f"{plain[:BEGINNING].rpartition(' ')[0]} …"


def _long(about: About, language: str) -> str:
    if about.tables:
        return _say(language, "is", name=about.name, what=what(about, language))
    both = about.pages or (about.lines and about.kind in ("code", "table"))
    said = [length(about, language)]
    if both and about.words:
        said.append(_counted("words", about.words, language))
    elif about.lines > 1:
        said.append(_counted("lines", about.lines, language))
    sentence = _say(language, "is", name=about.name, what=_what_else(about, said, language))
    time = [] if about.kind in ("code", "table") else [_reading_time(about.words, language)]
    return " ".join([sentence, *_lacks(about, language), *time]).rstrip()


def _what_else(about: About, said: Sequence[str], language: str) -> str:
    kind = _phrases(known(language)).name("kinds", about.kind)
    return _say(language, "what", kind=kind, length=", ".join(said))


def _reading_time(words: int, language: str) -> str:
    minutes = round(words / _SPOKEN_A_MINUTE)
    if minutes < 1:
        return ""
    if minutes >= 90:
        return _say(language, "hours", count=_number(round(minutes / 60), language))
    return _counted("minutes", minutes, language)


def _headed(about: About, language: str) -> str:
    if about.headings:
        return _headings(about, language)
    return " ".join([_say(language, "no_headings", name=about.name), *_lacks(about, language)])


def _headings(about: About, language: str) -> str:
    names, count = "; ".join(about.headings), len(about.headings) + about.more_headings
    if about.more_headings:
        names = _say(language, "more_headings", names=names, count=_number(about.more_headings, language))
    key = "headings" if count > 1 else "heading"
    return _say(language, key, count=_number(count, language), names=names)


# What stands in it ---------------------------------------------------------------------------------


def paragraphs_of(outcome: Outcome, language: str, *, hints: bool = True) -> list[str]:
    """What is leafed through; () where there is nothing of the kind. ``hints``: how one goes on is said."""
    if isinstance(outcome, Text) and outcome.paragraphs:
        onward = {"page": "goes_on", "chapter": "goes_on_chapter"}.get(outcome.then)
        return [*outcome.paragraphs, *([_say(language, onward)] if onward and hints else [])]
    if not isinstance(outcome, Found) or not outcome.quotes:
        return []
    first, *others = (quoted(each, outcome.kind, language) for each in outcome.quotes)
    near = next((each.near for each in outcome.quotes if each.near), "")
    if near and not outcome.whole:
        first = _say(language, "near", words=outcome.words, near=near, quote=first)
    elif not outcome.whole:
        first = _say(language, "partly", quote=first)
    if others and hints:
        first = f"{first} {_more_places(outcome, language)}"
    return [first, *others]


def _more_places(found: Found, language: str) -> str:
    more = len(found.quotes) - 1
    if found.more:
        return _say(language, "many_places")
    if more == 1:
        return _say(language, "more_place")
    return _say(language, "more_places", count=_number(more, language))


def confirmed(outcome: Outcome, language: str, *, hints: bool = True) -> list[str]:
    """The same, with a yes before it where all of it was found."""
    said = paragraphs_of(outcome, language, hints=hints)
    if said and isinstance(outcome, Found) and outcome.whole:
        said[0] = _say(language, "yes", quote=said[0])
    return said


def counted(outcome: Outcome, language: str, *, hints: bool = True) -> list[str]:
    """How often it stands there, then where."""
    said = paragraphs_of(outcome, language, hints=hints)
    if said and isinstance(outcome, Found) and outcome.count:
        times = _say(language, "times", count=_number(outcome.count, language))
        said[0] = f"{times if outcome.count > 1 else _say(language, 'once')} {said[0]}"
    return said


def best_quote(found: Found, language: str) -> str:
    """The first place alone."""
    return quoted(found.quotes[0], found.kind, language) if found.quotes else _not_found(found, language)


def quoted(quote: Quote, kind: Kind, language: str) -> str:
    place = say_place(quote.place, kind, language, quote.file)
    if not place:
        return _say(language, "quote_anywhere", text=quote.text)
    return _say(language, "quote", place=place, text=quote.text)


def say_place(place: Place, kind: Kind, language: str, file: str = "") -> str:
    """ "In report.docx, on page 12, under “Methods”"; empty where it has none."""
    said = [_say(language, "of_file", name=file)] if file else []
    if place.page:
        said.append(
            _say(language, "slide" if kind == "slides" else "page", number=_number(place.page, language))
        )
    if place.line:
        said.append(_say(language, "line", number=_number(place.line, language)))
    if place.paragraph and not (place.page or place.line):
        said.append(_say(language, "paragraph", number=_number(place.paragraph, language)))
    if place.at_s is not None:
        minutes, seconds = divmod(int(place.at_s), 60)
        said.append(_say(language, "at", minutes=minutes, seconds=f"{seconds:02}"))
    if place.headings and not place.line:
        said.append(_say(language, "under", heading=place.headings[-1]))
    return ", ".join(said)


def _not_found(found: Found, language: str) -> str:
    """That it is not there is said of all that could be read, and of no more."""
    left_out = left_out_told(found.left_out, language)
    if not found.has_text:
        return _say(language, "no_text", name=found.name, left_out=left_out).strip()
    key = "not_found_left_out" if left_out else "not_found"
    return _say(language, key, name=found.name, words=found.words, left_out=left_out)


def _lacking(lacking: Lacking, language: str) -> str:
    about = lacking.about
    key = {"more": "no_more"}.get(lacking.what, f"no_{lacking.what}")
    said = _say(
        language,
        key,
        name=about.name,
        length=length(about, language)
        if lacking.what != "line"
        else _counted("lines", about.lines, language),
        number=_number(lacking.number, language),
        words=lacking.words,
        count=_number(lacking.count, language),
    )
    return " ".join([said, *_lacks(about, language)]) if lacking.what == "section" else said
