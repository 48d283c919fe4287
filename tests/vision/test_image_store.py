"""What was shown, once for the next turn and for good by its number."""

from __future__ import annotations

from PIL import Image

from vision.image_store import ImageStore
from vision.images.open import from_pixels
from vision.images.picture import Picture


def picture(name: str) -> Picture:
    return from_pixels(Image.new("RGB", (2, 2)), name)


def test_each_picture_goes_along_once_and_is_kept() -> None:
    image_store = ImageStore()
    first, second, third = picture("a"), picture("b"), picture("c")
    assert image_store.take() == ()
    assert (image_store.show(first), image_store.show(second)) == (1, 2)
    assert image_store.take() == (first, second)
    assert image_store.take() == ()
    image_store.show(third)
    assert image_store.take() == (third,)
    assert image_store.all == (first, second, third)
    assert image_store.latest is third
    assert (image_store.get(2), image_store.get(9), image_store.number(second)) == (second, None, 2)


def test_old_ones_are_let_go_and_numbers_are_not_given_again() -> None:
    image_store = ImageStore(keep=3)
    shown = [picture(str(i)) for i in range(5)]
    assert [image_store.show(one) for one in shown] == [1, 2, 3, 4, 5]
    assert image_store.all == tuple(shown[2:])
    assert image_store.take() == tuple(shown[2:])
    assert (image_store.get(1), image_store.number(shown[0]), image_store.number(shown[4])) == (None, 0, 5)
