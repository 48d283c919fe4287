"""The table of ``config/language/en/sentence_endings.toml`` anew: which words people end a sentence
with, and which not.

    python -m bench.endings FOLDER

FOLDER: the npm package nlp-corpus 4.4.0 (MIT; sentences of lyrics, television, messages, reviews, quizzes,
speeches), unpacked: the table was made of it. Of each whole sentence of 2 to 14 words, itself, and its
beginning up to two words drawn by chance: a logistic regression tells one from the other by the last word,
its last letters and the word before. Printed is the table as it stands there, and how often a
sentence of those left out (one in five) has better odds than a beginning.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from bench.people.odds import Numbers, ranked
from voice.turns.endpointing.completeness import words_of
from voice.turns.endpointing.sentence_endings import STEP, marks

_LONGEST = 14
_BEGINNINGS = 2
_LAST, _BEFORE = 30, 100
"""How often a word stands in the sentences to be counted as the last one, and as the one before it."""
_RIDGE, _ROUNDS, _RATE = 2.0, 400, 0.05
_MIDDLE_MARK = re.compile(r"[,.;]$")

Table = Mapping[str, Mapping[int, str]]
"""What is looked at, steps, the words to which it applies."""
Example = tuple[int, list[str], bool]
"""The number of its sentence, the words, whether it is the whole of it."""


def sentences(folder: Path) -> list[str]:
    """Each once: those that begin large, end with a mark and hold nothing but words and the usual marks."""
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*.json")):
        listed = json.loads(path.read_text("utf-8"))
        for text in listed if isinstance(listed, list) else ():
            for part in re.split(r"(?<=[.?!])\s+(?=[A-Z])", str(text).strip().replace("’", "'")):
                words = words_of(part)
                plain = re.fullmatch(r"[A-Z][A-Za-z0-9 ,.'?!-]*[a-z][.?!]+", part)
                if plain and 2 <= len(words) <= _LONGEST:
                    found.setdefault(" ".join(words), part)
    return [*found.values()]


def examples(every: Sequence[str], rng: random.Random) -> list[Example]:
    """No beginning ends where the sentence has a mark: many are whole there."""
    found: list[Example] = []
    for number, text in enumerate(every):
        words = words_of(text)
        found.append((number, words, True))
        written = re.findall(r"[^\W_]+(?:['-][^\W_]+)*'?[,.;]?", text)
        inner = [
            at
            for at in range(1 if len(words) < 4 else 2, len(words))
            if at < len(written) and not _MIDDLE_MARK.search(written[at - 1])
        ]
        found += [(number, words[:at], False) for at in rng.sample(inner, min(_BEGINNINGS, len(inner)))]
    return found


def frequent(found: Sequence[Example]) -> set[str]:
    """The marks that are common enough to weigh."""
    counted = Counter(word for _, words, whole in found if whole for word in words)

    def common(mark: str) -> bool:
        kind, _, word = mark.partition(":")
        least = {"last": _LAST, "before": _BEFORE}.get(kind, 0)
        return counted[word] >= least if word != "#" else True

    return {mark for _, words, _ in found for mark in marks(words, "en") if common(mark)}


def fit(rows: Sequence[list[int]], over: Numbers, number: int) -> Numbers:
    """A logistic regression with a ridge; by Adam, since most of a row is empty."""
    at = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    of = np.array([mark for row in rows for mark in row])
    weights, mean, square = np.zeros(number), np.zeros(number), np.zeros(number)
    for step in range(1, _ROUNDS + 1):
        likely = 1 / (1 + np.exp(-np.bincount(at, weights[of], len(rows))))
        slope = np.bincount(of, (likely - over)[at], number) + _RIDGE * weights
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        weights -= _RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return weights


def table(weights: dict[str, float]) -> Table:
    found: dict[str, dict[int, list[str]]] = {}
    for mark, weight in sorted(weights.items()):
        kind, _, word = mark.partition(":")
        if steps := round(weight / STEP):
            found.setdefault(kind, {}).setdefault(steps, []).append(word)
    return {kind: {steps: " ".join(words) for steps, words in each.items()} for kind, each in found.items()}


def source(found: Table) -> str:
    """As ``config/language/en/sentence_endings.toml`` has it."""
    lines: list[str] = []
    for kind, each in found.items():
        lines += ["", f"{kind} = ["]
        for steps, words in sorted(each.items()):
            wrapped = textwrap.wrap(words, 112, break_on_hyphens=False, break_long_words=False)
            text = f'"{words}"' if len(words) < 95 else '"""\n' + "\n".join(wrapped) + '"""'
            lines.append(f"  {{ steps = {steps}, words = {text} }},")
        lines.append("]")
    return "\n".join(lines) + "\n"


def main(given: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.endings")
    parser.add_argument("folder", type=Path)
    found = examples(sentences(parser.parse_args(given).folder), random.Random(3))
    names = sorted(frequent(found))
    place = {name: at for at, name in enumerate(names)}
    rows = [[place[mark] for mark in marks(words, "en") if mark in place] for _, words, _ in found]
    over = np.array([float(whole) for _, _, whole in found])
    left = np.array([number % 5 == 0 for number, _, _ in found])
    weights = fit([row for row, out in zip(rows, left, strict=True) if not out], over[~left], len(names))
    scores = np.array([weights[row].sum() for row in rows])
    some = np.flatnonzero(left)[::7]
    share = 100 * ranked(scores[some], over[some])
    print(f"{len(found)} examples, {len(names)} marks; {share:.1f} % of pairs", file=sys.stderr)
    print(source(table(dict(zip(names, weights, strict=True)))), end="")


if __name__ == "__main__":
    main()
