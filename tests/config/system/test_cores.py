"""Cores that are really there: the affinity, and quotas of control groups of both versions."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.system import cores as counted
from config.system.cores import cores, llm_threads, quota_cores, stt_threads, tts_threads


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="affinity is Linux's")
def test_a_process_that_is_kept_on_one_core_has_one() -> None:
    one = min(os.sched_getaffinity(0))
    asked = (
        f"import os; os.sched_setaffinity(0, {{{one}}})\n"
        "from config.system.cores import cores; print(cores())"
    )
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "1"


def groups(folder: Path, own: str, files: dict[str, str]) -> float | None:
    (folder / "own").write_text(own)
    for name, text in files.items():
        file = folder / "groups" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return quota_cores(folder / "own", folder / "groups")


@pytest.mark.parametrize(
    ("own", "files", "quota"),
    [
        ("0::/app\n", {"app/cpu.max": "150000 100000\n"}, 1.5),
        ("0::/app/part\n", {"app/part/cpu.max": "max 100000\n", "app/cpu.max": "200000 100000\n"}, 2.0),
        ("0::/docker/of-the-host\n", {"cpu.max": "50000 100000\n"}, 0.5),
        ("0::/\n", {"cpu.max": "max 100000\n"}, None),
        (
            "4:cpu,cpuacct:/app\n3:memory:/\n",
            {
                "cpu,cpuacct/app/cpu.cfs_quota_us": "300000\n",
                "cpu,cpuacct/app/cpu.cfs_period_us": "100000\n",
            },
            3.0,
        ),
        ("1:cpu:/\n", {"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, None),
        ("nonsense\n", {"cpu.max": "nonsense"}, None),
    ],
)
def test_the_tightest_quota_on_the_way_up_counts(
    tmp_path: Path, own: str, files: dict[str, str], quota: float | None
) -> None:
    assert groups(tmp_path, own, files) == quota


def test_no_control_groups_are_no_limit(tmp_path: Path) -> None:
    assert quota_cores(tmp_path / "none", tmp_path) is None


def test_a_quota_is_rounded_down_and_never_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counted, "_allowed", lambda: 8)
    for quota, expected in ((2.9, 2), (0.5, 1), (None, 8), (64.0, 8)):
        monkeypatch.setattr(counted, "quota_cores", lambda quota=quota: quota)
        assert cores() == expected


@pytest.mark.parametrize("count", [1, 2, 3, 4, 8, 64])
def test_what_works_at_the_same_time_has_no_more_threads_than_cores(
    monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr(counted, "cores", lambda: count)
    assert llm_threads() + tts_threads(beside_llm=True) <= max(2, count)
    assert min(stt_threads(), llm_threads(), tts_threads(), tts_threads(beside_llm=True)) >= 1
    assert stt_threads() == count
    assert tts_threads() <= min(4, count)
    assert llm_threads() <= max(1, count - 1)
