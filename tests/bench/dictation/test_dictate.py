"""``make bench ARGS=dictate`` measures a real take; of killed ones ``test_dictate`` tells what is kept."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from pathlib import Path

import pytest

from aloud.cli.bench import Options
from bench.__main__ import main
from bench.dictation import commands, dictate
from bench.dictation.crashes import _figures
from pipeline.dictation.store import Takes
from pipeline.dictation.take import Take
from voice.stt.pocketsphinx import PocketSphinx


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is measured is one short sentence and three of the ten commands, on a machine as ever."""
    monkeypatch.setattr("config.runtime.kernel.kernel_s", lambda threads, runs=5: 0.1)
    monkeypatch.setattr(dictate, "SENTENCES", ("I have a blue bag.",))
    monkeypatch.setattr(commands, "COMMANDS", commands.COMMANDS[:9:4])


def test_dictation_is_measured(models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with contextlib.suppress(SystemExit):  # a bound that this machine does not hold
        main(["dictate", "--rounds", "1", "--json", "--stt", f"whisper:{models / 'whisper-micro'}"])
    printed = json.loads(capsys.readouterr().out)
    figures = {figure["name"]: figure["value"] for figure in printed["figures"]}
    assert 0 < figures["end of speech to delivered, beyond the engine, p95"] < 500
    assert 0 < figures["words live, lag p95"] < 5
    assert figures["commands recognised, whisper"] == 100
    assert figures["  of so many"] == 3


def test_only_whisper_is_held_to_a_share_of_commands() -> None:
    """The STT that is always there mishears most of them, and says so."""
    stt = PocketSphinx()
    stt.warm()
    recognised, spoken = commands.measure(stt, Options(rounds=1))
    assert recognised.name == "commands recognised, pocketsphinx"
    assert (recognised.limit, recognised.met, spoken.value) == (None, True, 3)
    assert 0 <= recognised.value < 90


def test_a_text_that_came_twice_or_never_is_seen(tmp_path: Path) -> None:
    with Takes(tmp_path) as account:
        known: list[Take] = []
        for text, state in (("One.", "delivered"), ("Two.", "delivered"), ("Three.", "failed")):
            take = account.begin("raw", [], "en", "x")
            account.change(take.id, state, final=text)  # type: ignore[arg-type]
            known.append(account.take(take.id))
    delivered = Counter[str](take.final for take in known if take.state == "delivered")
    found = _figures(known, [0.5, 0.01], 9, Counter({"One.": 2}), delivered)
    missed = {figure.name: figure.value for figure in found if not figure.met}
    assert missed == {
        "sound that was fed and is not on disk, at most": 500.0,
        "takes that end neither delivered nor wordless": 1,
        "texts delivered and missing": 1,
        "texts written twice, or by no take": 1,
    }
