"""Small documents, made as the programs make them that write such files, part by part."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping

from config.runtime.clean import clean
from pipeline.files.base import FileContent
from pipeline.files.convert.elements import Collected
from pipeline.files.convert.registry import format_of, known_formats
from pipeline.files.formats.shared.format import RefusedError
from pipeline.files.formats.shared.look import looked_at

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
P = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0" '
    'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            stored = zipfile.ZIP_STORED if name == "mimetype" else None
            archive.writestr(name, part, compress_type=stored)
    return file.getvalue()


def relations(*leads: tuple[str, str, str]) -> str:
    told = "".join(f'<Relationship Id="{i}" Type="{_REL}/{kind}" Target="{to}"/>' for i, kind, to in leads)
    return f'<Relationships xmlns="package">{told}</Relationships>'


def docx(body: str, *, styles: str = "", more: Mapping[str, str] | None = None, app: str = "") -> bytes:
    """``more``: footnotes, comments, header1 and so on by their names, without ``word/`` and ``.xml``."""
    more = more or {}
    leads = [(f"rId{n}", name.rstrip("123"), f"{name}.xml") for n, name in enumerate(["styles", *more], 1)]
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": relations(
                ("rId1", "officeDocument", "word/document.xml"),
                ("rId2", "extended-properties", "docProps/app.xml"),
            ),
            "docProps/app.xml": f"<Properties>{app}</Properties>",
            "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
            "word/_rels/document.xml.rels": relations(*leads),
            "word/styles.xml": f"<w:styles {W}>{styles}</w:styles>",
            **{f"word/{name}.xml": f"<w:part {W}>{part}</w:part>" for name, part in more.items()},
        }
    )


def paragraph(text: str, style: str = "") -> str:
    told = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{told}<w:r><w:t>{text}</w:t></w:r></w:p>"


def pptx(*slides: str, notes: Mapping[int, str] | None = None) -> bytes:
    """``slides`` are their shapes; the files are numbered backwards, since their order is told elsewhere."""
    notes = notes or {}
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(("rId1", "officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": f"<p:presentation {P}><p:sldIdLst>"
        + "".join(f'<p:sldId id="{255 + n}" r:id="rId{n}"/>' for n in range(1, len(slides) + 1))
        + "</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": relations(
            *((f"rId{n}", "slide", f"slides/slide{90 - n}.xml") for n in range(1, len(slides) + 1))
        ),
    }
    for n, shapes in enumerate(slides, 1):
        parts[f"ppt/slides/slide{90 - n}.xml"] = f"<p:sld {P}><p:spTree>{shapes}</p:spTree></p:sld>"
        if n in notes:
            parts[f"ppt/slides/_rels/slide{90 - n}.xml.rels"] = relations(
                ("rId1", "notesSlide", "../notesSlides/n.xml")
            )
            parts["ppt/notesSlides/n.xml"] = (
                f"<p:notes {P}>{shape(notes[n], 'body')}{shape('7', 'sldNum')}</p:notes>"
            )
    return zipped(parts)


def shape(text: str, kind: str = "") -> str:
    told = f'<p:nvPr><p:ph type="{kind}"/></p:nvPr>' if kind else ""
    lines = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in text.split("|"))
    return f"<p:sp>{told}<p:txBody>{lines}</p:txBody></p:sp>"


def opendocument(kind: str, body: str, *, meta: str = "", manifest: str = "") -> bytes:
    return zipped(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": f"<office:document {ODF}><office:body><office:{kind}>{body}"
            f"</office:{kind}></office:body>"
            "</office:document>",
            "meta.xml": f"<office:document-meta {ODF}>{meta}</office:document-meta>",
            "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>",
        }
    )


def epub(*chapters: str) -> bytes:
    items = "".join(
        f'<item id="c{n}" href="c{n}.xhtml" media-type="application/xhtml+xml"/>'
        for n in range(len(chapters))
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    page = '<html xmlns="http://www.w3.org/1999/xhtml"><body>{}</body></html>'
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
            '<rootfiles><rootfile full-path="b.opf" media-type="application/oebps-package+xml"/></rootfiles>'
            "</container>",
            "b.opf": '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A book</dc:title></metadata>'
            f"<manifest>{items}</manifest><spine>{spine}</spine></package>",
            **{f"c{n}.xhtml": page.format(chapter) for n, chapter in enumerate(chapters)},
        }
    )


def xlsx(*sheets: tuple[str, list[list[str | float]]], far: str = "") -> bytes:
    """``far``: a cell far away, by its name."""

    def cell(value: str | float) -> str:
        if isinstance(value, str):
            return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
        return f"<c><v>{value}</v></c>"

    def sheet(rows: list[list[str | float]]) -> str:
        told = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
        end = f'<row r="1048576"><c r="{far}"><v>1</v></c></row>' if far else ""
        return f'<worksheet xmlns="{_MAIN}"><sheetData>{told}{end}</sheetData></worksheet>'

    names = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, (name, _) in enumerate(sheets, 1)
    )
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>{names}'
            "</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": relations(
                *((f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1))
            ),
            **{f"xl/worksheets/sheet{n}.xml": sheet(rows) for n, (_, rows) in enumerate(sheets, 1)},
        }
    )


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def compound(*names: str, beginnings: Mapping[str, bytes] | None = None) -> bytes:
    """A compound file (old Office) of streams with these names, each of 4,096 bytes."""
    beginnings = beginnings or {}
    streams = ["Root Entry", *names]
    first = 2
    directory = b""
    for n, name in enumerate(streams):
        wide = f"{name}\0".encode("utf-16-le")
        kind, start = (5, 0xFFFFFFFE) if not n else (2, first + 8 * (n - 1))
        entry = wide.ljust(64, b"\0") + struct.pack("<HBB", len(wide), kind, 1) + b"\xff" * 12 + b"\0" * 36
        directory += entry + struct.pack("<LLL", start, 4096 if n else 0, 0)
    directory = directory.ljust(512, b"\0")
    follows = [0xFFFFFFFD, 0xFFFFFFFE]
    for n in range(len(names)):
        begin = first + 8 * n
        follows += [*range(begin + 1, begin + 8), 0xFFFFFFFE]
    table = struct.pack(f"<{len(follows)}L", *follows).ljust(512, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(24, b"\0") + struct.pack(
        "<HHHHH", 0x3E, 3, 0xFFFE, 9, 6
    )
    header = (
        header.ljust(44, b"\0")
        + struct.pack("<LL", 1, 1)
        + struct.pack("<LLLLLLL", 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    )
    header = header[:76] + struct.pack("<L", 0) + b"\xff" * 432
    return (
        header + table + directory + b"".join(beginnings.get(name, b"").ljust(4096, b"\0") for name in names)
    )


def read_here(data: bytes, name: str) -> FileContent | str:
    """What is in it, read in this process; why not, where it was refused; ``unknown``."""
    file = io.BytesIO(data)
    look = looked_at(file, f".{name.rpartition('.')[2]}")
    if (found := format_of(look)) is None:
        return "unknown"
    format = known_formats()[found]
    collected = Collected(clean(name), format.kind)
    try:
        for piece in format.read(file, look):
            collected.add(piece)
    except RefusedError as error:
        return error.why
    return collected.content("whole")
