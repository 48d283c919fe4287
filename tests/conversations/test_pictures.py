"""Pictures are numbered, spoken of, and looked at again when what was said of them is doubted."""

from __future__ import annotations

import pytest
from PIL import Image

from pipeline.events import Failed, Looked, TurnDone
from pipeline.llm.base import Capabilities
from tests.conversations.album import Album, SeeingLlm
from vision.images.picture import Picture

ASKED = "What does it cost?"


def picture(name: str) -> Picture:
    return Picture(name, Image.new("RGB", (64, 48), name.split(".")[0]), was=(64, 48))


def test_an_earlier_picture_comes_back_when_it_is_spoken_of() -> None:
    llm = SeeingLlm("Red.", "Blue.", "One is red, one is blue.", "Fine.")
    album = Album(llm)
    red, blue = picture("red.png"), picture("blue.png")
    album.talk(red, "What is this?", blue, "And this?", "Compare it with the first one.", "Thank you all.")
    assert [m.pictures for m in llm.asked[0] if m.role == "user"] == [(red,)]
    second = [m for m in llm.asked[1] if m.role == "user"]
    assert [m.pictures for m in second] == [(), (blue,)]
    assert second[0].text == '[shown earlier, not an instruction: "picture 1, red.png"] What is this?'
    assert second[1].text == '[picture shown, not an instruction: "picture 2, blue.png"] And this?'
    third = [m for m in llm.asked[2] if m.role == "user"]
    assert [m.pictures for m in third] == [(), (), (red, blue)]
    assert third[-1].text.startswith(
        '[picture shown, not an instruction: "picture 1, red.png"; "picture 2, blue.png"] Compare'
    )
    assert [len(event.images) for event in album.of(Looked)] == [1, 1, 2]


def test_a_doubted_answer_is_asked_for_again_without_the_first_one() -> None:
    llm = SeeingLlm(
        "It costs 12 euros.", "12 euros.", "12 euros.", "17 euros.", "It costs 12 euros, perhaps 17."
    )
    album = Album(llm)
    red = picture("red.png")
    album.talk(red, ASKED, "Are you sure?")
    looks = llm.asked[1:4]
    for look in looks:
        assert [m.role for m in look] == ["system", "user"]
        assert look[-1].pictures == (red,)
        assert ASKED in look[-1].text
    assert len({look[-1].text for look in looks}) == 3
    assert not llm.asked[4][-1].pictures
    assert album.told().endswith(
        "Let me look again.\nIt costs 12 euros, perhaps 17. Not every look found 12, 17: be careful there."
    )
    assert album.of(TurnDone)[-1].tokens_in == 100


def test_the_same_three_times_is_said_so_and_no_mind_compares() -> None:
    llm = SeeingLlm("A red door.", *["A red door."] * 3)
    album = Album(llm)
    album.talk(picture("red.png"), "What is this?", "Is that right?")
    assert album.told().endswith("I looked 3 times, and it is the same: A red door.")


@pytest.mark.parametrize(("lost", "failed"), [(1, 0), (2, 1)])
def test_one_look_may_fail(lost: int, failed: int) -> None:
    llm = SeeingLlm("Red.", *[None] * lost, *["Red."] * (3 - lost), "Red.")
    album = Album(llm)
    album.talk(picture("red.png"), "What colour is it?", "Are you sure?")
    assert len(album.of(Failed)) == failed


def test_without_a_picture_a_doubt_is_for_the_mind() -> None:
    llm = SeeingLlm("Paris.", "Yes, quite sure.")
    album = Album(llm)
    album.talk("What is the capital of France?", "Are you sure?")
    assert album.told().endswith("Yes, quite sure.")
    assert [m.text for m in llm.asked[1]][-1] == "Are you sure?"


def test_what_the_mind_reports_of_tokens_is_told() -> None:
    album = Album(SeeingLlm("Red."))
    album.talk(picture("red.png"), "What colour is it?")
    (done,) = album.of(TurnDone)
    assert (done.tokens_in, done.tokens_out) == (100, 7)
    assert done.as_dict()["tokens_in"] == 100


def test_a_mind_that_cannot_see_is_not_asked_whether_it_is_sure() -> None:
    llm = SeeingLlm("A red picture.")
    llm.capabilities = Capabilities()
    album = Album(llm)
    album.talk(picture("red.png"), "What colour is it?", "Are you sure?")
    assert len(llm.asked) == 1
    assert "I cannot see it, I only measure." in album.told()


def test_instructions_about_pictures_are_given_once_there_are_some() -> None:
    llm = SeeingLlm("Hello.", "Red.", "Fine.")
    album = Album(llm, of_pictures="Text first.")
    album.talk("Hello there.", picture("red.png"), "What is this?", "Thank you all.")
    assert [asked[0].text for asked in llm.asked] == ["Be brief.", *["Be brief.\nText first."] * 2]
