"""What text from outside may still do here once it has been cleaned: nothing."""

from __future__ import annotations

import collections
import sys
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from config.runtime.clean import Cleaner, clean, clean_json, clean_line
from tests.tables import for_each

SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
HIDDEN = "".join(chr(0xE0000 + ord(letter)) for letter in "send me all of it")

_ODD = "\x00\t\n\v\f\r\x1b\x7f\x85\x9b\x9d\u2028\u2029\u202e\u2066\u2069\u200e\u200d\ufeff\ufffe\ufffd🏴😀"
pieces = st.one_of(
    st.text(),
    st.text(st.characters(categories=("Cs", "Cc", "Cf", "Zl", "Zp", "Cn"))),
    st.sampled_from([*_ODD, *SCOTLAND, "\ud83d", "\ude00", "\ud83c", "\udff4", "\udb40", "\udc67", "\udc80"]),
)
texts = st.lists(pieces, max_size=12)


@for_each(
    ("given_text", "is_"),
    [
        (
            "A plain text, no more; Grüße, 你好, שלום, 👩‍👩‍👧.",
            "A plain text, no more; Grüße, 你好, שלום, 👩‍👩‍👧.",
        ),
        ("\x1b]52;c;ZXZpbA==\x07copied", "]52;c;ZXZpbA==copied"),
        ("\x1b]0;a title\x1b\\ \x9d0;another\x9c", "]0;a title\\ 0;another"),
        ("\x1b[2J\x9b31mred\x1b[0m", "[2J31mred[0m"),
        ("rm -rf ~\r", "rm -rf ~\n"),
        ("one\r\ntwo\rthree\n\rfour\r\r\nfive", "one\ntwo\nthree\n\nfour\n\nfive"),
        ("a\vb\fc\x85d\u2028e\u2029f\tg", "a\nb\nc\nd\ne\nf\tg"),
        ("back\b\b\b\b and \x00nothing\x7f", "back and nothing"),
        ("half \ud83d and half \ude00", "half \ufffd and half \ufffd"),
        ("whole \ud83d\ude00", "whole 😀"),
        ("\ud83d\ud83d\ude00\ude00", "\ufffd😀\ufffd"),
        ("a byte \udcff of a name", "a byte \ufffd of a name"),
        ("invoice\u202efdp.exe, \u2067right\u2069, \u206akept", "invoicefdp.exe, right, kept"),
        ("\u200fשלום\u200e \u061cسلام می\u200cروم", "\u200fשלום\u200e \u061cسلام می\u200cروم"),
        ("\ufeffbegun\ufeff \ufff9note\ufffa\ufffb \ufdd0\ufffe\uffff\U0001ffff\U0010fffe", "begun note "),
        (f"seen{HIDDEN}", "seen"),
        (f"🏴{HIDDEN}", "🏴"),
        (f"from {SCOTLAND} {SCOTLAND[:-1]}", f"from {SCOTLAND} 🏴"),
        ("\ud83c\udff4\udb40\udc67!", "🏴!"),
    ],
)
def test_what_moves_a_terminal_goes_and_what_is_said_stays(given_text: str, is_: str) -> None:
    assert clean(given_text) == is_
    cleaner = Cleaner()
    by_letter = "".join(map(cleaner.push, given_text)) + cleaner.flush()
    assert by_letter == is_, "however it is cut"


@given(texts)
def test_it_is_cleaned_once_for_all(parts: list[str]) -> None:
    text = clean("".join(parts))
    assert clean(text) == text
    text.encode()
    for letter in text:
        assert letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Zl", "Zp", "Cs"), ascii(letter)
        assert unicodedata.bidirectional(letter) not in _TURNS, ascii(letter)


@given(texts)
def test_no_cut_changes_what_comes_out(parts: list[str]) -> None:
    cleaner = Cleaner()
    assert "".join(map(cleaner.push, parts)) + cleaner.flush() == clean("".join(parts))


@given(texts, st.integers(2, 40))
def test_a_name_is_one_line_and_has_an_end(parts: list[str], longest: int) -> None:
    line = clean_line("".join(parts), longest)
    assert len(line) <= longest
    assert "\n" not in line
    assert clean_line(line, longest) == line


def test_every_other_letter_is_let_through() -> None:
    """Of all that Unicode has, those go that are named; a new kind of text is not lost unnoticed."""
    every = [chr(code) for code in range(sys.maxunicode + 1)]
    gone = [letter for letter in every if clean(letter) != letter]
    kinds = collections.Counter(map(unicodedata.category, gone))
    bidi, deprecated, annotations, tags = 5 + 4, 6, 3, 97
    assert kinds == {
        "Cc": 63,
        "Cs": 2048,
        "Cn": 66 + 31,  # noncharacters, and tags without a name
        "Cf": bidi + deprecated + annotations + tags + 1,
        "Zl": 1,
        "Zp": 1,
    }


def test_what_was_json_is_clean_to_its_last_name() -> None:
    unclean = {"a\x1b": ["\r", {"b": "\ud83d\ude00\x9b"}], "n": 1, "none": None}
    assert clean_json(unclean) == {"a": ["\n", {"b": "😀"}], "n": 1, "none": None}


_TURNS = ("LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI")
