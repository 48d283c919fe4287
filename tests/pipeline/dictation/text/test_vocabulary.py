"""Names: heard wrongly, written rightly; and words that only sound like one are left alone."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import TargetError, UsageError
from pipeline.dictation.text.document import TranscriptDocument
from pipeline.dictation.text.vocabulary import HOTWORD_TOKENS, Vocabulary
from pipeline.dictation.vocabulary_file import read_vocabulary, remember, vocabulary_path
from tests.tables import for_each

NAMES = (
    "Annalena",
    "Kubernetes",
    "Toby Wright",
    "Maria Montessori",
    "Grafana",
    "Zdeněk Nováček",
    "PostgreSQL",
)


@for_each(
    ("heard", "written"),
    [
        ("I met Analena today.", "I met Annalena today."),
        ("I met Anna Lena, today.", "I met Annalena, today."),
        ("annalena's book", "Annalena's book"),
        ("we run cooper netties here", "we run Kubernetes here"),
        ("ask Maria Montesori, please", "ask Maria Montessori, please"),
        ("the grafanna page", "the Grafana page"),
        ("(zdenek novacek)", "(Zdeněk Nováček)"),
        ("new\nlines stay with toby write\n", "new\nlines stay with Toby Wright"),
    ],
)
def test_a_misheard_name_is_written_as_it_is(heard: str, written: str) -> None:
    assert Vocabulary(NAMES).mend(heard).strip() == written


@pytest.mark.parametrize(
    "heard",
    [
        "I want to be right about this",
        "the carpenters and the graphene",
        "Anna, Lena and Tom",
        "he was married in the mountains",
        "post, great and equal",
        "a caring manner matters",
    ],
)
def test_words_that_sound_like_a_name_stay(heard: str) -> None:
    names = [*NAMES, "Karin", "Marten", "Lettie", "Manor", "Mary Montana"]
    assert Vocabulary(names).mend(heard) == heard


@given(st.text(max_size=120))
def test_without_a_name_in_it_no_text_changes(text: str) -> None:
    assert Vocabulary(["Xylophonquartett"]).mend(text).split() == text.split()
    assert Vocabulary().mend(text) == text


def test_hotwords_are_whole_names_the_most_recent_first() -> None:
    vocabulary = Vocabulary(["Old One", "Middle", "New Name"])
    vocabulary.add("Middle")
    assert vocabulary.hotwords() == "Middle, New Name, Old One"
    many = Vocabulary(f"Name{n} Surname{n}" for n in range(500)).hotwords()
    assert many.startswith("Name499 Surname499, ")
    assert len(many) <= 3 * HOTWORD_TOKENS
    assert all(name.count(" ") == 1 for name in many.split(", "))
    counted = Vocabulary(f"n{n}" for n in range(500)).hotwords(10, count=lambda name: 4)
    assert counted == "n499, n498"


def test_the_mind_is_told_of_the_names_in_the_text_first() -> None:
    vocabulary = Vocabulary([f"Person{n:03}" for n in range(200)])
    told = vocabulary.for_llm("I met Person007 there.").split(", ")
    assert told[:2] == ["Person007", "Person199"]
    assert len(told) == 60


def test_ten_thousand_names_stay_fast() -> None:
    letters = random.Random(7)
    parts = ["ka", "lo", "mi", "ren", "tos", "vel", "dor", "nis", "pau", "ger", "bra", "sti", "wen", "zol"]
    names = {"".join(letters.choices(parts, k=3)).title() + " " + "".join(letters.choices(parts, k=3)).title()
             for _ in range(12_000)}  # fmt: skip
    some = sorted(names)[:10_000]

    def spent_s(count: int) -> float:
        """Of the processor, for so many names, and a text of a tenth of them."""
        known = some[:count]
        began = time.process_time()
        vocabulary = Vocabulary(known)
        text = " ".join(f"word{n} said {name.lower()} again" for n, name in enumerate(known[::10]))
        mended = vocabulary.mend(text)
        vocabulary.hotwords()
        vocabulary.for_llm(text)
        vocabulary.add(known[0])
        took = time.process_time() - began
        assert all(name in mended for name in known[::10])
        return took

    # Ten times the names and the words: ten times the work, where each word against each name is a hundred.
    few, many = (min(spent_s(count) for _ in range(3)) for count in (1_000, 10_000))
    assert many < 40 * few, (few, many)


def test_correct_x_to_y_mends_the_text_and_is_heard_from_then_on() -> None:
    page = TranscriptDocument("en")
    page.push("We run cube control here.")
    outcome = page.push("Correct cube control to kubectl.")
    assert (outcome.kind, outcome.detail) == ("learned", "cube control → kubectl")
    assert page.text == "We run kubectl here."
    page.push("And cube control there.")
    assert page.text == "We run kubectl here. And kubectl there."
    assert "kubectl" in page.vocabulary.hotwords()


@pytest.mark.parametrize("old", ["the", "Tom", "right"])
def test_a_common_or_short_word_is_mended_but_not_for_good(old: str) -> None:
    page = TranscriptDocument("en")
    page.push(f"So {old} it is.")
    assert page.push(f"Correct {old} to Theodora.").kind == "learned"
    page.push(f"And {old} again.")
    assert page.text == f"So Theodora it is. And {old} again."


# --- the file -------------------------------------------------------------------------------------------


@pytest.mark.anyio
async def test_what_is_learned_is_known_the_next_time() -> None:
    await remember("cube control → kubectl")
    await remember("analena → Analena")
    await remember("Analena → Analena")
    assert vocabulary_path().read_text("utf-8") == "cube control = kubectl\nAnalena\n"
    known = read_vocabulary()
    assert known.names == ["kubectl", "Analena"]
    assert known.mend("run cube control for analena") == "run kubectl for Analena"


def test_remarks_empty_lines_and_a_mark_of_the_byte_order_are_no_names(tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_bytes(
        "\ufeffAnnalena # my sister\n\n# all\n  Toby   Wright \r\n= \n...\n".encode() + b"x" * 500
    )
    assert read_vocabulary(str(path)).names == ["Annalena", "Toby Wright"]


def test_a_file_that_cannot_be_used_is_a_sentence(tmp_path: Path) -> None:
    assert read_vocabulary().names == []
    with pytest.raises(UsageError, match="There is no vocabulary file"):
        read_vocabulary(str(tmp_path / "none.txt"))
    with pytest.raises(UsageError, match=r"cannot be read: Is a directory\."):
        read_vocabulary(str(tmp_path))
    (tmp_path / "latin").write_bytes("Müller".encode("latin-1"))
    with pytest.raises(UsageError, match="is not text in UTF-8"):
        read_vocabulary(str(tmp_path / "latin"))
    os.mkfifo(tmp_path / "pipe")
    for endless in (str(tmp_path / "pipe"), "/dev/zero"):
        with pytest.raises(UsageError, match="cannot be read: It is no regular file"):
            read_vocabulary(endless)
    with pytest.raises(UsageError, match="no vocabulary file ~nobody9"):
        read_vocabulary("~nobody9/names.txt")


@pytest.mark.anyio
async def test_a_vocabulary_that_cannot_be_written_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="The text is kept"):
        await remember("a b → Ab", str(tmp_path / "no" / "names.txt"))
