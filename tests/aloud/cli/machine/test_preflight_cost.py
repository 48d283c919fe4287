"""What a preflight costs here, and what the doctor says of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aloud.cli.machine import preflight_cost
from aloud.cli.machine.preflight_cost import choice, examine_preflights
from config.models.catalogue import known
from config.models.speeds import keep_kernel, keep_preflight, measured_preflight_s
from config.settings.loading import load
from config.settings.model import Settings
from tests.advice import parse
from voice.stt.pocketsphinx import PocketSphinx
from voice.stt.whisper.engine import Whisper


def settings(**flags: Any) -> Settings:
    named = {"stt.language": "en"} | {name.replace("__", "."): value for name, value in flags.items()}
    return load(named, environment={}).settings


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight_cost, "cores", lambda: 2)


@pytest.mark.parametrize(
    ("seconds", "follows"),
    [
        (0.25, "quick enough to talk with"),
        (0.45, "an answer begins about 0.2 s later than with quicker speech recognition"),
        (0.75, "so it is begun at 200 ms of silence and not at once, and an answer begins about 0.5 s later"),
    ],
)
def test_what_follows_from_the_cost_of_a_draft(seconds: float, follows: str) -> None:
    told = choice(settings().stt, known("base.en"), seconds, 2)
    assert (told.sense, told.name) == ("preflight", f"{seconds:.2f} s")
    assert "that long here with 2 threads; " + follows in told.why
    assert bool(told.improve) is (seconds > 0.25)


def test_the_remedy_is_the_largest_model_that_is_quick_enough_here() -> None:
    keep_kernel(0.25 / known("base.en").kernels)
    keep_preflight(known("small.en"), 0.8)
    told = choice(settings().stt, known("small.en"), 0.8, 2).improve
    assert told == "aloud models get base.en && aloud config set stt whisper:base.en"
    for line in told.split(" && "):
        assert not parse(line)
    # Twice as slow as predicted, so the next is taken to be so too.
    keep_preflight(known("small.en"), 2 * (0.25 / known("base.en").kernels) * known("small.en").kernels)
    assert "tiny.en" in choice(settings().stt, known("small.en"), 1.8, 2).improve


@pytest.fixture
def tiny() -> Path:
    """A model that is here, and that nobody loads."""
    here = known("tiny.en").folder
    here.mkdir(parents=True)
    for name in ("model.bin", "config.json", "tokenizer.json", "vocabulary.txt"):
        (here / name).write_bytes(b"x")
    return here


def test_a_model_that_is_here_is_not_fetched_again(tiny: Path) -> None:
    assert choice(settings().stt, known("base.en"), 0.6, 2).improve == "aloud config set stt whisper:tiny.en"


def test_of_the_smallest_only_threads_can_help() -> None:
    assert choice(settings().stt, known("tiny.en"), 0.9, 2).improve == ""
    assert choice(settings().stt, known("tiny.en"), 0.9, 1).improve == "aloud config set stt.threads 0"


def test_it_is_measured_once(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([(0.4, "a"), (9.0, "never")])
    monkeypatch.setattr(preflight_cost, "time_idle_preflight", lambda stt, threads: next(times))
    stt = Whisper(tiny, name="tiny.en")
    first, again = (examine_preflights(settings().stt, stt) for _ in range(2))
    assert first is not None
    assert first == again
    assert measured_preflight_s(known("tiny.en")) == 0.4


def test_beside_other_programs_it_is_told_and_not_kept(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight_cost, "time_preflight", lambda stt, samples: (3.0, "a"))
    told = examine_preflights(settings().stt, Whisper(tiny, name="tiny.en"), busy=True)
    assert told is not None
    assert (told.name, told.improve) == ("3.00 s", "")
    assert told.why.endswith("just now, beside other programs")
    assert measured_preflight_s(known("tiny.en")) is None


def test_ears_that_write_while_they_hear_have_no_drafts_that_cost() -> None:
    assert examine_preflights(settings().stt, PocketSphinx()) is None
