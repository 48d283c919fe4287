"""The programs of their own that measure pictures: they import what there is."""

from __future__ import annotations

from pathlib import Path

from bench.pictures.image import opened_apart

SIGN = Path(__file__).parents[3] / "aloud" / "sample" / "sign.png"


def test_a_picture_is_opened_in_a_process_of_its_own(tmp_path: Path) -> None:
    told = opened_apart(SIGN)
    assert told["said"] == ""
    assert float(told["peak_mb"]) > 10
    (tmp_path / "no.png").write_bytes(b"no picture")
    assert str(opened_apart(tmp_path / "no.png")["said"])
