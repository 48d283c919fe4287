"""A PDF's pages, its own text first; and what a bad one may and may not do."""

from __future__ import annotations

import resource
import signal
import threading
from pathlib import Path

import numpy as np
import pytest

from config.errors import PictureError
from pipeline.pictures.prepare import reading_of
from tests.vision.samples import pdf, pdf_of, words
from vision.image_store import ImageStore
from vision.sources import pdf as documents
from vision.sources.pdf import Document, in_order, open_document


def test_each_page_is_a_picture_with_the_text_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(pdf([words("Dear Ann,", "the boiler is fixed."), words("Yours,", "Tom")]))
    with open_document(path) as letter:
        first, second = letter.page(1), letter.page(2)
        assert (letter.name, letter.pages) == ("letter.pdf", 2)
        assert (first.source, first.page, first.pages) == ("page 1 of 2 of letter.pdf", 1, 2)
        assert first.text.split() == ["Dear", "Ann,", "the", "boiler", "is", "fixed."]
        assert second.text.split() == ["Yours,", "Tom"]
        assert first.image.size == first.was == (1653, 2339)
        assert np.asarray(first.image.convert("L")).min() < 60
        assert letter.page(1) is first
        with pytest.raises(PictureError, match="has 2 pages; there is no page 3"):
            letter.page(3)
    assert reading_of(first).lines[0].text == "Dear Ann,"


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_page_that_is_turned_keeps_its_order(turned: int) -> None:
    with open_document(pdf([words("One", "Two", "Three")], turned=turned), "turned") as document:
        page = document.page(1)
    assert (page.image.width > page.image.height) == (turned != 180)
    assert sorted(page.text.split()) == ["One", "Three", "Two"]


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [f"left column number {i}" for i in range(8)]
    right = [f"right column number {i}" for i in range(8)]
    pairs = enumerate(zip(left, right, strict=True))
    rows = [f"{words(a, at=(50, 760 - 24 * i))} {words(b, at=(320, 760 - 24 * i))}" for i, (a, b) in pairs]
    with open_document(pdf([" ".join(rows)])) as document:
        assert document.page(1).text.split("\n") == [*left, "", *right]


def test_a_scanned_page_has_no_text_and_letters_without_meaning_are_none() -> None:
    with open_document(pdf(["0.5 g 100 100 200 200 re f"]), "scan") as scan:
        assert scan.page(1).text == ""
        assert scan.page(1).source == "scan"
    assert in_order([(0, 0, 10, 10, "\ue000\ue001\ue002 a")]) == ""


def test_what_was_filled_in_is_on_the_page() -> None:
    field = (
        "/Annots [<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Ann) /Rect [100 100 300 140] /AP << "
        "/N 6 0 R >> >>]"
    )
    page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R {field} >>"
    look = (
        "<< /Type /XObject /Subtype /Form /BBox [0 0 200 40] /Length 20 >>\nstream\n0 g 0 0 200 40 re f  \n"
    )
    bodies = [
        "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [] >> >>",
        "<< /Type /Pages /Kids [4 0 R] /Count 1 >>", "null", page,
        "<< /Length 0 >>\nstream\n\nendstream", f"{look}endstream",
    ]  # fmt: skip
    with open_document(pdf_of(bodies)) as form:
        assert np.asarray(form.page(1).image.convert("L")).min() < 40


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7\nnothing follows", "damaged"),
        (pdf([words("x")])[:300], "damaged"),
        (b"GIF89a", "not a PDF"),
    ],
)
def test_a_damaged_document_is_refused_in_a_sentence(data: bytes, words: str) -> None:
    with pytest.raises(PictureError, match=f"^bad.pdf is .*{words}"):
        open_document(data, "bad.pdf")


def test_a_page_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten thousand fills of the whole page with a pattern: minutes of work in a few kilobytes."""
    monkeypatch.setattr(documents, "ANSWER_S", 0.5)
    endless = pdf([" ".join(["q 0.999 0 0 1 0 0 cm 0.5 g 0 0 595 842 re f* Q"] * 200_000)])
    began = _work_of_ended_children()
    with open_document(endless, "endless.pdf") as document:
        with pytest.raises(PictureError, match="takes too long to draw"):
            document.page(1)
        with pytest.raises(PictureError):
            document.page(1)
    assert _work_of_ended_children() - began < 3


def _work_of_ended_children() -> float:
    """Seconds of the processor's time."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def test_a_page_is_whole_however_long_the_machine_does_something_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(documents, "ANSWER_S", 1.0)
    with open_document(pdf([words("Dear Ann,")]), "letter.pdf") as letter:
        go_on = _stopped(letter, 1.5)
        assert letter.page(1).text == "Dear Ann,"
        go_on.join()


def test_a_process_that_does_nothing_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    with open_document(pdf([words("Dear Ann,")]), "letter.pdf") as letter:
        monkeypatch.setattr(documents, "FAR_S", 0.3)
        go_on = _stopped(letter, 600)
        with pytest.raises(PictureError, match="takes too long to draw"):
            letter.page(1)
        go_on.cancel()


def _stopped(document: Document, seconds: float) -> threading.Timer:
    """Its process gets nothing of the processor for so long."""
    process = document._process
    process.send_signal(signal.SIGSTOP)
    go_on = threading.Timer(seconds, process.send_signal, (signal.SIGCONT,))
    go_on.start()
    return go_on


def test_eyes_keep_one_document_and_the_page_that_is_shown() -> None:
    image_store = ImageStore()
    one, two = (open_document(pdf([words(name), words("more")]), name) for name in ("one", "two"))
    image_store.open(one)
    image_store.show(one.page(2))
    assert (image_store.document, image_store.page) == (one, 2)
    image_store.open(two)
    assert (image_store.document, image_store.page) == (two, 0)
    with pytest.raises(PictureError):
        one.page(1)
    image_store.close()
    assert image_store.document is None
