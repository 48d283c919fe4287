"""What was changed in a folder and not committed, as git tells it. Only for folders that the person allows.

A folder may hold a configuration of somebody else, which names programs for git to run: none of them is.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from config.errors import FileError
from pipeline.code.outline.base import letters
from vision.images.names import shown_name

_LONGEST_S = 10
_MOST_BYTES = 2_000_000
_NO_PROGRAM = ("core.fsmonitor=false", "core.hooksPath=/dev/null", "diff.external=", "core.pager=cat")
_DIFF = (
    "diff", "HEAD", "--no-ext-diff", "--no-textconv", "--no-color", "--ignore-submodules", "--find-renames",
)  # fmt: skip
_FOREIGN = ("local", "worktree")


def repositories(folders: Iterable[str]) -> list[Path]:
    """Those of ``folders``, and those right in them, that git keeps."""
    found = dict[Path, None]()
    for folder in folders:
        root = Path(os.path.expanduser(folder))
        for each in (root, *_children(root)):
            if (each / ".git").exists():
                found[each.resolve()] = None
    return list(found)


def _children(root: Path) -> Iterator[Path]:
    try:
        yield from sorted(each for each in root.iterdir() if not each.is_symlink() and each.is_dir())
    except OSError:
        return


def named(repositories: Sequence[Path], said: str) -> list[Path]:
    """Those whose folder is called so; without a name all."""
    return [each for each in repositories if not said or letters(each.name) == letters(said)]


def changes_in(folder: Path) -> str:
    """A diff of all that is not committed. Blocking. Raises ``FileError``."""
    git = shutil.which("git")
    if git is None:
        raise FileError("Git is not installed, so what has changed cannot be told.", todo="Install git.")
    options = [
        option for setting in (*_NO_PROGRAM, *_switched_off(git, folder)) for option in ("-c", setting)
    ]
    done = _run([git, "--no-pager", "--no-optional-locks", *options, *_DIFF], folder)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()[:1] or [""]
        why, name = shown_name(said[0], otherwise="it gave no reason"), shown_name(folder.name)
        raise FileError(f"Git could not compare what is in {name}: {why}")
    if len(done.stdout) > _MOST_BYTES:
        raise FileError(f"So much has changed in {shown_name(folder.name)} that it cannot be told at once.")
    return done.stdout.decode("utf-8", "replace")


def _switched_off(git: str, folder: Path) -> Iterator[str]:
    """Filters that the folder's own configuration names: their programs would be run."""
    listed = _run([git, "config", "--show-scope", "--name-only", "--get-regexp", r"^filter\."], folder)
    for line in listed.stdout.decode("utf-8", "replace").splitlines():
        scope, _, name = line.partition("\t")
        if scope in _FOREIGN:
            yield f"{name}={'false' if name.endswith('.required') else ''}"


def _run(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[bytes]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    try:
        return subprocess.run(
            command,
            cwd=folder,
            env=environment,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_LONGEST_S,
        )
    except (OSError, subprocess.TimeoutExpired):
        raise FileError(f"Git did not answer for {shown_name(folder.name)}.") from None
