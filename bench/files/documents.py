"""``python -m bench.files.documents``: real documents of all kinds, opened or refused with a sentence.

Bounds, of which a missed one ends it with 1: each takes at most 5 s of the processor and 1 GB, whatever comes
of it is content or a sentence, and a sentence that is put into copies is found in each, with its page, its
line or its paragraph. ``--fetch`` fetches what is missing (bench/files/sources.toml);
``--pages 500`` opens a PDF of so many pages besides; ``--every`` takes all files and not some of each kind.
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import shutil
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import anyio

from bench.files.planted import SENTENCE, planted
from bench.people.fetching import fetch
from config.errors import FileError
from pipeline.files.base import Element, FileContent
from pipeline.files.convert.read import read_content

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".tools" / "documents"
SOURCES = Path(__file__).with_name("sources.toml")
MOST_S, MOST_MB = 5.0, 1000.0
OF_A_KIND = 8
KINDS = (
    *(
        ".docx",
        ".pptx",
        ".odt",
        ".odp",
        ".ods",
        ".xlsx",
        ".xls",
        ".xlsb",
        ".epub",
        ".pdf",
        ".html",
        ".rst",
        ".txt",
    ),
    *(".md", ".csv", ".jsonl", ".py", ".rtf", ""),
)
"""By the ends of their names; mails of that package have none."""
OURS = ("README.md", "docs/architecture.md", "pipeline/files/base.py", "bench/people/words.tsv")


@dataclass(frozen=True)
class Outcome:
    file: str
    kind: str
    elements: int
    place: str
    """Where the sentence was found; empty: it was put nowhere."""
    said: str
    """Why it was refused, or what was left out."""
    seconds: float
    faults: tuple[str, ...]


def chosen(folder: Path, every: bool) -> list[Path]:
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.stat().st_size]
    by_kind = {kind: [path for path in found if path.suffix.lower() == kind] for kind in KINDS}
    by_kind[""] = [path for path in by_kind[""] if path.name.startswith("mail_")]
    fitting = [path for some in by_kind.values() for path in (some if every else _spread(some))]
    return [*fitting, *(ROOT / name for name in OURS)]


def _spread(paths: list[Path]) -> list[Path]:
    """Some of them, from all packages."""
    step = max(1, len(paths) // OF_A_KIND)
    return paths[::step][:OF_A_KIND]


async def opened(path: Path, wanted: bool) -> Outcome:
    before = _worked()
    found: FileContent | None = None
    said, faults = "", []
    try:
        found = await read_content(path)
        said = ", ".join(left.reason for left in found.left_out)
    except FileError as error:
        said = str(error)
    except Exception as error:
        faults.append(f"{type(error).__name__}: {error}")
    seconds = _worked() - before
    there = (
        next((each for each in found.elements if SENTENCE in " ".join(each.text.split())), None)
        if found
        else None
    )
    if wanted and found and there is None:
        faults.append("the sentence was not found")
    if seconds > MOST_S:
        faults.append(f"it took {seconds:.1f} s")
    place = _place(there) if there else ""
    kind, count = (found.kind, len(found.elements)) if found else ("refused", 0)
    return Outcome(path.name, kind, count, place, said, round(seconds, 2), tuple(faults))


def _place(element: Element) -> str:
    place = element.place
    if place.page:
        return f"page {place.page}"
    if place.line:
        return f"line {place.line}"
    return f"paragraph {place.paragraph}"


def _worked() -> float:
    """Seconds of the processor, of this process and of those that it started."""
    theirs = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + theirs.ru_utime + theirs.ru_stime


def _long_pdf(pages: int, folder: Path) -> Path:
    """The pages of what was fetched, as often as is needed, and the sentence on one more."""
    import pypdfium2

    source = pypdfium2.PdfDocument(next(FOLDER.rglob("developers-reference.pdf")))
    document = pypdfium2.PdfDocument.new()
    while len(document) < pages:
        document.import_pages(source, list(range(min(len(source), pages - len(document)))))
    file = io.BytesIO()
    document.save(file)
    path = folder / f"{pages} pages.pdf"
    path.write_bytes(file.getvalue())
    path.write_bytes(planted(path) or b"")
    return path


async def measured(folder: Path, *, every: bool, pages: int) -> list[Outcome]:
    outcomes = []
    for number, path in enumerate(chosen(FOLDER, every)):
        outcomes.append(await opened(path, wanted=False))
        if outcomes[-1].kind != "refused" and (copy := planted(path)):
            place = folder / str(number) / path.name
            place.parent.mkdir()
            place.write_bytes(copy)
            outcomes.append(await opened(place, wanted=True))
            shutil.rmtree(place.parent)
    if pages:
        outcomes.append(await opened(_long_pdf(pages, folder), wanted=True))
    return outcomes


def told(outcomes: list[Outcome]) -> None:
    for each in outcomes:
        about = f"{each.kind:10} {each.elements:6} {each.seconds:5.2f} s  {each.place:16}"
        print(f"{about} {each.file:44} {each.said}")
    counts = Counter((each.kind, bool(each.place)) for each in outcomes)
    for (kind, place), count in sorted(counts.items()):
        print(f"{count:4}  {kind}{', the sentence found' if place else ''}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.files.documents", description=__doc__)
    parser.add_argument("--fetch", action="store_true")
    parser.add_argument("--every", action="store_true")
    parser.add_argument("--pages", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.fetch:
        fetch(FOLDER, SOURCES)
    with tempfile.TemporaryDirectory() as folder:
        measure = partial(measured, Path(folder), every=options.every, pages=options.pages)
        outcomes = anyio.run(measure)
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
    faulty = [each for each in outcomes if each.faults]
    if options.json:
        print(json.dumps([asdict(each) for each in outcomes], ensure_ascii=False, indent=1))
    else:
        told(outcomes)
        slowest = max(outcomes, key=lambda each: each.seconds)
        print(f"{len(outcomes)} opened, {len(faulty)} with a fault; most memory {most:.0f} MB", end="; ")
        print(f"slowest {slowest.seconds} s ({slowest.file})")
        for each in faulty:
            print(f"FAULT {each.file}: {'; '.join(each.faults)}")
    return 1 if faulty or most > MOST_MB else 0


if __name__ == "__main__":
    raise SystemExit(main())
