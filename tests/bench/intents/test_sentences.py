"""What people say does what they meant: the bounds of ``python -m bench.intents --check``."""

from __future__ import annotations

import pytest

from bench.intents.__main__ import LEAST_RIGHT, judged
from bench.intents.table import languages


@pytest.mark.parametrize("language", languages())
def test_nearly_all_is_done_and_nothing_else(language: str) -> None:
    found = judged(language)
    wrong = [f"{each.sentence.text} -> {each.became}" for each in found if each.verdict == "wrong_effect"]
    assert wrong == []
    missed = [f"{each.sentence.text} -> {each.became}" for each in found if each.verdict != "right"]
    assert len(missed) <= (1 - LEAST_RIGHT) * len(found), missed
