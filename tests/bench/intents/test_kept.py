"""What was understood once stays so."""

from __future__ import annotations

import pytest

from bench.intents.judge import judge
from bench.intents.table import FOLDER, languages, sentences


@pytest.mark.parametrize("language", languages())
def test_each_does_what_it_must(language: str) -> None:
    wrong = [each for each in map(judge, sentences(language, FOLDER / "kept")) if each.verdict != "right"]
    assert wrong == []
