"""Fetch the recordings of ``sources.toml``: ``python -m bench.people.fetching FOLDER``.

pip finds and fetches the source packages as this machine is set up for, so no index is named here. ``pip
download`` itself would run each package's build to learn what it depends on: so its finder and its downloader
are used without it. apt fetches the Debian packages, without root; dpkg unpacks them.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path

Source = Mapping[str, str]
SOURCES = Path(__file__).with_name("sources.toml")


def mark(source: Source) -> str:
    """The name of the file that says that a source has come."""
    return f".{source['name']}-{source['version']}"


def checked(path: Path, source: Source) -> Path:
    """``path``, when it is what is expected. Raises ``SystemExit``."""
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != source["sha256"]:
        raise SystemExit(f"{path.name} is not the file whose SHA-256 sources.toml has: not used.")
    return path


def fetch_sdist(source: Source, folder: Path) -> Path:
    """Raises ``SystemExit`` when the index has it not."""
    from pip._internal.commands.download import DownloadCommand
    from pip._internal.network.download import Downloader

    command = DownloadCommand("download", "")
    options, _ = command.parse_args(["--no-deps", "--no-binary", ":all:"])
    with command.main_context():
        session = command.get_default_session(options)
        finder = command._build_package_finder(options=options, session=session)
        for candidate in finder.find_all_candidates(source["name"]):
            if str(candidate.version) == source["version"]:
                return checked(Path(Downloader(session, "off")(candidate.link, str(folder))[0]), source)
    raise SystemExit(f"The package index has no source of {source['name']} {source['version']}.")


def unpack(archive: Path, source: Source, into: Path) -> None:
    """What lies below ``take`` in a source package, to ``into/name``."""
    with tarfile.open(archive) as tar:
        for member in tar.getmembers():
            inner = member.name.partition("/")[2]
            if member.isfile() and inner.startswith(f"{source['take']}/"):
                member.name = inner.removeprefix(f"{source['take']}/")
                tar.extract(member, into / source["name"], filter="data")


def fetch_deb(source: Source, folder: Path) -> Path:
    """Raises ``SystemExit``: apt is not there or does not find it."""
    wanted = f"{source['name']}={source['version']}"
    # As root apt wants to hand the folder to a user of its own, who may not enter it.
    command = ["apt-get", "-q", "-o", "APT::Sandbox::User=", "download", wanted]
    try:
        done = subprocess.run(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
    except OSError:
        raise SystemExit(f"{source['name']} comes by apt-get, which is not here: Debian or Ubuntu.") from None
    found = sorted(folder.glob(f"{source['name']}_*.deb"))
    if done.returncode or not found:
        told = done.stdout.strip().splitlines()
        raise SystemExit(
            f"{wanted} could not be fetched: {told[-1] if told else 'no reason given'}\n"
            "Where it is not known, the lists of packages are old. When they are new: sh scripts/people"
        )
    return checked(found[0], source)


def fetch(folder: Path, sources: Path = SOURCES) -> None:
    """What is missing; what has come is kept when something else fails."""
    table = tomllib.loads(sources.read_text("utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    for kind in ("sdist", "deb"):
        for source in table[kind]:
            if (folder / mark(source)).exists():
                continue
            print(f"Fetching {source['name']} {source['version']}.", file=sys.stderr, flush=True)
            with tempfile.TemporaryDirectory(dir=folder) as work:
                if kind == "sdist":
                    unpack(fetch_sdist(source, Path(work)), source, folder)
                else:
                    deb = fetch_deb(source, Path(work))
                    subprocess.run(["dpkg", "-x", os.fspath(deb), os.fspath(folder / "debian")], check=True)
            (folder / mark(source)).touch()


if __name__ == "__main__":
    fetch(Path(sys.argv[1]))
