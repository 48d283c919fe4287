"""Who takes the cores, and what the doctor says of it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from aloud.cli.machine import cpu_contention
from aloud.cli.machine.cpu_contention import Taker, choice, crowded, remedy, takers
from config.models.speeds import keep_kernel
from config.settings.loading import load
from config.system.cores import cores


@pytest.fixture
def spinning() -> Iterator[int]:
    code = "print('.', flush=True)\nwhile True: pass"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process.pid
        process.kill()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_a_program_that_works_is_found(spinning: int) -> None:
    found = next(one for one in takers(1.0) if one.process == spinning)
    assert found.name.startswith("python")
    assert 0 < found.cores <= 1.1


def test_it_is_said_who_takes_what_and_what_is_slower() -> None:
    busy = choice(Taker(1, "llama-server", 1.9), 1.95, 2, 2.41)
    assert (busy.sense, busy.name) == ("processor", "busy")
    assert busy.why == (
        "other programs take 1.9 of 2 cores, most of it llama-server; "
        "transcripts and sentences take 2.4 times as long as when it is idle"
    )
    assert busy.improve == "Let it leave a core: start it anew with --threads 1 added to its line."


def test_the_first_kernel_of_a_crowded_machine_is_no_quickest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cpu_contention, "takers", lambda: [Taker(1, "cc1", float(cores()))])
    monkeypatch.setattr("config.runtime.kernel.kernel_s", lambda threads: 0.9)
    for _ in range(2):
        busy = crowded(load({}, environment={}).settings.stt)
        assert busy is not None
        assert busy.why.endswith("take longer than when it is idle")
    keep_kernel(0.3)
    slower = crowded(load({}, environment={}).settings.stt)
    assert slower is not None
    assert "take 3.0 times as long" in slower.why


def test_where_nothing_was_measured_no_number_is_made_up() -> None:
    assert choice(Taker(1, "cc1", 2.0), 2.0, 2, None).why.endswith("take longer than when it is idle")


@pytest.mark.parametrize(
    ("name", "count", "expected"),
    [
        ("ollama", 8, "PARAMETER num_thread 7"),
        ("llama-server", 1, "--threads 1 "),
        ("firefox", 4, "Close firefox while you talk"),
    ],
)
def test_the_remedy_fits_the_program(name: str, count: int, expected: str) -> None:
    assert expected in remedy(name, count)
