"""How much memory there is for one more model."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from config.system import memory


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system does not tell")
def test_it_is_what_the_system_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert 50 < memory.available_mb() < 10_000_000
    told = tmp_path / "meminfo"
    told.write_text("MemTotal: 9999999 kB\nMemAvailable: 4000000 kB\n")
    monkeypatch.setattr(memory, "_MEMINFO", told)
    monkeypatch.setattr(memory, "control_groups", lambda wanted: iter(()))
    assert memory.available_mb() == 4096
    told.write_text("nothing")
    assert memory.available_mb() > 50


def test_a_control_group_may_give_less(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two, one, none = tmp_path / "two", tmp_path / "one", tmp_path / "none"
    for folder in (two, one, none):
        folder.mkdir()
    (two / "memory.max").write_text("100000000\n")
    (two / "memory.current").write_text("80000000\n")
    (two / "memory.stat").write_text("anon 1\ninactive_file 10000000\n")
    (one / "memory.limit_in_bytes").write_text("50000000\n")
    (one / "memory.usage_in_bytes").write_text("60000000\n")
    (one / "memory.stat").write_text("total_inactive_file 5000000\n")
    (none / "memory.max").write_text("max\n")
    for folders, free in (([two], 30), ([one], 0), ([two, one, none], 0)):
        monkeypatch.setattr(memory, "control_groups", lambda wanted, folders=folders: iter(folders))
        assert memory.available_mb() == free
