"""The spoken form: a table of what the screen shows and what is said, and what holds for any text."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from config.language.data import table
from tests.tables import for_each
from voice.tts.text.latex import spoken
from voice.tts.text.markdown import EMOJI
from voice.tts.text.normalizer import Piece, Spoken
from voice.tts.text.sentence_splitter import Sentences

GOLDEN = [
    ("I'm sure it's a co-op.", "I'm sure it's a co-op."),
    ("Hello, how are you?", "Hello, how are you?"),
    ("He said: “Well, no” — and left.", "He said: “Well, no” — and left."),
    ("At 5 p.m. we left.", "At 5 p.m. we left."),
    ("It was version 2.0. Then it grew.", "It was version 2.0. Then it grew."),
    ("1. e4", "1. e4"),
    ("The score was 3-1.", "The score was 3-1."),
    ("He lives in the U.S. now.", "He lives in the U.S. now."),
    ("Louis XIV and World War II", "Louis XIV and World War II"),
    ("NASA and the USA", "NASA and the USA"),
    ("It is 1,234 or 3.14 or 500.", "It is 1,234 or 3.14 or 500."),
    ("the 1st, 2nd and 23rd", "the 1st, 2nd and 23rd"),
    ("5 M", "5 M"),
    ("in 2026", "in 2026"),
    ("14:30", "14:30"),
    ("Use it; or not (as you like).", "Use it; or not (as you like)."),
    ("Über naïve cafés", "Über naïve cafés"),
    ("snake_case", "snake case"),
    ("2*3*4", "2 times 3 times 4"),
    ("a * b", "a times b"),
    ("a < b", "a is less than b"),
    ("a > b", "a is greater than b"),
    ("C#", "C sharp"),
    ("C++", "C plus plus"),
    ("F# minor", "F sharp minor"),
    ("$HOME", "dollar HOME"),
    ("from $HOME to $PATH", "from dollar HOME to dollar PATH"),
    ("5 m", "5 meters"),
    ("90s kids", "nineties kids"),
    ("a 5G phone", "a 5G phone"),
    ("iPhone 5s", "iPhone 5s"),
    ("24/7", "24 7"),
    ("9/11", "9 11"),
    ("TCP/IP", "TCP/IP"),
    ("#python", "hashtag python"),
    ("rock & roll", "rock and roll"),
    ("AT&T", "AT and T"),
    ("x-ray", "x-ray"),
    ("-5 degrees", "-5 degrees"),
    ("the i in it", "the i in it"),
    ("# The plan\n", "The plan."),
    ("### What now?\n", "What now?"),
    ("## Closed ##\n", "Closed."),
    ("- one\n- two\n", "one. two."),
    ("* one\n", "one."),
    ("+ one\n", "one."),
    ("• one\n", "one."),
    ("1. First\n2. Second\n", "1. First. 2. Second."),
    ("1) First\n", "1) First."),
    ("- [ ] Buy milk\n", "to do: Buy milk."),
    ("✅ - one\n", "one."),
    ("- ✅ one\n", "one."),
    ("- [x] Buy milk\n", "done: Buy milk."),
    ("> Quoted words.\n", "Quoted words."),
    ("> > Twice.\n", "Twice."),
    ("---\nNext.", "Next."),
    ("* * *\nNext.", "Next."),
    ("Title\n=====\n", "Title."),
    ("**Bold**", "Bold"),
    ("__Bold__", "Bold"),
    ("*slanted*", "slanted"),
    ("_slanted_", "slanted"),
    ("***both***", "both"),
    ("~~gone~~", "gone"),
    ("==marked==", "marked"),
    ("un*frigging*believable", "unfriggingbelievable"),
    ("**Note:** read this", "Note: read this"),
    ("a **bold", "a bold"),
    ("\\*not slanted\\*", "not slanted"),
    ("Ingredients\n", "Ingredients."),
    ("**Ingredients**\n", "Ingredients."),
    ("Is it so?\n", "Is it so?"),
    ("[the docs](https://docs.example.com/a_(b))", "the docs"),
    ("[the docs][1]", "the docs"),
    ("[1]: https://example.com\nNext.", "Next."),
    ("![a cat](cat.png)", "a cat"),
    ("![](cat.png)", "a picture"),
    ("[![build](b.svg)](https://x.y)", "build"),
    ("https://www.example.com/foo?x=1.", "a link to example.com."),
    ("<https://example.com>", "a link to example.com"),
    ("(see https://example.com/a).", "(see a link to example.com)."),
    ("www.example.com/x", "a link to example.com"),
    ("example.com", "example.com"),
    ("anna.lee@example.com", "anna dot lee at example dot com"),
    ("<anna@example.com>", "anna at example dot com"),
    ("a_b+c@d-e.org!", "a underscore b plus c at d-e dot org!"),
    ("Found.[1]", "Found."),
    ("Found[^1] it.", "Found it."),
    ("Found【4†source】.", "Found."),
    ("[^1]: A note.\n", "A note."),
    ("<b>bold</b> text", "bold text"),
    ("one<br>two", "one, two"),
    ("Tom &amp; Ann &lt;3", "Tom and Ann less than 3"),
    ("<!-- hidden -->shown", "shown"),
    ("List<String>", "List String"),
    ("```python\nx = 1\nprint(x)\n```\n", "Code, 2 lines, Python, on the screen."),
    ("```\nx\n```\n", "Code, 1 line, on the screen."),
    (
        "```py\ndef parse_date(x):\n    def inner(): ...\n```",
        "Code, 2 lines, Python, parse date, on the screen.",
    ),
    ("```go\nfunc (s *Store) Load() {\n}\ntype A int\n```", "Code, 3 lines, Go, Load, on the screen."),
    (
        "```js\nexport class Cart {}\nfunction a() {}\n```",
        "Code, 2 lines, JavaScript, Cart and a, on the screen.",
    ),
    ("```rb\ndef a\ndef b\ndef c\ndef d\n```", "Code, 4 lines, Ruby, on the screen."),
    ("~~~js\na\n```\nb\n~~~\n", "Code, 3 lines, JavaScript, on the screen."),
    ("```c++\nx", "Code, 1 line, C plus plus, on the screen."),
    ("   ```sh\n   ls\n   ```\nThen.", "Code, 1 line, shell, on the screen. Then."),
    ("`get_user(id)`", "get user id"),
    ("`getUserName`", "get User Name"),
    ("`ls -la`", "ls dash la"),
    ("`--all`", "dash dash all"),
    ("`x == 5`", "x equals 5"),
    ("`a != b`", "a not equal to b"),
    ("`/etc/hosts`", "slash etc slash hosts"),
    ("`foo.bar`", "foo dot bar"),
    ("`$HOME`", "dollar HOME"),
    ("``a ` b``", "a b"),
    ("Type `git push`.", "Type git push."),
    ("| name | age |\n|---|---|\n| Anna | 5 |\n| Bob | 6 |\n", "name: Anna, age: 5. name: Bob, age: 6."),
    (
        "| name | age | city |\n|:--|--:|---|\n" + "| A | 1 | x |\n" * 5,
        "A table with 3 columns, name, age and city, and 5 rows, on the screen.",
    ),
    (
        "| a | b | c | d |\n|-|-|-|-|\n| 1 | 2 | 3 | 4 |\nDone.",
        "A table with 4 columns, a, b, c and d, and 1 row, on the screen. Done.",
    ),
    ("| price |\n|---|\n| $5 |\n", "price: 5 dollars."),
    ("Hello 😀!", "Hello!"),
    ("Great 👍🏽 job", "Great job"),
    ("👨\u200d👩\u200d👧 family", "family"),
    ("🇩🇪 Germany", "Germany"),
    ("5\ufe0f\u20e3 steps", "steps"),
    ("Done ✅", "Done"),
    ("☀\ufe0f sunny", "sunny"),
    ("😀", ""),
    ("I ❤\ufe0f it.", "I it."),
    ("Aloud™ ©", "Aloud"),
    ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f win", "win"),
    ("$x^2$", "x squared"),
    ("$\\frac{a}{b}$", "a over b"),
    ("$E = mc^2$", "E equals mc squared"),
    ("\\(a \\leq b\\)", "a is at most b"),
    ("$$\n\\sqrt{2} \\approx 1.41\n$$\n", "the square root of 2 is about 1.41."),
    ("It costs $5 and $6.", "It costs 5 dollars and 6 dollars."),
    ("$x$ and $y$", "x and y"),
    ("$\\alpha + \\beta$", "alpha plus beta"),
    ("$a_i$", "a sub i"),
    ("$500", "500 dollars"),
    ("$1", "1 dollar"),
    ("$3.50", "3 dollars and 50 cents"),
    ("$0.99", "99 cents"),
    ("$3.00", "3 dollars"),
    ("€3.50", "3 euros and 50 cents"),
    ("3 €", "3 euros"),
    ("£1.2M", "1.2 million pounds"),
    ("£2.01", "2 pounds and 1 penny"),
    ("$5 million", "5 million dollars"),
    ("$100k", "100 thousand dollars"),
    ("500 USD", "500 US dollars"),
    ("1 EUR", "1 euro"),
    ("$1,000,000", "1,000,000 dollars"),
    ("-$5", "minus 5 dollars"),
    ("$5–$10", "5 to 10 dollars"),
    ("$5-10", "5 to 10 dollars"),
    ("US$5", "5 US dollars"),
    ("¥500", "500 yen"),
    ("$20/month", "20 dollars per month"),
    ("It is $5.", "It is 5 dollars."),
    ("20%", "20 percent"),
    ("5–10%", "5 to 10 percent"),
    ("10–20", "10 to 20"),
    ("1914–1918", "1914 to 1918"),
    ("pages 10-20", "pages 10 to 20"),
    ("5 - 3 = 2", "5 minus 3 equals 2"),
    ("9:00–17:00", "9 o'clock to 17 o'clock"),
    ("5 km", "5 kilometers"),
    ("1 km", "1 kilometer"),
    ("60 km/h", "60 kilometers per hour"),
    ("20 °C", "20 degrees Celsius"),
    ("20°", "20 degrees"),
    ("3 kg", "3 kilograms"),
    ("5GB", "5 gigabytes"),
    ("30 m²", "30 square meters"),
    ("6 ft", "6 feet"),
    ("5 min.", "5 minutes."),
    ("a 5 min. walk", "a 5 minutes walk"),
    ("100 Mbps", "100 megabits per second"),
    ("2.4 GHz", "2.4 gigahertz"),
    ("1920x1080", "1920 by 1080"),
    ("5'10\"", "5 foot 10"),
    ("3 × 4", "3 times 4"),
    ("2026-11-22", "November 22, 2026"),
    ("2026-11-22T14:30:00Z", "November 22, 2026, 14:30"),
    ("22/11/2026", "November 22, 2026"),
    ("11/12/2026", "11 12 2026"),
    ("22.11.2026", "November 22, 2026"),
    ("Nov 22, 2026", "November 22, 2026"),
    ("Jan. 5", "January 5"),
    ("5 Jan", "5 January"),
    ("9:05 am", "9 oh 5 am"),
    ("10:00", "10 o'clock"),
    ("10:00 p.m.", "10 p.m."),
    ("the 1990s", "the 19 nineties"),
    ("the '80s", "the eighties"),
    ("+1 (555) 123-4567", "plus 1, 5 5 5, 1 2 3, 4 5 6 7"),
    ("555-123-4567", "5 5 5, 1 2 3, 4 5 6 7"),
    ("(555) 123-4567", "5 5 5, 1 2 3, 4 5 6 7"),
    ("+49 30 123456", "plus 4 9, 3 0, 1 2 3 4 5 6"),
    ("call 555-1234", "call 5 5 5, 1 2 3 4"),
    ("v1.2.3", "version 1.2.3"),
    ("192.168.0.1", "192 dot 168 dot 0 dot 1"),
    ("main.py", "main dot py"),
    ("src/main.py", "src slash main dot py"),
    ("/etc/hosts", "slash etc slash hosts"),
    ("~/notes.txt", "home slash notes dot txt"),
    ("C:\\Users\\anna", "C drive, Users, anna"),
    ("1/2", "one half"),
    ("3/4 cup", "three quarters cup"),
    ("1 1/2 cups", "1 and a half cups"),
    ("2 ½", "2 and a half"),
    ("8/10", "8 out of 10"),
    ("7/12", "7/12"),
    ("e.g. this", "for example this"),
    ("It works, i.e. it runs.", "It works, that is it runs."),
    ("cats, dogs, etc.", "cats, dogs, etc."),
    ("cats vs. dogs", "cats versus dogs"),
    ("Mr. Smith", "Mister Smith"),
    ("Dr. Lee and Prof. Day", "Doctor Lee and Professor Day"),
    ("12 Main St.", "12 Main Street."),
    ("St. Paul", "Saint Paul"),
    ("No. 5", "number 5"),
    ("Fig. 3", "figure 3"),
    ("#5", "number 5"),
    ("a -> b", "a to b"),
    ("A → B", "A to B"),
    ("→ Next", "Next"),
    ("x <= 5", "x is at most 5"),
    ("x ≥ 5", "x is at least 5"),
    ("x != y", "x is not equal to y"),
    ("x = 5", "x equals 5"),
    ("~5", "about 5"),
    ("x²", "x squared"),
    ("10^6", "10 to the power of 6"),
    ("and/or", "and or"),
    ("he/she", "he or she"),
    ("w/o sugar", "without sugar"),
]

NEVER_SAID = re.compile(rf"[*_`|\\\\^{{}}<>~#{EMOJI}]")


def pieces(text: str, language: str = "en") -> list[Piece]:
    spoken = Spoken(language)
    return spoken.push(text) + spoken.flush()


def said(text: str, language: str = "en") -> str:
    return " ".join(piece.said for piece in pieces(text, language) if piece.said)


@for_each(("screen", "expected"), GOLDEN)
def test_golden(screen: str, expected: str) -> None:
    assert said(screen) == expected


@for_each("expected", sorted({expected for _, expected in GOLDEN}))
def test_what_is_said_is_already_spoken_form(expected: str) -> None:
    assert said(expected) == expected


@for_each(
    ("language", "screen", "expected"),
    [
        ("de", "```py\nx\ny\n```\n", "Code, 2 Zeilen, Python, auf dem Bildschirm."),
        ("de-AT", "Siehe https://www.example.com/a!", "Siehe ein Link zu example.com!"),
        ("fr", "**Bonjour** ! \U0001f600", "Bonjour !"),
        ("es", "Escribe a ana@example.com", "Escribe a ana arroba example punto com"),
        (
            "fr",
            "| a | b | c | d |\n|-|-|-|-|\n| 1 | 2 | 3 | 4 |\n",
            "Un tableau de 4 colonnes, a, b, c et d, et 1 ligne, à l’écran.",
        ),
        ("de", "Das kostet 5 km bzw. 500 €.", "Das kostet 5 km bzw. 500 €."),
        ("it", "# Titolo\n", "Titolo."),
        ("de", "$x^2$", "eine Formel, auf dem Bildschirm"),
    ],
)
def test_other_languages_keep_their_numbers(language: str, screen: str, expected: str) -> None:
    assert said(screen, language) == expected


def test_a_whole_answer_piece_by_piece() -> None:
    answer = "## Trip\n\nIt costs **$5**, really. \U0001f686\n\n```sh\nls\n```\nBye."
    sentences, spoken = Sentences(), Spoken()
    out: list[Piece] = []
    for character in answer:
        for chunk in sentences.push(character):
            out += spoken.push(chunk)
    for chunk in sentences.flush():
        out += spoken.push(chunk)
    out += spoken.flush()
    assert "".join(piece.shown for piece in out) == answer
    assert [piece.said for piece in out] == [
        "Trip.",
        "It costs 5 dollars, really.",
        "Code, 1 line, shell, on the screen.",
        "Bye.",
    ]


def test_code_is_held_until_its_fence_and_told_once() -> None:
    spoken = Spoken()
    assert spoken.push("```python\n") == []
    assert spoken.push("a = 1\n") == []
    assert spoken.push("```\n") == [Piece("```python\na = 1\n```\n", "Code, 1 line, Python, on the screen.")]


def test_what_has_no_sound_stands_with_a_neighbour() -> None:
    assert pieces("---\n\nHello.") == [Piece("---\n\nHello.", "Hello.")]
    assert pieces("Hello.\n\n---\n") == [Piece("Hello.\n\n---\n", "Hello.")]
    assert pieces("\U0001f600\n---\n") == [Piece("\U0001f600\n---\n", "")]
    assert pieces("") == []


def test_a_heading_that_was_cut_still_ends_in_a_pause() -> None:
    spoken = Spoken()
    assert [p.said for p in spoken.push("## The plan: ")] == ["The plan:"]
    assert [p.said for p in spoken.push("all of it\n")] == ["all of it."]


def test_wrapped_prose_gets_no_full_stops() -> None:
    line = "This line of prose is long enough that it was wrapped by its writer at a column"
    assert said(f"{line}\nand goes on here, to the end of what there is to say about all of it") == (
        f"{line} and goes on here, to the end of what there is to say about all of it"
    )


def test_formulas_forgive_what_is_broken() -> None:
    def formula(tex: str) -> str:
        return spoken(tex, table("en", "spoken")["rules"]["formulas"])

    assert formula("\\frac{a}{") == "a over"
    assert formula("}}x^{") == "x"
    assert formula("{" * 500 + "x") == ""


SCREEN = st.text(
    st.one_of(
        st.sampled_from(
            list("*_`|\\\\^{}<>~#$%&@[]()!-+=/.,:;?'\"\n 0123456789abcxyzABC€£½²→≤\U0001f600\ufe0f\u200d•")
        ),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=80,
)


@settings(max_examples=250, deadline=None)
@given(chunks=st.lists(SCREEN, max_size=4), language=st.sampled_from(["en", "de", "xx"]))
def test_anything_may_be_shown(chunks: list[str], language: str) -> None:
    spoken = Spoken(language)
    out = [piece for chunk in chunks for piece in spoken.push(chunk)] + spoken.flush()
    assert "".join(piece.shown for piece in out) == "".join(chunks)
    for piece in out:
        assert not NEVER_SAID.search(piece.said)
        assert piece.said == " ".join(piece.said.split())
    assert all(piece.said for piece in out[:-1])


WORD = st.from_regex(r"[A-Z]?[a-z]{2,9}", fullmatch=True).filter(lambda w: len(w) > 5 or w.lower() == w)


@settings(max_examples=100, deadline=None)
@given(
    words=st.lists(WORD, min_size=1, max_size=20),
    mark=st.sampled_from([".", "!", "?", ""]),
    comma=st.integers(0, 19),
)
def test_prose_is_said_as_it_stands(words: list[str], mark: str, comma: int) -> None:
    if comma < len(words) - 1:
        words[comma] += ","
    prose = " ".join(["Anyway", *words]) + (mark if len(words[-1]) > 4 else "")
    assert said(prose) == prose


FRAGMENT = st.sampled_from(
    ["**bold**", "`a_b`", "$5", "20%", "https://x.org/y", "plain words", "5 km", "- item\n", "# Head\n",
     "e.g. that", "\U0001f600",
     "a@b.org", "[text](u)", "x < y", "1/2", "v1.2", "the end.", "2026-11-22", "C#", "~3", "Dr. Who"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(FRAGMENT, min_size=1, max_size=6))
def test_saying_it_again_changes_nothing(fragments: list[str]) -> None:
    once = said(" ".join(fragments))
    assert said(once) == once
