"""A package index in a folder: wheels made here, shown to the real uv and pip by their variables."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from config.models import wheels
from config.models.wheels import Package, WheelFile, Wheels


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def make_wheel(folder: Path, name: str, files: Mapping[str, bytes], version: str = "1.0.0") -> Package:
    """A wheel of these files; what it is pinned by."""
    module = name.replace("-", "_")
    info = f"{module}-{version}.dist-info"
    every = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(
        f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()},{len(data)}\n"
        for path, data in every.items()
    )
    every[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    path = folder / f"{module}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for place, data in every.items():
            archive.writestr(place, data)
    return Package(name, version, sha256(path.read_bytes()))


class Index:
    """``holds`` a model from now on, in wheels in its folder; nothing else is found by uv and pip."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._table: dict[str, Wheels] = {}
        folder.mkdir(parents=True)
        monkeypatch.setattr(wheels, "_read", lambda: self._table)
        for tool in ("UV", "PIP"):
            monkeypatch.setenv(f"{tool}_FIND_LINKS", str(folder))
            monkeypatch.setenv(f"{tool}_NO_INDEX", "1")

    def holds(
        self, model: str, packages: Mapping[str, Mapping[str, bytes]], files: Mapping[str, list[str]]
    ) -> None:
        """``packages``: their files; ``files``: where each of the model's lies."""
        made = tuple(make_wheel(self.folder, name, inside) for name, inside in packages.items())
        everything = {place: data for inside in packages.values() for place, data in inside.items()}
        wanted = []
        for name, lies in files.items():
            data = b"".join(everything[place] for place in lies)
            wanted.append(WheelFile(name, len(data), sha256(data), tuple(lies)))
        licence = next((place for place in everything if place.endswith("LICENSE")), "")
        self._table[model] = Wheels(made, tuple(wanted), licence)

    def wheel(self, name: str) -> Path:
        return next(self.folder.glob(f"{name.replace('-', '_')}-*.whl"))
