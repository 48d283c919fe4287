"""What is got out of files of each kind: elements, their places, and what stands beside the text."""

from __future__ import annotations

import io
import json

from pipeline.files.base import FileContent
from pipeline.files.convert.registry import format_of
from pipeline.files.formats.shared.encodings import decoded, is_text
from pipeline.files.formats.shared.look import looked_at
from tests.pipeline.files.samples import (
    compound,
    docx,
    epub,
    opendocument,
    paragraph,
    pptx,
    read_here,
    shape,
    xlsx,
    zipped,
)
from tests.tables import for_each
from tests.vision.samples import pdf_of

Told = list[tuple[object, ...]]
HEADING = (
    '<w:style w:styleId="H1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="H2"><w:name w:val="Heading 2"/></w:style>'
)
MINE = '<w:style w:styleId="Mine"><w:name w:val="Mine"/><w:basedOn w:val="H2"/></w:style>'
PAGE = "<w:r><w:lastRenderedPageBreak/></w:r>"


def content(data: bytes, name: str) -> FileContent:
    read = read_here(data, name)
    assert isinstance(read, FileContent), read
    return read


def told(data: bytes, name: str) -> Told:
    """Of each element its text, page, line, level and what it stands under."""
    return [
        (each.text, each.place.page, each.place.line, each.level, *each.place.headings)
        for each in content(data, name).elements
    ]


def texts(data: bytes, name: str) -> list[str]:
    return [str(each.text) for each in content(data, name).elements]


# --- Word ------------------------------------------------------------------------------------------------


def test_word_has_headings_by_style_however_it_is_called_and_inherited() -> None:
    body = (
        paragraph("One", "H1")
        + paragraph("a")
        + paragraph("Deep", "Mine")
        + paragraph("b")
        + paragraph("Two", "H1")
    )
    assert told(docx(body, styles=HEADING + MINE), "a.docx") == [
        ("One", 0, 0, 1),
        ("a", 0, 0, 0, "One"),
        ("Deep", 0, 0, 2, "One"),
        ("b", 0, 0, 0, "One", "Deep"),
        ("Two", 0, 0, 1),
    ]


@for_each(
    ("body", "app", "pages"),
    [
        (f"{paragraph('a')}<w:p>{PAGE}<w:r><w:t>b</w:t></w:r></w:p>", "", [1, 2]),  # as it was printed
        (  # an own break, which the mark behind it tells again
            f'{paragraph("a")}<w:p><w:r><w:br w:type="page"/></w:r>{PAGE}<w:r><w:t>b</w:t></w:r></w:p>',
            "",
            [1, 2],
        ),
        (f"<w:p><w:r><w:t>a</w:t></w:r>{PAGE}<w:r><w:t>b</w:t></w:r></w:p>", "", [1, 2]),  # amid a paragraph
        (  # the section ends, and with it the page
            "<w:p><w:pPr><w:sectPr/></w:pPr><w:r><w:t>a</w:t></w:r></w:p>"
            f"<w:p>{PAGE}<w:r><w:t>b</w:t></w:r></w:p>",
            "",
            [1, 2],
        ),
        (paragraph("abc"), "<Pages>1</Pages><Characters>3</Characters>", [1]),
        (paragraph("abc"), "<Pages>1</Pages><Characters>900</Characters>", [0]),  # it counted another text
        (paragraph("abc"), "<Pages>9</Pages><Characters>3</Characters>", [0]),  # breaks that are not told
        (f'{paragraph("a")}<w:p><w:r><w:br w:type="page"/></w:r></w:p>{paragraph("b")}', "", [0, 0]),
    ],
)
def test_word_has_the_pages_that_it_knows_and_no_others(body: str, app: str, pages: list[int]) -> None:
    assert [each.place.page for each in content(docx(body, app=app), "a.docx").elements] == pages


def test_word_leaves_out_what_is_not_seen_and_tells_apart_what_stands_beside_the_text() -> None:
    body = (
        "<w:p><w:r><w:t>seen</w:t></w:r><w:del><w:r><w:t>deleted</w:t></w:r></w:del><w:moveFrom>"
        "<w:r><w:t>gone</w:t>"
        "</w:r></w:moveFrom><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:ins><w:r>"
        "<w:t xml:space='preserve'>"
        " new</w:t></w:r></w:ins><w:r><w:footnoteReference w:id='2'/></w:r><w:r><w:instrText>PAGE"
        "</w:instrText></w:r></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Year</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Sum"
        "</w:t></w:r></w:p>"
        "</w:tc></w:tr></w:tbl>"
    )
    more = {
        "footnotes": "<w:footnote w:id='0' w:type='separator'><w:p/></w:footnote><w:footnote w:id='2'>"
        + paragraph("a note")
        + "</w:footnote>",
        "comments": f"<w:comment w:id='1' w:author='Ann'>{paragraph('why?')}</w:comment>",
        "header1": paragraph("ACME") + paragraph("12"),
    }
    told = [(str(each.text), each.aside) for each in content(docx(body, more=more), "a.docx").elements]
    assert told == [
        ("seen new[1]", ""),
        ("Year; Sum", ""),
        ("[1] a note", "note"),
        ("Ann: why?", "comment"),
        ("ACME", "header"),
    ]


def test_a_table_that_only_places_things_is_read_as_what_is_in_it() -> None:
    def cell(*paragraphs: str) -> str:
        return f"<w:tc>{''.join(paragraphs)}</w:tc>"

    sides = cell(paragraph("Skills", "H1"), paragraph("a")) + cell(paragraph("b"))
    body = f"<w:tbl><w:tr>{sides}</w:tr><w:tr>{cell(paragraph('c'))}{cell(paragraph('d'))}</w:tr></w:tbl>"
    assert told(docx(body, styles=HEADING), "a.docx") == [
        ("Skills", 0, 0, 1),
        *[("a", 0, 0, 0, "Skills"), ("b", 0, 0, 0, "Skills"), ("c; d", 0, 0, 0, "Skills")],
    ]
    inner = f"<w:tbl><w:tr>{cell(paragraph('x'))}{cell(paragraph('y'))}</w:tr></w:tbl>"
    nested = f"<w:tbl><w:tr>{cell(paragraph('a'), inner)}{cell(paragraph('b'))}</w:tr></w:tbl>"
    assert texts(docx(nested), "a.docx") == ["a x; y; b"]


# --- slides and OpenDocument -----------------------------------------------------------------------------


def test_slides_are_pages_in_the_order_in_which_they_are_shown() -> None:
    slides = pptx(
        shape("First line|second") + shape("A title", "ctrTitle") + shape("3", "sldNum"),
        shape("", "title"),
        shape("Third", "title") + shape("more"),
        notes={1: "say hello"},
    )
    read = content(slides, "talk.pptx")
    assert (read.kind, read.pages) == ("slides", 3)
    assert [(str(each.text), each.place.page, each.level, each.aside) for each in read.elements] == [
        ("A title", 1, 1, ""),
        ("First line", 1, 0, ""),
        ("second", 1, 0, ""),
        ("say hello", 1, 0, "note"),
        ("Third", 3, 1, ""),
        ("more", 3, 0, ""),
    ]
    assert read.elements[3].place.headings == ("A title",)


def test_opendocument_texts_slides_and_sheets() -> None:
    body = (
        "<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>"
        '<text:h text:outline-level="2">Costs'
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>aside</text:p></text:note-body>"
        "</text:note></text:h>"
        "<text:p>x<office:annotation><dc:creator>Ann</dc:creator><dc:date>2024-01-01</dc:date><text:p>why?</text:p>"
        "<text:p>how?</text:p></office:annotation>y</text:p>"
        '<text:p>a<text:s text:c="3"/>b<text:tab/>c<text:line-break/>d</text:p>'
        "<text:soft-page-break/><text:p>last</text:p>"
    )
    meta = '<dc:title>Report</dc:title><meta:document-statistic meta:page-count="2"/>'
    text = content(opendocument("text", body, meta=meta), "a.odt")
    assert (text.kind, text.title, text.pages) == ("document", "Report", 2)
    assert [(str(each.text), each.place.page, each.level, each.aside) for each in text.elements] == [
        ("[1] aside", 1, 0, "note"),
        ("Costs[1]", 1, 2, ""),
        *[("Ann: why?", 1, 0, "comment"), ("how?", 1, 0, "comment"), ("xy", 1, 0, "")],
        ("a   b\tc\nd", 1, 0, ""),
        ("last", 2, 0, ""),
    ]
    slide = (
        '<draw:page><draw:frame presentation:class="title"><text:p>Hello</text:p></draw:frame>'
        "<draw:frame><text:p>one"
        "</text:p></draw:frame><presentation:notes><text:p>smile</text:p></presentation:notes></draw:page>"
    )
    assert told(opendocument("presentation", slide + "<draw:page/>" + slide), "a.odp") == [
        *[("Hello", 1, 0, 1), ("one", 1, 0, 0, "Hello"), ("smile", 1, 0, 0, "Hello")],
        *[("Hello", 3, 0, 1), ("one", 3, 0, 0, "Hello"), ("smile", 3, 0, 0, "Hello")],
    ]
    cell = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>".format
    sheet = (
        f'<table:table table:name="Money"><table:table-row>{cell("", "Ann")}{cell("", "12")}'
        '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="5"><table:table-cell/></table:table-row>'
        f"<table:table-row>{cell(' table:number-columns-repeated=' + chr(34) + '2' + chr(34), 'x')}"
        f"</table:table-row>"
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell/></table:table-row>'
        "</table:table>"
    )
    assert told(opendocument("spreadsheet", sheet), "a.ods") == [
        ("Ann; 12", 0, 1, 0, "Money"),
        ("x; x", 0, 7, 0, "Money"),
    ]
    assert read_here(opendocument("text", body, manifest="<encryption-data/>"), "a.odt") == "locked"


# --- text of any kind ------------------------------------------------------------------------------------


@for_each(
    ("name", "text", "expected"),
    [
        ("a.txt", "one\ntwo\n\n\nthree\n", [("one\ntwo", 0, 1, 0), ("three", 0, 5, 0)]),
        ("a.txt", "a\r\n\r\nb\rc", [("a", 0, 1, 0), ("b\nc", 0, 3, 0)]),
        ("a.md", "# One #\ntext\n## Two\n- a\n- b", [
            ("One", 0, 1, 1), ("text", 0, 2, 0, "One"), ("Two", 0, 3, 2, "One"),
            ("- a", 0, 4, 0, "One", "Two"),
            ("- b", 0, 5, 0, "One", "Two"),
        ]),
        ("a.md", "Title\n=====\n\n```\n# no heading\n\n```\nPart\n---", [
            ("Title", 0, 1, 1), ("```\n# no heading\n\n```", 0, 4, 0, "Title"), ("Part", 0, 8, 2, "Title"),
        ]),
        ("a.md", "---\ntitle: 'My notes'\ntags: x\n---\n# One", [
            ("title: 'My notes'\ntags: x", 0, 2, 0), ("One", 0, 5, 1),
        ]),
        ("a.md", "a\n\n---\n\n#hashtag", [("a", 0, 1, 0), ("---", 0, 3, 0), ("#hashtag", 0, 5, 0)]),
        ("a.rst", "=====\nTitle\n=====\n\nPart\n~~~~\n\nx\n\nNext\n~~~~", [
            ("Title", 0, 2, 1), ("Part", 0, 5, 2, "Title"), ("x", 0, 8, 0, "Title", "Part"),
            ("Next", 0, 10, 2, "Title"),
        ]),
        ("a.py", "import os\n\n\ndef f():\n    x = 1\n\n    return x\n\n\n# end\n", [
            ("import os", 0, 1, 0), ("def f():\n    x = 1\n\n    return x", 0, 4, 0), ("# end", 0, 10, 0),
        ]),
        ("a.csv", "Name;Sum\nAnn;1,5\n\n\"a\nb\";2\n", [
            ("Name; Sum", 0, 1, 0), ("Ann; 1,5", 0, 2, 0), ("a b; 2", 0, 4, 0),
        ]),
        ("a.csv", "a,b\n1,2", [("a; b", 0, 1, 0), ("1; 2", 0, 2, 0)]),
        ("a.csv", "sep=|\na|b;c\n1|2", [("a; b;c", 0, 2, 0), ("1; 2", 0, 3, 0)]),
        ("a.tsv", "a\tb,c\n1\t2", [("a; b,c", 0, 1, 0), ("1; 2", 0, 2, 0)]),
        ("a.json", '[\n{"a": 1, "b": "x"},\n\n{"a": 2, "c": [3]}]', [
            ("a; b; c", 0, 0, 0), ("1; x; ", 0, 2, 0), ("2; ; [3]", 0, 4, 0),
        ]),
        ("a.jsonl", '{"a": 1}\n{"a": null}\n', [("a", 0, 0, 0), ("1", 0, 1, 0)]),
        ("a.json", '{"name": "x",\n "deep": {"list": [1,\n true]},\n "none": {}}', [
            ("name: x", 0, 1, 0), ("deep > list > 1: 1", 0, 2, 0), ("deep > list > 2: true", 0, 3, 0),
        ]),
        ("a.html", "<title>T</title><style>no</style><h1>Big</h1>\n<p>one <b>two</b><br>three</p>"
         "<p hidden>no</p>"
         '<div style="display: none">no<p>no</p></div><script>no</script><ul><li>x<li>y</ul>\n'
         "<table><tr><th>a<th>b<tr><td>1<td>2</table><img alt='a cat' src='http://127.0.0.1:9/'>", [
            ("Big", 0, 1, 1), ("one two\nthree", 0, 2, 0, "Big"), ("x", 0, 2, 0, "Big"),
            ("y", 0, 2, 0, "Big"),
            ("a; b", 0, 3, 0, "Big"), ("1; 2", 0, 3, 0, "Big"), ("a cat", 0, 3, 0, "Big"),
        ]),
    ],
)  # fmt: skip
def test_elements_of_text_have_their_lines(name: str, text: str, expected: Told) -> None:
    assert told(text.encode(), name) == expected


def test_lines_of_code_are_as_they_were() -> None:
    source = "".join(f"{'    ' * (n % 3)}line {n}\n{chr(10) * (n % 7 == 0)}" for n in range(300))
    source += "+++ b\n@@ -1 +1 @@\n-a\n+b\n \n"  # a line of a diff that has a blank alone
    lines = source.rstrip("\n").split("\n")
    rebuilt = [""] * len(lines)
    for element in content(source.encode(), "a.py").elements:
        for n, line in enumerate(element.text.split("\n")):
            rebuilt[element.place.line - 1 + n] = line
    assert rebuilt == lines


def test_a_mail_has_its_headers_its_text_and_the_names_of_what_is_attached() -> None:
    mail = (
        "Received: from x\r\nFrom: =?utf-8?q?J=C3=B6rg?= <j@example.org>\r\nTo: a@example.org\r\n"
        "Subject: =?utf-8?b?R3LDvMOfZQ==?=\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n"
        "--c\r\nContent-Type: text/plain\r\n\r\n"
        "Hello\r\n\r\nYours\r\n--c\r\nContent-Type: text/html\r\n\r\n<p>other</p>\r\n--c--\r\n"
        "--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; "
        "filename=bill.pdf\r\n\r\nx\r\n--b--\r\n"
    )
    read = content(mail.encode(), "letter.txt.eml")
    assert (read.kind, read.title, read.attached) == ("mail", "Grüße", ("bill.pdf",))
    assert [(str(each.text), each.place.line) for each in read.elements] == [
        ("From: Jörg <j@example.org>", 2),
        ("To: a@example.org", 3),
        ("Subject: Grüße", 4),
        ("Hello", 14),
        ("Yours", 16),
    ]
    only_html = (
        mail.split("--b\r\n")[0].replace("multipart/mixed; boundary=b", "text/html") + "<p>Hi</p><p>there</p>"
    )
    assert texts(only_html.encode(), "a.eml")[-2:] == ["Hi", "there"]


def test_a_message_that_is_sent_on_is_named_and_is_not_its_senders_words() -> None:
    mail = b"From: a\nTo: b\nSubject: Fwd\nContent-Type: multipart/mixed; boundary=x\n\n"
    inner = b"--x\nContent-Type: message/rfc822\n\nFrom: c\nSubject: Pay me\n\ninner text\n--x--\n"
    for text in (b"", b"--x\nContent-Type: text/plain\n\nSee below\n"):
        read = content(mail + text + inner, "a.eml")
        assert read.attached == ("Pay me",)
        assert "inner text" not in [str(each.text) for each in read.elements]


def test_a_folder_of_mail_has_each_of_its_messages() -> None:
    one = "From x Mon\nFrom: a@b\nSubject: {}\nTo: c\n\nFirst text\n>From here\n\n"
    folder = (one.format("One") + one.format("Two")).encode()
    read = content(folder, "inbox.mbox")
    assert [str(each.text) for each in read.elements if each.level] == ["One", "Two"]
    assert texts(folder, "inbox")[-1] == "First text\n>From here"
    assert read.elements[-1].place.headings == ("Two",)


def test_a_notebook_is_read_and_not_its_json() -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# Sums\n", "\n", "of a year"]},
        {"cell_type": "code", "source": "print(1)\n", "outputs": [{"text": ["1\n"]}, {"evalue": "no"}]},
        {"cell_type": "code", "source": [], "outputs": [{"data": {"text/plain": ["2"], "image/png": "x"}}]},
    ]
    book = json.dumps({"cells": cells}).encode()
    assert texts(book, "a.ipynb") == ["Sums", "of a year", "print(1)", "1", "no", "2"]
    assert {each.place.headings for each in content(book, "a.ipynb").elements[1:]} == {("Sums",)}
    assert read_here(b'{"cells": ', "a.ipynb") == "damaged"


@for_each(
    ("page", "expected"),
    [
        ("<html><head><title>T</title><body>text", ["text"]),  # neither head nor body are closed
        ("<title>T</title><meta x><p>a<p>b", ["a", "b"]),
        ("<html><head><style>x</style><p>a", ["a"]),
        ("<p hidden>no<p>a", ["a"]),
        ("<div><p hidden>no</div>a", ["a"]),
        ("<ul><li hidden>no<li>a</ul>b", ["a", "b"]),
        ("<div hidden>no<div>no</div>no</div>a", ["a"]),
        ("<div hidden>no<br>no<img>no</div>a", ["a"]),
        ("a<svg><title>no</title><text>no</text></svg>b", ["a", "b"]),
        ("<p aria-hidden=true>no</p><p STYLE='Display : NONE !important'>no</p>a", ["a"]),
        ("<table><tr><td><table><tr><td>in</table><td>out</table>", ["in", "out"]),
        ("<h2>a<b>b</b></h2>c", ["ab", "c"]),
        ("<table><tr><td>a<td>b", ["a; b"]),
        ("<table><tr><td><h1>News</h1><p>one</p><p>two</p></td></tr></table>", ["News", "one", "two"]),
        ("<table><tr><td><p>1</p>2<p>3</p><p>4</p></td><td>5</td></tr></table>", ["1", "2", "3", "4", "5"]),
        ("<table><tr><td><p>a</p><p>b</p></td><td></td><td>c</td></tr></table>", ["a b; ; c"]),
        ("<pre>x\n  y</pre><textarea>z</textarea>", ["x\n  y", "z"]),
        ("a &amp; b &lt;i&gt; &#8364;", ["a & b <i> €"]),
        ("<![CDATA[x]]><!-- no --><?no?>a", ["a"]),
    ],
)
def test_of_a_page_what_is_seen_is_read(page: str, expected: list[str]) -> None:
    assert texts(page.encode(), "a.html") == expected


def test_json_that_cannot_be_read_as_such_is_read_as_lines() -> None:
    for text in ('{\n  // a remark\n  "a": 1\n}', "[oops", "[" * 9_000, '[{"a": 1}, oops]'):
        assert content(text.encode(), "a.json").kind == "code"
        assert "\n".join(texts(text.encode(), "a.json")).replace("\n", "") == text.replace("\n", "")


def test_what_an_author_says_that_a_picture_shows_is_there() -> None:
    picture = '<w:p><w:r><w:drawing><w:docPr id="1" descr="A red barn"/></w:drawing></w:r></w:p>'
    slide = '<p:pic><p:nvPicPr><p:cNvPr id="2" name="x" descr="A red barn"/></p:nvPicPr></p:pic>'
    frame = "<text:p><draw:frame><svg:desc>A red barn</svg:desc></draw:frame></text:p>"
    for data, name in (
        (docx(picture), "a.docx"),
        (pptx(slide), "a.pptx"),
        (opendocument("text", frame.replace("svg:", "text:")), "a.odt"),
    ):
        assert [(str(each.text), each.aside) for each in content(data, name).elements] == [
            ("A red barn", "picture")
        ]


def test_a_form_has_what_is_filled_in_and_a_page_what_was_remarked() -> None:
    field = "<< /Type /Annot /Subtype /Widget /Rect [0 0 9 9] /F 4 {} >>".format
    notes = [
        field("/FT /Tx /T (a) /TU (Family name) /V (Okafor)"),
        field("/FT /Tx /T (phone)"),
        field("/FT /Tx /T (pin) /V (1234) /Ff 8192"),
        field("/FT /Btn /T (agree) /V /Yes /AS /Yes"),
        field("/FT /Btn /T (send) /Ff 65536"),
        "<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (Why?) >>",
        "<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /F 2 /Contents (hidden) >>",
        "<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /Contents (link) >>",
    ]
    fields = " ".join(f"{n} 0 R" for n in range(4, 9))
    bodies = [
        f"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [{fields}] >> >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /Annots [{' '.join(f'{n} 0 R' for n in range(4, 12))}] >>",
        *notes,
    ]
    read = content(pdf_of(bodies), "form.pdf")
    assert [(str(each.text), each.aside, each.place.page) for each in read.elements] == [
        ("Family name: Okafor", "", 1),
        ("phone:", "", 1),
        ("pin: ****", "", 1),
        ("agree: [x]", "", 1),
        ("Why?", "comment", 1),
    ]


# --- what a file is --------------------------------------------------------------------------------------

MAIL = b"Received: x\nFrom: a@b\nTo: c\nSubject: d\n\ntext"


@for_each(
    ("name", "data", "format"),
    [
        ("a.docx", docx(paragraph("x")), "office.word"),
        ("a.txt", docx(paragraph("x")), "office.word"),
        ("a", pptx(shape("x")), "office.slides"),
        ("a.docx", xlsx(("S", [["x"]])), "tables.workbook"),
        ("a.zip", epub("<p>x</p>"), "books.epub"),
        ("a.odp", opendocument("text", ""), "office.opendocument"),
        ("a.docx", b"only text", "texts.text"),
        ("a.doc", b"<!-- x --><!DOCTYPE html><html>", "texts.web_page"),
        ("a.doc", rb"{\rtf1 x}", "office.rich_text"),
        ("a.doc", compound("WordDocument"), "office.old_word"),
        ("a.xls", compound("PowerPoint Document"), "office.old_slides"),
        ("a.doc", compound("Workbook"), "tables.workbook"),
        ("a.docx", compound("EncryptionInfo", "EncryptedPackage"), "office.locked_office"),
        ("a.msg", compound("__substg1.0_001A001F"), "mail.outlook"),
        ("a.pdf", b"junk %PDF-1.7", "books.pdf"),
        ("a.doc", b"%PDF-1.7", "books.pdf"),
        ("a.csv", b"PAR1....", "tables.parquet"),
        ("a", MAIL, "mail.eml"),
        ("a.txt", MAIL, "texts.text"),
        ("a.eml", b"X: y\n\ntext", "mail.eml"),
        ("a", b"#!/bin/sh\nls", "texts.code"),
        ("a", b"diff --git a/x b/x\n--- a/x\n+++ b/x\n", "texts.code"),
        ("a.md", b"--- a\n+++ b\n", "texts.markdown"),
        ("a.CSV", b"a,b", "tables.delimited"),
        ("a.fb2", b"<?xml?><FictionBook/>", "books.fiction_book"),
        ("a.txt", "naïve\n".encode("utf-16"), "texts.text"),
        ("a.txt", b"\x00\x01\x02\x03" * 50, None),
        ("a.docx", b"\x89PNG\r\n\x1a\n....", None),
        ("a.txt", zipped({"a.txt": "x", "b.txt": "y"}), None),
        ("a.docx", b"PK\x03\x04broken", None),
        ("a", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1broken", None),
    ],
)
def test_bytes_tell_what_a_file_is(name: str, data: bytes, format: str | None) -> None:
    assert format_of(looked_at(io.BytesIO(data), f".{name.rpartition('.')[2]}" * ("." in name))) == format


@for_each(
    ("data", "text", "doubt"),
    [
        (b"caf\xc3\xa9", "café", None),
        (b"\xef\xbb\xbfcaf\xc3\xa9", "café", None),
        ("café".encode("utf-16"), "café", None),
        ("café".encode("utf-32"), "café", None),
        ("a cafe".encode("utf-16-le"), "a cafe", None),
        ("a cafe".encode("utf-16-be"), "a cafe", None),
        (b"caf\xe9 \x80", "café €", "encoding"),
        (b"caf\xe9 \x81", "café \x81", "encoding"),
        ("äöü".encode() * 20 + b"\xe4", "äöü" * 20 + "\ufffd", "letters"),
        ("é".encode("utf-16")[:-1] + b"", "\ufffd", "letters"),
        (b"", "", None),
    ],
)
def test_any_encoding_is_read_and_a_guess_is_told(data: bytes, text: str, doubt: str | None) -> None:
    found = decoded(data)
    assert (found.text, found.doubt and found.doubt[0]) == (text, doubt)
    assert is_text(data)


def test_an_encoding_that_a_page_declares_is_its_own() -> None:
    page = '<html><meta charset="iso-8859-2"><p>žluťoučký</p>'.encode("iso-8859-2")
    assert texts(page, "a.html") == ["žluťoučký"]
    unknown = b'<html><meta charset="klingon"><p>caf\xe9</p>'
    assert texts(unknown, "a.html") == ["café"]
    assert content(unknown, "a.html").left_out[0].reason == "encoding"


# --- what is meant ill -----------------------------------------------------------------------------------

BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@for_each(
    ("name", "data", "why"),
    [
        ("a.docx", zipped({"[Content_Types].xml": "", "word/document.xml": f"{BOMB}<x>&b;</x>"}), "unsafe"),
        (
            "a.docx",
            zipped({"[Content_Types].xml": "", "word/document.xml": f"{OUTSIDE}<x>&a;</x>"}),
            "unsafe",
        ),
        ("a.docx", zipped({"[Content_Types].xml": "", "word/document.xml": "<a>" * 5000}), "damaged"),
        ("a.docx", zipped({"[Content_Types].xml": "", "word/document.xml": "no xml"}), "damaged"),
        ("a.docx", docx(paragraph("x"))[:-40], "unknown"),
        ("a.eml", b"no headers here", "damaged"),
        (
            "a.doc",
            compound("WordDocument", beginnings={"WordDocument": b"\xec\xa5".ljust(11, b"\0") + b"\x01"}),
            "locked",
        ),
        ("a.ppt", compound("PowerPoint Document", "EncryptedSummary"), "locked"),
        (
            "a.xls",
            compound(
                "Workbook", beginnings={"Workbook": b"\x09\x08\x10\0\0\x06\x05\0" + bytes(12) + b"\x2f\0\0\0"}
            ),
            "locked",
        ),
        ("a.xlsx", compound("EncryptedPackage"), "locked"),
    ],
)
def test_what_is_meant_ill_or_broken_is_refused(name: str, data: bytes, why: str) -> None:
    assert read_here(data, name) == why


def test_nothing_in_a_file_is_unclean_or_a_place_outside() -> None:
    slip = docx(paragraph("a&#8238;b"), more={"header1": paragraph("x")}).replace(
        b"header1.xml", b"../../a.xml"
    )
    assert texts(slip, "a.docx")[0] == "ab"
    assert texts(json.dumps({"a\u202e": "\x1b[2J"}).encode(), "a.json") == ["a: [2J"]
