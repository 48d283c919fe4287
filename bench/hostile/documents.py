"""Documents meant ill, or only broken: each is opened as far as it goes, or refused with a sentence, in five
seconds of the processor and a gigabyte; nothing is fetched, written or followed.
"""

from __future__ import annotations

import io
import os
import random
import resource
import socket
import struct
import tempfile
import time
import traceback
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import anyio

from bench.hostile.table import Options, Row, progress
from config.errors import FileError
from pipeline.files.convert.read import read_content
from tests.pipeline.files.samples import (
    compound,
    docx,
    epub,
    opendocument,
    paragraph,
    pptx,
    relations,
    shape,
    xlsx,
    zipped,
)
from tests.vision.samples import pdf, words

MOST_S, MOST_MB = 5.5, 1000.0
Make = Callable[[Path], None]
"""Puts the file there."""


def run(options: Options) -> list[Row]:
    with socket.socket() as listener, tempfile.TemporaryDirectory() as name:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.setblocking(False)
        cases = [case for case in _cases(listener.getsockname()[1]) if options.only in case[0]]
        cases = cases[: options.most or None]
        rows = []
        for number, (case, file, make) in enumerate(cases):
            rows.append(_row(Path(name) / str(number), case, file, make, listener))
            progress(number + 1, len(cases))
        return rows


def _row(folder: Path, case: str, file: str, make: Make, listener: socket.socket) -> Row:
    folder.mkdir()
    make(folder / file)
    there = set(folder.parent.rglob("*"))
    before, outcome, sentence, faults = _worked(), "refused", "", []
    try:
        content = anyio.run(partial(read_content, folder / file))
        outcome = "opened" if content.elements else "nothing in it"
        sentence = ", ".join(left.reason for left in content.left_out)
        letters = sum(len(each.text) for each in content.elements)
        if letters > 25_000_000:
            faults.append(f"{letters} letters")
        if any("root:" in each.text for each in content.elements):
            faults.append("another file was read")
    except FileError as error:
        sentence = str(error)
    except Exception:
        faults.append(traceback.format_exc(limit=-2))
    seconds = _worked() - before
    if seconds > MOST_S:
        faults.append(f"{seconds:.1f} s")
    if set(folder.parent.rglob("*")) != there:
        faults.append("something was written")
    try:
        listener.accept()
        faults.append("something was fetched")
    except BlockingIOError:
        pass
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    theirs = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
    faults += [f"{theirs:.0f} MB"] if theirs > MOST_MB else []
    told = sentence.replace(file, "FILE")
    return Row(case, "document", outcome, told, None, seconds, max(memory, theirs), tuple(faults))


def _worked() -> float:
    theirs = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + theirs.ru_utime + theirs.ru_stime


def _holds(data: bytes) -> Make:
    return lambda path: path.write_bytes(data) and None


def _cases(port: int) -> Iterator[tuple[str, str, Make]]:
    for some in (_bombs, _xml(port), _shapes, _places, _broken, _texts):
        yield from some()


def _bombs() -> Iterator[tuple[str, str, Make]]:
    yield "zip_of_spaces", "a.docx", _holds(_deflated("word/document.xml", b" " * 1_000_000, 1000))
    text = b"<w:p><w:r><w:t>a b</w:t></w:r></w:p>" * 30_000
    yield (
        "zip_of_paragraphs",
        "a.docx",
        _holds(_deflated("word/document.xml", text, 200, b"<w:document><w:body>")),
    )
    yield "zip_of_slides", "a.pptx", _holds(pptx(*([shape("x")] * 6000)))
    yield "zip_of_names", "a.docx", _holds(zipped({f"word/{n}.xml": "" for n in range(60_000)}))
    rows = '<table:table-row table:number-rows-repeated="1048576">'
    rows += '<table:table-cell table:number-columns-repeated="16384">'
    rows += "<text:p>x</text:p></table:table-cell></table:table-row>"
    yield (
        "sheet_repeated",
        "a.ods",
        _holds(opendocument("spreadsheet", f'<table:table table:name="a">{rows}' * 9)),
    )
    yield "sheet_far", "a.xlsx", _holds(xlsx(("a", [["x"]]), far="XFD1048576"))
    yield (
        "spaces_repeated",
        "a.odt",
        _holds(opendocument("text", '<text:p><text:s text:c="2000000000"/>x</text:p>' * 1000)),
    )
    yield "book_of_spaces", "a.epub", _holds(epub(*["<p>" + " " * 3_000_000 + "</p>"] * 100))
    yield "gzip", "a.txt.gz", _holds(zlib.compress(b"x" * 10_000_000))
    yield "pdf_of_pages", "a.pdf", _holds(pdf([words("x")] * 5_000))
    yield "pdf_that_counts_too_many", "a.pdf", _holds(pdf([words("x")], count=2_000_000_000))


def _deflated(part: str, piece: bytes, times: int, before: bytes = b"") -> bytes:
    """A zip whose part unpacks to ``times`` the piece, made without holding that."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", "")
        with archive.open(part, "w", force_zip64=True) as inside:
            inside.write(before)
            for _ in range(times):
                inside.write(piece)
    return file.getvalue()


def _xml(port: int) -> Callable[[], Iterator[tuple[str, str, Make]]]:
    def cases() -> Iterator[tuple[str, str, Make]]:
        laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
        away = f"http://127.0.0.1:{port}/x"
        for name, subset in (
            ("laughs", f'[<!ENTITY l0 "ha">{laughs}]'),
            ("quadratic", f'[<!ENTITY l11 "{"x" * 100_000}">]'),
            ("entity_file", '[<!ENTITY l11 SYSTEM "file:///etc/passwd">]'),
            ("entity_away", f'[<!ENTITY l11 SYSTEM "{away}">]'),
            ("parameter_away", f'[<!ENTITY % a SYSTEM "{away}"> %a;]'),
            ("dtd_away", f'SYSTEM "{away}"'),
        ):
            body = f"<!DOCTYPE x {subset}><x><w:p><w:r><w:t>{'&l11;' * 1000}</w:t></w:r></w:p></x>"
            yield (
                f"word_{name}",
                "a.docx",
                _holds(zipped({"[Content_Types].xml": "", "word/document.xml": body})),
            )
            yield f"text_{name}", "a.odt", _holds(zipped({"mimetype": _ODT, "content.xml": body}))
            html = f"<!DOCTYPE html {subset}><p>{'&l11;' * 100}</p>"
            yield f"page_{name}", "a.html", _holds(html.encode())
            yield f"book_{name}", "a.epub", _holds(epub(f"<p>{subset}</p>").replace(b"b.opf", b"b.opf"))
            yield (
                f"fiction_{name}",
                "a.fb2",
                _holds(
                    f"<?xml version='1.0'?><!DOCTYPE FictionBook {subset}><FictionBook><body>"
                    "<p>&l11;</p></body></FictionBook>".encode()
                ),
            )
        link = f'<img src="{away}"><link rel="stylesheet" href="{away}"><iframe src="{away}"></iframe>text'
        yield "page_that_names_others", "a.html", _holds(f"<html>{link}".encode())
        yield "book_that_names_others", "a.epub", _holds(epub(f"<p>{link.replace('>', '/>', 2)}</p>"))
        outside = relations(("rId1", "image", away)).replace("/>", ' TargetMode="External"/>')
        parts = {
            "[Content_Types].xml": "",
            "word/document.xml": "<x/>",
            "word/_rels/document.xml.rels": outside,
        }
        yield "word_that_names_others", "a.docx", _holds(zipped(parts))
        yield (
            "mail_that_names_others",
            "a.eml",
            _holds(f"From: a\nContent-Type: text/html\n\n{link}".encode()),
        )
        yield (
            "rich_that_names_others",
            "a.rtf",
            _holds(rf'{{\rtf1 {{\field{{\*\fldinst INCLUDEPICTURE "{away}"}}}} text}}'.encode()),
        )

    return cases


_ODT = "application/vnd.oasis.opendocument.text"


def _shapes() -> Iterator[tuple[str, str, Make]]:
    deep = 100_000
    for name, file, data in (
        ("deep_word", "a.docx", docx("<w:tbl><w:tr><w:tc>" * deep)),
        ("deep_text", "a.odt", opendocument("text", "<text:section>" * deep)),
        ("deep_page", "a.html", b"<html>" + b"<div>" * deep + b"x"),
        ("deep_hidden", "a.html", b"<html>" + b"<svg>" * deep + b"x"),
        ("deep_json", "a.json", b"[" * deep),
        ("deep_json_objects", "a.json", b'{"a":' * deep),
        ("deep_mail", "a.eml", b"From: a\n" + _nested(3000)),
        ("deep_rich", "a.rtf", rb"{\rtf1 " + b"{" * deep + b"x"),
        ("deep_book", "a.epub", epub("<div>" * 5000)),
        ("deep_markdown", "a.md", b">" * deep + b" x"),
        ("many_headers", "a.eml", b"From: a\n" + b"X: y\n" * 300_000 + b"\ntext"),
        ("long_header", "a.eml", b"From: a\nTo: " + b"<a@b>, " * 100_000 + b"\n\ntext"),
        ("encoded_header", "a.eml", b"From: a\nSubject: " + b"=?utf-8?q?x?= " * 50_000 + b"\n\ntext"),
        ("many_fields", "a.csv", b"a," * 5_000_000),
        ("open_quote", "a.csv", b'"' + b"a\n" * 5_000_000),
        ("long_line", "a.py", b"x = " + b"1+" * 10_000_000),
        ("long_line_of_signs", "a.md", b"*_" * 5_000_000),
        ("open_tags", "a.html", b"<html>" + b"<a <" * 1_000_000),
        ("open_comments", "a.html", b"<html>" + b"<!-" * 1_000_000),
        ("open_declarations", "a.html", b"<html>" + b"<![" * 300_000),
        ("long_attribute", "a.html", b"<html><p a='" + b"x" * 10_000_000),
        ("many_entities", "a.html", b"<html>" + b"&amp" * 2_000_000),
    ):
        yield name, file, _holds(data)


def _nested(depth: int) -> bytes:
    head = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (each, each) for each in range(depth)
    )
    return head + b"Content-Type: text/plain\n\nx\n"


def _places() -> Iterator[tuple[str, str, Make]]:
    for name, target in (
        ("up", "../../../../etc/passwd"),
        ("root", "/etc/passwd"),
        ("dots", "....//etc/passwd"),
    ):
        parts = {"[Content_Types].xml": "", "_rels/.rels": relations(("rId1", "officeDocument", target))}
        yield f"word_{name}", "a.docx", _holds(zipped({**parts, "word/x.xml": "", target: "<x/>"}))
    yield "link_to_passwords", "a.txt", lambda path: path.symlink_to("/etc/passwd")
    yield "link_in_a_circle", "a.txt", lambda path: path.symlink_to(path)
    yield "pipe", "a.txt", lambda path: os.mkfifo(path)
    yield "socket", "a.txt", _socket
    yield "folder", "a.docx", lambda path: path.mkdir()
    yield "empty", "a.docx", _holds(b"")
    yield "nothing", "a.docx", lambda path: None
    yield "may_not_be_read", "a.docx", lambda path: path.write_bytes(b"x") and path.chmod(0)
    yield "sparse", "a.docx", lambda path: _sparse(path, 10**11)
    yield "sparse_text", "a.txt", lambda path: _sparse(path, 10**11)
    yield "name_that_steers", "\x1b[2J\u202etxt.docx", _holds(b"\0")


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.path.relpath(path))


def _sparse(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.truncate(size)


def _broken() -> Iterator[tuple[str, str, Make]]:
    """Each kind cut, with letters changed, and under another name."""
    whole = {
        "a.docx": docx(paragraph("x") * 50),
        "a.pptx": pptx(shape("x|y"), shape("z", "title")),
        "a.odt": opendocument("text", "<text:p>x</text:p>" * 50),
        "a.epub": epub("<h1>x</h1><p>y</p>"),
        "a.xlsx": xlsx(("a", [["x", 1.5]])),
        "a.pdf": pdf([words("x", "y")]),
        "a.doc": compound("WordDocument", "1Table", beginnings={"WordDocument": b"\xec\xa5\xc1\0"}),
        "a.ppt": compound("PowerPoint Document", "Current User"),
        "a.xls": compound("Workbook"),
        "a.msg": compound("__substg1.0_001A001F", "__properties_version1.0"),
        "a.parquet": b"PAR1" + b"\x15\x04" * 100 + struct.pack("<L", 100) + b"PAR1",
        "a.rtf": rb"{\rtf1\ansi x\par y}",
    }
    chance = random.Random(7)
    for file, data in whole.items():
        yield f"cut_{file}", file, _holds(data[: len(data) * 2 // 3])
        yield f"begun_{file}", file, _holds(data[:40])
        yield f"renamed_{file}", "a.txt", _holds(data)
        for time_ in range(4):
            changed = bytearray(data)
            for _ in range(20):
                changed[chance.randrange(16, len(changed))] = chance.randrange(256)
            yield f"changed_{file}_{time_}", file, _holds(bytes(changed))


def _texts() -> Iterator[tuple[str, str, Make]]:
    for name, data in (
        ("one_line", b"word " * 20_000_000),
        ("nuls", b"text\0" * 1000),
        ("nuls_late", b"text " * 20_000 + b"\0" * 1000 + b" end"),
        ("noise", random.Random(3).randbytes(1_000_000)),
        ("half_letters", "\ud83d".encode("utf-8", "surrogatepass") * 1000),
        ("cut_letter", "é".encode()[:1]),
        ("utf_7", b"+ADw-script+AD4-"),
        ("utf_16_odd", "text".encode("utf-16") + b"x"),
        ("utf_32_wrong", b"\xff\xfe\0\0" + b"\xff" * 99),
        ("steering", b"\x1b]0;x\x07\x1b[2Jtext" * 100),
        ("backwards", "\u202etext\u2066".encode() * 100),
        ("only_ends", b"\r" * 10_000_000),
        ("separators", "a\u2028b\x0bc\x0cd\x85".encode() * 1000),
    ):
        yield name, "a.txt", _holds(data)
