"""``python -m aloud.cli.leftovers``: what stays on this machine when Aloud is taken away, and what deletes
it.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

from config.runtime.clean import clean
from config.runtime.printing import print_text
from config.settings.paths import config_file, models_dir, state_dir


def staying() -> Iterator[tuple[str, Path, int]]:
    """(what, where, bytes) of each that is there."""
    folders = (("settings", config_file().parent), ("models", models_dir()), ("conversations", state_dir()))
    for what, folder in folders:
        if folder.is_dir():
            yield what, folder, sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())


def main() -> None:
    stays = list(staying())
    for what, folder, size in stays:
        print_text(clean(f"Your {what} stay: {folder} ({size / 1e6:.1f} MB)"))
    if stays:
        folders = " ".join(shlex.quote(str(folder)) for _, folder, _ in stays)
        print_text(clean(f"To delete them: rm -r {folders}"))


if __name__ == "__main__":
    main()
