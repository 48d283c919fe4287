"""A sentence put into a copy of a document, as the last of its text, by editing the parts of the file."""

from __future__ import annotations

import ctypes
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

SENTENCE = "The blue heron waits by the northern gate."
Edit = Callable[[bytes], bytes | None]
"""None: there is no place for it."""


def planted(path: Path) -> bytes | None:
    """The copy; None, where the kind of file is not edited here."""
    data = path.read_bytes()
    edit = _EDITS.get(path.suffix.lower())
    try:
        return edit(data) if edit else None
    except (KeyError, ValueError, zipfile.BadZipFile):
        return None


def _in_part(pattern: str, end: str, text: str) -> Edit:
    """Before the last ``end`` of the last part whose name fits."""

    def edit(data: bytes) -> bytes | None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        fitting = sorted(
            (n for n in parts if re.fullmatch(pattern, n) and end.encode() in parts[n]), key=_number
        )
        if not fitting:
            return None
        before, found, after = parts[fitting[-1]].rpartition(end.encode())
        parts[fitting[-1]] = before + text.encode() + found + after
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in parts.items():
                stored = zipfile.ZIP_STORED if name == "mimetype" else None
                archive.writestr(name, part, compress_type=stored)
        return file.getvalue()

    return edit


def _number(name: str) -> tuple[int, str]:
    found = re.findall(r"\d+", name)
    return int(found[-1]) if found else 0, name


def _before(end: bytes) -> Edit:
    def edit(data: bytes) -> bytes | None:
        before, found, after = data.rpartition(end)
        return before + f"<p>{SENTENCE}</p>".encode() + found + after if found else None

    return edit


def _last_line(data: bytes) -> bytes:
    return data.rstrip() + f"\n\n{SENTENCE}\n".encode()


def _mail(data: bytes) -> bytes | None:
    """Of one part and as it is written."""
    plain = b"multipart/" not in data and b"base64" not in data and b"text/html" not in data
    return _last_line(data) if plain else None


def _rich(data: bytes) -> bytes | None:
    before, found, after = data.rpartition(b"}")
    return before + rf"\par {SENTENCE}\par".encode() + found + after if found else None


def _pdf(data: bytes) -> bytes | None:
    """On a page of its own at the end."""
    import pypdfium2
    from pypdfium2 import raw

    document = pypdfium2.PdfDocument(data)
    page = document.new_page(595, 842)
    line = raw.FPDFPageObj_NewTextObj(document, b"Helvetica", 12.0)
    letters = (SENTENCE + "\0").encode("utf-16-le")
    raw.FPDFText_SetText(
        line, ctypes.cast(ctypes.create_string_buffer(letters), ctypes.POINTER(ctypes.c_ushort))
    )
    raw.FPDFPageObj_Transform(line, 1, 0, 0, 1, 72, 700)
    raw.FPDFPage_InsertObject(page, line)
    page.gen_content()
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


_WORD = f"<w:p><w:r><w:t>{SENTENCE}</w:t></w:r></w:p>"
_SHAPE = f"<p:sp><p:txBody><a:p><a:r><a:t>{SENTENCE}</a:t></a:r></a:p></p:txBody></p:sp>"
_ODF = f"<text:p>{SENTENCE}</text:p>"
_CELLS = f"<table:table-row><table:table-cell>{_ODF}</table:table-cell></table:table-row>"
_ROW = f'<row r="900"><c r="A900" t="inlineStr"><is><t>{SENTENCE}</t></is></c></row>'
_EDITS: dict[str, Edit] = {
    ".docx": _in_part(r"word/document\.xml", "</w:body>", _WORD),
    ".pptx": _in_part(r"ppt/slides/slide\d+\.xml", "</p:spTree>", _SHAPE),
    ".odt": _in_part(r"content\.xml", "</office:text>", _ODF),
    ".odp": _in_part(
        r"content\.xml", "</draw:page>", f"<draw:frame><draw:text-box>{_ODF}</draw:text-box></draw:frame>"
    ),
    ".ods": _in_part(r"content\.xml", "</table:table>", _CELLS),
    ".epub": _in_part(r".*c?\d*\.xhtml|.*\.html", "</body>", f"<p>{SENTENCE}</p>"),
    ".xlsx": _in_part(r"xl/worksheets/sheet\d*\.xml", "</sheetData>", _ROW),
    ".html": _before(b"</body>"),
    ".htm": _before(b"</body>"),
    ".rtf": _rich,
    ".pdf": _pdf,
    "": _mail,
    ".eml": _mail,
    **dict.fromkeys((".txt", ".md", ".rst", ".py", ".csv", ".tsv", ".jsonl"), _last_line),
}
