"""How this copy of Aloud was installed, and what is typed in it: each command that a sentence names.

Sentences are written with ``aloud COMMAND``, as the README has it; ``typed_here`` makes of it what works in
this copy. The lines that bring packages are made in this file alone: they differ with the kind of the copy.

=======  ==============================================================  =================================
kind     told by                                                         a missing package comes back with
=======  ==============================================================  =================================
folder   the environment is the ``.venv`` of the folder it came from     ``make anew``
uv       ``uv-receipt.toml`` in the environment                          ``uv tool upgrade --reinstall``
pipx     ``pipx_metadata.json`` in the environment                       ``pipx reinstall``
venv     none of these                                                   ``pip install --force-reinstall``
=======  ==============================================================  =================================
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

DISTRIBUTION = "aloud-assistant"

COMMAND = "aloud"
COMMANDS = (
    *(
        "ask",
        "bench",
        "config",
        "describe",
        "dictate",
        "doctor",
        "history",
        "mcp",
        "models",
        "rewrite",
        "say",
    ),
    *("setup", "talk", "transcribe"),
)

_TYPED = re.compile(
    rf"(?<![\w./\\-])(?<!-m )aloud(?= (?:{'|'.join(COMMANDS)})\b| --(?:help|version))"
    r"|(?<=[^?]: )aloud(?=$|[.,;])"
)
"""A command to be typed, and not the word: followed by one of ours, or alone behind a colon."""

_MANAGERS = (
    ("apt-get", "apt-get install {}"),
    ("dnf", "dnf install {}"),
    ("pacman", "pacman -S {}"),
    ("zypper", "zypper install {}"),
    ("apk", "apk add {}"),
    ("brew", "brew install {}"),
)
_NAMES = {
    "libportaudio2": dict.fromkeys(("dnf", "pacman", "apk", "brew"), "portaudio"),
    "libasound2-plugins": {
        **dict.fromkeys(("apk", "zypper"), "alsa-plugins-pulse"),
        "dnf": "alsa-plugins-pulseaudio",
        "pacman": "alsa-plugins",
    },
    "pulseaudio-utils": {"pacman": "libpulse"},
}
"""Where a package is not called as in Debian."""


@dataclass(frozen=True, slots=True)
class Copy:
    """``source``: the folder or wheel that it was installed from; None when that is not there any more."""

    kind: Literal["folder", "uv", "pipx", "venv"]
    source: Path | None = None
    editable: bool = False


def this_copy() -> Copy:
    source, editable = _source()
    prefix = Path(sys.prefix)
    if source and (source / "Makefile").is_file() and prefix.resolve() == (source / ".venv").resolve():
        return Copy("folder", source, editable)
    if (prefix / "uv-receipt.toml").is_file():
        return Copy("uv", source, editable)
    if (prefix / "pipx_metadata.json").is_file():
        return Copy("pipx", source, editable)
    return Copy("venv", source, editable)


def _source() -> tuple[Path | None, bool]:
    """As the installer wrote it down (PEP 610)."""
    import json
    from importlib.metadata import PackageNotFoundError, distribution
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    try:
        told = json.loads(distribution(DISTRIBUTION).read_text("direct_url.json") or "{}")
    except PackageNotFoundError:
        return None, False
    url = urlsplit(told.get("url", ""))
    source = Path(url2pathname(url.path)) if url.scheme == "file" else None
    return source if source and source.exists() else None, bool(told.get("dir_info", {}).get("editable"))


# --- what is typed to call it ---------------------------------------------------------------------------


def typed_here(sentence: str) -> str:
    """``sentence`` with each ``aloud COMMAND`` as it is typed here: “See: .venv/bin/aloud doctor”."""
    if "aloud" not in sentence:
        return sentence
    command = aloud_command()
    return _TYPED.sub(lambda _: command, sentence)


def aloud_command() -> str:
    """What calls this copy: ``aloud`` where the path leads to it, else its place."""
    script = Path(sys.executable).with_name("aloud.exe" if os.name == "nt" else "aloud")
    found = shutil.which("aloud")
    if found and _is(Path(found), script):
        return "aloud"
    if script.exists():
        called = Path(sys.argv[0])  # a link to it has the shorter name
        return _quoted(_near(called.absolute() if _is(called, script) else script))
    return f"{_quoted(sys.executable)} -m aloud"


def _is(path: Path, script: Path) -> bool:
    return path.name == script.name and path.exists() and script.exists() and path.samefile(script)


def _near(path: Path) -> str:
    """Short when a person stands in the folder that holds it."""
    here = _here()
    return str(path.relative_to(here)) if here and path.is_relative_to(here) else str(path)


def _here() -> Path | None:
    try:
        return Path.cwd()
    except OSError:  # it was deleted
        return None


def _quoted(word: str | Path) -> str:
    if os.name == "nt":
        return f'"{word}"' if " " in str(word) else str(word)
    return shlex.quote(str(word))


# --- what is typed to bring a package -------------------------------------------------------------------


def again_line(*packages: str) -> str:
    """Brings back Python packages that are missing or damaged; all, where the source is still there."""
    copy = this_copy()
    if copy.kind == "folder":
        return _make(copy, "anew")
    if copy.kind == "pipx":
        known = [_requirement(package) for package in packages]
        alone = f"pipx inject --force {_name()} {' '.join(known)}"
        return f"pipx reinstall {_name()}" if copy.source else alone
    if copy.kind == "uv" and copy.source and (uv := _uv(copy)):
        return f"{uv} tool upgrade --reinstall {DISTRIBUTION}"
    if copy.kind == "venv" and copy.source:
        source = f"{'--editable ' if copy.editable else ''}{_quoted(copy.source)}"
        return f"{_installer(copy, 'reinstall')} {source}"
    return f"{_installer(copy, 'reinstall')} --no-deps {' '.join(map(_requirement, packages))}"


def added_line(package: str) -> str:
    """Adds a Python package that Aloud can use and does without."""
    copy = this_copy()
    if copy.kind == "pipx":
        return f"pipx inject {_name()} {_requirement(package)}"
    return f"{_installer(copy)} {_requirement(package)}"


def removed_line(package: str) -> str:
    """Takes away a package that was added."""
    copy = this_copy()
    if copy.kind == "pipx":
        return f"pipx uninject {_name()} {_quoted(package)}"
    return f"{_installer(copy, 'remove')} {_quoted(package)}"


def _make(copy: Copy, target: str) -> str:
    assert copy.source
    elsewhere = "" if _here() == copy.source else f"-C {_quoted(copy.source)} "
    return f"make {elsewhere}{target}"


def _name() -> str:
    """What pipx calls it: a suffix may have been given."""
    return _quoted(Path(sys.prefix).name)


def _uv(copy: Copy) -> str:
    ours = [copy.source / place / "uv" for place in (".tools/bin", ".tools/venv/bin")] if copy.source else []
    found = next((_quoted(path) for path in ours if path.is_file()), "")
    return "uv" if shutil.which("uv") else found


def _installer(copy: Copy, how: Literal["", "reinstall", "remove"] = "") -> str:
    """pip where this environment has it, else uv, else pip once Python has put it there."""
    from importlib.util import find_spec

    python, pip = _quoted(sys.executable), find_spec("pip")
    verb = "uninstall" if how == "remove" else "install"
    has_pip = bool(pip and pip.origin and Path(pip.origin).is_relative_to(sys.prefix))
    if not has_pip and (uv := _uv(copy)):
        return f"{uv} pip {verb} --python {python}" + (" --reinstall" if how == "reinstall" else "")
    first = "" if has_pip else f"{python} -m ensurepip && "
    return f"{first}{python} -m pip {verb}" + (" --force-reinstall" if how == "reinstall" else "")


def _requirement(package: str) -> str:
    """With the versions that Aloud takes, as its own metadata has them."""
    from importlib.metadata import PackageNotFoundError, requires

    try:
        known = requires(DISTRIBUTION) or []
    except PackageNotFoundError:
        known = []
    wanted = (line.split(";")[0].strip() for line in known)
    return _quoted(next((line for line in wanted if re.split(r"[\s<>=!~\[]", line)[0] == package), package))


def system_line(*packages: str) -> str:
    """Installs packages of the system, given by Debian's names: ``sudo apt-get install xclip``."""
    for program, line in _MANAGERS:
        if shutil.which(program):
            names = [_NAMES.get(package, {}).get(program, package) for package in packages]
            return _as_root(line.format(" ".join(names)), program)
    return f"{' '.join(packages)}, from your system's packages (Debian's names)"


def _as_root(line: str, program: str) -> str:
    if program == "brew" or (hasattr(os, "geteuid") and os.geteuid() == 0):
        return line
    return f"sudo {line}" if shutil.which("sudo") else f"su -c {shlex.quote(line)}"


if __name__ == "__main__":
    script = _quoted(Path(sys.executable).with_name("aloud"))
    print(f"To call it from anywhere: {script}; or type once: make install, and then: aloud", file=sys.stderr)
