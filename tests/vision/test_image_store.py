"""What was shown, once for the next turn and for good by its number."""

from __future__ import annotations

from PIL import Image

from vision.image_store import Eyes
from vision.images.open import from_pixels
from vision.images.picture import Picture


def picture(name: str) -> Picture:
    return from_pixels(Image.new("RGB", (2, 2)), name)


def test_each_picture_goes_along_once_and_is_kept() -> None:
    eyes = Eyes()
    first, second, third = picture("a"), picture("b"), picture("c")
    assert eyes.take() == ()
    assert (eyes.show(first), eyes.show(second)) == (1, 2)
    assert eyes.take() == (first, second)
    assert eyes.take() == ()
    eyes.show(third)
    assert eyes.take() == (third,)
    assert eyes.all == (first, second, third)
    assert eyes.latest is third
    assert (eyes.get(2), eyes.get(9), eyes.number(second)) == (second, None, 2)


def test_old_ones_are_let_go_and_numbers_are_not_given_again() -> None:
    eyes = Eyes(keep=3)
    shown = [picture(str(i)) for i in range(5)]
    assert [eyes.show(one) for one in shown] == [1, 2, 3, 4, 5]
    assert eyes.all == tuple(shown[2:])
    assert eyes.take() == tuple(shown[2:])
    assert (eyes.get(1), eyes.number(shown[0]), eyes.number(shown[4])) == (None, 0, 5)
    eyes.forget()
    assert (eyes.all, eyes.latest, eyes.take()) == ((), None, ())
    assert eyes.show(shown[0]) == 6
