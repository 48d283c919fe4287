"""Every setting and what is written about it."""

from __future__ import annotations

from config.settings.explanations import explained
from config.settings.loading import flatten
from config.settings.model import Settings


def test_every_setting_has_an_explanation_that_stands_alone() -> None:
    told = explained().settings
    assert list(told) == list(dict(flatten(Settings().model_dump())))
    for name, text in told.items():
        assert not text.startswith("."), f"{name}: {text}"
        assert not text.endswith(" ..."), f"{name}: {text}"


def test_what_is_said_of_a_group_is_not_said_of_its_first_setting() -> None:
    assert "begun and when you have finished" in explained().groups["listen"]
    assert explained().settings["listen.start"] == "Speech begins at this probability or above."
