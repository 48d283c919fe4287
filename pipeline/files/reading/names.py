"""Which file is meant: "the report", "the second file", "report dot docx"; of those open, or in folders."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from config.language.data import languages, table
from config.language.normalise import listed
from config.language.number_words import read_ordinal
from config.language.templates import texts
from pipeline.files.open_files import OpenFile
from pipeline.files.reading.words import plain_word, tokens
from pipeline.tools.files.allowed import is_secret
from pipeline.tools.files.allowed import resolved as resolved_path

T = TypeVar("T")
MOST_ENTRIES = 20_000
DEEPEST = 5
MOST_S = 1.0
"""What is looked through of a person's folders for a name."""
_ALIKE = 85
_WHOLE = 100.0


@dataclass(frozen=True, slots=True)
class Words:
    """Of a language, around a file's name."""

    articles: frozenset[str]
    latest: frozenset[str]
    nouns: frozenset[str]
    of: frozenset[str]


@functools.cache
def words_of(language: str) -> Words:
    data = table(language, "files")
    articles, latest, of = (_plain(data["words"][name]) for name in ("articles", "latest", "of"))
    nouns = {plain_word(word) for noun in texts(data["rules"]["noun"]) for word in noun.split()}
    return Words(articles, latest, frozenset(nouns) | _plain(data["words"]["one"]), of)


def _plain(words: str) -> frozenset[str]:
    return frozenset(map(plain_word, listed(words)))


@functools.cache
def _suffix_words() -> frozenset[str]:
    """ "Dot", as it is said before a name's ending."""
    marks = (table(language, "phrases")["marks"]["."] for language in languages())
    return frozenset(plain_word(mark) for mark in marks)


def resolved(said: str, files: Sequence[OpenFile], language: str) -> OpenFile | None:
    """The open file that ``said`` names; the last one opened for "it". None: it names none of them."""
    own, asked = words_of(language), tokens(said)
    named = [word for word in asked if word not in own.articles]
    if not files:
        return None
    if nth := _ordinal([word for word in named if word not in own.nouns], language):
        return next((file for file in files if file.number == nth), None)
    if matching := best(named, files, lambda file: str(file.content.name)):
        return matching[-1]
    return files[-1] if all(word in own.nouns | own.latest | own.of for word in named) else None


def _ordinal(words: Sequence[str], language: str) -> int:
    read = read_ordinal(words, 0, language) if words else None
    return read[0] if read and read[1] == len(words) else 0


def chosen(said: str, choices: Sequence[Path], language: str) -> list[Path]:
    """Of those that were named to a person the ones that they mean: "the second", "the one of April"."""
    own = words_of(language)
    named = [word for word in tokens(said) if word not in own.articles | own.of]
    nth = _ordinal([word for word in named if word not in own.nouns], language)
    if nth:
        return [choices[nth - 1]] if nth <= len(choices) else []
    if named and all(word in own.latest for word in named):
        return [choices[-1]]
    return best([word for word in named if word not in own.nouns], choices, lambda path: path.name)


def wanted(said: str, language: str) -> list[str]:
    """The words of a name that was said, without what stands around it."""
    own = words_of(language)
    named = [word for word in tokens(said) if word not in _suffix_words()]
    return [word for word in named if word not in own.articles | own.of] or named


def best(words: Sequence[str], among: Iterable[T], name: Callable[[T], str]) -> list[T]:
    """Those that are named so, all equally well; empty where none is."""
    scored = [(score, each) for each in among if (score := _likeness(words, name(each))) >= _ALIKE]
    most = max((score for score, _ in scored), default=0.0)
    return [each for score, each in scored if score >= most - 1]


def _likeness(words: Sequence[str], name: str) -> float:
    """100: all of the words stand in the name, and 1 more for each letter less of it that was not said."""
    from rapidfuzz import fuzz

    said, named = "".join(words), tokens(name)
    stem = tokens(name.rpartition(".")[0]) or named
    if not said:
        return 0.0
    if said in ("".join(named), "".join(stem)):
        return 2 * _WHOLE
    there = [max((_alike(word, each) for each in named), default=0.0) for word in words]
    together = float(fuzz.ratio(said, "".join(stem)))
    return max(min(there), together)


def _alike(word: str, named: str) -> float:
    """A word of a name may go on in a compound, or in another form."""
    from rapidfuzz import fuzz

    if len(word) >= 4 and (named.startswith(word) or named.endswith(word)):
        return _WHOLE
    return float(fuzz.ratio(word, named)) if len(word) > 2 else _WHOLE * (word == named)


# In folders ---------------------------------------------------------------------------------------


def files_in(folders: Iterable[Path], takes: Callable[[Path], bool]) -> Iterator[Path]:
    """Files of the folders and those within, in breadth, that ``takes`` can be; none that is hidden, holds
    keys or is Aloud's own. As many as can be looked at in a second. Links are not followed. Blocking.
    """
    ends, seen = time.monotonic() + MOST_S, 0
    roots = (root for folder in folders if (root := resolved_path(folder)))
    waiting = [(root, root, 0) for root in roots]
    while waiting and time.monotonic() < ends:
        root, folder, depth = waiting.pop(0)
        for entry in _entries(folder):
            seen += 1
            if seen > MOST_ENTRIES:
                return
            path = Path(entry.path)
            if entry.is_symlink() or is_secret(path, root):
                continue
            if entry.is_dir(follow_symlinks=False):
                waiting += [(root, path, depth + 1)] if depth < DEEPEST else []
            elif entry.is_file(follow_symlinks=False) and takes(path):
                yield path


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return sorted(found, key=lambda entry: entry.name)
    except OSError:
        return []
