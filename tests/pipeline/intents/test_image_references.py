"""Which pictures a person speaks of."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.intents.image_references import referred
from tests.tables import for_each


@for_each(
    ("said", "numbers", "named"),
    [
        ("Compare it with the first one.", (1, 2, 3), (1, 3)),
        ("What was in the first picture?", (1, 2, 3), (1,)),
        ("read picture two", (1, 2, 3), (2,)),
        ("describe picture number 3 again", (1, 2, 3), (3,)),
        ("compare them", (1, 2, 3), (2, 3)),
        ("What is the difference between the two?", (4, 5), (4, 5)),
        ("which of both pictures is brighter", (1, 2), (1, 2)),
        ("describe all of them", (1, 2, 3), (1, 2, 3)),
        ("look at the previous one", (1, 2, 3), (2,)),
        ("compare the first picture with the third picture", (1, 2, 3), (1, 3)),
        ("what does the first picture show", (7, 8), (7,)),  # the first that is still kept
        ("Vergleiche es mit dem ersten Bild", (1, 2), (1, 2)),
        ("Montre la deuxième photo", (1, 2, 3), (2,)),
        ("describe la primera imagen", (1, 2), (1,)),
        ("describe the fifth picture", (1, 2), ()),
        ("what is this", (1, 2), ()),
        ("tell me more about the first one", (1, 2), ()),  # of a list, as likely as of pictures
        ("the first man on the moon", (1, 2), ()),
        ("compare it with the first one", (), ()),
    ],
)
def test_spoken_of(said: str, numbers: tuple[int, ...], named: tuple[int, ...]) -> None:
    assert referred(said, numbers) == named


@given(st.text(max_size=80), st.lists(st.integers(1, 50), unique=True, max_size=8))
def test_only_pictures_that_are_kept_in_their_order(said: str, kept: list[int]) -> None:
    numbers = sorted(kept)
    named = referred(f"picture {said}", numbers)
    assert list(named) == [number for number in numbers if number in named]
