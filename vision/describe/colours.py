"""Colours by the name a person would give them, and where in the picture they lie."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from vision.images.picture import Picture

SAMPLES: dict[str, str] = {
    "black": "000000 1c1c1c",
    "grey": "4a4a4a 6e6e6e 8c8c8c a9a9a9 c4c4c4",
    "white": "ffffff ededed",
    "red": "ff0000 c81414 a00000 780a0a e03c3c",
    "orange": "ff8c00 ff7000 f0a040 e87048 d86030",
    "yellow": "ffff00 ffff99 ffd700 f5e050 d8c020",
    "green": "00ff00 00a000 006400 60c060 90d890 6b8e23 2e5a2e",
    "turquoise": "00e0e0 00a8a8 40d0c8 006e6e",
    "blue": "0000ff 0000a0 000080 1e70e0 000050 141e5a 4682b4 6090e0",
    "light_blue": "87ceeb a8d0f0 b8dcf8",
    "purple": "800080 9040c0 6020a0 b878d8 4b0082",
    "pink": "ff69b4 ffb0c0 ff1493 f0a0b8 e878b0 fa8072",
    "brown": "8b4513 654321 5a3010 a06030 7a5a3c",
    "beige": "f5e8c8 e0c8a0 d8c8a8 c8a882",
}
"""Names and the sRGB colours that stand for them; a colour takes the name of the nearest in CIELAB."""

NAMES = tuple(SAMPLES)

Lab = NDArray[np.float64]


def to_lab(rgb: NDArray[np.uint8]) -> Lab:
    """sRGB, shape (..., 3), uint8, to CIELAB (D65; IEC 61966-2-1 and CIE 15)."""
    linear = rgb.astype(np.float64) / 255
    linear = np.where(linear <= 0.04045, linear / 12.92, ((linear + 0.055) / 1.055) ** 2.4)
    matrix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = linear @ matrix.T / np.array([0.9505, 1.0, 1.089])
    root = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    x, y, z = root[..., 0], root[..., 1], root[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


@cache
def _table() -> tuple[Lab, NDArray[np.int64]]:
    owners, colours = [], []
    for index, samples in enumerate(SAMPLES.values()):
        for code in samples.split():
            owners.append(index)
            colours.append(list(bytes.fromhex(code)))
    return to_lab(np.array(colours, np.uint8)), np.array(owners, np.int64)


def name_indices(rgb: NDArray[np.uint8]) -> NDArray[np.int64]:
    """For colours of shape (n, 3), uint8: positions in ``NAMES``, shape (n,)."""
    samples, owners = _table()
    lab = to_lab(rgb)
    # Hue and saturation weigh more than lightness: a shadow on a red wall is red still.
    apart = sum(
        ((lab[:, part, None] - samples[:, part]) * weight) ** 2 for part, weight in enumerate((0.7, 1.0, 1.0))
    )
    nearest: NDArray[np.int64] = owners[np.asarray(apart).argmin(axis=1)]
    return nearest


def name_of(rgb: tuple[int, int, int]) -> str:
    return NAMES[int(name_indices(np.array([rgb], np.uint8))[0])]


@dataclass(frozen=True, slots=True)
class Patch:
    """One named colour: how much of the picture it is (0 to 1), and where most of it lies."""

    name: str
    share: float
    where: str
    """``top``, ``left``, ``middle``, ``bottom_right`` ...; empty: all over."""


def palette(picture: Picture, least: float = 0.08) -> tuple[Patch, ...]:
    """Colours that make up at least ``least`` of the picture, most first; measured at 96 pixels."""
    from PIL.Image import Resampling

    small = picture.image.resize((96, 96), Resampling.BOX, reducing_gap=2.0)
    names = name_indices(np.asarray(small).reshape(-1, 3)).reshape(96, 96)
    shares = np.bincount(names.ravel(), minlength=len(NAMES)) / names.size
    order = [int(i) for i in np.argsort(-shares, kind="stable") if shares[i] >= least]
    return tuple(Patch(NAMES[i], float(shares[i]), _where(names == i)) for i in order)


def _where(mask: NDArray[np.bool_]) -> str:
    """Where three quarters of it lie: in one third of the picture, across or down, or in its middle."""
    rows, columns = mask.sum(axis=1), mask.sum(axis=0)
    total = int(mask.sum())
    down = _third(rows, total, ("top", "middle", "bottom"))
    across = _third(columns, total, ("left", "middle", "right"))
    if "" in (down, across):
        return (down + across).replace("middle", "")
    if down == across == "middle":
        return "middle"
    return "_".join(part for part in (down, across) if part != "middle")


def _third(counts: NDArray[np.int64], total: int, names: tuple[str, str, str]) -> str:
    size = len(counts) // 3
    parts = (int(counts[:size].sum()), int(counts[size:-size].sum()), int(counts[-size:].sum()))
    best = max(range(3), key=parts.__getitem__)
    return names[best] if parts[best] >= 0.75 * total else ""
