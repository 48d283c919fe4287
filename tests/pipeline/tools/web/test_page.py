"""What a page says: what is seen of it, and nothing else, in time that is bounded whatever it is."""

from __future__ import annotations

import time

from pipeline.tools.web.page import read_page
from tests.tables import for_each


@for_each(
    ("html", "text"),
    [
        ("<h1>Bread</h1><p>It is <b>good</b>.</p><p>And old.", "# Bread\n\nIt is good.\n\nAnd old."),
        ("<ul><li>one<li>two</ul>", "- one\n- two"),
        ("<table><tr><th>a<th>b<tr><td>1<td>2</table>", "a | b\n1 | 2"),
        ("<a href='/x?y=1&amp;z=2'>more</a>", "more <https://example.org/x?y=1&z=2>"),
        ("<a href='javascript:alert(1)'>a</a> <a href='#here'>b</a> <a href='mailto:a@b.c'>c</a>", "a b c"),
        ("<pre>if x:\n    y\n</pre>z", "if x:\n    y\nz"),
        ("<p>a<br>b<br/>c", "a\nb\nc"),
        ("<img src='http://evil.example/?q=1' alt='A cat'>", "(picture: A cat)"),
        ("![x](http://evil.example/?q=1)", "![x](http://evil.example/?q=1)"),
        ("<script>var a = '<p>no</p>'</script>yes", "yes"),
        ("<SCRIPT>no</SCRIPT >yes", "yes"),
        ("<style>no</style><template><p>no</template><noscript>no</noscript>yes", "yes"),
        ("<p hidden>no</p>yes", "yes"),
        ("<p hidden>no<div>yes</div>", "yes"),
        ("<div style='display : none'>no <p>no</p></div>yes", "yes"),
        ("<span style=\"color:red;FONT-SIZE:0\">no</span>yes", "yes"),
        ("<span style='opacity:0'>no</span><i style='opacity:0.5'>half</i>", "half"),
        ("<p style='position:absolute;left:-9999px'>no</p>yes", "yes"),
        ("<p style='background-color:transparent;line-height:0'>yes</p>", "yes"),
        ("<div hidden><div>no</div>no</div>yes", "yes"),
        ("<!-- no -->yes<!-- <p>no", "yes"),
        ("<!-->yes", "yes"), ("<!doctype html><?php no ?>yes", "yes"),
        ("a < b and b > c", "a < b and b > c"),
        ("&lt;b&gt; &amp;amp; &#x41;&nbsp;B", "<b> &amp; A B"),
        ("pa\u00adss\u200bword \u202eevil", "password evil"),
        ("<p>a</div></p></span>b", "a\n\nb"),
        ("<p title='x>y' hidden=until>no</p><p class=a\"b>yes", "yes"),
        ("<textarea>no</textarea><select><option>no</select><svg><title>no</title><text>no</svg>yes", "yes"),
        ("<b>never ends <i", "never ends"),
        ("<p x='never ends", ""),
    ],
)  # fmt: skip
def test_what_is_seen_is_read(html: str, text: str) -> None:
    assert read_page(html, "https://example.org/page").text == text


def test_a_page_has_its_title_and_a_base_of_its_own() -> None:
    page = read_page(
        "<title> The\n bread </title><title>no</title><base href='https://other.example/a/'><a href=b>c</a>",
        "https://example.org/",
    )
    assert (page.title, page.text) == ("The bread", "c <https://other.example/a/b>")


@for_each(
    "piece",
    ["<", "<!--", "</", "<a ", "<a href='", "</p>", "<td> ", "<div hidden>", "</script", "&#", "<pre>\n",
     "<li><td><tr>", "<" + "a" * 50, "x=/"],
)  # fmt: skip
def test_no_page_takes_longer_than_its_length(piece: str) -> None:
    """Bounded, whatever is repeated in it."""
    page = piece * (60_000 // len(piece))
    began = time.process_time()
    read_page(page, "https://example.org/")
    assert time.process_time() - began < 1.0
