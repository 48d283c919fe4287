"""Planted sentences found in long documents without a model, in five languages, each with its page.

    python -m bench.files.reading [--pages N] [--json] [--show]

Each language has a document of N pages (500) of sentences that mean nothing, made of the everyday words of
that language's own data, so that the words of every question stand all over it. Each planted sentence is
asked about freely, and in a usual form ("where does it say ..."). It must be quoted with its page: by the
answer to the free question, by the answer to the other or on a "next" after it, since its word may stand
elsewhere too; where it stands in more than a dozen places by chance, that is not counted. What is not there
must be said not to be. Ends with 1 if a bound was missed: nine in ten of the free questions, all of the
others, 1 s of processor time for the slowest search.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio

from config.language.data import FOLDER, languages
from config.runtime.clean import clean
from pipeline.files.base import Element, FileContent, Place
from pipeline.files.open_files import OpenFiles
from pipeline.files.reading.skill import FilesSkill
from pipeline.files.reading.tools import MOST_QUOTES, FileTools
from pipeline.tools.registry import Toolbox

PLANTED = Path(__file__).parent / "planted.toml"
_PAGE_LETTERS = 2000
_SENTENCE = (5, 18)
_FREE, _SURE = 0.9, 1.0
_SLOWEST_S = 1.0


@dataclass(frozen=True)
class Asked:
    language: str
    form: str
    question: str
    right: bool
    said: str
    cpu_s: float
    first: bool = False
    places: int = 0


def everyday_words(language: str) -> list[str]:
    """Of all of a language's data, in an order that is always the same."""
    texts = (path.read_text("utf-8") for path in sorted((FOLDER / language).glob("*.toml")))
    found = {word.lower() for text in texts for word in re.findall(r"[^\W\d_]{2,}", text)}
    words = sorted(found)
    random.Random(7).shuffle(words)
    return words


def sentence(words: list[str], chance: random.Random) -> str:
    """As words are spread in a text: the n-th is said as often as 1/n."""
    picked = (
        words[min(int(len(words) ** chance.random()), len(words)) - 1]
        for _ in range(chance.randint(*_SENTENCE))
    )
    return " ".join(picked).capitalize() + "."


def document(language: str, pages: int, planted: list[str]) -> tuple[FileContent, dict[str, int]]:
    """With the page of each planted sentence."""
    chance, words = random.Random(language), everyday_words(language)
    at = dict(zip(planted, chance.sample(range(1, pages + 1), len(planted)), strict=True))
    elements = list[Element]()
    for page in range(1, pages + 1):
        written = list[str]()
        while sum(map(len, written)) < _PAGE_LETTERS:
            written.append(sentence(words, chance))
        for text in (each for each in planted if at[each] == page):
            written.insert(chance.randrange(len(written)), text)
        for first in range(0, len(written), 6):
            elements.append(Element(clean(" ".join(written[first : first + 6])), Place(page=page)))
    return FileContent(clean(f"{language}.pdf"), "document", tuple(elements), pages), at


class Asker:
    """One document, opened as a conversation opens it."""

    def __init__(self, language: str, pages: int, planted: list[str]) -> None:
        self.language = language
        content, self.at = document(language, pages, planted)

        async def read(path: Path) -> FileContent:
            return content

        self.files = OpenFiles(read)
        self._tools = FileTools(self.files, tuple, lambda path: True)
        self._skill = FilesSkill(self._tools)
        self._box = Toolbox(lambda: self._skill.tools)
        self.index_cpu_s = 0.0

    async def open(self) -> None:
        await self.files.add(Path(f"{self.language}.pdf"))
        begun = time.process_time()
        latest = self.files.latest
        assert latest
        self._tools.prepare(latest)
        self.index_cpu_s = time.process_time() - begun

    async def ask(self, question: str) -> tuple[list[str], float]:
        """What is said, and on each "next"; and the processor time it took."""
        begun = time.process_time()
        request = self._skill.parse(question, self.language) or self._skill.guess(question, self.language)
        if request is None:
            return [], time.process_time() - begun
        result = await self._box.run(request.call)
        return [*request.read(result)] or [request.answer(result)], time.process_time() - begun

    async def questions(self, planted: list[list[str]], absent: list[str]) -> list[Asked]:
        rows = list[Asked]()
        for text, free, usual in planted:
            for form, question in (("free", free), ("usual", usual)):
                said, cpu_s = await self.ask(question)
                at = next((n for n, each in enumerate(said) if self._quotes(each, text)), None)
                right = at == 0 if form == "free" else at is not None
                rows.append(
                    Asked(self.language, form, question, right, " | ".join(said), cpu_s, at == 0, len(said))
                )
        for question in absent:
            said, cpu_s = await self.ask(question)
            right = len(said) == 1 and self.files.all[0].name in said[0]
            rows.append(Asked(self.language, "absent", question, right, " | ".join(said), cpu_s))
        return rows

    def _quotes(self, said: str, text: str) -> bool:
        return text in said and re.search(rf"(?<!\d){self.at[text]}(?!\d)", said) is not None


async def run(pages: int) -> tuple[list[Asked], float]:
    table: dict[str, Any] = tomllib.loads(PLANTED.read_text("utf-8"))
    rows, slowest_index = list[Asked](), 0.0
    for language in languages():
        planted = table[language]["planted"]
        asker = Asker(language, pages, [text for text, _, _ in planted])
        await asker.open()
        slowest_index = max(slowest_index, asker.index_cpu_s)
        rows += await asker.questions(planted, table[language]["absent"])
    return rows, slowest_index


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m bench.files.reading", description=__doc__)
    options.add_argument("--pages", type=int, default=500)
    options.add_argument("--json", action="store_true")
    options.add_argument("--show", action="store_true", help="every answer")
    chosen = options.parse_args()
    rows, index_s = anyio.run(run, chosen.pages)
    everywhere = [row for row in rows if row.form == "usual" and not row.right and row.places >= MOST_QUOTES]
    counted = [row for row in rows if row not in everywhere]
    shares = {
        form: [row.right for row in counted if row.form == form] for form in ("free", "usual", "absent")
    }
    slowest = max(row.cpu_s for row in rows)
    figures = {form: f"{sum(right)} of {len(right)}" for form, right in shares.items()}
    figures["usual, in the first place"] = str(sum(row.first for row in rows if row.form == "usual"))
    figures["usual, not counted: it stands in too many places"] = str(len(everywhere))
    figures["slowest search, CPU ms"] = f"{slowest * 1000:.0f}"
    figures["index of a document, CPU ms"] = f"{index_s * 1000:.0f}"
    if chosen.json:
        print(json.dumps(figures))
    else:
        for row in rows:
            if chosen.show or not row.right:
                print(f"{'right' if row.right else 'WRONG'}  {row.language} {row.form}: {row.question}")
                print(f"       {row.said[:300]}")
        for name, figure in figures.items():
            print(f"{name}: {figure}")
    met = {form: sum(right) / len(right) for form, right in shares.items()}
    return int(met["free"] < _FREE or met["usual"] < _SURE or met["absent"] < _SURE or slowest > _SLOWEST_S)


if __name__ == "__main__":
    raise SystemExit(main())
