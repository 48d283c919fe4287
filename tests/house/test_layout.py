"""The layout: no circle of imports, no folder too wide, and the drawing in docs/architecture.md is true."""

from __future__ import annotations

import importlib.util
from collections import Counter
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.house.syntax import tree

ROOT = Path(__file__).parents[2]
WIDEST = 20

_SPEC = importlib.util.spec_from_file_location("draw_house", ROOT / "scripts" / "draw_house.py")
assert _SPEC is not None
assert _SPEC.loader is not None
house = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(house)
vars(house)["_parsed"] = tree  # parsed once for all tests


def test_no_import_goes_in_a_circle_not_even_for_a_type() -> None:
    known = house.modules()
    graph = {
        name: {other for other in house.imports(path, known) if other in known and other != name}
        for name, path in known.items()
    }
    packages = {name for name, path in known.items() if path.name == "__init__.py"}
    for name, others in graph.items():  # a module stands in its package, whoever imports it
        graph[name] = {other for other in others if not (other in packages and name.startswith(f"{other}."))}
    assert len(graph) > 250
    tuple(TopologicalSorter(graph).static_order())


def test_a_circle_would_be_seen() -> None:
    with pytest.raises(CycleError):
        tuple(TopologicalSorter({"a": {"b"}, "b": {"a"}}).static_order())


def test_no_folder_is_too_wide() -> None:
    tops = (*house.PACKAGES, "bench", "tests", "scripts")
    wide = Counter(
        str(path.parent.relative_to(ROOT))
        for top in tops
        for path in (ROOT / top).rglob("*.py")
        if path.name != "__init__.py"
    )
    assert {folder: count for folder, count in wide.items() if count > WIDEST} == {}


def test_every_folder_says_what_it_is() -> None:
    silent = [
        str(path.parent.relative_to(ROOT))
        for path in house.modules().values()
        if not house.first_line(path.parent / "__init__.py")
    ]
    assert not silent


def test_the_drawing_is_that_of_the_house() -> None:
    text = house.PAGE.read_text("utf-8")
    drawn = text.split(house.BEGIN)[1].split(house.END)[0]
    assert drawn == house.drawing(), "out of date; type: python scripts/draw_house.py"
