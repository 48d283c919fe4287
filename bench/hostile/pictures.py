"""Pictures, drawings, documents, files and addresses meant ill: shown, described, read out and asked about.

Each is shown as ``--image`` shows it, in one process. The bounds are of the issue: a picture or one of our
sentences, 300 MB above what there was before (the process that draws documents included), and so many seconds
of the processor. In what a model is asked of it nothing of the picture stands outside of a fence.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path

import anyio
from PIL import Image

from bench.hostile.seen.documents import every_document
from bench.hostile.seen.pictures import every_picture
from bench.hostile.seen.places import ANSWERS, NAMES, bad_server, odd_files, system_files
from bench.hostile.table import Options, Row, progress
from bench.pictures.bad_pictures import cut_off, disguised, sound
from config.errors import AloudError
from config.settings.model import VisionSettings
from pipeline.pictures.fence import read
from pipeline.pictures.read_aloud import read_out
from pipeline.session.shown_images import Shown, show_pictures
from tests.conversations.album import Album, SeeingLlm
from vision.describe.describe import describe
from vision.image_store import ImageStore
from vision.images.encode import encode
from vision.images.picture import ImageLimits, Picture
from vision.ocr.read import OcrResult, read_codes

MOST_S = 20.0
MOST_MB = 300
MANY = 500
SAYING = ("words", "code ", "says", "named", "noise")
ASKED = "What is this?"


@dataclass(frozen=True)
class Case:
    name: str
    place: Callable[[], str]
    """What a person names; a file is made when it is its turn."""
    made: bool = False


def run(options: Options) -> list[Row]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        rows: list[Row] = []
        described(Picture("an ordinary page", Image.new("RGB", (1700, 2400), "white")))
        # One at a time: all of them together would be gigabytes.
        cases = (case for case in all_cases(folder, stack) if options.only in case.name)
        for done, case in enumerate(islice(cases, options.most or None), 1):
            rows += worked(case)
            progress(done, MANY)
        return rows


def all_cases(folder: Path, stack: ExitStack) -> Iterator[Case]:
    for name in NAMES:
        yield made(f"named {name!a}"[:60], folder / name, sound("PNG"))
    for path in (*system_files(), *map(str, stack.enter_context(odd_files(folder)))):
        yield Case(f"place {path[-40:]!a}", partial(str, path))
    server = stack.enter_context(bad_server())
    for number, name in enumerate((*ANSWERS, "endless")):
        yield Case(f"server: {name}", partial(str, f"{server}/{number if name in ANSWERS else name}"))
    files = chain(
        every_picture(),
        every_document(),
        disguised(),
        *(cut_off(kind, sound(kind), 3) for kind in ("JPEG", "HEIF", "AVIF")),
    )
    for number, (name, data) in enumerate(files):
        yield made(name, folder / f"{number}.png", data)


def made(name: str, path: Path, data: bytes) -> Case:
    return Case(name, partial(written, path, data), made=True)


def written(path: Path, data: bytes) -> str:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return str(path)


def worked(case: Case) -> list[Row]:
    """A row for each job; where it cannot be shown there is only one."""
    store, pictures = ImageStore(), list[Picture]()
    place = case.place()
    jobs: list[tuple[str, Callable[[], str]]] = [
        ("show", lambda: show(place, store, pictures)),
        ("describe", lambda: " ".join(map(described, pictures[:2]))),
        ("read", lambda: " ".join(anyio.run(read_out, pictures[:2]).paragraphs)),
        ("ask", lambda: ask(pictures)),
    ]
    # To be read a picture is made small: what it was before makes no difference then.
    jobs = jobs if any(word in case.name for word in SAYING) else jobs[:2]
    rows = []
    try:
        for job, work in jobs:
            rows.append(row(case.name, job, work, store))
            if rows[-1].faults:
                print(rows[-1], file=sys.stderr, flush=True)
            if rows[-1].outcome != "done":
                break
    finally:
        store.close()
        if case.made:
            Path(place).unlink(missing_ok=True)
    return rows


def described(picture: Picture) -> str:
    """What is measured of it and said of its codes, and that it can be sent."""
    encode(picture, ImageLimits())
    return describe(picture, OcrResult((), read_codes(picture)))


def show(place: str, store: ImageStore, pictures: list[Picture]) -> str:
    settings = VisionSettings(private_addresses=True)
    anyio.run(lambda: show_pictures(store, [Shown("named", place)], settings, offline=False))
    pictures += store.all
    return ""


def ask(pictures: list[Picture]) -> str:
    """Of a model that sees and of one that does not; raises ``AssertionError`` for what left its fence."""
    from pipeline.llm.base import Capabilities

    for sees in (True, False):
        llm = SeeingLlm(always="Fine.")
        llm.capabilities = Capabilities(sees=sees)
        Album(llm).talk(*pictures[:2], ASKED)
        fences, said = read(llm.asked[-1][-1].text)
        assert (said, bool(fences)) == (ASKED, True), said[:200]
    return ""


def row(case: str, job: str, work: Callable[[], str], store: ImageStore) -> Row:
    outcome, sentence, status, faults = "done", "", None, list[str]()
    with Peak(store) as peak:
        began = spent()
        try:
            faults += unseen(work())
        except AloudError as error:
            outcome, sentence, status = "refused", str(error), error.status
            faults += unseen(sentence)
            faults += [] if error.failed.endswith(".") else ["no sentence"]
        except BaseException as error:
            outcome, sentence = "traceback", f"{type(error).__name__}: {error}"[:200]
            faults.append(sentence)
        seconds = spent() - began
    faults += [f"{seconds:.1f} s"] if seconds > MOST_S else []
    faults += [f"{peak.mb:.0f} MB"] if peak.mb > MOST_MB else []
    return Row(case, job, outcome, plain(sentence), status, seconds, peak.mb, tuple(faults))


def plain(sentence: str) -> str:
    """Without the names, so that the same sentences are counted together."""
    return " ".join(sentence.split())[-90:]


def unseen(text: str) -> list[str]:
    found = sorted(
        {f"{ord(c):#x}" for c in text if not c.isprintable() and c not in "\n\t\u200c\u200d\xa0\u200e\u200f"}
    )
    return [f"tells {', '.join(found)}"] if found else []


def spent() -> float:
    return sum(os.times()[:4])


class Peak:
    """The most memory above what there was before; of the process that draws a document all."""

    def __init__(self, store: ImageStore) -> None:
        self._store = store
        self._over = threading.Event()
        self._children = 0.0
        self.mb = 0.0

    def __enter__(self) -> Peak:
        Path("/proc/self/clear_refs").write_text("5")
        self._base = memory("self", "VmRSS")
        self._watch = threading.Thread(target=self._look)
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watch.join()
        self.mb = max(memory("self", "VmHWM") - self._base, self._children)

    def _look(self) -> None:
        while not self._over.wait(0.02):
            for task in Path("/proc/self/task").iterdir():
                for child in _read(task / "children").split():
                    self._children = max(self._children, memory(child, "VmHWM"))


def memory(process: str, what: str) -> float:
    """In MB; 0 of one that has ended."""
    for line in _read(Path(f"/proc/{process}/status")).splitlines():
        if line.startswith(what):
            return int(line.split()[1]) / 1000
    return 0.0


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError:
        return ""
