"""What is asked of open files, and answered without a model: whole answers, of tests' own documents."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.files.left_out import LeftOut
from tests.pipeline.files.reading.conftest import LEASE, content_of
from tests.tables import for_each

CASES = tomllib.loads((Path(__file__).parent / "answers.toml").read_text("utf-8"))
NOTICE = "The tenant may give notice of three months."


@for_each(("said", "answer"), CASES["lease"])
def test_what_is_asked_is_answered(said: str, answer: str, desk: Callable[..., Any]) -> None:
    (got,) = desk([content_of("lease.pdf", LEASE)]).talk(said)
    assert "|".join(got) == answer


def test_several_places_are_walked_and_one_goes_on_from_what_was_read(desk: Callable[..., Any]) -> None:
    talk = desk([content_of("lease.pdf", LEASE)]).talk
    walked, page, following, chapter, last, none = talk(
        "Where does it mention notice?",
        "Read page 2.",
        "Next page.",
        "Next chapter.",
        "Read page 4",
        "next page",
    )
    assert walked[0].startswith(f"On page 3, under “Chapter Two: Notice”: “{NOTICE}”")
    assert walked[0].endswith("There is one more place: say “next”.")
    assert len(walked) == 2
    assert page[-1] == "It goes on after this: say “next page”."
    assert following[0] == "Chapter Two: Notice"
    assert "next page" not in following[-1], "that is told once"
    assert chapter[0] == "Chapter Three: Pets"
    assert (last[-1], none) == (
        "A cat may be kept. Dogs need the landlord's consent.",
        ["That was the last one."],
    )


CONTRACT = """# Mietvertrag

Dieser Vertrag beginnt am 1. März. Katzen sind erlaubt.

%%

# Kündigung

Die Kündigungsfrist beträgt drei Monate. Schäden durch Frost zahlt der Mieter."""


@for_each(
    ("language", "said", "answer"),
    [(language, *row) for language, rows in CASES["vertrag"].items() for row in rows],
)
def test_in_any_language(language: str, said: str, answer: str, desk: Callable[..., Any]) -> None:
    (got,) = desk([content_of("vertrag.pdf", CONTRACT)]).talk(said, language=language)
    assert "|".join(got) == answer


def test_nothing_is_claimed_of_what_was_not_read(desk: Callable[..., Any]) -> None:
    pages = LeftOut("pictures", {"pages": "2 and 3"})
    partly = content_of("scan.pdf", "One page of text.\n\n%%", left_out=[pages])
    said, length = desk([partly]).talk("Does it mention elephants?", "How long is it?")
    assert said[0].startswith(
        "In what I could read of scan.pdf there is nothing about “elephants”. Pages 2 and 3"
    )
    assert "Pages 2 and 3 are pictures and were not read" in length[0]
    empty = content_of("scan.pdf", "%%", left_out=[LeftOut("nothing")])
    (said,) = desk([empty]).talk("Does it mention elephants?")
    assert said[0].startswith("I could read no text in scan.pdf. No text was found")


def test_of_several_files_the_one_that_is_named_or_spoken_of(desk: Callable[..., Any]) -> None:
    files = desk([content_of("lease.pdf", LEASE), content_of("vertrag.pdf", CONTRACT)])
    answers = files.talk(
        "Which files are open?", "What is the document?", "How long is the lease?",
        "how many pages does it have", "Does the first file mention dogs?", "close the lease",
        "what files are open", "does the lease mention dogs",
    )  # fmt: skip
    said = [each[0] if each else "" for each in answers]
    assert said[0] == "Open are: lease.pdf and vertrag.pdf."
    assert [each[:9] for each in said[1:4]] == ["vertrag.p", "lease.pdf", "lease.pdf"]
    assert said[4].startswith("Yes.")
    assert said[5:] == ["lease.pdf is closed.", "Open are: vertrag.pdf.", ""]


def test_a_table_is_not_read_out_and_what_code_is_is_left_to_others(desk: Callable[..., Any]) -> None:
    table = content_of("sums.csv", "a, b\n\n1, 2", "table")
    (read,) = desk([table]).talk("read the document")
    assert read == ["sums.csv is a table, 3 lines; I do not read it out as a whole."]
    code = content_of("a.py", "print(1)", "code")
    assert desk([code]).talk("read line 1", "what is this file") == [[], ["a.py is a program, one line."]]


@for_each("said", CASES["left_alone"]["said"])
def test_what_is_not_for_files_is_left_alone(said: str, desk: Callable[..., Any]) -> None:
    files = desk([content_of("notes.pdf", "Nothing of it stands here.\n\n%%")])
    assert files.talk(said) == [[]]


def test_with_a_model_it_is_left_what_it_does_better(desk: Callable[..., Any]) -> None:
    files = desk([content_of("lease.pdf", LEASE)], alone=False)
    files.talk("read page 1")
    certain = {
        said: request.certain
        for said in ("what does it say about dogs", "what is it about", "read page 2", "does it mention dogs")
        if (request := files.skill.parse(said, "en"))
    }
    assert certain == {
        "what does it say about dogs": False, "what is it about": False, "read page 2": True,
        "does it mention dogs": True,
    }  # fmt: skip
    opens = files.skill.parse("open the curtains", "en")
    assert opens is not None
    assert opens.gives_way
