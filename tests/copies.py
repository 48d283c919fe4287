"""Copies of Aloud installed for real, each in a home of its own and without the network.

What it needs comes from a folder of wheels: the real ones of what builds it, packed again from this
environment, and empty ones of the rest. The modules themselves are this environment's: a copy costs a second.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from dataclasses import dataclass, field
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

from aloud import __version__

ROOT = Path(__file__).parent.parent
PARTS = ("aloud", "config", "pipeline", "vision", "voice", "scripts", "Makefile", "README.md", "LICENSE")

_BY_INSTALLERS = ("INSTALLER", "REQUESTED", "direct_url.json")


def packed(package: Distribution, folder: Path) -> None:
    """The wheel of an installed package, from the files that it wrote down."""
    with zipfile.ZipFile(folder / f"{_stem(package.name, package.version)}.whl", "w") as wheel:
        for file in package.files or ():
            if not str(file).startswith("..") and file.suffix != ".pyc" and file.name not in _BY_INSTALLERS:
                wheel.write(str(file.locate()), str(file))


def empty(name: str, version: str, folder: Path) -> None:
    """A wheel with nothing in it but its name."""
    info = f"{_stem(name, version).removesuffix('-py3-none-any')}.dist-info"
    files = {
        "METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        "WHEEL": "Wheel-Version: 1.0\nGenerator: aloud\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    listed = "".join(f"{info}/{file},,\n" for file in (*files, "RECORD"))
    with zipfile.ZipFile(folder / f"{_stem(name, version)}.whl", "w") as wheel:
        for file, text in (files | {"RECORD": listed}).items():
            wheel.writestr(f"{info}/{file}", text)


def _stem(name: str, version: str) -> str:
    return f"{name.replace('-', '_')}-{version}-py3-none-any"


def needed_by(*names: str) -> set[str]:
    """They and all that they need, as they are called in metadata."""
    there: set[str] = set()
    for name in names:
        needs = map(Requirement, distribution(name).requires or ())
        first = [need.name for need in needs if not need.marker or need.marker.evaluate({"extra": ""})]
        there |= {name} | needed_by(*(set(first) - there))
    return there


def wheels(folder: Path) -> Path:
    folder.mkdir()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["local"] + ["tzdata"]
    builders = needed_by("hatchling", "editables", "pip")
    for name in builders:
        packed(distribution(name), folder)
    for name in {Requirement(line).name for line in wanted} - builders:
        empty(name, _version(name), folder)
    return folder


def _version(name: str) -> str:
    try:
        return distribution(name).version
    except PackageNotFoundError:
        return "2030.1"


def lock(folder: Path) -> str:
    """As requirements.lock, of these wheels."""
    lines = []
    for wheel in sorted(folder.glob("*.whl")):
        name, version = wheel.name.split("-")[:2]
        if name not in ("pip", "xllamacpp", "tzdata"):
            digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
            lines.append(f"{name.replace('_', '-')}=={version} --hash=sha256:{digest}\n")
    return "".join(lines)


@dataclass(frozen=True)
class Home:
    """A home with Aloud's folder in it, a path with uv and pipx, and packages from ``links`` alone."""

    home: Path
    links: Path
    uv: Path
    copies: dict[str, Path] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.home / "aloud folder"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("LANG", "TMPDIR", "SSL_CERT_FILE") if name in os.environ}
        return kept | {
            "HOME": str(self.home),
            "PATH": f"{self.home / 'bin'}:/usr/local/bin:/usr/bin:/bin",
            "PYTHON": sys.executable,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.links),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_NO_COMPILE": "1",
            "UV_OFFLINE": "1",
            "UV_NO_INDEX": "1",
            "UV_FIND_LINKS": str(self.links),
            "UV_PYTHON": sys.executable,
            "PIPX_DEFAULT_PYTHON": sys.executable,
            "MODELS": "none",
        }

    wheel = f"aloud_assistant-{__version__}-py3-none-any.whl"

    def run(self, line: str, *, cwd: Path | None = None) -> str:
        """What it prints on either output; fails where the line does."""
        done = subprocess.run(
            ["sh", "-c", line], cwd=cwd or self.home, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def python(self, kind: str) -> Path:
        """The interpreter of a copy, which finds there what the empty wheels do not hold."""
        place = self.copies[kind]
        (packages,) = place.glob("lib/python*/site-packages")
        (packages / "modules.pth").write_text(f"{self.home / 'modules'}\n")
        return place / "bin" / "python"

    def asked(self, kind: str, expression: str, *, cwd: Path | None = None) -> str:
        """What a function of ``config.runtime.installation`` says in that copy."""
        program = f"from config.runtime.installation import *; print({expression})"
        return self.run(f'"{self.python(kind)}" -c "{program}"', cwd=cwd).strip()


def modules(folder: Path) -> None:
    """What can be imported here, without the records of what is installed."""
    folder.mkdir()
    for module in Path(sysconfig.get_path("purelib")).iterdir():
        if module.suffix not in (".dist-info", ".pth") and module.name not in ("pip", "xllamacpp"):
            (folder / module.name).symlink_to(module)


def make_home(home: Path) -> Home:
    (home / "bin").mkdir(parents=True)
    found = subprocess.run(
        ["sh", "scripts/setup", "uv"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    uv = ROOT / found.stdout.strip() if "/" in found.stdout else Path(shutil.which("uv") or "")
    made = Home(home, wheels(home / "wheels"), uv)
    (home / "bin" / "uv").symlink_to(uv)
    (home / "bin" / "pipx").symlink_to(Path(sys.executable).with_name("pipx"))
    modules(home / "modules")
    made.folder.mkdir()
    for part in PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, made.folder / part)
    shutil.copy(ROOT / "pyproject.toml", made.folder)
    (made.folder / "requirements.lock").write_text(lock(made.links))
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    subprocess.run(build, cwd=made.folder, capture_output=True, check=True)
    return made
