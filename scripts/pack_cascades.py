"""Pack OpenCV's XML cascades into the small files of vision/describe/cascades. Usage: pack_cascades.py
FILE.xml ...
"""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).resolve().parent.parent / "vision" / "describe" / "cascades"


def packed(file: Path) -> dict[str, NDArray[np.generic]]:
    """The arrays that ``vision.describe.cascade.Cascade`` is made of."""
    root = ElementTree.parse(file).getroot()[0]
    stages = root.findall("stages/_")
    trees = [tree for stage in stages for tree in stage.findall("weakClassifiers/_")]
    nodes = [np.array(tree.findtext("internalNodes", "").split(), float).reshape(-1, 4) for tree in trees]
    leaves = [np.array(tree.findtext("leafValues", "").split(), np.float32) for tree in trees]
    rects = [
        [np.array(rect.text.replace(".", "").split() if rect.text else [], int) for rect in feature]
        for feature in (each.findall("rects/_") for each in root.findall("features/_"))
    ]
    room = np.zeros((len(rects), 3, 5), np.int8)
    for number, feature in enumerate(rects):
        room[number, : len(feature)] = feature
    size = [int(root.findtext(name, "0")) for name in ("width", "height")]
    return {
        "size": np.array(size, np.int8),
        "trees": np.array([int(stage.findtext("maxWeakCount", "0")) for stage in stages], np.int16),
        "least": np.array([float(stage.findtext("stageThreshold", "0")) for stage in stages], np.float32),
        "children": np.stack([tree[:, :2] for tree in nodes]).astype(np.int8),
        "features": np.stack([tree[:, 2] for tree in nodes]).astype(np.int16),
        "limits": np.stack([tree[:, 3] for tree in nodes]).astype(np.float32),
        "leaves": np.stack(leaves),
        "rectangles": room,
    }


if __name__ == "__main__":
    for name in sys.argv[1:]:
        np.savez_compressed(FOLDER / (Path(name).stem + ".npz"), **packed(Path(name)))  # type: ignore[arg-type]
